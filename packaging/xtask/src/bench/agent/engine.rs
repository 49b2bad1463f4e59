//! An invented Docker Engine that answers like a real one and counts what it is asked.
//!
//! Answers have the size a real engine's have, and counters move, so that what the agent keeps and
//! sends is what it would be. Nothing ever happens on it: no event is told.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Result;
use bytes::Bytes;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::UnixListener;

/// Containers that run.
pub const RUNNING: usize = 50;
/// Containers that do not.
pub const STOPPED: usize = 20;

/// What the agent asked for, by kind of question.
pub type Asked = BTreeMap<&'static str, u64>;

/// An engine below a directory.
#[derive(Debug)]
pub struct Engine {
    /// Where it listens.
    pub socket: PathBuf,
    world: Arc<World>,
}

#[derive(Debug)]
struct World {
    asked: Mutex<Asked>,
    list: Bytes,
    moved: AtomicU64,
}

impl Engine {
    /// Starts it.
    ///
    /// # Errors
    /// When the socket cannot be made.
    pub fn start(directory: &Path, name: &str) -> Result<Self> {
        let socket = directory.join(format!("{name}.sock"));
        let listener = UnixListener::bind(&socket)?;
        let containers: Vec<Value> = (0..RUNNING + STOPPED).map(listed).collect();
        let world = Arc::new(World {
            asked: Mutex::default(),
            list: Bytes::from(Value::from(containers).to_string()),
            moved: AtomicU64::new(0),
        });
        tokio::spawn(serve(listener, Arc::clone(&world)));
        Ok(Self { socket, world })
    }

    /// What was asked since the last time.
    #[must_use]
    pub fn asked(&self) -> Asked {
        let mut asked = self
            .world
            .asked
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *asked)
    }
}

/// An id as engines make them, told apart by its first digits.
fn id(number: usize) -> String {
    format!("{number:04x}{:060x}", number * 0x9e37_79b9)
}

/// Reads the number out of an id.
fn number(id: &str) -> Option<usize> {
    usize::from_str_radix(id.get(..4)?, 16).ok()
}

fn listed(number: usize) -> Value {
    let is_running = number < RUNNING;
    let (state, status) = match is_running {
        true => ("running", "Up 3 days (healthy)"),
        false => ("exited", "Exited (0) 2 weeks ago"),
    };
    json!({
        "Id": id(number), "Names": [format!("/shop-service-{number}-1")],
        "Image": format!("registry.example.org/shop/service-{}:1.4.2", number % 20), "ImageID": image(number % 20),
        "Command": "/entrypoint.sh serve", "Created": 1_760_000_000_u64, "State": state, "Status": status,
        "Ports": [{"IP":"0.0.0.0","PrivatePort":8080,"PublicPort":20_000 + number,"Type":"tcp"},
            {"IP":"::","PrivatePort":8080,"PublicPort":20_000 + number,"Type":"tcp"}],
        "Labels": labels(number), "HostConfig": {"NetworkMode":"shop_default"},
        "NetworkSettings": {"Networks": {"shop_default": {"NetworkID": id(900), "EndpointID": id(number),
            "Gateway":"172.18.0.1","IPAddress": format!("172.18.0.{}", number + 2),"IPPrefixLen":16,"MacAddress":"02:42:ac:12:00:05"}}},
        "Mounts": [{"Type":"volume","Name":format!("shop_data{number}"),"Source":format!("/var/lib/docker/volumes/shop_data{number}/_data"),
            "Destination":"/data","Driver":"local","Mode":"z","RW":true,"Propagation":""}],
    })
}

fn labels(number: usize) -> Value {
    json!({
        "com.docker.compose.project": "shop", "com.docker.compose.service": format!("service-{number}"),
        "com.docker.compose.container-number": "1", "com.docker.compose.oneoff": "False",
        "com.docker.compose.project.config_files": "/srv/shop/compose.yaml", "com.docker.compose.version": "2.40.0",
        "com.docker.compose.project.working_dir": "/srv/shop", "com.docker.compose.config-hash": id(number),
        "org.opencontainers.image.source": "https://git.example.org/shop/service", "org.opencontainers.image.version": "1.4.2",
        "org.opencontainers.image.title": "A service of the shop", "maintainer": "shop@example.org",
    })
}

fn image(number: usize) -> String {
    format!("sha256:{}", id(1_000 + number))
}

