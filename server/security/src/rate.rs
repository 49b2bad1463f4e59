//! How often somebody may ask: sliding windows per category and caller.
//!
//! Who is known is counted by token or session wherever the request comes from; only anonymous
//! callers are counted by address. The middleware decides which category a route is in.

use std::collections::HashMap;
use std::net::IpAddr;
use std::time::Duration;

use jiff::Timestamp;

use crate::Principal;
use crate::identity::network_of;

/// Anonymous addresses counted apart; those beyond share one count.
const MAX_ANONYMOUS: usize = 10_000;
const SWEEP_EVERY: Duration = Duration::from_secs(60);
/// A window is cut into tenths; with the eleventh, no request is forgotten before its time.
const SLOTS: usize = 11;

/// What kind of request is limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Category {
    /// Login, logout, passwords, checking tokens.
    Auth,
    /// Changes to the configuration.
    ConfigWrites,
    /// Export and import.
    Export,
    /// Recovery of access.
    Recovery,
    /// Software updates.
    Updates,
    /// Opening a socket without being signed in, or being refused one.
    AnonymousSocket,
    /// Opening a socket when signed in.
    Socket,
    /// Public routes and heavy reads.
    PublicReads,
    /// Everything else under `/api`.
    General,
    /// Trying a set-up token.
    Bootstrap,
    /// Installers and downloads.
    Downloads,
    /// Reports of agents. One token may serve a whole fleet, so this is a bound on a fleet.
    Reports,
}

impl Category {
    /// Every category.
    pub const ALL: [Self; 12] = [
        Self::Auth,
        Self::ConfigWrites,
        Self::Export,
        Self::Recovery,
        Self::Updates,
        Self::AnonymousSocket,
        Self::Socket,
        Self::PublicReads,
        Self::General,
        Self::Bootstrap,
        Self::Downloads,
        Self::Reports,
    ];

    const fn default_limit(self) -> Limit {
        let (requests, seconds) = match self {
            Self::Auth => (10, 60),
            Self::ConfigWrites => (30, 60),
            Self::Export => (5, 300),
            Self::Recovery => (3, 600),
            Self::Updates => (20, 60),
            Self::AnonymousSocket => (5, 60),
            Self::Socket => (60, 60),
            Self::PublicReads => (1000, 60),
            Self::General => (500, 60),
            Self::Bootstrap => (10, 300),
            Self::Downloads => (60, 60),
            Self::Reports => (30_000, 60),
        };
        Limit {
            requests,
            window: Duration::from_secs(seconds),
        }
    }
}

/// So many requests within any stretch of time so long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// How many.
    pub requests: u32,
    /// How long.
    pub window: Duration,
}

/// The limit of each category; every one of them is a setting.
#[derive(Clone, Debug)]
pub struct Limits {
    enabled: bool,
    by_category: [Limit; Category::ALL.len()],
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            enabled: true,
            by_category: Category::ALL.map(Category::default_limit),
        }
    }
}

impl Limits {
    /// Returns no limits at all, for load tests.
    pub fn off() -> Self {
        Self {
            enabled: false,
            ..Self::default()
        }
    }

    /// Replaces the limit of `category`. A limit of nothing would lock everybody out, so at least
    /// one request a second's window is allowed.
    #[must_use]
    pub fn with(mut self, category: Category, limit: Limit) -> Self {
        self.by_category[category as usize] = Limit {
            requests: limit.requests.max(1),
            window: limit.window.max(SECOND),
        };
        self
    }

    /// Tells whether anything is limited.
    pub fn are_on(&self) -> bool {
        self.enabled
    }
}

const SECOND: Duration = Duration::from_secs(1);

/// Who is counted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Caller {
    /// A token or session, wherever it comes from.
    Known(String),
    /// Whoever is at this address.
    Anonymous(IpAddr),
}

impl Caller {
    /// Returns how to count a request by `principal` from `ip`.
    pub fn of(principal: Option<&Principal>, ip: IpAddr) -> Self {
        match principal {
            Some(Principal::Token(token)) => Self::Known(format!("token {}", token.id)),
            Some(Principal::User(user)) => Self::Known(match user.session {
                Some(session) => format!("session {}", session.to_hex()),
                None => format!("user {}", user.name),
            }),
            None => Self::Anonymous(network_of(ip)),
        }
    }
}

/// What became of a request, and what goes into its answer's headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Requests allowed per window.
    pub limit: u32,
    /// Requests left now.
    pub remaining: u32,
    /// When more will be left, in unix seconds.
    pub reset_unix: i64,
    /// Seconds to wait, if this request is one too many.
    pub retry_after: Option<u64>,
}

