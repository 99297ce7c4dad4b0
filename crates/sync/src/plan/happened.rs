//! What each event changes.

use std::time::Duration;

use vigil_model::wire::Refusal;

use super::{Duty, Event, Halt, LONGEST_WAIT, Lane, Plan, Standing, URGENT_WAIT, URGENT_WAIT_OFFLINE};
use crate::Failure;

/// Checkpoints that are refused in a row before a person has to look.
const CHECKPOINTS: u32 = 3;

impl Plan {
    /// Takes in what happened.
    pub fn on(&mut self, event: Event, now: Duration, random: u64) {
        match event {
            Event::Written(standing) => self.stands(standing),
            Event::Device { next, directory } => {
                if self.done(Duty::Device) {
                    self.duties.device_answered(now);
                    self.expects(next, now);
                    self.announced(directory, now);
                }
            }
            Event::Receipt { next, directory } => self.receipt(next, directory, now, random),
            Event::Directory { version } => {
                if self.done(Duty::Directory) {
                    self.directory = version;
                    self.duties.directory_answered(now);
                }
            }
            Event::Renewed { renew } => {
                if self.done(Duty::Renew) {
                    self.duties.renewed(renew);
                }
            }
            Event::Delivered => {
                if self.done(Duty::Urgent) {
                    self.urgent.reset();
                }
            }
            Event::Repaired(lane) => {
                let duty = match lane {
                    Lane::Main => Duty::Repair,
                    Lane::Urgent => Duty::UrgentRepair,
                };
                if self.duties.end(duty) {
                    self.repairs.done(lane);
                }
            }
            Event::Nothing(duty) => self.nothing(duty, now, random),
            Event::Failed { duty, failure, carried } => {
                if self.duties.end(duty) {
                    self.failed(duty, failure, carried, now, random);
                }
            }
            Event::Retry => self.retry(now),
        }
    }

    fn stands(&mut self, standing: Standing) {
        self.repairs.covered(standing.covered);
        self.standing = standing;
    }

    /// The server answered this. `false`: nobody had asked.
    fn done(&mut self, duty: Duty) -> bool {
        let asked = self.duties.end(duty);
        if asked {
            self.answered(duty.lane());
            if duty.lane() == Lane::Main {
                self.duties.backoff(duty).reset();
            }
        }
        asked
    }

    /// The server is there. What one lane learns ends the waiting of the other.
    fn answered(&mut self, lane: Lane) {
        let again = !self.answers;
        self.answers = true;
        if again {
            self.duties.begin_anew();
        }
        match lane {
            Lane::Main if again => {
                self.main.reset();
                self.urgent.reset();
            }
            Lane::Urgent if !again => {}
            Lane::Main | Lane::Urgent => self.main.reset(),
        }
    }

    fn receipt(&mut self, next: u64, directory: u64, now: Duration, random: u64) {
        let duty = if self.duties.end(Duty::Receipt) {
            self.duties.receipt_answered();
            Duty::Receipt
        } else if self.duties.end(Duty::Push) {
            Duty::Push
        } else {
            return;
        };
        let progress = self.standing.covered > self.covered_before || self.back.is_some_and(|back| next > back);
        self.answered(Lane::Main);
        self.announced(directory, now);
        if let Some(back) = self.back {
            self.back = Some(next.max(back)).filter(|back| *back <= self.standing.covered);
            self.lost = self.lost.filter(|_| self.back.is_some());
        }
        if progress {
            self.duties.backoff(Duty::Push).reset();
            self.size = self.size.doubled();
        } else {
            // A receipt that covers nothing new is no reason to send the same again at once.
            self.duties.backoff(Duty::Push).fail(now, random, LONGEST_WAIT);
        }
        if duty == Duty::Receipt {
            self.duties.backoff(Duty::Receipt).reset();
        }
    }

    /// Another directory than the one that is held.
    fn announced(&mut self, directory: u64, now: Duration) {
        if directory != self.directory {
            self.duties.directory_is_due(now);
        }
    }

    /// The server expects this number next.
    fn expects(&mut self, next: u64, now: Duration) {
        let held = next.saturating_sub(1);
        self.back = None;
        self.lost = None;
        if held > self.standing.entries {
            self.give_up(Halt::RolledBack { held, entries: self.standing.entries });
        } else if held > self.standing.covered {
            self.duties.receipt_is_due(now);
        } else if held < self.standing.covered {
            let back = next.max(1);
            self.back = Some(back);
            self.lost = Some((back, self.standing.covered));
        }
    }

    fn nothing(&mut self, duty: Duty, now: Duration, random: u64) {
        if !self.duties.end(duty) {
            return;
        }
        if duty.lane() == Lane::Urgent {
            self.urgent.fail(now, random, URGENT_WAIT);
        } else if let Some((from, to)) = self.lost {
            self.give_up(Halt::ServerLost { from, to });
        } else {
            self.duties.backoff(duty).fail(now, random, LONGEST_WAIT);
        }
    }

