//! Whom the council may call about a report: the contact persons as they were submitted with it.

use crate::id::{EditionId, MemberId};
use crate::report::submitted::SubmittedContact;
use serde::Serialize;

/// What `GET /api/board/{edition}/contacts` gives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Contacts {
    /// Which edition.
    pub edition: EditionId,
    /// One for each report that is submitted.
    pub contacts: Vec<MemberContact>,
}
crate::record!(Contacts { edition, contacts });

/// A member's contact person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MemberContact {
    /// Whose.
    pub member: MemberId,
    /// The contact person of the submitted report.
    pub contact: SubmittedContact,
}
crate::record!(MemberContact { member, contact });

impl Contacts {
    /// The contact person of a member.
    #[must_use]
    pub fn of(&self, member: MemberId) -> Option<&SubmittedContact> {
        self.contacts.iter().find(|known| known.member == member).map(|known| &known.contact)
    }
}
