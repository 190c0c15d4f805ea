//! What a presenter presses, on its way to the wall.
//!
//! The buttons answer at once: what was pressed is shown here as it will be, and sent in order, one request at a time,
//! each based on the answer to the one before. What cannot be sent is dropped and said so: a page that turns by itself
//! when the network comes back would turn under somebody else's words.

use crate::client::http::Failure;
use crate::pages::projector::state::Stage;
use crate::words::{Texts, text};
use domain::board::place::Place;
use domain::projection::{Countdown, Go, KnownCommand, PlaceQuery, Presenter, Projection, Refused, SIGN_SECONDS, Step};
use futures::StreamExt;
use futures::channel::mpsc::{UnboundedSender, unbounded};
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::reactive::spawn_local_scoped_with_cancellation;

/// How much larger or smaller by one press, in per cent.
pub const ZOOM: i16 = 10;

/// Why the last press did nothing.
#[derive(Debug, Clone, PartialEq)]
pub enum Trouble {
    /// It did not reach the server.
    NotSent(Failure),
    /// The rules, and who presented then.
    Refused(Refused, Option<Presenter>),
}

/// The remote control of one edition.
#[derive(Clone, Copy)]
pub struct Remote {
    /// What is known, and what is shown.
    pub stage: Stage,
    /// What will be shown when all that was pressed has arrived.
    pub wanted: RwSignal<Projection>,
    /// Whether something is on its way.
    pub sending: RwSignal<bool>,
    /// Why the last press did nothing.
    pub trouble: RwSignal<Option<Trouble>>,
    waiting: StoredValue<Vec<KnownCommand>>,
    wake: StoredValue<UnboundedSender<()>>,
}

impl Remote {
    /// Follows what is shown, and gives signs while this person presents.
    #[must_use]
    pub fn start(stage: Stage) -> Self {
        let (wake, mut woken) = unbounded();
        let remote = Self {
            stage,
            wanted: RwSignal::new(Projection::default()),
            sending: RwSignal::new(false),
            trouble: RwSignal::new(None),
            waiting: StoredValue::new(Vec::new()),
            wake: StoredValue::new(wake),
        };
        Effect::new(move |_| {
            let shown = stage.projection();
            if !remote.sending.get() {
                remote.wanted.set(shown);
            }
        });
        // Here, and not where something is pressed: it must end with the page.
        spawn_local_scoped_with_cancellation(async move {
            while woken.next().await.is_some() {
                remote.send().await;
            }
        });
        spawn_local_scoped_with_cancellation(async move {
            loop {
                TimeoutFuture::new(u32::try_from(SIGN_SECONDS * 1_000).unwrap_or(u32::MAX)).await;
                if remote.presents_now() && !remote.sending.get_untracked() {
                    let seen = stage.feed.projection.get_untracked().unwrap_or_default();
                    let _ = stage.feed.command(stage.client, &seen, vec![KnownCommand::Sign {}]).await;
                }
            }
        });
        remote
    }

    /// Whether this person presents.
    #[must_use]
    pub fn presents(&self) -> bool {
        self.wanted.with(|wanted| wanted.is_presented_by(self.stage.feed.person))
    }

    fn presents_now(&self) -> bool {
        self.wanted.with_untracked(|wanted| wanted.is_presented_by(self.stage.feed.person))
    }

    /// Where the wall will stand.
    #[must_use]
    pub fn stand(&self) -> (Place, usize) {
        self.wanted.with(|wanted| (wanted.where_on_board(), wanted.step.part()))
    }

    /// Goes somewhere, when there is something there.
    pub fn go(&self, go: Go) {
        let Some(known) = self.stage.known.get_untracked() else { return };
        let stand = self.wanted.with_untracked(|wanted| (wanted.where_on_board(), wanted.step.part()));
        if let Some((place, part)) = known.go(&stand, go) {
            self.show(&place, part);
        }
    }

    /// Goes to a place.
    pub fn show(&self, place: &Place, part: usize) {
        if let Ok(place) = PlaceQuery::try_from(place.query()) {
            self.press(KnownCommand::Show { place, step: Step::of(part) });
        }
    }

    /// Whoever was said to be next has the floor, else the next in the tour de table.
    pub fn next_speaker(&self) {
        let Some(known) = self.stage.known.get_untracked() else { return };
        let (speaks, next) = self.wanted.with_untracked(|wanted| (wanted.speaker, wanted.next));
        let (speaker, next) = match next {
            Some(named) => (next, known.floor_after(Some(named)).0),
            None => known.floor_after(speaks),
        };
        self.press(KnownCommand::Floor { speaker, next });
    }

