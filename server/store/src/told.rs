//! What each device was told last: the texts that it may base its next change on must stay in the history.
//!
//! A device that reads a draft often does not cost a write each time. The first time it is written down at once; then
//! it is remembered, and written with the others when the house is kept. What a crash forgets is a minute old, and the
//! history keeps much longer than that whatever the devices were told.

use crate::connect::Store;
use crate::error::StoreError;
use domain::id::{PersonId, ReportId};
use domain::sync::wire::Seq;
use domain::time::Timestamp;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A device that was heard of so lately is not written at once again: a minute.
const LATELY_MILLIS: i64 = 60_000;

type Key = (ReportId, PersonId, String);
type Row = (Key, Mark);

#[derive(Debug, Clone, Copy)]
struct Mark {
    seq: Seq,
    seen: Timestamp,
    written: bool,
}

/// What is remembered and not yet written. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Told(Arc<Mutex<HashMap<Key, Mark>>>);

impl Told {
    /// Remembers. Returns the row of a device that was not heard of lately: it is written at once.
    fn note(&self, key: Key, seq: Seq, seen: Timestamp) -> Option<Row> {
        let mut marks = self.lock();
        let before = marks.get(&key).copied();
        // Two answers may overtake each other.
        let mark = Mark { seq: before.map_or(seq, |before| before.seq.max(seq)), seen, written: false };
        marks.insert(key.clone(), mark);
        before.is_none().then_some((key, mark))
    }

    /// What is not written yet.
    fn unwritten(&self) -> Vec<Row> {
        self.lock().iter().filter(|(_, mark)| !mark.written).map(|(key, mark)| (key.clone(), *mark)).collect()
    }

    fn written(&self, rows: &[Row]) {
        let mut marks = self.lock();
        for (key, row) in rows {
            if let Some(mark) = marks.get_mut(key).filter(|mark| mark.seq == row.seq) {
                mark.written = true;
            }
        }
    }

    /// Forgets who was not heard of lately and is written down.
    fn forget(&self, now: Timestamp) {
        self.lock().retain(|_, mark| !mark.written || now.millis() - mark.seen.millis() < LATELY_MILLIS);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Key, Mark>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store {
    /// A device is about to be told of a draft as of `seq`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn tell(&self, report: ReportId, person: PersonId, device: String, seq: Seq) -> Result<(), StoreError> {
        match self.told.note((report, person, device), seq, crate::now()) {
            Some(row) => self.write_rows(&[row]).await,
            None => Ok(()),
        }
    }

    /// Writes what devices were told since the last time, and forgets those that were not heard of lately.
    ///
    /// # Errors
    /// When the database does not answer; then it is tried again with the next.
    pub async fn write_told(&self) -> Result<(), StoreError> {
        self.write_rows(&self.told.unwritten()).await?;
        self.told.forget(crate::now());
        Ok(())
    }

    async fn write_rows(&self, rows: &[Row]) -> Result<(), StoreError> {
        if rows.is_empty() {
            return Ok(());
        }
        let values: Vec<Value> = rows.iter().map(value).collect();
        let query = "FOR $t IN $rows {
            UPSERT type::record('told', $t.id) CONTENT {
                report: type::record('report', $t.report), person: type::record('person', $t.person),
                device: $t.device, seq: $t.seq, seen: $t.seen
            } RETURN NONE
        }";
        let write = async { Ok(self.db.query(query).bind(("rows", Value::Array(values))).await?.check()?) };
        self.keeper.write(write).await?;
        self.told.written(rows);
        Ok(())
    }
}

fn value(((report, person, device), mark): &Row) -> Value {
    let (report, person) = (report.to_string(), person.to_string());
    let id = format!("{report}/{person}/{device}");
    json!({"id": id, "report": report, "person": person, "device": device, "seq": mark.seq, "seen": mark.seen})
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::id::{EditionId, MemberId};

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1_000)
    }

    fn key(device: &str) -> Key {
        let report = ReportId { edition: EditionId::new(at(1), &[1; 10]), member: MemberId::new(at(1), &[2; 10]) };
        (report, PersonId::new(at(1), &[3; 10]), device.to_owned())
    }

    #[test]
    fn a_device_that_reads_often_is_written_once_and_then_with_the_others() {
        let told = Told::default();
        let first = told.note(key("a"), 5, at(0)).expect("new");
        told.written(&[first]);
        assert!(told.unwritten().is_empty());
        for n in 1..30 {
            assert!(told.note(key("a"), 5 + n, at(1)).is_none());
        }
        assert!(told.note(key("a"), 7, at(2)).is_none(), "an answer that was overtaken");
        let rows = told.unwritten();
        assert_eq!(rows.iter().map(|(_, mark)| mark.seq).collect::<Vec<_>>(), [34]);
        told.note(key("a"), 40, at(3));
        told.written(&rows);
        assert_eq!(told.unwritten().len(), 1, "it was told more while that was written");
        told.forget(at(500));
        assert_eq!(told.unwritten().len(), 1, "nothing is forgotten that is not written");
        told.written(&told.unwritten());
        told.forget(at(4));
        assert!(told.note(key("a"), 41, at(5)).is_none(), "heard of lately");
        told.written(&told.unwritten());
        told.forget(at(66));
        assert!(told.note(key("a"), 42, at(66)).is_some(), "away for a minute");
    }
}
