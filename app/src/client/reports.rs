//! Reports in the journal: rows under keys, and back.
//!
//! | key | row |
//! |---|---|
//! | `<person>/<report>/field/<field>` | a [`LocalField`] |
//! | `<person>/<report>/late/<op>` | a [`Late`] issued as the page went away, taken in at the next opening |
//! | `<person>/<report>/queue/<n>` | a [`Queued`] operation |
//! | `<person>/<report>/merge/<field>` | a text that is being made of two, until the person has chosen |
//! | `<person>/<report>/council` | the newest acceptance and the submission |
//! | `<person>/council` | what is known of the council |

use super::device;
use super::journal::{Journal, JournalError, Rows, Table, Write, owned_by};
use domain::council::CouncilView;
use domain::field::{FieldKey, FieldValue};
use domain::id::{PersonId, ReportId};
use domain::json;
use domain::sync::local::{LocalReport, Shown};
use domain::sync::op::KnownChange;
use domain::sync::outbox::Queued;
use domain::sync::reconcile::LocalField;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a person does to a report.
#[derive(Debug, Clone)]
pub enum Edit {
    /// Types, moves or chooses: what the field says now, and what it said on the screen before. None when the journal
    /// has just been read for it.
    Write(FieldValue, Option<FieldValue>),
    /// Adds an item, submits, withdraws.
    Change(KnownChange),
    /// Chooses between texts, as they were shown.
    Resolve(FieldValue, Shown),
}

/// What was typed as the page went away, and what the field said before: taken in at the next opening.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Late {
    /// What was typed.
    pub value: FieldValue,
    /// What the screen showed before, when it was in step with the journal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub over: Option<FieldValue>,
}

fn root(person: PersonId, report: ReportId) -> String {
    format!("{}{report}/", owned_by(person))
}

fn field_row(root: &str, key: FieldKey) -> String {
    format!("{root}field/{key}")
}

/// The report that some rows hold. A row of a newer program that this one cannot read is left where it is.
fn report_of(root: &str, report: ReportId, rows: &Rows) -> LocalReport {
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
fn rows_of(root: &str, local: &LocalReport) -> Rows {
    let fields = local.fields.iter().map(|(key, field)| (field_row(root, *key), json::write(field)));
    let queue = local.queue.iter().map(|queued| (format!("{root}queue/{:010}", queued.n), json::write(queued)));
    let council = [(format!("{root}council"), json::write(&local.council))];
    fields.chain(queue).chain(council).collect()
}

/// What must be written so that `before` becomes `after`. Rows that could not be read are in neither, and stay.
fn difference(before: &Rows, after: &Rows) -> Vec<Write> {
    let put = after.iter().filter(|(key, row)| before.get(*key) != Some(row));
    let put = put.map(|(key, row)| Write { key: key.clone(), value: Some(row.clone()) });
    let gone = before.keys().filter(|key| !after.contains_key(*key));
    put.chain(gone.map(|key| Write { key: key.clone(), value: None })).collect()
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
        let from = format!("{root}late/");
        let late: Vec<(&String, &Value)> = rows.iter().filter(|(key, _)| key.starts_with(&from)).collect();
        for (_, row) in &late {
            if let Ok(Late { value, over }) = json::read(row) {
                local.write(value, over.as_ref(), device::op_id());
            }
        }
        let mut writes = difference(&before, &rows_of(&root, &local));
        writes.extend(late.into_iter().map(|(key, _)| Write { key: key.clone(), value: None }));
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
        Edit::Change(_) => None,
    });
    let prefixes: Vec<String> =
        [format!("{root}queue/"), format!("{root}council")].into_iter().chain(touched).collect();
    let work = |local: &mut LocalReport| {
        for edit in edits {
            match edit.clone() {
                Edit::Write(value, over) => local.write(value, over.as_ref(), device::op_id()),
                Edit::Change(change) => local.change(change, device::op_id()),
                Edit::Resolve(value, shown) => local.resolve(value, Some(&shown), device::op_id()),
            }
        }
    };
    change(journal, (person, report), &prefixes, work).await.map(|(local, ())| local)
}

/// Issues edits without waiting, as the page goes away.
pub fn save_late(journal: &Journal, person: PersonId, report: ReportId, late: Vec<Late>) {
    let root = root(person, report);
    let row = |late: Late| Write { key: format!("{root}late/{}", device::op_id()), value: Some(json::write(&late)) };
    journal.write_now(Table::Drafts, late.into_iter().map(row).collect());
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

/// Erases what the council has of a person's work: what stays is what was not sent, with the rest of its item.
///
/// # Errors
/// When the browser refuses.
pub async fn forget_sent(journal: &Journal, person: PersonId) -> Result<(), JournalError> {
    let owned = owned_by(person);
    journal.update(Table::Board, std::slice::from_ref(&owned), |rows| (erase(rows.keys()), ())).await?;
    let plan = |rows: &Rows| {
        let report_of_key = |key: &String| key.strip_prefix(&owned)?.split_once('/')?.0.parse::<ReportId>().ok();
        let mut reports: Vec<Option<ReportId>> = rows.keys().map(report_of_key).collect();
        reports.dedup();
        let stays = |root: &str, local: &LocalReport, key: &String| {
            let Some(place) = key.strip_prefix(root) else { return false };
            match place.split_once('/') {
                Some(("field", field)) => field.parse().is_ok_and(|field| local.is_unsent(field)),
                Some(_) => true,
                None => {
                    rows.keys().any(|other| {
                        ["queue/", "late/", "merge/"].iter().any(|kind| other.starts_with(&format!("{root}{kind}")))
                    }) || local.is_held()
                }
            }
        };
        let kept: Vec<(String, LocalReport)> = reports
            .into_iter()
            .flatten()
            .map(|report| {
                let root = root(person, report);
                let local = report_of(&root, report, rows);
                (root, local)
            })
            .collect();
        let gone = rows.keys().filter(|key| !kept.iter().any(|(root, local)| stays(root, local, key)));
        (erase(gone), ())
    };
    journal.update(Table::Drafts, std::slice::from_ref(&owned), plan).await
}

fn erase<'a>(keys: impl Iterator<Item = &'a String>) -> Vec<Write> {
    keys.map(|key| Write { key: key.clone(), value: None }).collect()
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
    let write = Write { key, value: Some(json::write(view)) };
    journal.update(Table::Drafts, &[], |_| (vec![write], ())).await
}
