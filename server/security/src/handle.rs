//! What others may ask of this area.

use std::future::Future;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use pulse_model::{Clock, Entropy, Secret};
use pulse_store::Store;
use tokio::sync::watch;

use crate::identity::TrustedProxies;
use crate::lockout::Subject;
use crate::proof::Sender;
use crate::rate::{Caller, Category, Limits, Verdict};
use crate::state::{State, held};
use crate::{
    Client, Credentials, EnrolRequest, Enrolment, Error, Figures, IssuedEnrolmentToken, LoggedIn,
    LoginAttempt, Minted, Principal, ReportPass, ReportProof, SessionKey, SetupOutcome,
    SetupRequest, Token, TokenRequest, authenticate, digest, enrol, login, maintain, mint, proof,
    setup,
};

const SWEEP_EVERY: Duration = Duration::from_secs(60);

/// What [`Handle::open`] is given.
#[derive(Debug)]
pub struct Options {
    /// Where accounts, sessions and tokens are kept.
    pub store: Store,
    /// Where the files with the set-up and enrolment tokens lie.
    pub data_dir: PathBuf,
    /// The time.
    pub clock: Clock,
    /// Randomness.
    pub entropy: Entropy,
    /// Cost of a password hash: 12, less in tests.
    pub bcrypt_cost: u32,
    /// Credentials from the environment.
    pub env: EnvCredentials,
    /// Ranges or addresses of proxies that may name the client.
    pub trusted_proxies: Vec<String>,
    /// Request limits.
    pub limits: Limits,
}

/// Credentials set by the environment; they last as long as the process and are never stored.
#[derive(Debug, Default)]
pub struct EnvCredentials {
    /// The administrator's name.
    pub user: Option<String>,
    /// The administrator's password, or its bcrypt hash.
    pub password: Option<Secret>,
    /// API tokens, or their hashes.
    pub api_tokens: Vec<Secret>,
}

/// The one way in; cheap to clone.
#[derive(Clone)]
pub struct Handle(Arc<State>);

impl Handle {
    /// Loads what is stored and prepares the files a first start needs. Blocks.
    pub fn open(options: Options) -> Result<Self, Error> {
        let state = State::load(options)?;
        setup::prepare(&state)?;
        enrol::prepare_local(&state)?;
        maintain::sweep(&state)?;
        Ok(Self(Arc::new(state)))
    }

    /// Keeps house until `stop` resolves, then writes what is due.
    pub async fn run(self, stop: impl Future<Output = ()> + Send) {
        let mut stop = std::pin::pin!(stop);
        let mut every = tokio::time::interval(SWEEP_EVERY);
        every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut written_at = self.0.clock.monotonic();
        loop {
            tokio::select! {
                () = &mut stop => break,
                _ = every.tick() => {}
            }
            self.sweep().await;
            let now = self.0.clock.monotonic();
            if now.saturating_sub(written_at) >= maintain::WRITE_EVERY {
                self.flush().await;
                written_at = now;
            }
        }
        self.flush().await;
    }

    /// Forgets what is past. [`Handle::run`] calls it every minute.
    pub async fn sweep(&self) {
        log_failure(self.offload(maintain::sweep).await);
    }

    /// Writes sessions' slides, tokens' last uses and report numbers. [`Handle::run`] calls it
    /// every ten minutes and at the end.
    pub async fn flush(&self) {
        log_failure(self.offload(maintain::write_back).await);
    }

    // --- who is asking

    /// Returns who is asking, `None` for nobody in particular.
    ///
    /// A token that does not hold is an error, and so is a wrong name or password.
    pub async fn authenticate(
        &self,
        credentials: &Credentials,
        ip: IpAddr,
    ) -> Result<Option<Principal>, Error> {
        let found = authenticate::without_password(&self.0, credentials)?;
        match (found, &credentials.basic) {
            (None, Some((name, password))) => {
                let (name, password) = (name.clone(), Secret::new(password.expose()));
                let user = self
                    .offload_hashing(move |state| {
                        let account = login::check_password(state, &name, &password, ip)?;
                        Ok(login::user(&account, None))
                    })
                    .await?;
                Ok(Some(Principal::User(user)))
            }
            (found, _) => Ok(found),
        }
    }

    /// Tells whether `principal` still stands: not revoked, expired or changed.
    pub fn is_live(&self, principal: &Principal) -> bool {
        self.0.check_current(principal).is_ok()
    }

    /// Returns a count that changes with every revocation: whoever holds a principal for longer
    /// than a request asks [`Handle::is_live`] again whenever it does.
    pub fn auth_epoch(&self) -> watch::Receiver<u64> {
        self.0.epoch.subscribe()
    }

