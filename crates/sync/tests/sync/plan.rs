//! The plan alone, against a server and an outbox of a few numbers.

use std::time::Duration;

use proptest::prelude::*;
use vigil_model::wire::Refusal;
use vigil_sync::Failure;
use vigil_sync::plan::{BatchSize, Duty, Event, Halt, LONGEST_WAIT, Lane, Plan, Standing, Step, URGENT_WAIT};

/// What becomes of one call.
#[derive(Clone, Debug)]
enum Fate {
    Well,
    /// The server takes it, and the answer is lost.
    LostAfter(Silence),
    /// It does not arrive.
    LostBefore(Silence),
    Status,
    Busy(u64),
    Malformed,
    Forged,
    TooLarge,
    Outbox,
    /// The server says nonsense.
    Gap(u64),
    Poison(u64),
    /// A receipt that covers nothing new.
    Stale,
    Identity,
}

#[derive(Clone, Copy, Debug)]
enum Silence {
    Cut,
    TimedOut,
    Unreachable,
}

impl From<Silence> for Failure {
    fn from(silence: Silence) -> Self {
        match silence {
            Silence::Cut => Self::Cut,
            Silence::TimedOut => Self::TimedOut,
            Silence::Unreachable => Self::Unreachable,
        }
    }
}

fn fate() -> impl Strategy<Value = Fate> {
    let silence = || prop_oneof![Just(Silence::Cut), Just(Silence::TimedOut), Just(Silence::Unreachable)];
    prop_oneof![
        4 => Just(Fate::Well),
        2 => silence().prop_map(Fate::LostAfter),
        2 => silence().prop_map(Fate::LostBefore),
        1 => Just(Fate::Status),
        1 => any::<u64>().prop_map(Fate::Busy),
        1 => Just(Fate::Malformed),
        1 => Just(Fate::Forged),
        1 => Just(Fate::TooLarge),
        1 => Just(Fate::Outbox),
        1 => (0_u64..60).prop_map(Fate::Gap),
        1 => any::<u64>().prop_map(Fate::Poison),
        1 => Just(Fate::Stale),
        1 => Just(Fate::Identity),
    ]
}

/// A workstation and a server, as numbers.
struct World {
    plan: Plan,
    now: Duration,
    standing: Standing,
    /// The server holds the entries up to this number.
    held: u64,
    /// Entries that do not open, until they were sealed anew so often; beyond 2: never.
    poison: Vec<(u64, u8)>,
    quarantined: Vec<u64>,
    steps: u64,
}

impl World {
    fn new(entries: u64, poison: Vec<(u64, u8)>) -> Self {
        let standing = Standing { entries, covered: 0, urgent: 1 };
        let plan = Plan::new(standing, 0, Duration::from_secs(1_000_000), Duration::ZERO);
        Self { plan, now: Duration::ZERO, standing, held: 0, poison, quarantined: Vec::new(), steps: 0 }
    }

    /// One step with this fate. Every promise that holds at all times is checked here.
    fn step(&mut self, fate: &Fate, random: u64) -> Step {
        self.steps += 1;
        let step = self.plan.next(self.now);
        let event = match step {
            Step::Wait(until) => {
                assert!(until >= self.now && until - self.now <= LONGEST_WAIT, "a wait is bounded: {until:?}");
                self.now = until.max(self.now + Duration::from_millis(1));
                return step;
            }
            Step::GiveUp(_) => return step,
            Step::Push { from, size } => self.push(from, size, fate),
            Step::AskReceipt => self.asked(Duty::Receipt, fate, |world| world.receipt()),
            Step::AskDevice => {
                self.asked(Duty::Device, fate, |world| Event::Device { next: world.held + 1, directory: 1 })
            }
            Step::AskDirectory { .. } => self.asked(Duty::Directory, fate, |_| Event::Directory { version: 1 }),
            Step::Renew => self.asked(Duty::Renew, fate, |_| Event::Renewed { renew: Duration::from_secs(1_000_000) }),
            Step::PushUrgent => self.asked(Duty::Urgent, fate, |world| {
                world.standing.urgent = 0;
                Event::Delivered
            }),
            Step::Reseal(lane, seq) => {
                self.poison
                    .iter_mut()
                    .filter(|(poison, _)| *poison == seq)
                    .for_each(|(_, left)| *left = left.saturating_sub(1));
                Event::Repaired(lane)
            }
            Step::Quarantine(lane, seq, _) => {
                self.quarantined.push(seq);
                Event::Repaired(lane)
            }
        };
        self.plan.on(Event::Written(self.standing), self.now, random);
        self.plan.on(event, self.now, random);
        step
    }

