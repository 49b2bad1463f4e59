//! Every member of every typed collection of the state, held against what clients of old were
//! promised: on an estate with every kind in it.
//!
//! A plain word is always there; `word~` is a figure, which is left out of one that cannot be
//! measured but not of all; `word?` may be missing everywhere. A member that is in no list fails.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value};

use pulse_model::{Kind, Sighting, SourceKind};
use pulse_sources::mock::{Generator, MockConfig, World};

use crate::site::{Site, Straight};

const MEMORY: &str =
    "total~ used~ free~ usage~ cache? usageUnavailable? balloon? swapUsed? swapTotal?";
const DISK: &str = "total~ used~ free~ usage~ mountpoint? type? device?";
const GUEST: &str = "id vmid name node instance status type cpu~ cpus memory disk networkIn~ \
    networkOut~ diskRead~ diskWrite~ uptime~ template lastSeen mem~ maxmem~ pool? disks? onBoot? \
    lastBackup? backupInProgress? tags? lock? ipAddresses? osName? networkInterfaces?";
const ZFS: &str = "name state status scan scanDetails? readErrors writeErrors checksumErrors \
    devices datasets?";
const SMART: &str = "powerOnHours? powerCycles? reallocatedSectors? pendingSectors? \
    offlineUncorrectable? udmaCrcErrors? percentageUsed? availableSpare? mediaErrors? \
    unsafeShutdowns?";
const DISK_IO: &str = "device readBytes? writeBytes? readOps? writeOps? readTimeMs? writeTimeMs? \
    ioTimeMs?";
const RATES: &str = "netInRate? netOutRate? diskReadRate? diskWriteRate?";
const TOKEN: &str = "tokenId? tokenName? tokenHint? tokenLastUsedAt?";
const USAGE: &str = "usageCpuMilliCores? usageMemoryBytes? usageCpuPercent? usageMemoryPercent?";
const KUBE: &str = "uid name namespace? createdAt? labels?";

