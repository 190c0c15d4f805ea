//! Reports in the journal; [`domain::sync::journal`] says what the rows are.

use super::device;
use super::journal::{Journal, JournalError, Rows, Table};
use domain::council::CouncilView;
use domain::field::{FieldKey, FieldValue};
use domain::id::{PersonId, ReportId};
use domain::json;
use domain::sync::journal::{self, Typed, Write, difference, field_row, owned_by, report_of, root, rows_of};
use domain::sync::local::{LocalReport, Shown};
use domain::sync::op::KnownChange;
use domain::sync::reconcile::LocalField;
use serde_json::Value;

/// What a person does to a report.
#[derive(Debug, Clone, PartialEq)]
pub enum Edit {
    /// Types, moves or chooses: what the field says now, and what it said on the screen before. None when the journal
    /// has just been read for it.
    Write(FieldValue, Option<FieldValue>),
    /// Adds an item, submits, withdraws.
    Change(KnownChange),
    /// Takes back a submission that waits.
    TakeBack,
    /// Chooses between texts, as they were shown.
    Resolve(FieldValue, Shown),
}

impl Edit {
    /// The field that was typed in.
    #[must_use]
    pub fn writes(&self) -> Option<FieldKey> {
        if let Self::Write(value, _) = self { Some(value.key()) } else { None }
    }

    /// As what a page leaves behind. What it has not been told to be done, a submission or a choice, it may leave out.
    fn late(self) -> Vec<Typed> {
        match self {
            Self::Write(value, over) => vec![Typed { value, over }],
            Self::Change(change) => change.added().map(|value| Typed { value, over: None }).collect(),
            Self::Resolve(..) | Self::TakeBack => Vec::new(),
        }
    }
}

/// Reads some rows of a report, changes it, and writes what changed, in one transaction.
async fn change<T>(
    journal: &Journal,
    (person, report): (PersonId, ReportId),
    prefixes: &[String],
    work: impl FnOnce(&mut LocalReport) -> T,
) -> Result<(LocalReport, T), JournalError> {
    let root = root(person, report);
    let plan = |rows: &Rows| {
        let mut local = report_of(&root, report, rows);
        let before = rows_of(&root, &local);
        let told = work(&mut local);
        (difference(&before, &rows_of(&root, &local)), (local, told))
    };
    journal.update(Table::Drafts, prefixes, plan).await
}

/// The whole report, with what a page that went away left behind taken in.
///
/// # Errors
/// When the browser refuses.
pub async fn open(journal: &Journal, person: PersonId, report: ReportId) -> Result<LocalReport, JournalError> {
    let root = root(person, report);
    let plan = |rows: &Rows| {
        let mut local = report_of(&root, report, rows);
        let before = rows_of(&root, &local);
        let late = journal::late(&root, rows);
        let (keys, typed): (Vec<_>, Vec<_>) = late.into_iter().unzip();
        local.take_in(typed, &mut device::op_id);
        let mut writes = difference(&before, &rows_of(&root, &local));
        writes.extend(keys.into_iter().map(|key| Write::remove(key.clone())));
        (writes, local)
    };
    journal.update(Table::Drafts, std::slice::from_ref(&root), plan).await
}

/// Saves edits. When this returns they are in the journal, and their operations in the queue. The report that is
/// given back holds the queue and the fields that were touched.
///
/// # Errors
/// When the browser refuses; then nothing was saved.
pub async fn save(
    journal: &Journal,
    person: PersonId,
    report: ReportId,
    edits: &[Edit],
) -> Result<LocalReport, JournalError> {
    let root = root(person, report);
    let touched = edits.iter().filter_map(|edit| match edit {
        Edit::Write(value, _) | Edit::Resolve(value, _) => Some(field_row(&root, value.key())),
        Edit::Change(_) | Edit::TakeBack => None,
    });
    let prefixes: Vec<String> =
        [format!("{root}queue/"), format!("{root}council")].into_iter().chain(touched).collect();
    let work = |local: &mut LocalReport| {
        for edit in edits {
            match edit.clone() {
                Edit::Write(value, over) => local.write(value, over.as_ref(), device::op_id()),
                Edit::Change(change) => local.change(change, device::op_id()),
                Edit::TakeBack => local.take_back_submission(),
                Edit::Resolve(value, shown) => local.resolve(value, Some(&shown), device::op_id()),
            }
        }
    };
    change(journal, (person, report), &prefixes, work).await.map(|(local, ())| local)
}

/// Issues edits without waiting, as the page goes away. The rows are read in no order: one for each field.
pub fn save_late(journal: &Journal, person: PersonId, report: ReportId, edits: Vec<Edit>) {
    let root = root(person, report);
    let mut all: Vec<Typed> = Vec::new();
    for typed in edits.into_iter().flat_map(Edit::late) {
        match all.iter_mut().find(|before| before.value.key() == typed.value.key()) {
            Some(before) => before.value = typed.value,
            None => all.push(typed),
        }
    }
    let row = |typed: Typed| Write::put(format!("{root}late/{}", device::op_id()), json::write(&typed));
    journal.write_now(Table::Drafts, all.into_iter().map(row).collect());
}