fn inspected(number: usize) -> Value {
    let is_running = number < RUNNING;
    let env: Vec<String> = (0..24)
        .map(|index| format!("SHOP_SETTING_{index}=a value of common length {index}"))
        .collect();
    json!({
        "Id": id(number), "Created": "2026-10-09T08:53:20.123456789Z", "Path": "/entrypoint.sh", "Args": ["serve"],
        "State": {"Status": if is_running { "running" } else { "exited" }, "Running": is_running, "Paused": false,
            "Restarting": false, "OOMKilled": false, "Dead": false, "Pid": 4_000 + number, "ExitCode": 0, "Error": "",
            "StartedAt": "2026-11-27T08:53:21Z", "FinishedAt": "2026-11-27T08:53:20Z"},
        "Image": image(number % 20), "Name": format!("/shop-service-{number}-1"), "RestartCount": 0, "Driver": "overlay2",
        "HostConfig": {"Memory": 268_435_456, "NanoCpus": 0, "RestartPolicy": {"Name": "unless-stopped"}, "UsernsMode": ""},
        "Mounts": [], "Config": {"Image": format!("registry.example.org/shop/service-{}:1.4.2", number % 20), "Env": env,
            "Labels": labels(number), "Healthcheck": {"Test": ["CMD-SHELL", "wget -q -O /dev/null http://localhost:8080/healthz"]}},
        "NetworkSettings": {"Networks": {"shop_default": {"IPAddress": format!("172.18.0.{}", number + 2)}}},
    })
}

/// Counters as an engine tells them, of two looks although one was asked for.
fn stats(number: usize, moved: u64) -> Value {
    let used = moved
        .wrapping_mul(7_919)
        .wrapping_add(number as u64 * 1_000_003);
    let cpu = json!({
        "cpu_usage": {"total_usage": 900_000_000 + used * 1_000, "usage_in_kernelmode": used * 300, "usage_in_usermode": used * 700},
        "system_cpu_usage": 80_000_000_000_000 + moved * 1_000_000, "online_cpus": 8,
        "throttling_data": {"periods": 0, "throttled_periods": 0, "throttled_time": 0},
    });
    let memory: serde_json::Map<String, Value> = MEMORY
        .iter()
        .enumerate()
        .map(|(index, name)| {
            (
                (*name).to_owned(),
                json!(used.wrapping_mul(index as u64 + 1) % 90_000_000),
            )
        })
        .collect();
    let block: Vec<Value> = ["read", "write"]
        .map(|op| json!({"major": 259, "minor": 0, "op": op, "value": 4_096 * used}))
        .to_vec();
    json!({
        "read": "2026-11-30T10:00:00.123456789Z", "preread": "0001-01-01T00:00:00Z", "num_procs": 0, "storage_stats": {},
        "pids_stats": {"current": 11, "limit": 9_223_372_036_854_771_712_u64},
        "blkio_stats": {"io_service_bytes_recursive": block, "io_serviced_recursive": null, "io_queue_recursive": null},
        "cpu_stats": cpu, "precpu_stats": {"cpu_usage": {"total_usage": 0}, "throttling_data": {}},
        "memory_stats": {"usage": 90_000_000 + used % 9_000_000, "limit": 268_435_456, "stats": memory},
        "name": format!("/shop-service-{number}-1"), "id": id(number),
        "networks": {"eth0": {"rx_bytes": used * 11, "rx_packets": used, "rx_errors": 0, "rx_dropped": 0,
            "tx_bytes": used * 7, "tx_packets": used, "tx_errors": 0, "tx_dropped": 0}},
    })
}

/// What control groups of version 2 count of memory.
const MEMORY: [&str; 24] = [
    "active_anon",
    "active_file",
    "anon",
    "anon_thp",
    "file",
    "file_dirty",
    "file_mapped",
    "file_writeback",
    "inactive_anon",
    "inactive_file",
    "kernel_stack",
    "pgactivate",
    "pgdeactivate",
    "pgfault",
    "pglazyfree",
    "pgmajfault",
    "pgrefill",
    "pgscan",
    "pgsteal",
    "shmem",
    "slab",
    "slab_reclaimable",
    "sock",
    "unevictable",
];

fn images() -> Value {
    let of = |number: usize| {
        json!({
            "Id": image(number), "RepoTags": [format!("registry.example.org/shop/service-{number}:1.4.2")],
            "RepoDigests": [format!("registry.example.org/shop/service-{number}@{}", image(number + 500))],
            "Created": 1_759_000_000, "Size": 180_000_000, "SharedSize": -1, "Containers": -1, "Labels": labels(number),
        })
    };
    (0..40).map(of).collect::<Vec<Value>>().into()
}