    fn push(&mut self, from: u64, size: BatchSize, fate: &Fate) -> Event {
        assert!(from <= self.standing.covered + 1, "never past what no receipt covers: from {from}");
        assert!(
            size.entries >= 1 && size.entries <= BatchSize::LARGEST.entries,
            "a size that the server takes: {size:?}"
        );
        let last = self.standing.entries.min(from + u64::try_from(size.entries).unwrap() - 1);
        let carried = Some((from, last));
        let failed = |failure| Event::Failed { duty: Duty::Push, failure, carried };
        if from > self.standing.entries {
            return Event::Nothing(Duty::Push);
        }
        match fate {
            Fate::LostBefore(silence) => return failed((*silence).into()),
            Fate::Gap(next) => return failed(Failure::Refused(Refusal::Gap { next: *next })),
            Fate::Poison(seq) => return failed(Failure::Refused(Refusal::Poison { seq: seq % 80 })),
            Fate::Stale => return Event::Receipt { next: self.standing.covered + 1, directory: 1 },
            Fate::Well | Fate::LostAfter(_) => {}
            other => return failed(failure(other)),
        }
        if from > self.held + 1 {
            return failed(Failure::Refused(Refusal::Gap { next: self.held + 1 }));
        }
        let sick =
            |(seq, left): &&(u64, u8)| *left > 0 && (from..=last).contains(seq) && !self.quarantined.contains(seq);
        if let Some((seq, _)) = self.poison.iter().find(sick) {
            return failed(Failure::Refused(Refusal::Poison { seq: *seq }));
        }
        self.held = self.held.max(last);
        match fate {
            Fate::LostAfter(silence) => failed((*silence).into()),
            _ => self.receipt(),
        }
    }

    fn receipt(&mut self) -> Event {
        self.standing.covered = self.standing.covered.max(self.held);
        Event::Receipt { next: self.held + 1, directory: 1 }
    }

    fn asked(&mut self, duty: Duty, fate: &Fate, well: impl FnOnce(&mut Self) -> Event) -> Event {
        match fate {
            Fate::Well | Fate::Gap(_) | Fate::Poison(_) | Fate::Stale | Fate::TooLarge => well(self),
            other => Event::Failed { duty, failure: failure(other), carried: None },
        }
    }
}

