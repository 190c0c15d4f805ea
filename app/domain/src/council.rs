//! The council: the body that meets, one per installation; who may do what at it, and for whom things are.

pub mod audience;
pub mod permit;

use crate::edition::Edition;
use crate::id::InstanceId;
use crate::language::Bilingual;
use crate::member::Member;
use crate::person::Identity;
use crate::theme::Theme;
use serde::Serialize;

/// The council of this installation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Council {
    /// Which database this is; another id means another history.
    pub instance: InstanceId,
    /// Its name in both languages.
    pub name: Bilingual,
}
crate::record!(Council { instance, name });

/// What a signed-in person's screens need to know about the council, kept on the device for when there is no network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CouncilView {
    /// The council.
    pub council: Council,
    /// Who is asking.
    pub identity: Identity,
    /// All editions, newest meeting first.
    pub editions: Vec<Edition>,
    /// All members, in the order of the tour de table.
    pub members: Vec<Member>,
    /// All themes, in their order; retired ones too, because old items carry them.
    pub themes: Vec<Theme>,
}
crate::record!(CouncilView { council, identity, editions, members, themes });

impl CouncilView {
    /// The edition that members draft for and that the board opens on: the open one, else the newest.
    #[must_use]
    pub fn current_edition(&self) -> Option<&Edition> {
        self.editions.iter().find(|edition| edition.is_open()).or_else(|| self.editions.first())
    }

    /// The member with this id.
    #[must_use]
    pub fn member(&self, id: crate::id::MemberId) -> Option<&Member> {
        self.members.iter().find(|member| member.id == id)
    }
}
