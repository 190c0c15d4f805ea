//! Members of the council: jurisdictions and organizations.

use crate::id::MemberId;
use crate::language::Bilingual;
use serde::{Deserialize, Serialize};

/// What kind of member; the order is the order of the tour de table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MemberKind {
    /// The Government of Canada.
    Federal,
    /// A province.
    Provincial,
    /// A territory.
    Territorial,
    /// An organization that speaks for others, such as MSDO.
    Umbrella,
    /// A municipality.
    Municipal,
}

impl MemberKind {
    /// The name used on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Federal => "federal",
            Self::Provincial => "provincial",
            Self::Territorial => "territorial",
            Self::Umbrella => "umbrella",
            Self::Municipal => "municipal",
        }
    }
}

/// A member of the council.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Member {
    /// Its id.
    pub id: MemberId,
    /// Its kind.
    pub kind: MemberKind,
    /// For a municipality that an umbrella speaks for: the umbrella.
    pub parent: Option<MemberId>,
    /// Its official name.
    pub name: Bilingual,
    /// The name that fits on a card.
    pub short: Bilingual,
    /// Its province or territory, as a two-letter postal code; none for those that span the country.
    pub province: Option<String>,
    /// Its place in the tour de table.
    pub position: u32,
}
crate::record!(Member { id, kind, parent, name, short, province, position });

/// Why a set of members does not hold together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MembershipError {
    /// Only municipalities have a parent.
    #[error("member {0} has a parent but is not a municipality")]
    ParentOfNonMunicipality(MemberId),
    /// The parent is not an umbrella of this council.
    #[error("the parent of member {0} is not an umbrella")]
    ParentNotUmbrella(MemberId),
}

/// Checks that every `parent` names an umbrella, and that only municipalities have one.
///
/// # Errors
/// The first member that breaks the rule.
pub fn check_membership(members: &[Member]) -> Result<(), MembershipError> {
    for member in members {
        let Some(parent) = member.parent else { continue };
        if member.kind != MemberKind::Municipal {
            return Err(MembershipError::ParentOfNonMunicipality(member.id));
        }
        if !members.iter().any(|m| m.id == parent && m.kind == MemberKind::Umbrella) {
            return Err(MembershipError::ParentNotUmbrella(member.id));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Timestamp;

    fn member(n: u8, kind: MemberKind, parent: Option<MemberId>) -> Member {
        let name = Bilingual { en: "A".into(), fr: "A".into() };
        let id = MemberId::new(Timestamp::from_millis(i64::from(n)), &[n; 10]);
        Member { id, kind, parent, short: name.clone(), name, province: None, position: u32::from(n) }
    }

    #[test]
    fn only_municipalities_have_an_umbrella() {
        let msdo = member(1, MemberKind::Umbrella, None);
        let ontario = member(2, MemberKind::Provincial, None);
        let guelph = member(3, MemberKind::Municipal, Some(msdo.id));
        assert_eq!(check_membership(&[msdo.clone(), ontario.clone(), guelph.clone()]), Ok(()));

        let wrong = Member { parent: Some(msdo.id), ..ontario.clone() };
        let error = MembershipError::ParentOfNonMunicipality(wrong.id);
        assert_eq!(check_membership(&[msdo, wrong]), Err(error));

        let error = MembershipError::ParentNotUmbrella(guelph.id);
        assert_eq!(check_membership(&[ontario, guelph]), Err(error));
    }
}
