//! The security of one server on its own, which can be stopped and started again.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;
use pulse_model::{Clock, Entropy, Hands, Secret};
use pulse_security::rate::Limits;
use pulse_security::{
    Client, Credentials, EnvCredentials, Error, Handle, LoggedIn, LoginAttempt, Minted, Options,
    Principal, Scope, SetupDone, SetupOutcome, SetupRequest, TokenRequest,
};
use pulse_store::Store;

pub const NAME: &str = "admin";
pub const PASSWORD: &str = "correct horse battery";
pub const MINUTE: Duration = Duration::from_secs(60);

pub struct Server {
    pub handle: Handle,
    pub hands: Hands,
    pub store: Store,
    clock: Clock,
    entropy: Entropy,
    dir: tempfile::TempDir,
}

impl Server {
    /// A first start.
    pub fn fresh() -> Self {
        Self::with(EnvCredentials::default())
    }

    pub fn with(env: EnvCredentials) -> Self {
        Self::try_with(env).unwrap()
    }

    pub fn try_with(env: EnvCredentials) -> Result<Self, Error> {
        let (clock, hands) = Clock::manual(Timestamp::from_second(1_760_000_000).unwrap());
        let (store, entropy) = (Store::in_memory(), Entropy::seeded(1));
        let dir = tempfile::tempdir().unwrap();
        let handle = open(&store, dir.path().into(), &clock, &entropy, env)?;
        Ok(Self {
            handle,
            hands,
            store,
            clock,
            entropy,
            dir,
        })
    }

    /// A server with an administrator.
    pub async fn set_up() -> Self {
        let server = Self::fresh();
        server.do_set_up().await.unwrap();
        server
    }

    /// Starts again from what is stored, as after `kill -9`.
    pub fn restart(&mut self) {
        self.restart_with(EnvCredentials::default());
    }

    pub fn restart_with(&mut self, env: EnvCredentials) {
        let dir = self.dir.path().into();
        self.handle = open(&self.store, dir, &self.clock, &self.entropy, env).unwrap();
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Reads a token file, which holds one line.
    pub fn token_file(&self, name: &str) -> Secret {
        let text = std::fs::read_to_string(self.path(name)).unwrap();
        Secret::new(text.strip_suffix('\n').unwrap())
    }

    pub fn bootstrap_token(&self) -> Secret {
        self.token_file(".bootstrap_token")
    }

    pub fn request(&self) -> SetupRequest {
        let token = std::fs::read_to_string(self.path(".bootstrap_token")).ok();
        SetupRequest {
            username: NAME.into(),
            password: Secret::new(PASSWORD),
            setup_token: token.map(Secret::new),
            api_token: None,
            generate_api_token: false,
            force: false,
            client: client(1),
        }
    }

    pub async fn do_set_up(&self) -> Result<SetupDone, Error> {
        match self.handle.quick_setup(None, self.request()).await? {
            SetupOutcome::Done(done) => Ok(*done),
            SetupOutcome::Skipped => panic!("nothing was set up before"),
        }
    }

    pub async fn login(&self) -> LoggedIn {
        self.handle.login(attempt(NAME, PASSWORD, 1)).await.unwrap()
    }

    pub async fn admin(&self) -> Principal {
        self.login().await.principal
    }

    pub async fn by_cookie(&self, cookie: &Secret) -> Option<Principal> {
        let session = Some(Secret::new(cookie.expose()));
        let credentials = Credentials {
            session,
            ..Credentials::default()
        };
        self.handle.authenticate(&credentials, ip(1)).await.unwrap()
    }

    pub async fn by_token(&self, token: &str) -> Result<Principal, Error> {
        let api_token = Some(Secret::new(token));
        let credentials = Credentials {
            api_token,
            ..Credentials::default()
        };
        Ok(self
            .handle
            .authenticate(&credentials, ip(1))
            .await?
            .expect("a token is never nobody"))
    }

    pub async fn mint(&self, scopes: &[Scope]) -> Minted {
        let scopes = scopes.iter().map(|scope| scope.name().to_owned()).collect();
        let wanted = TokenRequest {
            scopes: Some(scopes),
            ..TokenRequest::default()
        };
        self.handle
            .create_token(&self.admin().await, wanted)
            .await
            .unwrap()
    }

    pub async fn token_with(&self, scopes: &[Scope]) -> Principal {
        let minted = self.mint(scopes).await;
        self.by_token(minted.raw.expose()).await.unwrap()
    }
}

fn open(
    store: &Store,
    data_dir: PathBuf,
    clock: &Clock,
    entropy: &Entropy,
    env: EnvCredentials,
) -> Result<Handle, Error> {
    Handle::open(Options {
        store: store.clone(),
        data_dir,
        clock: clock.clone(),
        entropy: entropy.clone(),
        bcrypt_cost: 4,
        env,
        trusted_proxies: vec![],
        limits: Limits::default(),
    })
}

pub fn ip(last: u8) -> IpAddr {
    IpAddr::from([192, 0, 2, last])
}

pub fn client(last: u8) -> Client {
    Client {
        ip: ip(last),
        user_agent: "a browser".into(),
    }
}

pub fn attempt(username: &str, password: &str, from: u8) -> LoginAttempt {
    LoginAttempt {
        username: username.into(),
        password: Secret::new(password),
        remember: false,
        previous_session: None,
        client: client(from),
    }
}
