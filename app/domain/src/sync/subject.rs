//! What an operation is about: a report, a card, an edition, the council.
//!
//! | subject | text | in JSON |
//! |---|---|---|
//! | report | `<edition>.<member>` | `"report":"<edition>.<member>"` |
//! | card | `card/<edition>/<item>` | `"subject":"card/<edition>/<item>"` |
//! | edition | `edition/<edition>` | `"subject":"edition/<edition>"` |
//! | council | `council` | `"subject":"council"` |
//!
//! A report is written as it was before there were other subjects, so that old and new programs understand each other
//! about reports. The content hash of an operation is over the text.

use crate::id::{EditionId, ItemId, ReportId};
use crate::json::{self, Object};
use serde::{Deserialize, Serialize};
use serde_json::{Error, Value};
use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

/// What an operation is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Subject {
    /// A member's report for an edition.
    Report(ReportId),
    /// A submitted item, as it stands on an edition's board.
    Card {
        /// The edition whose board it is on.
        edition: EditionId,
        /// Its item.
        item: ItemId,
    },
    /// A meeting cycle.
    Edition(EditionId),
    /// The council itself.
    Council,
    /// Of a newer program: kept as it came and passed on, never acted on.
    Unknown(String),
}

impl Subject {
    /// The report, when it is one.
    #[must_use]
    pub const fn report(&self) -> Option<ReportId> {
        if let Self::Report(report) = self { Some(*report) } else { None }
    }

    /// The edition that it belongs to; none for the council, and for a subject that is not known.
    #[must_use]
    pub const fn edition(&self) -> Option<EditionId> {
        match self {
            Self::Report(ReportId { edition, .. }) | Self::Card { edition, .. } | Self::Edition(edition) => {
                Some(*edition)
            }
            Self::Council | Self::Unknown(_) => None,
        }
    }

    /// Its name in the keys of a device's rows, where `/` separates: the text with `:` in its place.
    #[must_use]
    pub fn key(&self) -> String {
        self.to_string().replace('/', ":")
    }

    /// Reads what [`Self::key`] wrote.
    #[must_use]
    pub fn of_key(key: &str) -> Self {
        Self::from(key.replace(':', "/"))
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Report(report) => write!(f, "{report}"),
            Self::Card { edition, item } => write!(f, "card/{edition}/{item}"),
            Self::Edition(edition) => write!(f, "edition/{edition}"),
            Self::Council => f.write_str("council"),
            Self::Unknown(text) => f.write_str(text),
        }
    }
}

fn known(text: &str) -> Option<Subject> {
    let mut parts = text.split('/');
    let subject = match (parts.next()?, parts.next(), parts.next()) {
        ("card", Some(edition), Some(item)) => {
            Subject::Card { edition: edition.parse().ok()?, item: item.parse().ok()? }
        }
        ("edition", Some(edition), None) => Subject::Edition(edition.parse().ok()?),
        ("council", None, None) => Subject::Council,
        (report, None, None) => Subject::Report(report.parse().ok()?),
        _ => return None,
    };
    // An id in another form than ours (upper case, braces) would be passed on as another text, under another hash.
    (subject.to_string() == text).then_some(subject)
}

impl FromStr for Subject {
    type Err = Infallible;

    /// Reads what [`fmt::Display`] writes; any other text is a subject that is not known.
    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(known(text).unwrap_or_else(|| Self::Unknown(text.to_owned())))
    }
}

impl From<String> for Subject {
    fn from(text: String) -> Self {
        known(&text).unwrap_or(Self::Unknown(text))
    }
}

impl From<Subject> for String {
    fn from(subject: Subject) -> Self {
        subject.to_string()
    }
}

impl From<ReportId> for Subject {
    fn from(report: ReportId) -> Self {
        Self::Report(report)
    }
}

const REPORT: &str = "report";
const SUBJECT: &str = "subject";

/// Takes the subject out of an operation's object: `report`, else `subject`.
///
/// # Errors
/// When there is none, `report` names no report, or `subject` is not a text.
pub(super) fn take(object: &mut Object) -> Result<Subject, Error> {
    if object.contains_key(REPORT) {
        return json::take(object, REPORT).map(Subject::Report);
    }
    json::take::<String>(object, SUBJECT).map(Subject::from)
}

/// The field of an operation's object that names the subject.
pub(super) fn field(subject: &Subject) -> (&'static str, Value) {
    let name = if matches!(subject, Subject::Report(_)) { REPORT } else { SUBJECT };
    (name, Value::String(subject.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::MemberId;
    use crate::time::Timestamp;
    use serde_json::json;

    fn edition() -> EditionId {
        EditionId::new(Timestamp::from_millis(1), &[1; 10])
    }

    fn report() -> ReportId {
        ReportId { edition: edition(), member: MemberId::new(Timestamp::from_millis(2), &[2; 10]) }
    }

    fn subjects() -> Vec<Subject> {
        let item = ItemId::new(Timestamp::from_millis(3), &[3; 10]);
        vec![
            Subject::Report(report()),
            Subject::Card { edition: edition(), item },
            Subject::Edition(edition()),
            Subject::Council,
            Subject::Unknown("agenda/x".to_owned()),
        ]
    }

    #[test]
    fn each_is_read_back_as_it_is_written() {
        for subject in subjects() {
            assert_eq!(subject.to_string().parse(), Ok(subject.clone()));
            assert_eq!(Subject::of_key(&subject.key()), subject);
            assert!(!subject.key().contains('/'));
            let mut object = Object::from_iter([(field(&subject).0.to_owned(), field(&subject).1)]);
            assert_eq!(take(&mut object).expect("a subject"), subject);
            assert!(object.is_empty());
        }
        assert_eq!(Subject::Report(report()).to_string(), report().to_string());
    }

    #[test]
    fn a_subject_of_a_newer_program_is_kept_as_it_came() {
        let upper = Subject::Edition(EditionId::new(Timestamp::from_millis(1), &[0xab; 10]))
            .to_string()
            .to_uppercase()
            .replace("EDITION", "edition");
        let card = format!("card/{}", edition());
        for text in ["", "/", "card", "card//", "council/x", "edition/", "x.y", &upper, &card, &format!("{card}/x/y")] {
            assert_eq!(Subject::from(text.to_owned()), Subject::Unknown(text.to_owned()), "{text}");
            assert_eq!(text.parse::<Subject>().map(String::from).as_deref(), Ok(text));
        }
    }

    #[test]
    fn an_operation_names_its_subject_or_is_refused() {
        for wrong in [json!({}), json!({"report": "x"}), json!({"report": 1}), json!({"subject": {"kind": "card"}})] {
            let mut object = json::read::<Object>(&wrong).expect("an object");
            assert!(take(&mut object).is_err(), "{wrong}");
        }
        let mut both = Object::from_iter([
            (REPORT.to_owned(), json!(report().to_string())),
            (SUBJECT.to_owned(), json!("council")),
        ]);
        assert_eq!(take(&mut both).expect("a subject"), Subject::Report(report()));
        assert_eq!(both.len(), 1, "the other is kept");
    }
}
