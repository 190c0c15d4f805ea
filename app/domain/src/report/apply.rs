//! Making a report again from the log: what was decided is carried out, and not judged a second time.

use crate::report::decide::{ReportDone, take};
use crate::report::state::ReportState;
use crate::sync::decide::{Decided, Done, Place};
use crate::sync::fault::{self, Fault};
use crate::sync::wire::KnownOutcome;

/// See [`Kind::apply`](crate::sync::dispatch::Kind::apply).
///
/// A conflict leaves the state as it is. So does an acceptance that is not after the newest change: the change was
/// there already when it was decided, or this state has it from an earlier reading.
pub fn apply(state: &mut ReportState, decided: Decided<'_>) -> ReportDone {
    let KnownOutcome::Accepted { seq, at, receipt } = decided.outcome else { return Done::nothing() };
    let Some(change) = state.change_of(decided.operation).cloned() else { return Done::nothing() };
    if *seq <= state.last {
        return Done::nothing();
    }
    let place = if fault::is(Fault::ApplyDiffers) { Place::After(*seq) } else { Place::UpTo(*seq) };
    take(state, &change, place, *at, receipt.as_ref()).0
}

#[cfg(test)]
mod tests;
