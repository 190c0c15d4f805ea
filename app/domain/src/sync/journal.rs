//! What a device keeps: rows of JSON under keys, and reports out of them.
//!
//! | key | row |
//! |---|---|
//! | `schema` | the number of the schema that all rows are in |
//! | `<person>/<subject>/field/<field>` | a [`LocalField`] |
//! | `<person>/<subject>/late/<op>` | a [`Typed`], as the page went away, taken in at the next opening |
//! | `<person>/<subject>/queue/<n>` | a [`Queued`] operation |
//! | `<person>/<subject>/merge/<field>` | a text that is being made of two, until the person has chosen |
//! | `<person>/<subject>/council` | the newest acceptance and the submission |
//! | `<person>/council` | what is known of the council |
//!
//! A subject is named as [`Subject::key`](crate::sync::subject::Subject::key) says: a report `<edition>.<member>`, a card
//! `card:<edition>:<item>`. Rows of a subject that this program cannot read stay while one of them is unsent.
//!
//! Within a schema, fields of a row are only added. A change that older rows do not fit gets a new number, a step of
//! [`bring_along`], and the older rows as a file in `tests/journal/`.

use crate::field::{FieldKey, FieldValue};
use crate::id::{ItemId, PersonId, ReportId};
use crate::json::{self, Object};
use crate::sync::fault::{self, Fault};
use crate::sync::local::{Council, LocalReport};
use crate::sync::outbox::Queued;
use crate::sync::reconcile::LocalField;
use crate::sync::subject::Subject;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeSet;

/// The schema that this program writes.
pub const SCHEMA: u64 = 2;
/// The row that says which schema the rows are in; before the second there was none.
pub const SCHEMA_ROW: &str = "schema";

/// A row to write, or to remove when there is no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Write {
    /// Its key.
    pub key: String,
    /// Its JSON.
    pub value: Option<Value>,
}

impl Write {
    /// A row to write.
    #[must_use]
    pub const fn put(key: String, value: Value) -> Self {
        Self { key, value: Some(value) }
    }

    /// A row to remove.
    #[must_use]
    pub const fn remove(key: String) -> Self {
        Self { key, value: None }
    }
}

/// What was typed in a field, and what the field said before.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Typed {
    /// What was typed.
    pub value: FieldValue,
    /// What was typed on, as the journal had it, when the screen was in step with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub over: Option<FieldValue>,
}
crate::record!(Typed { value, over or default });

/// Why rows cannot be brought along. They stay as they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreadable {
    /// A newer program wrote them.
    Newer,
    /// A row is in no form that any program has written.
    Row(String),
}

/// The writes that bring rows of an older program to [`SCHEMA`]; none when they are in it.
///
/// # Errors
/// When they cannot be brought; then nothing is to be written.
pub fn bring_along(rows: &Object) -> Result<Vec<Write>, Unreadable> {
    let schema = rows.get(SCHEMA_ROW).map_or(Some(1), Value::as_u64).unwrap_or(u64::MAX);
    if schema == SCHEMA {
        return Ok(Vec::new());
    }
    if schema > SCHEMA {
        return Err(Unreadable::Newer);
    }
    let mut writes = Vec::new();
    for (key, row) in rows.iter().filter(|(key, _)| is_late(key)) {
        // The first schema kept a whole field there. The programs between the two wrote the new form already.
        if json::read::<Typed>(row).is_ok() {
            continue;
        }
        let field = json::read::<LocalField>(row).map_err(|_| Unreadable::Row(key.clone()))?;
        writes.push(Write::put(key.clone(), json::write(&Typed { value: field.value, over: None })));
    }
    writes.push(Write::put(SCHEMA_ROW.to_owned(), Value::from(SCHEMA)));
    Ok(writes)
}

fn is_late(key: &str) -> bool {
    key.split('/').nth(2) == Some("late")
}

/// The prefix of everything that belongs to a person.
#[must_use]
pub fn owned_by(person: PersonId) -> String {
    format!("{person}/")
}

/// The prefix of a subject's rows.
#[must_use]
pub fn root(person: PersonId, subject: impl Into<Subject>) -> String {
    format!("{}{}/", owned_by(person), subject.into().key())
}

/// The report that some rows hold. A row of a newer program that this one cannot read is left where it is.
#[must_use]
pub fn report_of(root: &str, report: ReportId, rows: &Object) -> LocalReport {
    let mut local = LocalReport::empty(report);
    for (key, row) in rows {
        let Some(place) = key.strip_prefix(root) else { continue };
        match place.split_once('/') {
            Some(("field", _)) => {
                if let Ok(field) = json::read::<LocalField>(row) {
                    local.fields.insert(field.value.key(), field);
                }
            }
            Some(("queue", _)) => local.queue.extend(json::read::<Queued>(row)),
            _ if place == "council" => local.council = json::read(row).unwrap_or_default(),
            _ => {}
        }
    }
    local
}

/// The rows of a report.
#[must_use]
pub fn rows_of(root: &str, local: &LocalReport) -> Object {
    let fields = local.fields.iter().map(|(key, field)| (field_row(root, *key), json::write(field)));
    let queue = local.queue.iter().map(|queued| (format!("{root}queue/{:010}", queued.n), json::write(queued)));
    let council = [(format!("{root}council"), json::write(&local.council))];
    fields.chain(queue).chain(council).collect()
}

/// The key of a field's row.
#[must_use]
pub fn field_row(root: &str, key: FieldKey) -> String {
    format!("{root}field/{key}")
}