fn volumes() -> Value {
    let of = |number: usize| {
        json!({"Name": format!("shop_data{number}"), "Driver": "local", "Scope": "local", "CreatedAt": "2026-10-09T08:53:20Z",
            "Mountpoint": format!("/var/lib/docker/volumes/shop_data{number}/_data"), "Labels": {"com.docker.compose.project": "shop"}})
    };
    json!({"Volumes": (0..70).map(of).collect::<Vec<Value>>(), "Warnings": null})
}

fn networks() -> Value {
    let of = |number: usize| {
        json!({"Id": id(900 + number), "Name": format!("shop{number}_default"), "Driver": "bridge", "Scope": "local",
            "Created": "2026-10-09T08:53:20Z", "IPAM": {"Config": [{"Subnet": format!("172.{}.0.0/16", 18 + number), "Gateway": "172.18.0.1"}]}})
    };
    (0..10).map(of).collect::<Vec<Value>>().into()
}

impl World {
    /// The kind of a question and its answer. `None` for one that is not known.
    fn reply(&self, path: &str) -> (&'static str, Option<Bytes>) {
        let bare = path.trim_start_matches("/v1.44");
        let (bare, _) = bare.split_once('?').unwrap_or((bare, ""));
        let one = bare.strip_prefix("/containers/").and_then(|rest| {
            let (id, what) = rest.split_once('/')?;
            Some((
                number(id).filter(|number| *number < RUNNING + STOPPED)?,
                what,
            ))
        });
        let (kind, answer) = match (bare, one) {
            ("/version", _) => (
                "version",
                json!({"Version": "28.5.1", "ApiVersion": "1.51", "MinAPIVersion": "1.24",
                "Components": [{"Name": "Engine", "Version": "28.5.1"}]}),
            ),
            ("/info", _) => (
                "info",
                json!({"ID": "bench", "Name": "bench", "NCPU": 8, "MemTotal": 16_000_000_000_u64,
                "Containers": RUNNING + STOPPED, "ContainersRunning": RUNNING, "OperatingSystem": "Debian GNU/Linux 13",
                "KernelVersion": "6.12.0", "Architecture": "x86_64", "Swarm": {"LocalNodeState": "inactive"}}),
            ),
            ("/containers/json", _) => return ("list", Some(self.list.clone())),
            ("/images/json", _) => ("images", images()),
            ("/volumes", _) => ("volumes", volumes()),
            ("/networks", _) => ("networks", networks()),
            ("/system/df", _) => (
                "disk usage",
                json!({"LayersSize": 9_000_000_000_u64, "Images": [], "Containers": [], "Volumes": []}),
            ),
            (_, Some((number, "json"))) => ("inspect", inspected(number)),
            (_, Some((number, "stats"))) => {
                let moved = self.moved.fetch_add(1, Ordering::Relaxed);
                let kind = if number < RUNNING {
                    "stats, running"
                } else {
                    "stats, stopped"
                };
                (kind, stats(number, moved))
            }
            _ => return ("other", None),
        };
        (kind, Some(Bytes::from(answer.to_string())))
    }

    fn note(&self, kind: &'static str) {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        *asked.entry(kind).or_default() += 1;
    }
}

async fn serve(listener: UnixListener, world: Arc<World>) -> io::Result<Infallible> {
    loop {
        let (stream, _) = listener.accept().await?;
        let world = Arc::clone(&world);
        tokio::spawn(async move {
            let service = service_fn(|request: Request<Incoming>| {
                let response = answer(&request, &world);
                async { Ok::<_, Infallible>(response) }
            });
            // The agent closes connections as it likes.
            let _ = http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

fn answer(request: &Request<Incoming>, world: &World) -> Response<BoxBody<Bytes, Infallible>> {
    let path = request
        .uri()
        .path_and_query()
        .map_or("", |path| path.as_str());
    if path.contains("/events") {
        world.note("events");
        let quiet = futures_util::stream::pending::<Result<Frame<Bytes>, Infallible>>();
        return Response::new(BodyExt::boxed(StreamBody::new(quiet)));
    }
    let (kind, answer) = world.reply(path);
    world.note(kind);
    let (status, body) = match answer {
        Some(body) => (200, body),
        None => (404, Bytes::from_static(br#"{"message":"no such thing"}"#)),
    };
    let mut response = Response::new(Full::new(body).boxed());
    if status == 404 {
        *response.status_mut() = hyper::StatusCode::NOT_FOUND;
    }
    response
}
