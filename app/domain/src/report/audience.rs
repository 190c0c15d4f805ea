//! For whom an event of a report is.

use crate::council::audience::Audience;
use crate::id::ReportId;
use crate::report::state::EventKind;
use crate::sync::fault::{self, Fault};

impl EventKind {
    /// Its audience, when it is about `report`. What happens to a draft is for the member's people; they alone are told
    /// of the submission and its receipt, everybody else sees the cards come and go.
    #[must_use]
    pub fn audience(&self, report: ReportId) -> Audience {
        match self {
            Self::Draft if fault::is(Fault::WrongAudience) => Audience::Everybody,
            Self::Draft | Self::Submitted(_) | Self::Withdrawn => Audience::Member(report.member),
            Self::Board(_) => Audience::Everybody,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::board::{BoardChange, KnownBoardChange};
    use crate::id::{EditionId, ItemId, MemberId};
    use crate::sync::op::ContentHash;
    use crate::sync::wire::Receipt;
    use crate::time::Timestamp;
    use serde_json::json;

    #[test]
    fn drafts_are_the_members_and_the_board_is_everybodys() {
        let at = Timestamp::from_millis(1);
        let member = MemberId::new(at, &[1; 10]);
        let report = ReportId { edition: EditionId::new(at, &[2; 10]), member };
        let removed = KnownBoardChange::CardRemoved { item: ItemId::new(at, &[3; 10]) };
        let newer = BoardChange::from(json!({ "kind": "endorsed" }));
        let receipt = Receipt { seq: 1, at, hash: ContentHash::of_value(&json!({})), items: 0 };
        let cases = [
            (EventKind::Draft, Audience::Member(member)),
            (EventKind::Submitted(receipt), Audience::Member(member)),
            (EventKind::Withdrawn, Audience::Member(member)),
            (EventKind::Board(BoardChange::Known(removed)), Audience::Everybody),
            (EventKind::Board(newer), Audience::Everybody),
        ];
        for (kind, audience) in cases {
            assert_eq!(kind.audience(report), audience, "{kind:?}");
        }
    }
}
