//! In which order work is given up, and when it is taken up again. Pure.

use super::Ceilings;

/// Work that a report can do without for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Work {
    /// Asking registries for newer images.
    UpdateChecks,
    /// Lists of images, volumes and networks.
    ObjectLists,
    /// Adding up the disk usage of an engine.
    DiskUsage,
    /// Events and details of containers.
    ContainerDetails,
    /// Host collectors that are not asked for every report; they are asked less often.
    SlowCollectors,
}

/// What is given up first comes first.
const ORDER: [Work; 5] = [
    Work::UpdateChecks,
    Work::ObjectLists,
    Work::DiskUsage,
    Work::ContainerDetails,
    Work::SlowCollectors,
];

/// Looks in a row above the ceiling for processor time until work is given up: one busy moment,
/// such as the first look at everything, is none.
const BUSY: u32 = 3;

/// Looks in a row with room until work is taken up again.
const CALM: u32 = 10;

/// Share of a ceiling below which there is room.
const ROOM: f64 = 0.9;

impl Work {
    /// Returns its word in reports and in the log.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::UpdateChecks => "update-checks",
            Self::ObjectLists => "object-lists",
            Self::DiskUsage => "disk-usage",
            Self::ContainerDetails => "container-details",
            Self::SlowCollectors => "slow-collectors",
        }
    }
}

/// What one look told.
#[derive(Clone, Copy, Debug)]
pub(super) struct Use {
    pub(super) memory: Option<u64>,
    pub(super) cpu: Option<f64>,
}

/// How much is given up, and how long things have been as they are.
#[derive(Debug, Default)]
pub(super) struct Ladder {
    given_up: usize,
    busy: u32,
    calm: u32,
}

impl Ladder {
    /// Returns what is given up.
    pub(super) fn shed(&self) -> &'static [Work] {
        &ORDER[..self.given_up]
    }

    /// Gives up at most one kind of work, or takes one up again. What is not known weighs nothing.
    pub(super) fn judge(&mut self, used: Use, ceilings: Ceilings) {
        let memory = share(
            used.memory.map(|bytes| bytes as f64),
            ceilings.memory.map(|most| most as f64),
        );
        let cpu = share(used.cpu, ceilings.cpu);
        self.busy = if cpu > 1.0 { self.busy + 1 } else { 0 };
        self.calm = if memory < ROOM && cpu < ROOM {
            self.calm + 1
        } else {
            0
        };
        if memory > 1.0 || self.busy >= BUSY {
            self.busy = 0;
            self.given_up = (self.given_up + 1).min(ORDER.len());
        } else if self.calm >= CALM {
            self.calm = 0;
            self.given_up = self.given_up.saturating_sub(1);
        }
    }
}

/// How much of a ceiling is used.
fn share(used: Option<f64>, ceiling: Option<f64>) -> f64 {
    match (used, ceiling) {
        (Some(used), Some(ceiling)) => used / ceiling,
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CEILINGS: Ceilings = Ceilings {
        memory: Some(100),
        cpu: Some(10.0),
    };

    /// Takes as many looks at the same use and returns how much is given up after each.
    fn after(ladder: &mut Ladder, memory: u64, cpu: f64, looks: u32) -> Vec<usize> {
        let look = |_| {
            let used = Use {
                memory: Some(memory),
                cpu: Some(cpu),
            };
            ladder.judge(used, CEILINGS);
            ladder.shed().len()
        };
        (0..looks).map(look).collect()
    }

    #[test]
    fn above_the_memory_ceiling_one_more_kind_is_given_up_with_every_look() {
        let mut ladder = Ladder::default();
        assert_eq!(after(&mut ladder, 101, 0.0, 7), [1, 2, 3, 4, 5, 5, 5]);
        assert_eq!(ladder.shed(), ORDER);
        assert_eq!(ladder.shed()[0], Work::UpdateChecks);
    }

    #[test]
    fn at_the_ceiling_nothing_is_given_up() {
        let mut ladder = Ladder::default();
        assert_eq!(after(&mut ladder, 100, 10.0, 5), [0; 5]);
    }

    #[test]
    fn one_busy_moment_gives_nothing_up_and_a_busy_while_does() {
        let mut ladder = Ladder::default();
        assert_eq!(after(&mut ladder, 10, 50.0, 2), [0, 0]);
        assert_eq!(after(&mut ladder, 10, 1.0, 1), [0]);
        assert_eq!(after(&mut ladder, 10, 50.0, 6), [0, 0, 1, 1, 1, 2]);
    }

    #[test]
    fn work_is_taken_up_again_step_by_step_after_a_calm_while() {
        let mut ladder = Ladder::default();
        after(&mut ladder, 101, 0.0, 2);
        // Just below the ceiling is no room yet, or it would go back and forth.
        assert_eq!(after(&mut ladder, 95, 0.0, 30), [2; 30]);
        assert_eq!(after(&mut ladder, 80, 0.0, 9), [2; 9]);
        assert_eq!(after(&mut ladder, 80, 9.5, 1), [2], "no room for time");
        let again = after(&mut ladder, 80, 0.0, 21);
        assert_eq!(
            (again[8], again[9], again[18], again[19], again[20]),
            (2, 1, 1, 0, 0)
        );
    }

    #[test]
    fn what_is_not_known_and_what_has_no_ceiling_weighs_nothing() {
        let mut ladder = Ladder::default();
        let unknown = Use {
            memory: None,
            cpu: None,
        };
        let much = Use {
            memory: Some(u64::MAX),
            cpu: Some(1e9),
        };
        let none = Ceilings {
            memory: None,
            cpu: None,
        };
        for _ in 0..20 {
            ladder.judge(unknown, CEILINGS);
            ladder.judge(much, none);
        }
        assert_eq!(ladder.shed(), []);
    }
}
