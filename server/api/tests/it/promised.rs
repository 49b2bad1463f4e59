//! What clients of old were promised of the state: every typed collection, member by member.
//!
//! A plain word is always there; `word~` is a figure, which is left out of one that cannot be
//! measured but not of all; `word?` may be missing everywhere.

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
pub const PROMISED: &[(&str, &[&str])] = &[
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
            "proxmoxLxc?",
            "uptimeSeconds~ intervalSeconds~ agentVersion? machineId? commandsEnabled?",
            "reportIp? tags? diskExclude? appliedConfig? agentUpdate? agentModules?",
            "agentPrivilege? integrationSource? packageUpdates? storageCleanup? isLegacy?",
            "identityConflict? linkedNodeId? linkedVmId? linkedContainerId?",
            // Ours, beside what was promised.
            "agentFootprint? agentCollectors?",
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
pub const STATE: [&str; 32] = [
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
