//! An engine that answers as a test tells it and remembers what it was asked.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use pulse_agent_docker::{Engines, Outcome, Places, Reading, Settings};
use pulse_protocol::Time;
use serde_json::{Value, json};
use tokio::net::UnixListener;
use tokio::sync::{broadcast, oneshot};
use tokio::task::JoinSet;

/// What the engine answers.
#[derive(Clone)]
pub(crate) enum Reply {
    Json(Value),
    Text(u16, String),
    /// Never.
    Hang,
    /// A body of that many bytes, without saying so first.
    Bytes(u64),
    /// Half an answer, then the end of the connection.
    Cut,
    /// The end of the whole engine.
    Vanish,
}

/// What is on the engine.
#[derive(Default)]
pub(crate) struct World {
    pub(crate) version: Value,
    pub(crate) about: Value,
    pub(crate) containers: Vec<Value>,
    pub(crate) inspected: BTreeMap<String, Value>,
    pub(crate) stats: BTreeMap<String, Value>,
    /// Answers to whatever begins like that, before anything else.
    pub(crate) instead: BTreeMap<String, Reply>,
    /// Every path that was asked for.
    pub(crate) seen: Vec<String>,
}

/// An engine below a directory of its own.
pub(crate) struct Daemon {
    root: tempfile::TempDir,
    world: Arc<Mutex<World>>,
    events: broadcast::Sender<Bytes>,
    listening: oneshot::Sender<()>,
}

type Body = UnsyncBoxBody<Bytes, std::io::Error>;

impl Daemon {
    /// Starts Docker, with nothing on it.
    pub(crate) fn start() -> Self {
        Self::at("var/run/docker.sock")
    }

    pub(crate) fn at(socket: &str) -> Self {
        let root = tempfile::tempdir().expect("a directory");
        let path = root.path().join(socket);
        std::fs::create_dir_all(path.parent().expect("a directory")).expect("a directory");
        let listener = UnixListener::bind(path).expect("a socket");
        let world = World {
            version: json!({"Version":"27.0","ApiVersion":"1.46","MinAPIVersion":"1.24","Components":[{"Name":"Engine"}]}),
            about: json!({"ID":"AAAA","Name":"lathe","NCPU":4,"MemTotal":8_000,"Swarm":{"LocalNodeState":"inactive"}}),
            ..World::default()
        };
        let world = Arc::new(Mutex::new(world));
        let (events, _) = broadcast::channel(64);
        let (listening, stop) = oneshot::channel();
        tokio::spawn(serve(listener, Arc::clone(&world), events.clone(), stop));
        Self {
            root,
            world,
            events,
            listening,
        }
    }

    pub(crate) fn root(&self) -> &Path {
        self.root.path()
    }

    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().expect("the world")
    }

    /// Adds a container that runs.
    pub(crate) fn run(&self, id: &str, name: &str) {
        self.world().run(id, name);
    }

    /// Answers otherwise from now on.
    pub(crate) fn answer(&self, path: &str, reply: Reply) {
        self.world().instead.insert(path.to_owned(), reply);
    }

    /// Tells those who listen that something happened.
    pub(crate) fn tell(&self, event: &Value) {
        self.events
            .send(Bytes::from(format!("{event}\n")))
            .expect("a listener");
    }

    /// Takes what was asked since the last time.
    pub(crate) fn seen(&self) -> Vec<String> {
        std::mem::take(&mut self.world().seen)
    }

    /// Ends the engine, open connections included.
    pub(crate) fn vanish(self) -> tempfile::TempDir {
        drop(self.listening);
        self.root
    }

    /// Looks for engines where this one is.
    pub(crate) fn engines(&self) -> Engines {
        self.engines_with(quiet())
    }

    pub(crate) fn engines_with(&self, settings: Settings) -> Engines {
        engines_in(self.root(), settings)
    }
}

impl World {
    pub(crate) fn run(&mut self, id: &str, name: &str) {
        self.containers.push(
            json!({"Id":id,"Names":[format!("/{name}")],"Image":"web:1","ImageID":"sha256:i1",
            "Created":1_700_000_000,"State":"running","Status":"Up 2 hours"}),
        );
        self.inspected.insert(
            id.to_owned(),
            json!({"RestartCount":0,"State":{"ExitCode":0,"OOMKilled":false,"StartedAt":"2023-11-14T22:00:00Z",
                "FinishedAt":"0001-01-01T00:00:00Z"},"Config":{"Image":"web:1","Env":["A=b"]},"HostConfig":{"Memory":0}}),
        );
        self.stats.insert(id.to_owned(), stats(1_000, 10_000));
    }

