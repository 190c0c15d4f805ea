//! The rules: who may take the presenter's place, and what a presenter may do.

use crate::council::permit::{self, Action, Of};
use crate::limits::PROJECTION_COMMANDS;
use crate::person::Identity;
use crate::projection::{Command, Countdown, KnownCommand, Named, Presenter, Projection, ProjectionPush, Refused};
use crate::time::Timestamp;

/// How often a presenter's page says that it is there, in seconds.
pub const SIGN_SECONDS: u64 = 30;
/// After so many seconds without a sign the presenter's place is free: long enough for a laptop that sleeps and a
/// Wi-Fi that drops, short enough for a meeting.
pub const SILENT_SECONDS: i64 = 180;

/// Whose request it is, and when.
#[derive(Debug, Clone, Copy)]
pub struct By<'a> {
    /// Who asks. That they may present at all, the caller has checked.
    pub person: &'a Identity,
    /// The server's clock.
    pub now: Timestamp,
    /// Those whom the request names and who may present.
    pub people: &'a [Named],
}

impl Projection {
    /// What is shown after a request.
    ///
    /// A request that changes nothing leaves the revision as it is: pressing twice is no news to the wall.
    ///
    /// # Errors
    /// Why nothing of it is done.
    pub fn apply(&self, push: &ProjectionPush, by: By<'_>) -> Result<Self, Refused> {
        if push.commands.len() > PROJECTION_COMMANDS {
            return Err(Refused::Invalid);
        }
        let mut after = self.clone();
        for command in &push.commands {
            let Command::Known(command) = command else { return Err(Refused::Invalid) };
            // Whoever has lost the place is told so, and not that they looked too long.
            after.check(command, by)?;
            if is_seen(command) && push.base_rev != Some(self.rev) {
                return Err(Refused::Stale);
            }
            after.carry_out(command, by)?;
        }
        let before = Self { presenter: self.presenter.clone().map(|before| seen_with(before, &after)), ..self.clone() };
        if after != before {
            after.rev = self.rev + 1;
            after.at = by.now.max(Timestamp::from_millis(self.at.millis() + 1));
        }
        Ok(after)
    }

    /// Whether this person, who may present, may take the presenter's place now: when nobody has it, it was offered to
    /// them, or whoever has it has been silent for [`SILENT_SECONDS`]; who may [take over](Action::TakeOver), at any time.
    ///
    /// # Errors
    /// [`Refused::Presenting`].
    pub fn may_take(&self, person: &Identity, now: Timestamp) -> Result<(), Refused> {
        let Some(presenter) = &self.presenter else { return Ok(()) };
        let free_in_seconds = SILENT_SECONDS - (now.millis() - presenter.seen.millis()) / 1_000;
        let theirs = presenter.person == person.person || self.is_offered_to(person.person);
        let takes_over = || permit::may(Some(person), Action::TakeOver, Of::Council);
        if theirs || free_in_seconds <= 0 || takes_over() {
            return Ok(());
        }
        Err(Refused::Presenting { free_in_seconds })
    }

    fn check(&self, command: &KnownCommand, by: By<'_>) -> Result<(), Refused> {
        match command {
            KnownCommand::Take {} => self.may_take(by.person, by.now),
            _ if self.is_presented_by(by.person.person) => Ok(()),
            _ => Err(Refused::NotPresenting),
        }
    }

    fn carry_out(&mut self, command: &KnownCommand, by: By<'_>) -> Result<(), Refused> {
        if let Some(presenter) = self.presenter.as_mut().filter(|presenter| presenter.person == by.person.person) {
            presenter.seen = by.now;
        }
        match command {
            KnownCommand::Take {} => {
                if !self.is_presented_by(by.person.person) {
                    let (person, name) = (by.person.person, by.person.name.clone());
                    self.presenter = Some(Presenter { person, name, seen: by.now, offered: None });
                }
            }
            KnownCommand::Release {} => self.end(),
            KnownCommand::Offer { to } => {
                let named = by.people.iter().find(|named| named.person == *to && *to != by.person.person);
                let named = named.cloned().ok_or(Refused::NoSuchPerson)?;
                self.offer(Some(named));
            }
            KnownCommand::Withdraw {} => self.offer(None),
            KnownCommand::Sign {} => {}
            KnownCommand::Show { place, step } => (self.place, self.step) = (place.clone(), *step),
            KnownCommand::Zoom { percent } => self.zoom = *percent,
            KnownCommand::Say { message } => {
                if message.as_ref().is_some_and(|message| !message.is_fit()) {
                    return Err(Refused::Invalid);
                }
                self.message.clone_from(message);
            }
            KnownCommand::Floor { speaker, next } => (self.speaker, self.next) = (*speaker, *next),
            KnownCommand::Countdown { seconds } => {
                self.countdown = Some(Countdown::of_seconds(*seconds, by.now).ok_or(Refused::Invalid)?);
            }
            KnownCommand::Pause {} => self.countdown = self.countdown.map(|countdown| countdown.paused(by.now)),
            KnownCommand::Resume {} => self.countdown = self.countdown.map(|countdown| countdown.resumed(by.now)),
            KnownCommand::Clear {} => self.countdown = None,
        }
        Ok(())
    }

    /// Nobody presents. The wall stays where it is; what was said for a moment of the meeting goes.
    fn end(&mut self) {
        (self.presenter, self.message, self.countdown) = (None, None, None);
        (self.speaker, self.next) = (None, None);
    }

    fn offer(&mut self, to: Option<Named>) {
        if let Some(presenter) = &mut self.presenter {
            presenter.offered = to;
        }
    }
}

/// Whether a command changes what is seen on the wall: then the person must have seen what it changes.
const fn is_seen(command: &KnownCommand) -> bool {
    use KnownCommand::{Offer, Release, Sign, Take, Withdraw};
    !matches!(command, Take {} | Release {} | Offer { .. } | Withdraw {} | Sign {})
}

/// The presenter of before with the sign of after: a sign alone is no change.
fn seen_with(before: Presenter, after: &Projection) -> Presenter {
    match &after.presenter {
        Some(presenter) if presenter.person == before.person => Presenter { seen: presenter.seen, ..before },
        _ => before,
    }
}

#[cfg(test)]
mod tests;