/// Places and what is there: `a.b` is the member `b` of every element of `a`.
const PROMISED: &[(&str, &[&str])] = &[
    (
        "nodes",
        &[
            "id name instance host guestURL status type cpu~ memory disk uptime~ loadAverage",
            "kernelVersion pveVersion cpuInfo lastSeen connectionHealth isClusterMember",
            "clusterName pendingUpdates nodeIdentity? nativeNameAliases? displayName?",
            "temperature? temperatureMonitoringEnabled? providerScopedIdentity?",
            "pendingUpdatesCheckedAt? linkedAgentId? mem~ maxmem~ maxdisk~",
        ],
    ),
    ("nodes.memory", &[MEMORY]),
    ("nodes.disk", &[DISK]),
    ("nodes.cpuInfo", &["model cores sockets mhz"]),
    (
        "nodes.temperature",
        &[
            "cores gpu nvme smart available hasCPU hasGPU hasNVMe hasSMART lastUpdate",
            "cpuPackage? cpuMax? cpuMin? cpuMaxRecord? minRecorded? maxRecorded?",
            "legacySensorsFormat?",
        ],
    ),
    (
        "vms",
        &[
            GUEST,
            "diskStatusReason? guestAgentStatus? guestAgentExpected? osVersion? agentVersion?",
        ],
    ),
    ("vms.memory", &[MEMORY]),
    ("vms.disk", &[DISK]),
    ("vms.disks", &[DISK]),
    (
        "vms.networkInterfaces",
        &["name mac? addresses rxBytes? txBytes?"],
    ),
    (
        "containers",
        &[GUEST, "isOci? osTemplate? hasDocker? dockerCheckedAt?"],
    ),
    ("containers.memory", &[MEMORY]),
    ("containers.disk", &[DISK]),
    (
        "dockerHosts",
        &[
            "id agentId hostname displayName cpus totalMemoryBytes uptimeSeconds",
            "cpuUsagePercent~ memory status lastSeen intervalSeconds containers issues",
            "recentExitCodes hidden pendingUninstall customDisplayName? machineId? os?",
            "kernelVersion? architecture? runtime? runtimeVersion? dockerVersion?",
            "loadAverage? disks? networkInterfaces? agentVersion? images? volumes? networks?",
            "services? tasks? nodes? secrets? configs? storageUsage? swarm? security?",
            "temperature? command? isLegacy? identityConflict?",
            TOKEN,
            RATES,
        ],
    ),
    ("dockerHosts.memory", &[MEMORY]),
    ("dockerHosts.disks", &[DISK]),
    (
        "dockerHosts.containers",
        &[
            "id name image state status cpuPercent~ memoryUsageBytes~ memoryLimitBytes~",
            "memoryPercent~ uptimeSeconds~ restartCount exitCode~ createdAt imageDigest?",
            "health? healthcheckTargets? cpuCapacityPercent? oomKilled? startedAt?",
            "finishedAt? ports? labels? networks? networkRxBytes? networkTxBytes?",
            "writableLayerBytes? rootFilesystemBytes? blockIo? mounts? podman? updateStatus?",
            "netInRate? netOutRate?",
        ],
    ),
    (
        "dockerHosts.containers.ports",
        &["privatePort publicPort? protocol ip?"],
    ),
    (
        "dockerHosts.containers.blockIo",
        &["readBytes? writeBytes? readRateBytesPerSecond? writeRateBytesPerSecond?"],
    ),
    (
        "dockerHosts.containers.mounts",
        &["type? source? destination? mode? rw propagation? name? driver?"],
    ),
    (
        "dockerHosts.containers.updateStatus",
        &["updateAvailable currentDigest? latestDigest? lastChecked error?"],
    ),
    (
        "dockerHosts.issues",
        &["containerId containerName type message"],
    ),
    (
        "dockerHosts.recentExitCodes",
        &["containerId containerName exitCode finishedAt? oomKilled?"],
    ),
    (
        "dockerHosts.images",
        &["id repoTags? repoDigests? sizeBytes? sharedSizeBytes? containers? createdAt? labels?"],
    ),
    (
        "dockerHosts.volumes",
        &["name driver? mountpoint? scope? createdAt? sizeBytes? refCount? labels? options?"],
    ),
    (
        "dockerHosts.networks",
        &[
            "id name driver? scope? createdAt? enableIpv4? enableIpv6? internal? attachable?",
            "ingress? configOnly? subnets? labels? options?",
        ],
    ),
    (
        "dockerHosts.services",
        &[
            "id name stack? image? mode? desiredTasks? runningTasks? completedTasks?",
            "updateStatus? labels? endpointPorts? createdAt? updatedAt?",
        ],
    ),
    (
        "dockerHosts.tasks",
        &[
            "id serviceId? serviceName? slot? nodeId? nodeName? desiredState? currentState?",
            "error? message? containerId? containerName? createdAt? updatedAt? startedAt?",
            "completedAt?",
        ],
    ),
    (
        "dockerHosts.nodes",
        &[
            "id hostname? role? availability? state? message? address? managerReachability?",
            "managerAddress? leader? engineVersion? os? architecture? nanoCpus? memoryBytes?",
            "labels? engineLabels? createdAt? updatedAt?",
        ],
    ),
    (
        "dockerHosts.secrets",
        &["id name labels? driverName? templatingDriver? createdAt? updatedAt?"],
    ),
    (
        "dockerHosts.configs",
        &["id name labels? templatingDriver? createdAt? updatedAt?"],
    ),
    (
        "dockerHosts.swarm",
        &["nodeId? nodeRole? localState? controlAvailable? clusterId? clusterName? scope? error?"],
    ),
    (
        "hosts",
        &[
            "id hostname memory status lastSeen displayName? platform? osName? osVersion?",
            "kernelVersion? architecture? cpuCount? cpuUsage~ loadAverage? disks? zfsPools?",
            "diskIO? networkInterfaces? sensors? raid? unraid? ceph? libvirt? xcpng?",
            "uptimeSeconds~ intervalSeconds~ agentVersion? machineId? commandsEnabled?",
            "reportIp? tags? diskExclude? appliedConfig? agentUpdate? agentModules?",
            "agentPrivilege? integrationSource? packageUpdates? storageCleanup? isLegacy?",
            "identityConflict? linkedNodeId? linkedVmId? linkedContainerId?",
            TOKEN,
            RATES,
        ],
    ),
    ("hosts.memory", &[MEMORY]),
    ("hosts.disks", &[DISK]),
    ("hosts.diskIO", &[DISK_IO]),
    (
        "hosts.networkInterfaces",
        &["name mac? addresses rxBytes? txBytes? speedMbps?"],
    ),
    (
        "hosts.sensors",
        &["temperatureCelsius? fanRpm? powerWatts? additional? custom? gpu? thermalState? smart?"],
    ),
    (
        "hosts.sensors.smart",
        &[
            "device temperature~ model? serial? wwn? type? controller? target? sizeBytes?",
            "health? standby? pool? io? collection? attributes?",
        ],
    ),
    ("hosts.sensors.smart.attributes", &[SMART]),
    (
        "hosts.raid",
        &[
            "device name? level state totalDevices activeDevices workingDevices",
            "failedDevices spareDevices uuid? devices rebuildPercent~ rebuildSpeed?",
            "operation?",
        ],
    ),
    (
        "kubernetesClusters",
        &[
            "id agentId status lastSeen intervalSeconds hidden pendingUninstall name?",
            "displayName? customDisplayName? server? context? version? agentVersion? nodes?",
            "namespaces? pods? deployments? replicaSets? statefulSets? daemonSets? services?",
            "jobs? cronJobs? ingresses? endpointSlices? networkPolicies? persistentVolumes?",
            "persistentVolumeClaims? storageClasses? configMaps? secrets? serviceAccounts?",
            "roles? clusterRoles? roleBindings? clusterRoleBindings? resourceQuotas?",
            "limitRanges? podDisruptionBudgets? horizontalPodAutoscalers? events?",
            TOKEN,
        ],
    ),
    (
        "kubernetesClusters.nodes",
        &[
            "uid name ready unschedulable? kubeletVersion? containerRuntimeVersion? osImage?",
            "kernelVersion? architecture? capacityCpuCores? capacityMemoryBytes?",
            "capacityPods? allocatableCpuCores? allocatableMemoryBytes? allocatablePods?",
            "roles?",
            USAGE,
        ],
    ),
    (
        "kubernetesClusters.pods",
        &[
            KUBE,
            "nodeName? phase? reason? message? qosClass? startTime? restarts? networkRxBytes?",
            "networkTxBytes? netInRate? netOutRate? ephemeralStorageUsedBytes?",
            "ephemeralStorageCapacityBytes? diskUsagePercent? ownerKind? ownerName?",
            "containers?",
            USAGE,
        ],
    ),
    (
        "kubernetesClusters.pods.containers",
        &["name image? ready restartCount? state? reason? message?"],
    ),
    (
        "kubernetesClusters.deployments",
        &[
            KUBE,
            "desiredReplicas? updatedReplicas? readyReplicas? availableReplicas?",
            "observedGeneration?",
        ],
    ),
    (
        "storage",
        &[
            "id name node instance type status total~ used~ free~ usage~ content shared",
            "enabled active lastSeen nodes? nodeIds? aliasIds? nodeCount? pool? path?",
            "zfsPool? storage avail~",
        ],
    ),
    ("storage.zfsPool", &[ZFS]),
    (
        "storage.zfsPool.devices",
        &[
            "name type state readErrors writeErrors checksumErrors role? parent? guid? disk?",
            "path? missing? message?",
        ],
    ),
    (
        "cephClusters",
        &[
            "id instance name health totalBytes usedBytes availableBytes usagePercent numMons",
            "numMgrs numOsds numOsdsUp numOsdsIn numPGs lastUpdated instanceAliases? source?",
            "fsid? healthMessage? healthChecks? pools? services?",
        ],
    ),
    (
        "cephClusters.pools",
        &["id name storedBytes availableBytes objects percentUsed"],
    ),
    ("cephClusters.services", &["type running total message?"]),
    (
        "physicalDisks",
        &[
            "id node instance devPath model serial wwn type size health wearout temperature~",
            "rpm used storageGroup lastChecked vendor? controller? target? smartAttributes?",
            "io? collection?",
        ],
    ),
    ("physicalDisks.smartAttributes", &[SMART]),
    ("physicalDisks.io", &[DISK_IO]),
    (
        "pbs",
        &[
            "id name host status version cpu memory memoryUsed memoryTotal uptime datastores",
            "backupJobs syncJobs verifyJobs pruneJobs garbageJobs jobHealthEvidence",
            "connectionHealth lastSeen nodeName? guestURL?",
        ],
    ),
    (
        "pbs.datastores",
        &["name total used free usage status namespaces error? deduplicationFactor?"],
    ),
    ("pbs.datastores.namespaces", &["path parent? depth"]),
    (
        "pmg",
        &[
            "id name host status version nodes mailCount spamDistribution relayDomains",
            "domainStats connectionHealth lastSeen lastUpdated guestURL? mailStats?",
            "quarantine? domainStatsAsOf?",
        ],
    ),
    (
        "pmg.nodes",
        &["name status role? uptime? loadAvg? queueStatus?"],
    ),
    (
        "pmg.mailStats",
        &[
            "timeframe countTotal countIn countOut spamIn spamOut virusIn virusOut bouncesIn",
            "bouncesOut bytesIn bytesOut greylistCount junkIn averageProcessTimeMs",
            "rblRejects pregreetRejects updatedAt",
        ],
    ),
    (
        "pmg.mailCount",
        &[
            "timestamp count countIn countOut spamIn spamOut virusIn virusOut rblRejects",
            "pregreet bouncesIn bouncesOut greylist index timeframe windowStart? windowEnd?",
        ],
    ),
    ("pmg.spamDistribution", &["score count"]),
    ("pmg.quarantine", &["spam~ virus~ attachment~ blacklisted~"]),
    ("pmg.relayDomains", &["domain comment?"]),
    (
        "pmg.domainStats",
        &["domain mailCount spamCount virusCount bytes?"],
    ),
    (
        "connectedInfrastructure",
        &[
            "id name status surfaces displayName? hostname? healthStatus? lastSeen?",
            "removedAt? version? isOutdatedBinary? linkedNodeId? linkedVmId?",
            "linkedContainerId? commandsEnabled? scopeAgentId? upgradePlatform?",
            "uninstallAgentId? uninstallHostname?",
        ],
    ),
    (
        "connectedInfrastructure.surfaces",
        &["id kind label detail? controlId? action? idLabel? idValue?"],
    ),
    (
        "performance",
        &["apiCallDuration lastPollDuration pollingStartTime totalApiCalls failedApiCalls"],
    ),
    (
        "stats",
        &["startTime uptime pollingCycles webSocketClients version"],
    ),
];