    /// Returns the proxies whose word about the client's address is taken.
    pub fn proxies(&self) -> &TrustedProxies {
        &self.0.proxies
    }

    /// Counts a request against its limit; `None` means that limits are off.
    pub fn count_request(&self, category: Category, caller: &Caller) -> Option<Verdict> {
        let (monotonic, wall) = (self.0.clock.monotonic(), self.0.now());
        let verdict = held(&self.0.limiter).check(category, caller, monotonic, wall);
        if verdict.is_some_and(|verdict| !verdict.is_allowed()) {
            self.0.counters.rate_limited.add();
        }
        verdict
    }

    /// Replaces the limits; counting starts again.
    pub fn set_limits(&self, limits: Limits) {
        held(&self.0.limiter).set_limits(limits);
    }

    // --- people

    /// Signs somebody in with a fresh session.
    pub async fn login(&self, attempt: LoginAttempt) -> Result<LoggedIn, Error> {
        self.offload_hashing(move |state| login::login(state, &attempt))
            .await
    }

    /// Ends the caller's session, if there is one.
    pub async fn logout(&self, caller: &Principal) -> Result<(), Error> {
        let Some(session) = caller.session() else {
            return Ok(());
        };
        self.offload(move |state| login::end_sessions(state, &[session]))
            .await?;
        Ok(())
    }

    /// Ends all sessions of a user and returns how many there were.
    pub async fn revoke_sessions(&self, user: &str) -> Result<usize, Error> {
        let sessions = held(&self.0.sessions).of_user(user);
        self.offload(move |state| login::end_sessions(state, &sessions))
            .await
    }

    /// Changes the caller's own password and ends all of the caller's sessions.
    pub async fn change_password(
        &self,
        caller: &Principal,
        current: Secret,
        wanted: Secret,
        client: &Client,
    ) -> Result<(), Error> {
        let (caller, ip) = (caller.clone(), client.ip);
        self.offload_hashing(move |state| {
            login::change_password(state, &caller, &current, &wanted, ip)
        })
        .await
    }

    /// Forgets failed logins of `identifier`, a user name or an address.
    pub fn reset_lockout(&self, identifier: &str) {
        let mut subjects = vec![Subject::user(identifier)];
        subjects.extend(identifier.parse().ok().map(Subject::network));
        held(&self.0.lockouts).clear(&subjects);
    }

    /// Returns a fresh CSRF token for a session.
    pub fn issue_csrf(&self, session: SessionKey) -> Secret {
        login::issue_csrf(&self.0, session)
    }

    /// Tells whether `presented` is a live CSRF token of that session.
    pub fn verify_csrf(&self, session: SessionKey, presented: &str) -> bool {
        let (hash, now) = (digest::sha256(presented), self.0.clock.monotonic());
        let is_live = held(&self.0.csrf).verify(session, hash, now);
        if !is_live {
            self.0.counters.csrf_refused.add();
        }
        is_live
    }

    // --- first set-up

    /// Tells whether anybody can get in.
    pub fn is_set_up(&self) -> bool {
        *self.0.set_up.borrow()
    }

    /// Returns a receiver that is told when set-up is done.
    pub fn watch_set_up(&self) -> watch::Receiver<bool> {
        self.0.set_up.subscribe()
    }

    /// Returns where the set-up token can be read, while there is one.
    pub fn bootstrap_token_path(&self) -> Option<PathBuf> {
        held(&self.0.bootstrap)
            .as_ref()
            .map(|bootstrap| bootstrap.path.clone())
    }

    /// Checks a set-up token without using it; limited by address.
    pub fn validate_bootstrap(&self, token: Option<&Secret>, ip: IpAddr) -> Result<(), Error> {
        setup::validate(&self.0, token, ip)
    }

    /// Makes the administrator, once.
    pub async fn quick_setup(
        &self,
        caller: Option<Principal>,
        request: SetupRequest,
    ) -> Result<SetupOutcome, Error> {
        self.offload_hashing(move |state| setup::quick_setup(state, caller.as_ref(), &request))
            .await
    }

    // --- API tokens

    /// Makes a token that allows no more than the caller may.
    pub async fn create_token(
        &self,
        caller: &Principal,
        wanted: TokenRequest,
    ) -> Result<Minted, Error> {
        let caller = caller.clone();
        self.offload(move |state| mint::create(state, &caller, &wanted))
            .await
    }

    /// Returns all tokens, newest first.
    pub fn list_tokens(&self) -> Vec<Token> {
        mint::list(&self.0)
    }

