//! What the wall of the meeting room shows of an edition, and who presents: one presenter, any number of screens.
//!
//! The presenter's place is on the server. Every screen of the edition is told of it and draws it in its own language,
//! so that an English and a French wall stand at the same item and the same step; a screen that comes back finds it
//! again. [`apply`](Projection::apply) is the whole of the rules, for the server.
//!
//! `GET /api/projection/{edition}` gives a [`ProjectionAnswer`]; `POST` of a [`ProjectionPush`] gives one too. The
//! board's stream tells of each change with `projection` and a [`Projection`]. A projection counts its own changes and
//! leaves the council's sequence alone: what is shown is no part of the record, and turning a page must not contend
//! with reports that are being submitted.

mod apply;
mod command;
mod countdown;
mod scene;
mod steps;
mod walk;

pub use apply::{By, SIGN_SECONDS, SILENT_SECONDS};
pub use command::{Command, KnownCommand, ProjectionAnswer, ProjectionPush, Refused};
pub use countdown::{Countdown, TimeLeft};
pub use scene::{Heap, Known, Scene};
pub use steps::{Part, parts};
pub use walk::{Go, Stand};

use crate::board::place::Place;
use crate::id::{MemberId, PersonId};
use crate::json::Object;
use crate::language::Language;
use crate::limits::{MESSAGE_CHARS, PLACE_CHARS, PROJECTION_STEPS};
use crate::sync::wire::Rev;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// What is shown, and by whom.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(remote = "Self")]
pub struct Projection {
    /// Counts the changes, from 1; 0 when nobody has presented this edition yet.
    pub rev: Rev,
    /// When it last changed, by the server's clock.
    pub at: Timestamp,
    /// Who chooses what is shown. What is on the wall stays there when nobody does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub presenter: Option<Presenter>,
    /// Where on the board the wall stands.
    pub place: PlaceQuery,
    /// How far down: the wall puts this part of what it shows at its top. A part is an item of a list, a row of a
    /// table, or a few sentences of a text, so it is the same on screens of any size and language.
    pub step: Step,
    /// How large.
    pub zoom: Zoom,
    /// A countdown, running or held.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub countdown: Option<Countdown>,
    /// A message to the room.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<Message>,
    /// Who speaks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speaker: Option<MemberId>,
    /// Who speaks next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<MemberId>,
    /// What a newer server sends and this program does not know.
    #[serde(skip)]
    pub extra: Object,
}
crate::keeps_unknown!(Projection {
    rev,
    at,
    presenter,
    place or default,
    step or default,
    zoom or default,
    countdown,
    message,
    speaker,
    next
});

impl Projection {
    /// Whether this is news to somebody who knows `known`. Words overtake each other on their way.
    #[must_use]
    pub fn is_newer_than(&self, known: &Self) -> bool {
        self.rev > known.rev || self.at > known.at
    }

    /// The place, as far as this program understands it. Which edition it is of, the projection itself says.
    #[must_use]
    pub fn where_on_board(&self) -> Place {
        Place { edition: None, ..Place::of_query(self.place.as_str()) }
    }

    /// Whether this person presents.
    #[must_use]
    pub fn is_presented_by(&self, person: PersonId) -> bool {
        self.presenter.as_ref().is_some_and(|presenter| presenter.person == person)
    }

    /// Whether the presenter's place was offered to this person.
    #[must_use]
    pub fn is_offered_to(&self, person: PersonId) -> bool {
        let offered = self.presenter.as_ref().and_then(|presenter| presenter.offered.as_ref());
        offered.is_some_and(|offered| offered.person == person)
    }
}

/// Who presents.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Presenter {
    /// Who.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Their last sign, by the server's clock. Screens are told of it with what changes; a sign alone goes to nobody.
    pub seen: Timestamp,
    /// To whom they offer their place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offered: Option<Named>,
}
crate::record!(Presenter { person, name, seen or default, offered });

/// A person by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Named {
    /// Who.
    pub person: PersonId,
    /// Their name.
    pub name: String,
}
crate::record!(Named { person, name });

/// A value that is not of the documented form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a value of a projection")]
pub struct NotProjected;

/// A place on the board as its query, at most [`PLACE_CHARS`] characters of printable ASCII. The server hands it on as
/// it is: the presenter's program may be newer than the server's, and a screen takes what it understands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PlaceQuery(String);

impl PlaceQuery {
    /// The query.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for PlaceQuery {
    type Error = NotProjected;
    fn try_from(text: String) -> Result<Self, NotProjected> {
        let printable = text.bytes().all(|byte| byte.is_ascii_graphic());
        if printable && text.len() <= PLACE_CHARS { Ok(Self(text)) } else { Err(NotProjected) }
    }
}

impl From<PlaceQuery> for String {
    fn from(place: PlaceQuery) -> Self {
        place.0
    }
}

/// A part of what is shown, from 0. A wall whose content ends before it shows the last.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub struct Step(u16);

impl Step {
    /// The step of a part; of the last there is, for one far beyond.
    #[must_use]
    pub fn of(part: usize) -> Self {
        Self(u16::try_from(part).unwrap_or(PROJECTION_STEPS).min(PROJECTION_STEPS))
    }

    /// Its part.
    #[must_use]
    pub const fn part(self) -> usize {
        self.0 as usize
    }
}

impl TryFrom<u16> for Step {
    type Error = NotProjected;
    fn try_from(step: u16) -> Result<Self, NotProjected> {
        if step <= PROJECTION_STEPS { Ok(Self(step)) } else { Err(NotProjected) }
    }
}

impl From<Step> for u16 {
    fn from(step: Step) -> Self {
        step.0
    }
}

/// How large the wall's text is, in per cent: 50 to 300.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub struct Zoom(u16);

impl Zoom {
    /// The smallest and the largest, in per cent.
    const BOUNDS: (u16, u16) = (50, 300);

    /// Percentage.
    #[must_use]
    pub const fn percent(self) -> u16 {
        self.0
    }

    /// Larger or smaller by so many per cent, within the bounds.
    #[must_use]
    pub fn by(self, change: i16) -> Self {
        Self(self.0.saturating_add_signed(change).clamp(Self::BOUNDS.0, Self::BOUNDS.1))
    }
}

impl Default for Zoom {
    fn default() -> Self {
        Self(100)
    }
}

impl TryFrom<u16> for Zoom {
    type Error = NotProjected;
    fn try_from(percent: u16) -> Result<Self, NotProjected> {
        if (Self::BOUNDS.0..=Self::BOUNDS.1).contains(&percent) { Ok(Self(percent)) } else { Err(NotProjected) }
    }
}

impl From<Zoom> for u16 {
    fn from(zoom: Zoom) -> Self {
        zoom.0
    }
}

/// A message to the room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Message {
    /// What it says, at most [`MESSAGE_CHARS`] characters, and no control characters.
    pub text: String,
    /// In which language.
    pub language: Language,
    /// The same in the other language; without it, the other screen shows the text as it is, marked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other: Option<String>,
}
crate::record!(Message { text, language, other });

impl Message {
    /// What a screen in a language shows, and in which language that is.
    #[must_use]
    pub fn on(&self, screen: Language) -> (&str, Language) {
        match &self.other {
            Some(other) if screen != self.language => (other, screen),
            _ => (&self.text, self.language),
        }
    }

    /// Whether its texts can be shown.
    fn is_fit(&self) -> bool {
        let fit = |text: &str| {
            !text.trim().is_empty() && text.chars().count() <= MESSAGE_CHARS && !text.chars().any(char::is_control)
        };
        fit(&self.text) && self.other.as_deref().is_none_or(fit)
    }
}
