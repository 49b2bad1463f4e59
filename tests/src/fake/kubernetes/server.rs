//! The API's socket.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::header::{ACCEPT, AUTHORIZATION};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::{broadcast, watch};
use tokio::task::JoinSet;

use super::world::{Asked, Query, Reply, Watching, World, line};

type Body = UnsyncBoxBody<Bytes, std::io::Error>;

/// Changes a watch may lag behind.
const LAG: usize = 4_096;

/// What every connection shares.
struct Shared {
    world: Mutex<World>,
    /// The list, and the line about it.
    changes: broadcast::Sender<(String, Bytes)>,
    /// Watches that were opened so far.
    opened: watch::Sender<usize>,
    /// Cut when the connections are.
    cut: watch::Sender<u64>,
}

/// A Kubernetes API on a port of its own, in plain HTTP.
pub struct Api {
    shared: Arc<Shared>,
    address: SocketAddr,
    _listening: JoinSet<()>,
}

impl Api {
    /// Starts with an empty cluster.
    ///
    /// # Panics
    /// When there is no port.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let shared = Arc::new(Shared {
            world: Mutex::new(World::default()),
            changes: broadcast::channel(LAG).0,
            opened: watch::channel(0).0,
            cut: watch::channel(0).0,
        });
        let mut listening = JoinSet::new();
        listening.spawn(listen(listener, Arc::clone(&shared)));
        Self {
            shared,
            address,
            _listening: listening,
        }
    }

    /// Returns where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns its address as kubeconfigs spell it.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns a kubeconfig with one context, `fake`.
    #[must_use]
    pub fn kubeconfig(&self) -> String {
        self.kubeconfig_of(&json!({"token": "t0ken"}))
    }

    /// Returns a kubeconfig for this user. JSON is YAML.
    #[must_use]
    pub fn kubeconfig_of(&self, user: &Value) -> String {
        json!({
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "fake",
            "contexts": [{"name": "fake", "context": {"cluster": "c", "user": "u"}}],
            "clusters": [{"name": "c", "cluster": {"server": self.url()}}],
            "users": [{"name": "u", "user": user}],
        })
        .to_string()
    }

    /// Returns what is in the cluster.
    ///
    /// # Panics
    /// When another test panicked with it in hand.
    pub fn world(&self) -> MutexGuard<'_, World> {
        self.shared.world()
    }

    /// Makes a change and tells the watches of it.
    pub fn change(&self, verb: &str, list: &str, object: Value) {
        let line = self.world().change(verb, list, object);
        // Nobody may be watching.
        let _ = self.shared.changes.send((list.to_owned(), line.into()));
    }

    /// Ends every watch in the middle of a line.
    pub fn tear_watches(&self) {
        self.shared.cut.send_modify(|cut| *cut += 1);
    }

    /// Waits until so many watches have been opened since the start.
    ///
    /// # Panics
    /// When the API is gone.
    pub async fn watched(&self, times: usize) {
        let mut opened = self.shared.opened.subscribe();
        opened
            .wait_for(|opened| *opened >= times)
            .await
            .expect("an API");
    }

    /// Returns how many watches have been opened since the start.
    #[must_use]
    pub fn watches(&self) -> usize {
        *self.shared.opened.borrow()
    }
}

impl Shared {
    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().expect("the world")
    }
}

async fn listen(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let shared = Arc::clone(&shared);
        let service = service_fn(move |request| {
            let shared = Arc::clone(&shared);
            async move { Ok::<_, Infallible>(answer(&shared, request).await) }
        });
        connections.spawn(async move {
            let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
            let _ = connection.await;
        });
        while connections.try_join_next().is_some() {}
    }
}

