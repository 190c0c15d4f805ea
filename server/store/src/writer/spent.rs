//! How much was written into each report today: what is written stays in the log for a while, and one device must not fill
//! the disk of all. In memory: a restart forgets it, and the next day does.

use crate::log::Done;
use domain::field::FieldValue;
use domain::id::ReportId;
use domain::limits::REPORT_BYTES_A_DAY;
use domain::sync::op::Operation;
use domain::sync::wire::{Conflict, KnownOutcome, Outcome};
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
    pub fn is_exhausted(&self, report: ReportId, now: Timestamp) -> bool {
        let today = Date::of(now);
        self.lock().get(&report).is_some_and(|(day, bytes)| *day == today && *bytes >= REPORT_BYTES_A_DAY)
    }

    /// An operation was stored with its answer.
    pub fn note(&self, done: &Done, now: Timestamp) {
        let Some(report) = done.operation.subject.report() else { return };
        let today = Date::of(now);
        let mut spent = self.lock();
        spent.retain(|_, (day, _)| *day == today);
        spent.entry(report).or_insert((today, 0)).1 += stored_bytes(done);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<ReportId, (Date, usize)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Bytes of the text that an operation writes.
pub fn text_bytes(operation: &Operation) -> usize {
    operation.known().and_then(|change| change.value()?.text()).map_or(0, str::len)
}

/// About how much the log holds for an operation: its text, the texts of a conflict that it was answered with, and what
/// this program does not know of it.
fn stored_bytes(Done { operation, answer, .. }: &Done) -> usize {
    let of_value = |value: &FieldValue| value.text().map_or(0, str::len);
    let answered = match &answer.outcome {
        Outcome::Known(KnownOutcome::Conflict(Conflict { base, theirs, mine, .. })) => {
            base.as_ref().map_or(0, of_value) + of_value(theirs) + of_value(mine)
        }
        Outcome::Known(KnownOutcome::Accepted { .. } | KnownOutcome::Refused(_)) | Outcome::Unknown(_) => 0,
    };
    let unknown = operation.extra.iter().map(|(name, value)| name.len() + value.to_string().len()).sum::<usize>();
    OVERHEAD + text_bytes(operation) + answered + unknown
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::field::ItemValue;
    use domain::id::{EditionId, ItemId, MemberId, OpId, PersonId};
    use domain::sync::op::KnownChange;
    use domain::sync::wire::Answer;

    const NOW: Timestamp = Timestamp::from_millis(1_795_392_000_000);

    fn report(n: u8) -> ReportId {
        ReportId { edition: EditionId::new(NOW, &[n; 10]), member: MemberId::new(NOW, &[n; 10]) }
    }

    fn text(words: String) -> FieldValue {
        FieldValue::Item(ItemId::new(NOW, &[1; 10]), ItemValue::Text(words))
    }

    fn done(report: ReportId, value: FieldValue, outcome: KnownOutcome) -> Done {
        let operation = Operation::new(OpId::new(NOW, &[1; 10]), report, KnownChange::Set { base_rev: 0, value });
        let (op_id, hash) = (operation.op_id, operation.hash.clone());
        let answer = Answer { op_id, hash, status: 200, outcome: Outcome::Known(outcome) };
        Done { operation, person: PersonId::new(NOW, &[1; 10]), device: None, seq: 1, at: NOW, answer }
    }

    fn taken(spent: &Spent, done: &Done) -> usize {
        let report = done.operation.subject.report().expect("a report");
        let mut taken = 0;
        while !spent.is_exhausted(report, NOW) {
            spent.note(done, NOW);
            taken += 1;
        }
        taken
    }

    #[test]
    fn a_report_takes_so_much_a_day_and_no_other_report_pays_for_it() {
        let tomorrow = Timestamp::from_millis(NOW.millis() + 86_400_000);
        let accepted = KnownOutcome::Accepted { seq: 1, at: NOW, receipt: None };
        let (spent, one) = (Spent::default(), done(report(1), text("x".repeat(80_000)), accepted));
        let count = taken(&spent, &one);
        assert!((800..900).contains(&count), "{count}");
        assert!(!spent.is_exhausted(report(2), NOW) && !spent.is_exhausted(report(1), tomorrow));
        spent.note(
            &Done { operation: Operation { subject: report(2).into(), ..one.operation.clone() }, ..one },
            tomorrow,
        );
        assert!(!spent.is_exhausted(report(1), tomorrow));
    }

    #[test]
    fn a_short_text_against_a_long_one_costs_what_its_answer_holds() {
        let long = text("x".repeat(80_000));
        let conflict = Conflict { base: Some(long.clone()), theirs: long, theirs_rev: 2, mine: text("x".to_owned()) };
        let count = taken(&Spent::default(), &done(report(1), text("x".to_owned()), KnownOutcome::Conflict(conflict)));
        assert!((400..450).contains(&count), "{count}");
    }
}
