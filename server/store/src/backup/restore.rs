//! Bringing a backup back, into an empty database.

use super::check;
use super::file::Line;
use super::{BackupError, Counts, Manifest, Progress, blocking, council, counts};
use crate::connect::{Options, Store};
use crate::error::StoreError;
use crate::log::{self, Record};
use crate::migrate;
use crate::rows::row;
use domain::id::{InstanceId, ItemId};
use std::collections::HashSet;
use std::path::Path;
use surrealdb::Surreal;
use surrealdb::engine::any::Any;
use tokio::sync::mpsc;

/// Records in one transaction: so many, and of about so many bytes.
const AT_ONCE: usize = 64;
const BYTES: usize = 1 << 20;
/// Lines that are read ahead.
const AHEAD: usize = 128;

/// What was restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// What the backup holds.
    pub manifest: Manifest,
    /// The database's new instance.
    pub instance: InstanceId,
}

/// Restores a backup into an empty database, under a new instance. The backup is read whole before anything is written.
///
/// A restore that was broken off leaves a log without a council; no server starts on it, and it is begun again in an
/// empty database.
///
/// # Errors
/// When the backup is not whole or of a newer program, the database is not empty, or it does not take what is written.
pub async fn restore(
    url: &str,
    path: &Path,
    options: &Options,
    told: impl Fn(Progress) + Send,
) -> Result<Restored, StoreError> {
    let file = path.to_owned();
    let manifest = blocking(move || check::verify(&file)).await?;
    if manifest.schema > migrate::known() {
        return Err(BackupError::Newer.into());
    }
    let opened = Store::connect(url, options).await?;
    if is_used(&opened.db).await? {
        return Err(BackupError::NotEmpty.into());
    }
    migrate::migrate(&opened.db).await?;
    let instance = InstanceId::new(crate::now(), &crate::entropy());
    write(&opened.db, path, instance, &manifest, told).await?;
    let store = Store::start(opened, url, instance).await?;
    store.tables.reach_at_last().await?;
    let (restored, backup) = (Box::new(counts(&store.db).await?), Box::new(manifest.counts));
    if restored != backup {
        return Err(BackupError::Differs { restored, backup }.into());
    }
    Ok(Restored { manifest, instance })
}

async fn is_used(db: &Surreal<Any>) -> Result<bool, StoreError> {
    if crate::council::instance(db).await?.is_some() {
        return Ok(true);
    }
    let mut response = db.query(council::BEGUN).await?;
    Ok(row::<bool>(&mut response, 0).unwrap_or_default().is_some())
}

async fn write(
    db: &Surreal<Any>,
    path: &Path,
    instance: InstanceId,
    manifest: &Manifest,
    told: impl Fn(Progress) + Send,
) -> Result<(), StoreError> {
    let (send, mut lines) = mpsc::channel::<Line>(AHEAD);
    let file = path.to_owned();
    let reading = tokio::spawn(blocking(move || {
        check::read(&file, |_, line| {
            // Nobody takes it: the restore has failed, and says why.
            let _ = send.blocking_send(line);
            Ok(())
        })
    }));
    let (mut some, mut bytes, mut last) = (Vec::new(), 0, None);
    let mut added = HashSet::new();
    while let Some(line) = lines.recv().await {
        match line {
            Line::Table { table, rows } if table == council::LAST => last = Some(rows),
            Line::Table { table, rows } => council::write(db, &table, rows, instance).await?,
            Line::Batch(batch) => {
                bytes += batch.bytes();
                some.push(batch);
                if some.len() >= AT_ONCE || bytes >= BYTES {
                    let done = append(db, std::mem::take(&mut some), &mut added).await?;
                    told(Progress { done, of: manifest.batch });
                    bytes = 0;
                }
            }
            Line::Manifest(_) | Line::End(_) => {}
        }
    }
    if !some.is_empty() {
        let done = append(db, some, &mut added).await?;
        told(Progress { done, of: manifest.batch });
    }
    reading.await.map_err(|_| StoreError::Stopped)??;
    let query = "UPDATE sequence:council SET n = $seq, batch = $batch, hash = $hash RETURN NONE";
    let query = db.query(query).bind(("seq", manifest.seq)).bind(("batch", manifest.batch));
    query.bind(("hash", manifest.hash.to_string())).await?.check()?;
    council::write(db, council::LAST, last.unwrap_or_default(), instance).await
}

/// Writes some batches with the ids that they take. Returns the last one's number.
async fn append(db: &Surreal<Any>, some: Vec<Record>, added: &mut HashSet<ItemId>) -> Result<u64, StoreError> {
    let last = some.last().map_or(0, |record| record.batch);
    log::copy(db, some, added).await?;
    Ok(last)
}

impl Counts {
    /// One line for the person who waits.
    #[must_use]
    pub fn words(&self) -> String {
        let Self { members, people, editions, reports, items, cards, .. } = self;
        format!(
            "{members} members, {people} people, {editions} editions, {reports} reports, {items} items, {cards} cards"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connect::Opened;
    use crate::log::{Mark, body, chained};
    use crate::migrate::migrate;

    async fn empty() -> Opened {
        let opened = Store::connect("mem://", &Options::default()).await.expect("a database");
        migrate(&opened.db).await.expect("a schema");
        assert!(!is_used(&opened.db).await.expect("an answer"));
        opened
    }

    async fn assert_broken_off(opened: &Opened) {
        assert!(is_used(&opened.db).await.expect("an answer"));
        let error = crate::council::ensure_instance(&opened.db).await.expect_err("a council on half a backup");
        assert!(matches!(error, StoreError::Backup(BackupError::BrokenOff)), "{error}");
    }

    #[tokio::test]
    async fn no_server_starts_on_a_restore_that_was_broken_off() {
        let opened = empty().await;
        let at = crate::now();
        let Mark { batch, hash, .. } = chained(Mark::EMPTY, at, 1, &[]);
        let body = body(at, &[]).expect("JSON");
        let row = serde_json::json!({ "batch": batch, "first": 1, "last": 1, "at": at, "hash": hash, "body": body });
        append(&opened.db, vec![serde_json::from_value(row).expect("a record")], &mut HashSet::new())
            .await
            .expect("written");
        assert_broken_off(&opened).await;
    }

    #[tokio::test]
    async fn no_server_starts_on_a_restore_that_was_broken_off_before_the_log() {
        let opened = empty().await;
        let name = serde_json::json!({ "en": "Health", "fr": "Santé" });
        let theme = serde_json::json!({
            "id": "health", "name": name, "description": name, "position": 1, "colour": "lake", "state": "active"
        });
        let written =
            council::write(&opened.db, "theme", vec![theme], InstanceId::new(crate::now(), &crate::entropy()));
        written.await.expect("written");
        assert_broken_off(&opened).await;
    }
}