    fn failed(&mut self, duty: Duty, failure: Failure, carried: Option<(u64, u64)>, now: Duration, random: u64) {
        if failure.is_answer() && failure != Failure::Outbox {
            self.answered(duty.lane());
        } else if failure != Failure::Outbox {
            self.answers = false;
            self.duties.device_is_due(now);
        }
        match (duty.lane(), failure) {
            (lane, Failure::Refused(Refusal::Poison { seq })) if within(carried, seq) => {
                if !self.repairs.poisoned(lane, seq) {
                    self.wait(duty, now, random);
                }
            }
            (Lane::Main, Failure::TooLarge) => self.too_large(duty, carried, now, random),
            (Lane::Main, Failure::Refused(refusal)) => self.refused(duty, &refusal, carried, now, random),
            (Lane::Main, Failure::Busy(Some(wait))) => self.duties.backoff(duty).wait(now, wait.min(LONGEST_WAIT)),
            (Lane::Urgent, Failure::Busy(Some(wait))) => self.urgent.wait(now, wait.min(URGENT_WAIT)),
            (Lane::Main, Failure::Identity | Failure::Unusable) => {
                // Not before a while, for nothing that this program does changes it.
                let half = LONGEST_WAIT / 2;
                let spread = u64::try_from(half.as_millis()).unwrap_or(1).max(1);
                let spread = Duration::from_millis(random.checked_rem(spread).unwrap_or(0));
                self.main.wait(now, half.saturating_add(spread));
            }
            (Lane::Main, failure) => {
                if matches!(failure, Failure::TimedOut)
                    && let Some((first, last)) = carried
                {
                    // A line that is too slow for so much may be fast enough for half of it.
                    self.size = self.size.halved(last.saturating_sub(first).saturating_add(1));
                }
                if failure.is_answer() {
                    self.wait(duty, now, random);
                } else {
                    self.main.fail(now, random, LONGEST_WAIT);
                }
                self.undone(duty);
            }
            (Lane::Urgent, _) => {
                self.wait(duty, now, random);
                self.undone(duty);
            }
        }
    }

    fn refused(&mut self, duty: Duty, refusal: &Refusal, carried: Option<(u64, u64)>, now: Duration, random: u64) {
        match *refusal {
            Refusal::Conflict { seq } => self.give_up(Halt::Conflict(seq)),
            Refusal::Gap { next } => {
                let again = self.back.is_some();
                self.expects(next, now);
                // The first time it goes back at once; a server that says so again and again is asked less and less.
                if again || carried.is_some_and(|(first, _)| next >= first) {
                    self.wait(duty, now, random);
                }
            }
            Refusal::Checkpoint => {
                self.wait(duty, now, random);
                if self.duties.backoff(Duty::Push).failures() >= CHECKPOINTS {
                    self.give_up(Halt::Checkpoint);
                }
            }
            Refusal::Poison { .. } | Refusal::Unsealed => self.wait(duty, now, random),
        }
    }

    fn too_large(&mut self, duty: Duty, carried: Option<(u64, u64)>, now: Duration, random: u64) {
        match carried {
            Some((first, last)) if first < last => {
                self.size = self.size.halved(last.saturating_sub(first).saturating_add(1));
            }
            Some((alone, _)) if self.repairs.too_long(Lane::Main, alone) => {}
            Some(_) | None => self.wait(duty, now, random),
        }
    }

    /// Backs off from one duty; the others go on.
    fn wait(&mut self, duty: Duty, now: Duration, random: u64) {
        match duty.lane() {
            Lane::Main => self.duties.backoff(duty).fail(now, random, LONGEST_WAIT),
            Lane::Urgent => {
                let cap = if self.answers { URGENT_WAIT } else { URGENT_WAIT_OFFLINE };
                self.urgent.fail(now, random, cap);
            }
        }
    }

    fn undone(&mut self, duty: Duty) {
        if let Duty::Repair | Duty::UrgentRepair = duty {
            self.repairs.undone(duty.lane());
        }
    }

    fn give_up(&mut self, halt: Halt) {
        if self.halt.is_none() {
            self.halt = Some(halt);
            self.halt_said = false;
        }
    }

    fn retry(&mut self, now: Duration) {
        self.halt = None;
        self.back = None;
        self.lost = None;
        self.main.reset();
        self.urgent.reset();
        self.duties.begin_anew();
        self.duties.device_is_due(now);
    }
}

fn within(carried: Option<(u64, u64)>, seq: u64) -> bool {
    carried.is_some_and(|(first, last)| (first..=last).contains(&seq))
}
