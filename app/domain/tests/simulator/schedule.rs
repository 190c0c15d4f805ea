//! What happens, in which order: made from a seed, and made shorter when it fails.

use crate::world::Broken;
use fastrand::Rng;
use std::fmt;

/// What a step does; its three numbers say to what, modulo what there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Types in a field. `b`: which field and which tab, `c`: what.
    Type,
    /// Adds an item.
    Add,
    /// Deletes an item, or brings it back.
    Delete,
    /// Moves an item within its section, or to another.
    Move,
    /// Chooses a theme, or takes it away.
    Theme,
    /// Changes an item's language.
    Language,
    /// Submits.
    Submit,
    /// Withdraws.
    Withdraw,
    /// Chooses between two texts.
    Resolve,
    /// A tab shows what the journal says.
    Show,
    /// Hands operations to the network.
    Send,
    /// Asks for the council's draft.
    Ask,
    /// A request reaches the server, or does not. `b`: what becomes of it.
    Arrive,
    /// An answer reaches the device, or does not. `b`: what becomes of it.
    Answer,
    /// The device stops waiting; its request may still be under way.
    GiveUp,
    /// The browser is killed.
    Crash,
    /// A person's session ends.
    Expire,
    /// A person signs in again.
    SignIn,
    /// A device's clock jumps by years.
    Clock,
    /// The edition is closed, or opened again.
    Close,
    /// Retries what was refused.
    Retry,
    /// The server is started again: all connections end.
    Restart,
    /// A backup is made.
    Backup,
    /// The server goes back to a backup.
    Restore,
    /// The server is emptied.
    Empty,
    /// Types, and the page goes away at once.
    Leave,
    /// The browser throws away all that it stores.
    Evict,
    /// The person leaves a shared computer: what was sent is erased from it.
    Forget,
    /// Other reports move the council's sequence.
    Elsewhere,
    /// A person marks a card, or takes the mark away: the second kind of subject.
    Mark,
    /// Hands marks to the network.
    SendMark,
    /// A board reads on in the log.
    Watch,
    /// The table that is made from the log reads on.
    Derive,
}

const WEIGHTS: &[(Kind, u32)] = &[
    (Kind::Type, 60),
    (Kind::Add, 8),
    (Kind::Delete, 3),
    (Kind::Move, 4),
    (Kind::Theme, 4),
    (Kind::Language, 1),
    (Kind::Submit, 8),
    (Kind::Withdraw, 2),
    (Kind::Resolve, 8),
    (Kind::Show, 14),
    (Kind::Send, 34),
    (Kind::Ask, 20),
    (Kind::Arrive, 54),
    (Kind::Answer, 54),
    (Kind::GiveUp, 6),
    (Kind::Crash, 4),
    (Kind::Expire, 2),
    (Kind::SignIn, 4),
    (Kind::Clock, 2),
    (Kind::Close, 2),
    (Kind::Retry, 3),
    (Kind::Restart, 2),
    (Kind::Backup, 4),
    (Kind::Restore, 2),
    (Kind::Empty, 1),
];

/// What happens besides, in [`Schedule::eventful`].
const BESIDES: [Kind; 6] = [Kind::Leave, Kind::Leave, Kind::Leave, Kind::Evict, Kind::Forget, Kind::Elsewhere];

/// What happens besides that, in [`Schedule::together`].
const TOGETHER: [Kind; 8] =
    [Kind::Mark, Kind::Mark, Kind::SendMark, Kind::SendMark, Kind::Watch, Kind::Watch, Kind::Watch, Kind::Derive];

/// One step.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    pub kind: Kind,
    pub a: usize,
    pub b: usize,
    pub c: usize,
}

/// Who takes part, and what happens.
#[derive(Debug, Clone)]
pub struct Schedule {
    /// For each device, its person.
    pub people: Vec<usize>,
    pub steps: Vec<Step>,
}

impl Schedule {
    /// The schedule of a seed.
    pub fn of(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let devices = rng.usize(2..=4);
        let people = (0..devices).map(|device| if device == 0 { 0 } else { rng.usize(0..3) }).collect();
        let total: u32 = WEIGHTS.iter().map(|(_, weight)| weight).sum();
        // Some schedules have no trouble with the server itself: there, nothing is excused.
        let calm = rng.bool();
        let mut steps = Vec::new();
        for _ in 0..rng.usize(20..160) {
            let mut at = rng.u32(0..total);
            let heavier = |(_, weight): &&(Kind, u32)| {
                let here = at < *weight;
                at = at.wrapping_sub(*weight);
                here
            };
            let kind = WEIGHTS.iter().find(heavier).map_or(Kind::Show, |(kind, _)| *kind);
            let step = Step { kind, a: rng.usize(0..5040), b: rng.usize(0..5040), c: rng.usize(0..5040) };
            if !(calm && matches!(kind, Kind::Restore | Kind::Empty)) {
                steps.push(step);
            }
        }
        Self { people, steps }
    }
}

impl Schedule {
    /// The same with more trouble on the devices: pages that go away, browsers that forget.
    pub fn eventful(seed: u64) -> Self {
        let mut schedule = Self::of(seed);
        let mut rng = Rng::with_seed(!seed);
        let steps = rng.usize(0..16);
        schedule.mix(&BESIDES, steps, &mut rng);
        schedule
    }

    /// The same with the second kind of subject beside the report, and with readers of the log.
    pub fn together(seed: u64) -> Self {
        let mut schedule = Self::eventful(seed);
        let mut rng = Rng::with_seed(seed.rotate_left(32) ^ 0x5EED);
        let steps = rng.usize(0..48);
        schedule.mix(&TOGETHER, steps, &mut rng);
        schedule
    }

    fn mix(&mut self, kinds: &[Kind], steps: usize, rng: &mut Rng) {
        for _ in 0..steps {
            let kind = kinds[rng.usize(0..kinds.len())];
            let step = Step { kind, a: rng.usize(0..5040), b: rng.usize(0..5040), c: rng.usize(0..5040) };
            self.steps.insert(rng.usize(0..=self.steps.len()), step);
        }
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "people {:?}, {} steps:", self.people, self.steps.len())?;
        for Step { kind, a, b, c } in &self.steps {
            writeln!(f, "    {kind:?} {a} {b} {c}")?;
        }
        Ok(())
    }
}

/// A shorter schedule that breaks the same promise: steps are left out for as long as it still does.
pub fn shrunk(mut schedule: Schedule, check: &str, run: impl Fn(&Schedule) -> Option<Broken>) -> Schedule {
    let mut size = schedule.steps.len() / 2;
    while size > 0 {
        let mut at = 0;
        while at < schedule.steps.len() {
            let mut shorter = schedule.clone();
            shorter.steps.drain(at..(at + size).min(schedule.steps.len()));
            if run(&shorter).is_some_and(|broken| broken.check == check) {
                schedule = shorter;
            } else {
                at += size;
            }
        }
        size /= 2;
    }
    schedule
}
