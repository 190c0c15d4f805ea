//! How much was written into each report today: what is written stays in the log for a while, and one device must not fill
//! the disk of all. In memory: a restart forgets it, and the next day does.

use domain::id::ReportId;
use domain::limits::REPORT_BYTES_A_DAY;
use domain::sync::op::Operation;
use domain::time::{Date, Timestamp};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What an operation takes in the log beside its text, in bytes.
const OVERHEAD: usize = 512;

/// Bytes of a day, by report.
#[derive(Debug, Default)]
pub struct Spent(Mutex<HashMap<ReportId, (Date, usize)>>);

impl Spent {
    /// Whether a report takes nothing more today.
    pub fn is_all(&self, report: ReportId, now: Timestamp) -> bool {
        let today = Date::of(now);
        self.lock().get(&report).is_some_and(|(day, bytes)| *day == today && *bytes >= REPORT_BYTES_A_DAY)
    }

    /// An operation about a report was taken.
    pub fn note(&self, report: ReportId, operation: &Operation, now: Timestamp) {
        let today = Date::of(now);
        let mut spent = self.lock();
        spent.retain(|_, (day, _)| *day == today);
        spent.entry(report).or_insert((today, 0)).1 += OVERHEAD + text_bytes(operation);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<ReportId, (Date, usize)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Bytes of the text that an operation writes.
pub fn text_bytes(operation: &Operation) -> usize {
    operation.known().and_then(|change| change.value()?.text()).map_or(0, str::len)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::field::{FieldValue, ItemValue};
    use domain::id::{EditionId, ItemId, MemberId, OpId};
    use domain::sync::op::KnownChange;

    #[test]
    fn a_report_takes_so_much_a_day_and_no_other_report_pays_for_it() {
        let now = Timestamp::from_millis(1_795_392_000_000);
        let tomorrow = Timestamp::from_millis(now.millis() + 86_400_000);
        let [one, other] =
            [1, 2].map(|n| ReportId { edition: EditionId::new(now, &[n; 10]), member: MemberId::new(now, &[n; 10]) });
        let value = FieldValue::Item(ItemId::new(now, &[1; 10]), ItemValue::Text("x".repeat(80_000)));
        let operation = Operation::new(OpId::new(now, &[1; 10]), one, KnownChange::Set { base_rev: 0, value });
        let spent = Spent::default();
        let mut taken = 0;
        while !spent.is_all(one, now) {
            spent.note(one, &operation, now);
            taken += 1;
        }
        assert!((800..900).contains(&taken), "{taken}: five reports that are as full as may be");
        assert!(!spent.is_all(other, now) && !spent.is_all(one, tomorrow));
        spent.note(other, &operation, tomorrow);
        assert!(!spent.is_all(one, tomorrow));
    }
}
