//! Replaying what was decided: the same state again, from the operation and its answer alone.
//!
//! [`decide`](super::decide::decide) asks what is open, which themes there are and what time it is; a replay knows none
//! of that any more, and does not need it: the answer says what became of the operation, and the batch says when.

use super::decide::{Decision, ReportState, Touched, submit, withdraw, write};
use super::op::{KnownChange, Operation};
use super::wire::{KnownOutcome, Seq};
use crate::report::Item;
use crate::time::Timestamp;

/// Carries out an operation as it was answered. `last` is the sequence before it; `at` the time of its batch.
///
/// A conflict and a refusal changed nothing, and neither did an operation whose answer names a place that was given out
/// before: the value was there already.
pub fn apply(
    state: &mut ReportState,
    operation: &Operation,
    outcome: &KnownOutcome,
    at: Timestamp,
    last: Seq,
) -> Decision {
    let unchanged = || Decision { outcome: outcome.clone(), events: Vec::new(), touched: Touched::Nothing };
    let KnownOutcome::Accepted { seq, .. } = outcome else { return unchanged() };
    let Some(change) = operation.known().filter(|_| *seq > last) else { return unchanged() };
    match change {
        KnownChange::AddItem { item, section, position, language } => {
            state.draft.items.push(Item::new(*item, *section, position.clone(), *language, *seq));
            Decision::accepted(at, state.draft.report, *seq, Touched::Item(*item))
        }
        KnownChange::Set { value, .. } => {
            let touched = write(&mut state.draft, value, *seq);
            Decision::accepted(at, state.draft.report, *seq, touched)
        }
        KnownChange::Submit {} => submit(state, at, last),
        KnownChange::Withdraw {} => withdraw(state, at, last),
    }
}