fn failure(fate: &Fate) -> Failure {
    match fate {
        Fate::LostAfter(silence) | Fate::LostBefore(silence) => (*silence).into(),
        Fate::Status => Failure::Status(500),
        Fate::Busy(seconds) => Failure::Busy(Some(Duration::from_secs(*seconds))),
        Fate::Forged => Failure::Forged,
        Fate::TooLarge => Failure::TooLarge,
        Fate::Outbox => Failure::Outbox,
        Fate::Identity => Failure::Identity,
        Fate::Well | Fate::Malformed | Fate::Gap(_) | Fate::Poison(_) | Fate::Stale => Failure::Malformed,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn after_any_failures_every_entry_is_covered(
        entries in 1_u64..3_000,
        poison in prop::collection::vec((1_u64..3_000, 1_u8..5), 0..3),
        fates in prop::collection::vec((fate(), any::<u64>()), 0..300),
    ) {
        let mut world = World::new(entries, poison);
        for (fate, random) in &fates {
            world.step(fate, *random);
            if world.plan.halt().is_some() {
                // A server that says nonsense is for a person to judge; the person finds it right again.
                world.plan.on(Event::Retry, world.now, *random);
            }
        }
        let (calm, bound) = (world.now, world.steps + 2_000);
        while world.standing.covered < entries || world.standing.urgent > 0 {
            prop_assert!(world.steps < bound, "it goes on: {:?}", world.plan);
            world.step(&Fate::Well, 7);
        }
        prop_assert_eq!(world.held, entries, "all are at the server");
        prop_assert!(world.plan.halt().is_none(), "and nothing was given up: {:?}", world.plan.halt());
        prop_assert!(world.now - calm <= LONGEST_WAIT * 4, "soon after the failures end: {:?}", world.now - calm);
    }

    #[test]
    fn a_dead_server_is_asked_less_and_less(randoms in prop::collection::vec(any::<u64>(), 60)) {
        let mut world = World::new(10, Vec::new());
        let mut calls = 0_u64;
        while world.now < Duration::from_secs(3_600) {
            let random = randoms[usize::try_from(world.steps % 60).unwrap()];
            if !matches!(world.step(&Fate::LostBefore(Silence::Unreachable), random), Step::Wait(_) | Step::PushUrgent) {
                calls += 1;
            }
        }
        prop_assert!(calls < 400, "an hour of {calls} calls is no storm");
    }
}

#[test]
fn urgent_entries_go_beside_whatever_is_on_its_way() {
    let standing = Standing { entries: 100_000, covered: 0, urgent: 0 };
    let mut plan = Plan::new(standing, 1, Duration::from_secs(1_000_000), Duration::ZERO);
    let now = Duration::from_secs(1);
    assert_eq!(plan.next(now), Step::AskDevice, "the main lane is busy");
    assert!(matches!(plan.next(now), Step::Wait(_)), "one call at a time");
    plan.on(Event::Written(Standing { urgent: 1, ..standing }), now, 0);
    assert_eq!(plan.next(now), Step::PushUrgent, "at once, on a lane of its own");
}

#[test]
fn urgent_entries_wait_five_seconds_at_most_while_the_server_answers() {
    let mut plan = online(Standing { entries: 10, covered: 10, urgent: 1 });
    let mut now = Duration::from_secs(10);
    for _ in 0..30 {
        assert_eq!(next_of(&mut plan, &mut now, Lane::Urgent), Step::PushUrgent, "again");
        let failed = now;
        let event = Event::Failed { duty: Duty::Urgent, failure: Failure::Status(500), carried: Some((10, 10)) };
        plan.on(event, now, u64::MAX - 1);
        let Step::Wait(until) = plan.next(now) else { panic!("it waits") };
        assert!(until - failed <= URGENT_WAIT, "five seconds: {:?}", until - failed);
    }
}

#[test]
fn a_server_that_lost_what_it_cosigned_gets_it_again_and_it_is_said() {
    let mut plan = online(Standing { entries: 30, covered: 20, urgent: 0 });
    let mut now = Duration::from_secs(10);
    assert!(matches!(next_of(&mut plan, &mut now, Lane::Main), Step::Push { from: 21, .. }), "where it was");
    let gap = Failure::Refused(Refusal::Gap { next: 11 });
    plan.on(Event::Failed { duty: Duty::Push, failure: gap, carried: Some((21, 30)) }, now, 0);
    assert_eq!(plan.lost(), Some((11, 20)), "loudly");
    assert!(matches!(next_of(&mut plan, &mut now, Lane::Main), Step::Push { from: 11, .. }), "back");
    plan.on(Event::Receipt { next: 31, directory: 1 }, now, 0);
    assert_eq!(plan.lost(), None, "it has them again");
}

#[test]
fn what_the_outbox_has_no_more_is_for_a_person() {
    let mut plan = online(Standing { entries: 30, covered: 20, urgent: 0 });
    let mut now = Duration::from_secs(10);
    next_of(&mut plan, &mut now, Lane::Main);
    let gap = Failure::Refused(Refusal::Gap { next: 11 });
    plan.on(Event::Failed { duty: Duty::Push, failure: gap, carried: Some((21, 30)) }, now, 0);
    next_of(&mut plan, &mut now, Lane::Main);
    plan.on(Event::Nothing(Duty::Push), now, 0);
    assert_eq!(plan.next(now), Step::GiveUp(Halt::ServerLost { from: 11, to: 20 }), "said once");
    assert!(!matches!(plan.next(now), Step::GiveUp(_) | Step::Push { .. }), "and entries are sent no more");
}

#[test]
fn a_conflict_stops_the_entries_and_nothing_else() {
    let mut plan = online(Standing { entries: 30, covered: 20, urgent: 0 });
    let mut now = Duration::from_secs(10);
    next_of(&mut plan, &mut now, Lane::Main);
    let conflict = Failure::Refused(Refusal::Conflict { seq: 21 });
    plan.on(Event::Failed { duty: Duty::Push, failure: conflict, carried: Some((21, 30)) }, now, 0);
    assert_eq!(plan.next(now), Step::GiveUp(Halt::Conflict(21)), "said");
    let asked = next_of(&mut plan, &mut now, Lane::Main);
    assert!(matches!(asked, Step::AskDirectory { .. }), "the directory is asked for all the same: {asked:?}");
    plan.on(Event::Directory { version: 1 }, now, 0);
    plan.on(Event::Retry, now, 0);
    plan.next(now);
    plan.on(Event::Device { next: 21, directory: 1 }, now, 0);
    assert!(matches!(next_of(&mut plan, &mut now, Lane::Main), Step::Push { from: 21, .. }), "until somebody acts");
}

#[test]
fn a_log_that_went_back_is_for_a_person() {
    let mut plan = online(Standing { entries: 30, covered: 20, urgent: 0 });
    let mut now = Duration::from_secs(10);
    next_of(&mut plan, &mut now, Lane::Main);
    let gap = Failure::Refused(Refusal::Gap { next: 41 });
    plan.on(Event::Failed { duty: Duty::Push, failure: gap, carried: Some((21, 30)) }, now, 0);
    assert_eq!(plan.next(now), Step::GiveUp(Halt::RolledBack { held: 40, entries: 30 }), "an older copy was put back");
}

#[test]
fn a_receipt_that_covers_nothing_new_is_no_reason_to_send_again_at_once() {
    let mut plan = online(Standing { entries: 30, covered: 20, urgent: 0 });
    let mut now = Duration::from_secs(10);
    assert!(matches!(next_of(&mut plan, &mut now, Lane::Main), Step::Push { .. }), "sent");
    plan.on(Event::Receipt { next: 21, directory: 1 }, now, 500);
    assert!(matches!(plan.next(now), Step::Wait(_)), "it waits");
}

#[test]
fn a_repair_that_the_vault_could_not_do_is_done_later() {
    let mut plan = online(Standing { entries: 30, covered: 20, urgent: 0 });
    let mut now = Duration::from_secs(10);
    let mut reseals = 0;
    for round in 0..4 {
        assert!(matches!(next_of(&mut plan, &mut now, Lane::Main), Step::Push { .. }), "round {round}");
        let failure = Failure::Refused(Refusal::Poison { seq: 25 });
        plan.on(Event::Failed { duty: Duty::Push, failure, carried: Some((21, 30)) }, now, 0);
        assert_eq!(plan.next(now), Step::Reseal(Lane::Main, 25), "round {round}: it was never sealed anew");
        reseals += 1;
        plan.on(Event::Failed { duty: Duty::Repair, failure: Failure::Outbox, carried: None }, now, 0);
    }
    assert_eq!(reseals, 4, "a vault that is busy is no reason to keep an entry back");
}

#[test]
fn a_checkpoint_that_is_refused_again_and_again_is_for_a_person() {
    let mut plan = online(Standing { entries: 30, covered: 20, urgent: 0 });
    let mut now = Duration::from_secs(10);
    for _ in 0..3 {
        assert!(matches!(next_of(&mut plan, &mut now, Lane::Main), Step::Push { .. }), "tried again");
        let failure = Failure::Refused(Refusal::Checkpoint);
        plan.on(Event::Failed { duty: Duty::Push, failure, carried: Some((21, 30)) }, now, 0);
    }
    assert_eq!(plan.next(now), Step::GiveUp(Halt::Checkpoint), "three times");
}

#[test]
fn another_directory_is_fetched_at_once() {
    let mut plan = online(Standing { entries: 30, covered: 20, urgent: 0 });
    let mut now = Duration::from_secs(10);
    next_of(&mut plan, &mut now, Lane::Main);
    plan.on(Event::Written(Standing { entries: 30, covered: 30, urgent: 0 }), now, 0);
    plan.on(Event::Receipt { next: 31, directory: 2 }, now, 0);
    assert_eq!(plan.next(now), Step::AskDirectory { held: 1 }, "the receipt named another version");
}

#[test]
fn a_line_that_is_too_slow_gets_less() {
    let mut plan = online(Standing { entries: 2_000, covered: 0, urgent: 0 });
    let mut now = Duration::from_secs(10);
    next_of(&mut plan, &mut now, Lane::Main);
    plan.on(Event::Failed { duty: Duty::Push, failure: Failure::TimedOut, carried: Some((1, 1_000)) }, now, 0);
    let Step::Push { size, .. } = next_of(&mut plan, &mut now, Lane::Main) else {
        // The server is asked who it is first.
        plan.on(Event::Device { next: 1, directory: 1 }, now, 0);
        return;
    };
    assert_eq!(size.entries, 500, "half");
}

#[test]
fn an_entry_too_long_for_any_request_stays_behind() {
    let mut plan = online(Standing { entries: 1, covered: 0, urgent: 0 });
    let mut now = Duration::from_secs(10);
    next_of(&mut plan, &mut now, Lane::Main);
    plan.on(Event::Failed { duty: Duty::Push, failure: Failure::TooLarge, carried: Some((1, 1)) }, now, 0);
    assert!(matches!(plan.next(now), Step::Quarantine(Lane::Main, 1, _)), "alone, and still too long");
}

/// The plan of a workstation that has talked to its server.
fn online(standing: Standing) -> Plan {
    let now = Duration::from_secs(1);
    let mut plan = Plan::new(Standing { urgent: 0, ..standing }, 1, Duration::from_secs(1_000_000), now);
    assert_eq!(plan.next(now), Step::AskDevice, "first");
    plan.on(Event::Device { next: standing.covered + 1, directory: 1 }, now, 0);
    if plan.next(now) == Step::AskDevice {
        plan.on(Event::Device { next: standing.covered + 1, directory: 1 }, now, 0);
        plan.next(now);
    }
    plan.on(Event::Directory { version: 1 }, now, 0);
    plan.on(Event::Written(standing), now, 0);
    plan
}

/// The next step of this lane, after the waits before it.
fn next_of(plan: &mut Plan, now: &mut Duration, lane: Lane) -> Step {
    for _ in 0..100 {
        match plan.next(*now) {
            Step::Wait(until) => *now = until.max(*now + Duration::from_millis(1)),
            Step::AskDirectory { .. } if lane == Lane::Urgent => plan.on(Event::Directory { version: 1 }, *now, 0),
            step => return step,
        }
    }
    panic!("nothing to do")
}