impl Verdict {
    /// Tells whether the request may pass.
    pub fn is_allowed(&self) -> bool {
        self.retry_after.is_none()
    }
}

/// Requests of one caller in one category, by tenth of the window.
#[derive(Clone, Debug, Default)]
struct Window {
    counts: [u32; SLOTS],
    newest: u64,
}

impl Window {
    fn advance(&mut self, slot: u64) {
        let passed = slot.saturating_sub(self.newest).min(SLOTS as u64);
        for step in 1..=passed {
            self.counts[((self.newest + step) % SLOTS as u64) as usize] = 0;
        }
        self.newest = self.newest.max(slot);
    }

    fn total(&self) -> u32 {
        self.counts.iter().sum()
    }

    fn add(&mut self) {
        self.counts[(self.newest % SLOTS as u64) as usize] += 1;
    }

    /// Returns the slot in which the oldest counted request is forgotten.
    fn next_release(&self) -> u64 {
        let first = (self.newest + 1).saturating_sub(SLOTS as u64);
        let oldest = (first..=self.newest)
            .find(|slot| self.counts[(slot % SLOTS as u64) as usize] > 0)
            .unwrap_or(self.newest);
        oldest + SLOTS as u64
    }
}

/// All windows.
pub(crate) struct Limiter {
    limits: Limits,
    /// Bounded by the number of tokens and sessions there can be.
    known: HashMap<(Category, String), Window>,
    anonymous: HashMap<(Category, IpAddr), Window>,
    crowd: HashMap<Category, Window>,
    swept_at: Duration,
}

impl Limiter {
    pub fn over(limits: Limits) -> Self {
        let (known, anonymous, crowd) = Default::default();
        Self {
            limits,
            known,
            anonymous,
            crowd,
            swept_at: Duration::ZERO,
        }
    }

    pub fn set_limits(&mut self, limits: Limits) {
        self.limits = limits;
        // Slots are as long as the limit says, so counts under another limit mean nothing.
        self.known.clear();
        self.anonymous.clear();
        self.crowd.clear();
    }

    /// Counts a request, unless it is one too many. `None` means that nothing is limited.
    pub fn check(
        &mut self,
        category: Category,
        caller: &Caller,
        monotonic: Duration,
        wall: Timestamp,
    ) -> Option<Verdict> {
        if !self.limits.enabled {
            return None;
        }
        if monotonic.saturating_sub(self.swept_at) >= SWEEP_EVERY {
            self.sweep(monotonic);
        }
        let limit = self.limits.by_category[category as usize];
        let slot_length = slot_length(limit);
        let window = self.window(category, caller);
        window.advance(slot_of(limit, monotonic));
        let is_allowed = window.total() < limit.requests;
        if is_allowed {
            window.add();
        }
        let release = slot_length.saturating_mul(window.next_release().try_into().ok()?);
        let wait = seconds_up(release.saturating_sub(monotonic));
        Some(Verdict {
            limit: limit.requests,
            remaining: limit.requests - window.total(),
            reset_unix: wall.as_second().saturating_add_unsigned(wait),
            retry_after: (!is_allowed).then_some(wait),
        })
    }

    pub fn len(&self) -> usize {
        self.known.len() + self.anonymous.len()
    }

    /// Drops windows in which nothing is counted any more.
    pub fn sweep(&mut self, monotonic: Duration) {
        let limits = self.limits.clone();
        let is_live = |category: Category, window: &Window| {
            let slot = slot_of(limits.by_category[category as usize], monotonic);
            slot < window.newest + SLOTS as u64
        };
        self.known
            .retain(|(category, _), window| is_live(*category, window));
        self.anonymous
            .retain(|(category, _), window| is_live(*category, window));
        self.swept_at = monotonic;
    }

    fn window(&mut self, category: Category, caller: &Caller) -> &mut Window {
        match caller {
            Caller::Known(name) => self.known.entry((category, name.clone())).or_default(),
            Caller::Anonymous(ip) => {
                let key = (category, *ip);
                if self.anonymous.len() >= MAX_ANONYMOUS && !self.anonymous.contains_key(&key) {
                    return self.crowd.entry(category).or_default();
                }
                self.anonymous.entry(key).or_default()
            }
        }
    }
}

fn slot_length(limit: Limit) -> Duration {
    limit.window / (SLOTS as u32 - 1)
}