/// The members of the state itself.
const STATE: [&str; 32] = [
    "nodes",
    "vms",
    "containers",
    "dockerHosts",
    "hosts",
    "kubernetesClusters",
    "removedDockerHosts",
    "removedKubernetesClusters",
    "removedHostAgents",
    "storage",
    "cephClusters",
    "physicalDisks",
    "pbs",
    "pmg",
    "pveBackups",
    "pbsBackups",
    "pmgBackups",
    "backups",
    "replicationJobs",
    "stats",
    "performance",
    "metrics",
    "activeAlerts",
    "recentlyResolved",
    "connectionHealth",
    "lastUpdate",
    "temperatureMonitoringEnabled",
    "pveTagColors",
    "resources",
    "connectedInfrastructure",
    // Ours.
    "mockMode",
    "pveTagStyles",
];

/// A site that shows an invented estate, seen twice so that there are rates.
async fn invented() -> (Site, crate::site::Caller) {
    let (site, admin) = Site::set_up().await;
    // Every eighth host has no agent beside its engine.
    let config = MockConfig {
        docker_host_count: 8,
        ..MockConfig::default()
    };
    let world = World::new(config, 7);
    let intake = Arc::new(Straight(site.estate.clone()));
    let generator = Generator::new(world, intake, site.clock.clone());
    for _ in 0..2 {
        site.hands.advance(Duration::from_secs(10));
        generator.fill().await.expect("it is taken");
    }
    site.see(
        SourceKind::Proxmox,
        "more",
        vec![detailed(Kind::Vm, DETAILED_GUEST)],
    )
    .await;
    let engine = [
        detailed(Kind::DockerHost, DETAILED_ENGINE),
        detailed(Kind::AppContainer, DETAILED_CONTAINER),
    ];
    site.see(SourceKind::Docker, "more", engine.to_vec()).await;
    site.see(
        SourceKind::Agent,
        "more",
        vec![detailed(Kind::Agent, DETAILED_HOST)],
    )
    .await;
    (site, admin)
}