    /// Revokes a token.
    pub async fn revoke_token(&self, caller: &Principal, id: &str) -> Result<(), Error> {
        let (caller, id) = (caller.clone(), id.to_owned());
        self.offload(move |state| mint::revoke(state, &caller, &id))
            .await
    }

    /// Gives a token a fresh text; the present one ends.
    pub async fn rotate_token(&self, caller: &Principal, id: &str) -> Result<Minted, Error> {
        let (caller, id) = (caller.clone(), id.to_owned());
        self.offload(move |state| mint::rotate(state, &caller, &id))
            .await
    }

    // --- agents

    /// Returns the random id of this server.
    pub fn server_id(&self) -> &str {
        &self.0.server_id
    }

    /// Makes an enrolment token; the caller needs `agent:enroll`.
    pub async fn issue_enrolment_token(
        &self,
        caller: &Principal,
        life: Duration,
    ) -> Result<IssuedEnrolmentToken, Error> {
        let caller = caller.clone();
        self.offload(move |state| enrol::issue(state, &caller, life))
            .await
    }

    /// Uses an enrolment token up and makes the agent's own.
    pub async fn enrol(&self, token: Secret, request: EnrolRequest) -> Result<Enrolment, Error> {
        self.offload(move |state| enrol::enrol(state, &token, &request))
            .await
    }

    /// Decides whether a report may be taken in: proof of key, and not one accepted before.
    ///
    /// The caller's scope is checked elsewhere. The pass is asked once the body says which agent it
    /// is from, and kept once the report is on its way. The first report of an agent's run waits
    /// until the run is on disk.
    pub async fn check_report(
        &self,
        caller: &Principal,
        proof: Option<&ReportProof>,
    ) -> Result<ReportPass, Error> {
        let pass = self.judge_report(caller, proof).await;
        if let Err(error) = &pass {
            self.0.counters.count_refused_report(error);
        }
        pass
    }

    async fn judge_report(
        &self,
        caller: &Principal,
        proof: Option<&ReportProof>,
    ) -> Result<ReportPass, Error> {
        let (id, proof) = match proof::identify(&self.0, caller, proof)? {
            Sender::Keyed(id, proof) => (id, proof),
            Sender::Token(bound) => return Ok(ReportPass::by_token(&self.0, bound)),
        };
        if let Some(pass) = proof::count(&self.0, &id, proof)? {
            return Ok(pass);
        }
        let _writing = self.0.beginning.lock().await;
        // Whoever wrote last may have written this run too.
        if let Some(pass) = proof::count(&self.0, &id, proof)? {
            return Ok(pass);
        }
        self.offload(proof::begin_runs).await?;
        proof::count(&self.0, &id, proof)?.ok_or(Error::Interrupted)
    }

    // --- itself

    /// Returns what the area counts about itself.
    pub fn figures(&self) -> Figures {
        let counters = &self.0.counters;
        Figures {
            logins: counters.logins.get(),
            logins_failed: counters.logins_failed.get(),
            logins_locked: counters.logins_locked.get(),
            password_checks: counters.password_checks.get(),
            tokens_refused: counters.tokens_refused.get(),
            csrf_refused: counters.csrf_refused.get(),
            setup_tokens_refused: counters.setup_tokens_refused.get(),
            enrolments: counters.enrolments.get(),
            enrolments_refused: counters.enrolments_refused.get(),
            reports_refused: counters.reports_refused.get(),
            reports_replayed: counters.reports_replayed.get(),
            runs_replaced: counters.runs_replaced.get(),
            rate_limited: counters.rate_limited.get(),
            sessions: held(&self.0.sessions).len(),
            tokens: held(&self.0.tokens).len(),
            agents: held(&self.0.agents).len(),
            lockout_entries: held(&self.0.lockouts).len(),
            rate_entries: held(&self.0.limiter).len(),
        }
    }

    async fn offload<T: Send + 'static>(
        &self,
        step: impl FnOnce(&State) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let state = self.0.clone();
        let done = tokio::task::spawn_blocking(move || step(&state)).await;
        done.unwrap_or(Err(Error::Interrupted))
    }

    /// Like `offload`, but only few at a time. The permit goes with the work, which outlives a
    /// caller that hangs up.
    async fn offload_hashing<T: Send + 'static>(
        &self,
        step: impl FnOnce(&State) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let permit = self.0.hashing.clone().acquire_owned().await;
        let permit = permit.map_err(|_| Error::Interrupted)?;
        self.offload(move |state| {
            let _permit = permit;
            step(state)
        })
        .await
    }
}

fn log_failure(outcome: Result<(), Error>) {
    if let Err(error) = outcome {
        tracing::error!(error = error.with_causes(), "security housekeeping failed");
    }
}