fn slot_of(limit: Limit, monotonic: Duration) -> u64 {
    let slot = monotonic.as_nanos() / slot_length(limit).as_nanos().max(1);
    u64::try_from(slot).unwrap_or(u64::MAX / 2)
}

fn seconds_up(duration: Duration) -> u64 {
    duration
        .as_millis()
        .div_ceil(1000)
        .max(1)
        .try_into()
        .unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limiter(requests: u32, seconds: u64) -> Limiter {
        let limit = Limit {
            requests,
            window: Duration::from_secs(seconds),
        };
        Limiter::over(Limits::default().with(Category::Auth, limit))
    }

    fn address(number: u32) -> Caller {
        Caller::Anonymous(IpAddr::V4(number.into()))
    }

    fn ask(limiter: &mut Limiter, caller: &Caller, millis: u64) -> Verdict {
        let now = Duration::from_millis(millis);
        limiter
            .check(Category::Auth, caller, now, Timestamp::UNIX_EPOCH + now)
            .unwrap()
    }

    #[test]
    fn requests_up_to_the_limit_pass_and_the_next_is_told_how_long_to_wait() {
        let mut limiter = limiter(3, 60);
        let remaining: Vec<u32> = (0..3)
            .map(|_| ask(&mut limiter, &address(1), 500).remaining)
            .collect();
        assert_eq!(remaining, [2, 1, 0]);
        let refused = ask(&mut limiter, &address(1), 500);
        let expected = Verdict {
            limit: 3,
            remaining: 0,
            reset_unix: 66,
            retry_after: Some(66),
        };
        assert_eq!(refused, expected);
        assert!(ask(&mut limiter, &address(1), 66_000).is_allowed());
    }

    #[test]
    fn no_window_of_any_position_holds_more_than_the_limit() {
        let (limit, window) = (20, 10_000);
        let mut limiter = limiter(limit, 10);
        let passed: Vec<u64> = (0..60_000)
            .step_by(37)
            .filter(|&millis| ask(&mut limiter, &address(1), millis).is_allowed())
            .collect();
        for &start in &passed {
            let within = passed
                .iter()
                .filter(|&&at| at >= start && at < start + window)
                .count();
            assert!(within <= limit as usize, "{within} from {start}");
        }
        assert!(
            passed.len() >= 5 * limit as usize,
            "but the limit is used: {}",
            passed.len()
        );
    }

    #[test]
    fn waiting_as_told_is_enough() {
        let mut limiter = limiter(5, 60);
        let mut now = 1_234;
        for _ in 0..200 {
            let verdict = ask(&mut limiter, &address(1), now);
            now += 700;
            if let Some(wait) = verdict.retry_after {
                now += wait * 1000;
                assert!(ask(&mut limiter, &address(1), now).is_allowed());
            }
        }
    }

    #[test]
    fn callers_and_categories_do_not_use_up_each_others_share() {
        let mut limiter = limiter(1, 60);
        let token = Caller::Known("token 1".into());
        for caller in [address(1), address(2), token] {
            assert!(ask(&mut limiter, &caller, 0).is_allowed());
            assert!(!ask(&mut limiter, &caller, 0).is_allowed());
            let now = (Duration::ZERO, Timestamp::UNIX_EPOCH);
            let other = limiter
                .check(Category::General, &caller, now.0, now.1)
                .unwrap();
            assert!(other.is_allowed());
        }
    }

    #[test]
    fn switched_off_nothing_is_limited() {
        let mut limiter = Limiter::over(Limits::off());
        for _ in 0..5_000 {
            let now = (Duration::ZERO, Timestamp::UNIX_EPOCH);
            assert_eq!(
                limiter.check(Category::Recovery, &address(1), now.0, now.1),
                None
            );
        }
        assert_eq!(limiter.len(), 0);
    }

    #[test]
    fn a_flood_of_addresses_shares_one_count_and_is_forgotten_in_the_end() {
        let mut limiter = limiter(2, 60);
        let flood = u32::try_from(MAX_ANONYMOUS).unwrap();
        for number in 0..flood {
            assert!(ask(&mut limiter, &address(number), 0).is_allowed());
        }
        let passed = (0..100).filter(|n| ask(&mut limiter, &address(flood + n), 0).is_allowed());
        assert_eq!(passed.count(), 2);
        assert!(
            ask(&mut limiter, &address(7), 0).is_allowed(),
            "known addresses keep their own"
        );
        assert_eq!(limiter.len(), MAX_ANONYMOUS);
        ask(&mut limiter, &address(1), 200_000);
        assert_eq!(limiter.len(), 1);
    }
}