/// What the invented estate leaves out: seen on few, or large.
const DETAILED_GUEST: &str = r#"{"proxmox": {"vmid": 900, "cpus": 2, "nodeName": "pve1", "instance": "more",
    "disks": [{"device": "/dev/vda1", "mountpoint": "/", "filesystem": "ext4", "total": 100,
        "used": 40, "free": 60, "usage": 40}],
    "networkInterfaces": [{"name": "eth0", "mac": "bc:24:11:00:09:00",
        "addresses": ["192.0.2.90"], "rxBytes": 5, "txBytes": 6}]}}"#;
const DETAILED_ENGINE: &str = r#"{"docker": {"hostSourceId": "more", "cpus": 4, "uptimeSeconds": 9,
    "totalMemoryBytes": 100, "intervalSeconds": 10,
    "disks": [{"device": "/dev/vda1", "mountpoint": "/", "total": 100, "used": 40,
        "free": 60, "usage": 40}]}}"#;
const DETAILED_CONTAINER: &str = r#"{"docker": {"hostSourceId": "more", "containerId": "c0ffee",
    "image": "nginx", "containerState": "running", "containerStatus": "Up", "restartCount": 0,
    "createdAt": "2027-01-15T08:00:00Z",
    "blockIo": {"readBytes": 1, "writeBytes": 2, "readRateBytesPerSecond": 3,
        "writeRateBytesPerSecond": 4},
    "mounts": [{"type": "volume", "source": "/var/lib", "destination": "/data", "rw": true}]}}"#;