    fn reply(&mut self, path: &str) -> Reply {
        self.seen.push(path.to_owned());
        // /v1.44/info
        let bare = match path.strip_prefix("/v1.") {
            Some(rest) => &rest[rest.find('/').unwrap_or(rest.len())..],
            None => path,
        };
        if let Some((_, reply)) = self
            .instead
            .iter()
            .find(|(start, _)| bare.starts_with(start.as_str()))
        {
            return reply.clone();
        }
        let of = |rest: &str, end: &str| rest.strip_suffix(end).map(str::to_owned);
        let one = bare.strip_prefix("/containers/").unwrap_or_default();
        let found = match bare {
            "/version" => Some(self.version.clone()),
            "/info" => Some(self.about.clone()),
            "/containers/json?all=1" => Some(Value::from(self.containers.clone())),
            "/images/json" => Some(json!([{"Id":"sha256:i1","RepoTags":["web:1"],"Size":5}])),
            "/volumes" => Some(json!({"Volumes":[{"Name":"shop","Driver":"local"}]})),
            "/networks" => Some(
                json!([{"Id":"n1","Name":"bridge","IPAM":{"Config":[{"Subnet":"172.17.0.0/16"}]}}]),
            ),
            "/system/df" => Some(json!({"LayersSize":5,"Containers":[{"Id":"c1","SizeRw":7}]})),
            _ => of(one, "/json")
                .and_then(|id| self.inspected.get(&id).cloned())
                .or_else(|| {
                    of(one, "/stats?stream=false&one-shot=true")
                        .and_then(|id| self.stats.get(&id).cloned())
                }),
        };
        match found {
            Some(value) => Reply::Json(value),
            None => Reply::Text(404, r#"{"message":"no such thing"}"#.to_owned()),
        }
    }
}

/// Settings that ask no registry.
pub(crate) fn quiet() -> Settings {
    Settings {
        updates: false,
        ..Settings::default()
    }
}

pub(crate) fn engines_in(root: &Path, settings: Settings) -> Engines {
    let places = Places {
        root: root.to_owned(),
        ..Places::default()
    };
    Engines::in_places(&places, settings).expect("places")
}

pub(crate) fn now() -> Time {
    Time::from_second(1_700_000_600).expect("a time")
}

/// Counters of a container and its machine.
pub(crate) fn stats(used: u64, system: u64) -> Value {
    json!({"cpu_stats":{"cpu_usage":{"total_usage":used},"system_cpu_usage":system,"online_cpus":4},
        "memory_stats":{"usage":900,"limit":3_000,"stats":{"inactive_file":300}},
        "networks":{"eth0":{"rx_bytes":1,"tx_bytes":2}},
        "blkio_stats":{"io_service_bytes_recursive":[{"op":"Read","value":3}]}})
}

/// Reads the only engine there is.
pub(crate) async fn read(engines: &mut Engines) -> Reading {
    outcome(engines).await.reading.expect("a reading")
}

pub(crate) async fn outcome(engines: &mut Engines) -> Outcome {
    let mut outcomes = engines.collect(now()).await;
    assert_eq!(outcomes.len(), 1, "{outcomes:?}");
    outcomes.remove(0)
}

async fn serve(
    listener: UnixListener,
    world: Arc<Mutex<World>>,
    events: broadcast::Sender<Bytes>,
    mut stop: oneshot::Receiver<()>,
) {
    let mut connections = JoinSet::new();
    let (vanish, mut vanished) = tokio::sync::mpsc::channel::<()>(1);
    loop {
        let stream = tokio::select! {
            _ = &mut stop => return,
            _ = vanished.recv() => return,
            accepted = listener.accept() => accepted.expect("a connection").0,
        };
        let (world, events, vanish) = (Arc::clone(&world), events.clone(), vanish.clone());
        let service = service_fn(move |request: Request<Incoming>| {
            let path = request
                .uri()
                .path_and_query()
                .expect("a path")
                .as_str()
                .to_owned();
            answer(path, Arc::clone(&world), events.subscribe(), vanish.clone())
        });
        connections.spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

async fn answer(
    path: String,
    world: Arc<Mutex<World>>,
    events: broadcast::Receiver<Bytes>,
    vanish: tokio::sync::mpsc::Sender<()>,
) -> Result<Response<Body>, Infallible> {
    let reply = world.lock().expect("the world").reply(&path);
    let is_stream = path.contains("/events") && matches!(reply, Reply::Text(404, _));
    if is_stream {
        let lines = stream::unfold(events, |mut events| async move {
            let line = events.recv().await.ok()?;
            Some((Ok(Frame::data(line)), events))
        });
        return Ok(Response::new(BodyExt::boxed_unsync(StreamBody::new(lines))));
    }
    let whole = |status: u16, text: String| {
        let body = Full::new(Bytes::from(text)).map_err(|never| match never {});
        let response = Response::builder().status(status).body(body.boxed_unsync());
        Ok(response.expect("a response"))
    };
    match reply {
        Reply::Json(value) => whole(200, value.to_string()),
        Reply::Text(status, text) => whole(status, text),
        Reply::Hang => std::future::pending().await,
        Reply::Vanish => {
            let _ = vanish.send(()).await;
            std::future::pending().await
        }
        Reply::Cut => {
            let parts = vec![
                Ok(Frame::data(Bytes::from_static(b"[{\"Id\":\"c1\""))),
                Err(std::io::Error::other("cut")),
            ];
            Ok(Response::new(BodyExt::boxed_unsync(StreamBody::new(
                stream::iter(parts),
            ))))
        }
        Reply::Bytes(count) => {
            let chunk = Bytes::from(vec![b' '; 64 * 1024]);
            let chunks = count.div_ceil(chunk.len() as u64);
            let chunks = stream::iter(0..chunks).map(move |_| Ok(Frame::data(chunk.clone())));
            Ok(Response::new(BodyExt::boxed_unsync(StreamBody::new(
                chunks,
            ))))
        }
    }
}

/// Where a socket would be, for those that have to be at a certain place.
pub(crate) fn socket(root: &Path, path: &str) -> PathBuf {
    root.join(path)
}