/// What a page that went away left behind, by key.
pub fn late<'a>(root: &str, rows: &'a Object) -> Vec<(&'a String, Typed)> {
    let from = format!("{root}late/");
    let late = rows.iter().filter(|(key, _)| key.starts_with(&from));
    let read = |(key, row)| {
        let mut typed = json::read::<Typed>(row).ok()?;
        if fault::is(Fault::ForgetLateBase) {
            typed.over = None;
        }
        Some((key, typed))
    };
    late.filter_map(read).collect()
}

/// What must be written so that `before` becomes `after`. Rows that could not be read are in neither, and stay.
#[must_use]
pub fn difference(before: &Object, after: &Object) -> Vec<Write> {
    let put = after.iter().filter(|(key, row)| before.get(*key) != Some(row));
    let put = put.map(|(key, row)| Write::put(key.clone(), row.clone()));
    let gone = before.keys().filter(|key| !after.contains_key(*key));
    put.chain(gone.map(|key| Write::remove(key.clone()))).collect()
}

/// Erases what the council has of everybody's work, when nobody is here.
#[must_use]
pub fn forget_all_sent(rows: &Object) -> Vec<Write> {
    let person = |key: &String| key.split_once('/')?.0.parse().ok();
    let people: BTreeSet<PersonId> = rows.keys().filter_map(person).collect();
    people.into_iter().flat_map(|person| forget_sent(person, rows)).collect()
}

/// Erases what the council has of a person's work: what stays is what was not sent, with the rest of its item.
#[must_use]
pub fn forget_sent(person: PersonId, rows: &Object) -> Vec<Write> {
    let owned = owned_by(person);
    let unsent: Vec<Unsent> =
        reports(person, rows).into_iter().map(|report| Unsent::of(person, report, rows)).collect();
    let others = others_unsent(person, rows);
    let stays = |key: &String| {
        let unsent = unsent.iter().any(|unsent| unsent.stays(key)) || others.iter().any(|root| key.starts_with(root));
        unsent && !fault::is(Fault::ForgetUnsent)
    };
    let gone = rows.keys().filter(|key| key.starts_with(&owned) && !stays(key)).map(|key| Write::remove(key.clone()));
    let unread = unsent.iter().filter(|unsent| unsent.any && unsent.local.council.read).map(|unsent| {
        let council = Council { read: false, ..unsent.local.council.clone() };
        Write::put(format!("{}council", unsent.root), json::write(&council))
    });
    gone.chain(unread).collect()
}

/// The roots of subjects that are no reports and have something unsent: which fields it needs, only their feature knows.
fn others_unsent(person: PersonId, rows: &Object) -> BTreeSet<String> {
    let owned = owned_by(person);
    let unsent = |key: &String| {
        let subject = Subject::of_key(key.strip_prefix(&owned)?.split_once('/')?.0);
        let root = root(person, subject.clone());
        (subject.report().is_none() && is_unsent_row(&root, key)).then_some(root)
    };
    rows.keys().filter_map(unsent).collect()
}

/// What of a report has not reached the council.
struct Unsent {
    root: String,
    local: LocalReport,
    /// Whether there is anything.
    any: bool,
    /// The items of which a page left words behind, or a text is being made.
    items: Vec<ItemId>,
}

impl Unsent {
    fn of(person: PersonId, report: ReportId, rows: &Object) -> Self {
        let root = root(person, report);
        let local = report_of(&root, report, rows);
        let any = local.is_held() || rows.keys().any(|key| is_unsent_row(&root, key));
        let merges = rows.keys().filter_map(|key| key.strip_prefix(&root)?.strip_prefix("merge/")?.parse().ok());
        let typed = late(&root, rows).into_iter().map(|(_, typed)| typed.value.key());
        let item = |key: FieldKey| if let FieldKey::Item(item, _) = key { Some(item) } else { None };
        let items = typed.chain(merges).filter_map(item).collect();
        Self { root, local, any, items }
    }

    /// What is not sent stays, with the rest of its item: a server that has lost the item must be given it whole.
    fn stays(&self, key: &str) -> bool {
        let Some(place) = key.strip_prefix(&self.root) else { return false };
        match place.split_once('/') {
            Some(("field", field)) => field.parse::<FieldKey>().is_ok_and(|field| {
                let left = matches!(field, FieldKey::Item(item, _) if self.items.contains(&item));
                left || self.local.is_unsent(field)
            }),
            _ => self.any,
        }
    }
}

/// The subjects that a person has rows of, also those that this program does not know.
#[must_use]
pub fn subjects(person: PersonId, rows: &Object) -> Vec<Subject> {
    let owned = owned_by(person);
    let subject_of = |key: &String| Some(Subject::of_key(key.strip_prefix(&owned)?.split_once('/')?.0));
    let mut subjects: Vec<Subject> = rows.keys().filter_map(subject_of).collect();
    subjects.dedup();
    subjects
}

/// The reports that a person has rows of.
#[must_use]
pub fn reports(person: PersonId, rows: &Object) -> Vec<ReportId> {
    subjects(person, rows).iter().filter_map(Subject::report).collect()
}

/// Whether a row of a report is there because something has not reached the council; fields say it themselves.
#[must_use]
pub fn is_unsent_row(root: &str, key: &str) -> bool {
    let kind = key.strip_prefix(root).and_then(|place| place.split_once('/')).map(|(kind, _)| kind);
    matches!(kind, Some("queue" | "late" | "merge"))
}

#[cfg(test)]
mod tests;