    /// Larger or smaller, by so many per cent.
    pub fn zoom(&self, by: i16) {
        let percent = self.wanted.with_untracked(|wanted| wanted.zoom.by(by));
        self.press(KnownCommand::Zoom { percent });
    }

    /// Holds the countdown, or lets it go on.
    pub fn hold_or_go_on(&self) {
        let countdown =
            self.stage.feed.projection.with_untracked(|known| known.as_ref().and_then(|known| known.countdown));
        match countdown {
            Some(Countdown::Running { .. }) => self.press(KnownCommand::Pause {}),
            Some(Countdown::Paused { .. }) => self.press(KnownCommand::Resume {}),
            None => {}
        }
    }

    /// Sends a command, after those that are on their way.
    pub fn press(&self, command: KnownCommand) {
        self.trouble.set(None);
        self.wanted.update(|wanted| foresee(wanted, &command));
        self.waiting.update_value(|waiting| waiting.push(command));
        self.sending.set(true);
        let _ = self.wake.with_value(|wake| wake.unbounded_send(()));
    }

    async fn send(self) {
        loop {
            let commands = self.waiting.try_update_value(std::mem::take).unwrap_or_default();
            if commands.is_empty() {
                break;
            }
            let seen = self.stage.feed.projection.get_untracked().unwrap_or_default();
            let presenter = || self.stage.feed.projection.get_untracked().and_then(|shown| shown.presenter);
            let trouble = match self.stage.feed.command(self.stage.client, &seen, squeezed(commands)).await {
                Ok(None) => continue,
                Ok(Some(refused)) => Trouble::Refused(refused, presenter()),
                Err(failure) => Trouble::NotSent(failure),
            };
            self.waiting.set_value(Vec::new());
            self.trouble.set(Some(trouble));
        }
        self.sending.set(false);
    }
}

/// Of several places in a row only the last is meant by now.
fn squeezed(commands: Vec<KnownCommand>) -> Vec<KnownCommand> {
    let mut squeezed: Vec<KnownCommand> = Vec::new();
    for command in commands {
        match (squeezed.last_mut(), &command) {
            (Some(last @ KnownCommand::Show { .. }), KnownCommand::Show { .. })
            | (Some(last @ KnownCommand::Zoom { .. }), KnownCommand::Zoom { .. }) => *last = command,
            _ => squeezed.push(command),
        }
    }
    squeezed
}

/// What a command will have done, as far as the next press builds on it.
fn foresee(wanted: &mut Projection, command: &KnownCommand) {
    match command {
        KnownCommand::Show { place, step } => (wanted.place, wanted.step) = (place.clone(), *step),
        KnownCommand::Zoom { percent } => wanted.zoom = *percent,
        KnownCommand::Floor { speaker, next } => (wanted.speaker, wanted.next) = (*speaker, *next),
        _ => {}
    }
}

/// Why the last press did nothing, in the person's words.
#[must_use]
pub fn words_of(i18n: Texts, trouble: &Trouble) -> String {
    match trouble {
        Trouble::NotSent(Failure::SignedOut) => text!(i18n, presenter.signed_out).to_owned(),
        Trouble::NotSent(Failure::Troubled(_) | Failure::NoRoom) => text!(i18n, presenter.troubled).to_owned(),
        Trouble::NotSent(Failure::Unreachable) => text!(i18n, presenter.offline).to_owned(),
        Trouble::NotSent(Failure::Refused(_)) => text!(i18n, presenter.forbidden).to_owned(),
        Trouble::Refused(Refused::Stale, _) => text!(i18n, presenter.stale).to_owned(),
        Trouble::Refused(Refused::NotPresenting, _) => text!(i18n, presenter.not_presenting).to_owned(),
        Trouble::Refused(Refused::Presenting { free_in_seconds }, presenter) => {
            let name = presenter.as_ref().map(|presenter| presenter.name.clone()).unwrap_or_default();
            text!(i18n, presenter.presenting, name = name, seconds = free_in_seconds).to_string()
        }
        Trouble::Refused(Refused::NoSuchPerson, _) => text!(i18n, presenter.no_person).to_owned(),
        Trouble::Refused(Refused::Invalid, _) => text!(i18n, presenter.invalid).to_owned(),
    }
}