const DETAILED_HOST: &str = r#"{"agent": {"agentId": "more", "hostname": "more",
    "sensors": {"smart": [{"device": "sda", "temperature": 30, "health": "PASSED",
        "attributes": {"powerOnHours": 5}}]},
    "raid": [{"device": "/dev/md0", "level": "raid1", "state": "clean", "totalDevices": 2,
        "activeDevices": 2, "workingDevices": 2, "failedDevices": 0, "spareDevices": 0,
        "rebuildPercent": 0, "devices": [{"device": "sda1", "state": "active", "slot": 0}]}]}}"#;

fn detailed(kind: Kind, facets: &str) -> Sighting {
    Sighting {
        facets: serde_json::from_str(facets).expect("facets"),
        ..Sighting::new(kind, format!("{}/900", kind.word()), "detailed")
    }
}

/// Returns every object at `place`.
fn found<'a>(state: &'a Value, place: &str) -> Vec<&'a Map<String, Value>> {
    let mut values = vec![state];
    for name in place.split('.') {
        let members = values.iter().filter_map(|value| value.get(name));
        values = members
            .flat_map(|value| match value {
                Value::Array(items) => items.iter().collect(),
                value => vec![value],
            })
            .collect();
    }
    values.into_iter().filter_map(Value::as_object).collect()
}

/// Says what is wrong with the objects at a place.
fn faults(place: &str, objects: &[&Map<String, Value>], members: &[&str]) -> Vec<String> {
    let words = members.iter().flat_map(|line| line.split_whitespace());
    let listed: BTreeMap<&str, Option<char>> = words
        .map(|word| {
            let mark = word.chars().last().filter(|c| "~?".contains(*c));
            (word.trim_end_matches(['~', '?']), mark)
        })
        .collect();
    let mut faults = BTreeSet::new();
    for (name, mark) in &listed {
        let count = objects.iter().filter(|one| one.contains_key(*name)).count();
        let is_missing = match mark {
            None => count < objects.len(),
            Some('~') => count == 0,
            Some(_) => false,
        };
        if is_missing {
            faults.insert(format!(
                "{place}.{name} is missing ({count} of {})",
                objects.len()
            ));
        }
    }
    for name in objects.iter().flat_map(|one| one.keys()) {
        if !listed.contains_key(name.as_str()) {
            faults.insert(format!("{place}.{name} is in no list"));
        }
    }
    faults.into_iter().collect()
}

#[tokio::test]
async fn every_member_that_was_promised_is_there_and_no_other() {
    let (site, admin) = invented().await;
    let state = site.get(&admin, "/api/state").await.json();
    let members = state.as_object().expect("an object").keys();
    let unlisted: Vec<_> = members
        .filter(|name| !STATE.contains(&name.as_str()))
        .collect();
    assert!(unlisted.is_empty(), "{unlisted:?}");
    for name in STATE.iter().filter(|name| **name != "pveTagStyles") {
        assert!(state.get(name).is_some(), "{name}");
    }
    let mut wrong = Vec::new();
    for (place, members) in PROMISED {
        match found(&state, place) {
            none if none.is_empty() => wrong.push(format!("{place} is empty")),
            objects => wrong.extend(faults(place, &objects, members)),
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[tokio::test]
async fn the_invented_estate_has_every_kind_the_documents_name() {
    let (site, _) = invented().await;
    let estate = site.estate.estate();
    let missing: Vec<_> = Kind::ALL
        .iter()
        .filter(|kind| estate.of_kind(**kind).next().is_none())
        .map(|kind| kind.word())
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}