async fn answer(shared: &Shared, request: Request<Incoming>) -> Response<Body> {
    let header = |name| {
        let value = request.headers().get(name);
        value
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_owned()
    };
    let uri = request.uri();
    let whole = uri
        .path_and_query()
        .map_or(String::new(), ToString::to_string);
    let asked = Asked {
        path: whole.clone(),
        accept: header(ACCEPT),
        authorization: header(AUTHORIZATION),
    };
    let query = Query::of(uri.query().unwrap_or_default());
    let reply = {
        let mut world = shared.world();
        world.seen.push(asked.clone());
        let token = world.token.clone();
        if token.is_some_and(|token| asked.authorization != format!("Bearer {token}")) {
            return refusal(401, "Unauthorized");
        }
        let instead = world.instead.iter();
        let instead = instead.filter(|(prefix, _)| whole.starts_with(prefix.as_str()));
        instead.map(|(_, reply)| reply.clone()).next_back()
    };
    if let Some(reply) = reply {
        return instead(reply).await;
    }
    if query.is_watch {
        return watch(shared, uri.path());
    }
    let mut world = shared.world();
    if let Some(answer) = world.answers.get(uri.path()) {
        return full(200, answer.to_string().into());
    }
    match world.page(uri.path(), &query, &asked.accept) {
        Some(Ok(page)) => full(200, page.to_string().into()),
        Some(Err((status, text))) => refusal(status, &text),
        None => refusal(404, "the server could not find the requested resource"),
    }
}

async fn instead(reply: Reply) -> Response<Body> {
    match reply {
        Reply::Refuse(status, text) => refusal(status, &text),
        Reply::Busy(status, seconds) => {
            let mut response = refusal(status, "too many requests");
            let seconds = seconds.to_string().parse().expect("a header");
            response.headers_mut().insert("retry-after", seconds);
            response
        }
        Reply::Body(body) => full(200, body.into()),
        Reply::Endless(bytes) => {
            const CHUNK: u64 = 64 * 1024;
            let chunks = stream::iter(0..bytes.div_ceil(CHUNK));
            let chunk = Bytes::from(vec![b' '; CHUNK as usize]);
            let frames = chunks.map(move |_| Ok(Frame::data(chunk.clone())));
            Response::new(StreamBody::new(frames).boxed_unsync())
        }
        Reply::Hang => std::future::pending().await,
        Reply::Cut => {
            let half = stream::iter([Ok(Frame::data(Bytes::from_static(b"{\"items\":[")))]);
            let cut = stream::once(async {
                // The half is on its way first.
                for _ in 0..100 {
                    tokio::task::yield_now().await;
                }
                Err(std::io::Error::other("cut"))
            });
            Response::new(StreamBody::new(half.chain(cut)).boxed_unsync())
        }
    }
}

fn watch(shared: &Shared, path: &str) -> Response<Body> {
    let gone = json!({"kind": "Status", "code": 410, "reason": "Expired"});
    let first = match shared.world().watching {
        Watching::Faithful => Bytes::new(),
        Watching::Forbidden => return refusal(403, "watch is forbidden"),
        Watching::Gone => Bytes::from(line("ERROR", &gone)),
        Watching::Torn => Bytes::from_static(b"{\"type\":\"MODIFIED\",\"obj"),
        Watching::Silent => {
            let never = stream::pending::<Result<Frame<Bytes>, std::io::Error>>();
            let response = Response::new(StreamBody::new(never).boxed_unsync());
            shared.opened.send_modify(|opened| *opened += 1);
            return response;
        }
    };
    let is_over = shared.world().watching != Watching::Faithful;
    let changes = shared.changes.subscribe();
    let mut cut = shared.cut.subscribe();
    cut.mark_unchanged();
    let list = path.to_owned();
    let told = stream::unfold((changes, cut), move |(mut changes, mut cut)| {
        let list = list.clone();
        async move {
            loop {
                let change = tokio::select! {
                    _ = cut.changed() => return Some((None, (changes, cut))),
                    change = changes.recv() => change.ok()?,
                };
                if change.0 == list {
                    return Some((Some(change.1), (changes, cut)));
                }
            }
        }
    });
    // A cut watch ends in the middle of a line.
    let told = told.map(|line| match line {
        Some(line) => Ok(Frame::data(line)),
        None => Err(std::io::Error::other("cut")),
    });
    let first = stream::iter([Ok(Frame::data(first))]);
    let body = match is_over {
        true => StreamBody::new(first).boxed_unsync(),
        false => StreamBody::new(first.chain(told)).boxed_unsync(),
    };
    shared.opened.send_modify(|opened| *opened += 1);
    Response::new(body)
}

fn refusal(status: u16, message: &str) -> Response<Body> {
    let body = json!({"kind": "Status", "status": "Failure", "message": message, "code": status});
    full(status, body.to_string().into())
}

fn full(status: u16, body: Bytes) -> Response<Body> {
    let body = Full::new(body)
        .map_err(|never| match never {})
        .boxed_unsync();
    let response = Response::builder().status(status).body(body);
    response.expect("a status")
}