/// The texts that are being made of two.
///
/// # Errors
/// When the browser refuses.
pub async fn merges(
    journal: &Journal,
    person: PersonId,
    report: ReportId,
) -> Result<Vec<(FieldKey, String)>, JournalError> {
    let prefix = format!("{}merge/", root(person, report));
    let rows = journal.read(Table::Drafts, &prefix).await?;
    let merge = |(key, row): (&String, &Value)| {
        Some((key.strip_prefix(&prefix)?.parse().ok()?, row.as_str().unwrap_or_default().to_owned()))
    };
    Ok(rows.iter().filter_map(merge).collect())
}

/// Keeps a text that is being made of two, or lets it go.
///
/// # Errors
/// When the browser refuses.
pub async fn keep_merge(
    journal: &Journal,
    person: PersonId,
    report: ReportId,
    key: FieldKey,
    text: Option<&str>,
) -> Result<(), JournalError> {
    let write = Write { key: format!("{}merge/{key}", root(person, report)), value: text.map(Value::from) };
    journal.update(Table::Drafts, &[], |_| (vec![write], ())).await
}

/// Changes the whole report: what an answer or a draft of the server brings.
///
/// # Errors
/// When the browser refuses.
pub async fn update<T>(
    journal: &Journal,
    person: PersonId,
    report: ReportId,
    work: impl FnOnce(&mut LocalReport) -> T,
) -> Result<(LocalReport, T), JournalError> {
    let root = root(person, report);
    change(journal, (person, report), std::slice::from_ref(&root), work).await
}

/// A person's reports in rows that this program must not touch, as far as it can read them: for a rescue file.
#[must_use]
pub fn frozen(journal: &Journal, person: PersonId) -> Vec<(ReportId, Vec<FieldValue>)> {
    let Some(rows) = journal.frozen() else { return Vec::new() };
    let read = |report: ReportId| {
        let root = root(person, report);
        let mut local = report_of(&root, report, rows);
        local.take_in(journal::late(&root, rows).into_iter().map(|(_, typed)| typed).collect(), &mut device::op_id);
        (report, local.fields.into_values().map(|field| field.value).collect())
    };
    journal::reports(person, rows).into_iter().map(read).collect()
}

/// How many fields of a person wait for them: two texts, or one that cannot be sent.
///
/// # Errors
/// When the browser refuses.
pub async fn undecided(journal: &Journal, person: PersonId) -> Result<usize, JournalError> {
    let rows = journal.read(Table::Drafts, &owned_by(person)).await?;
    let waits = |(key, row): &(&String, &Value)| {
        key.contains("/field/") && json::read::<LocalField>(row).is_ok_and(|field| field.waits())
    };
    Ok(rows.iter().filter(waits).count())
}

/// How many changes of a person have not reached the council: what is queued, and what waits for a choice or breaks
/// a limit.
///
/// # Errors
/// When the browser refuses.
pub async fn unsent(journal: &Journal, person: PersonId) -> Result<usize, JournalError> {
    let rows = journal.read(Table::Drafts, &owned_by(person)).await?;
    let waits =
        |row: &Value| json::read::<LocalField>(row).is_ok_and(|field| field.conflict.is_some() || field.held.is_some());
    let unsent = |(key, row): &(&String, &Value)| {
        key.contains("/queue/")
            || key.contains("/late/")
            || key.contains("/merge/")
            || (key.contains("/field/") && waits(row))
    };
    Ok(rows.iter().filter(unsent).count())
}

/// The person's reports that have something queued.
///
/// # Errors
/// When the browser refuses.
pub async fn queued(journal: &Journal, person: PersonId) -> Result<Vec<ReportId>, JournalError> {
    let owned = owned_by(person);
    let rows = journal.read(Table::Drafts, &owned).await?;
    let report_of = |key: &String| {
        let (report, place) = key.strip_prefix(&owned)?.split_once('/')?;
        if place.starts_with("queue/") { report.parse().ok() } else { None }
    };
    let mut reports: Vec<ReportId> = rows.keys().filter_map(report_of).collect();
    reports.dedup();
    Ok(reports)
}

/// Erases what the council has of everybody's work, when nobody is here: what stays is what was not sent, with the rest of
/// its item.
///
/// # Errors
/// When the browser refuses.
pub async fn forget_sent(journal: &Journal) -> Result<(), JournalError> {
    let all = [String::new()];
    let erase = |rows: &Rows| (rows.keys().map(|key| Write::remove(key.clone())).collect(), ());
    journal.update(Table::Board, &all, erase).await?;
    journal.update(Table::Drafts, &all, |rows| (journal::forget_all_sent(rows), ())).await
}

/// What the device knows of the council, for this person.
///
/// # Errors
/// When the browser refuses.
pub async fn council(journal: &Journal, person: PersonId) -> Result<Option<CouncilView>, JournalError> {
    let key = format!("{}council", owned_by(person));
    let rows = journal.read(Table::Drafts, &key).await?;
    Ok(rows.get(&key).and_then(|row| json::read(row).ok()))
}

/// Keeps what the server said of the council.
///
/// # Errors
/// When the browser refuses.
pub async fn keep_council(journal: &Journal, view: &CouncilView) -> Result<(), JournalError> {
    let key = format!("{}council", owned_by(view.identity.person));
    let write = Write::put(key, json::write(view));
    journal.update(Table::Drafts, &[], |_| (vec![write], ())).await
}
