//! Who may do what: one table, action × role × ownership. The server's routes, streams and operations, the store, and
//! what a screen offers all ask [`may`]; whatever hands out events asks [`hears`].

use super::audience::Audience;
use crate::id::MemberId;
use crate::person::{Identity, Role};

#[cfg(test)]
mod tests;

/// Whose a thing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Of {
    /// The council's: no member owns it.
    Council,
    /// One member's.
    Member(MemberId),
}

impl Of {
    /// What belongs to the person's own member; the council's when they have none.
    #[must_use]
    pub fn own(identity: Option<&Identity>) -> Self {
        identity.and_then(|identity| identity.member).map_or(Self::Council, Self::Member)
    }
}

/// What a role may do an action with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Grant {
    /// Nothing.
    No,
    /// What is their own member's.
    Own,
    /// Anything, whoever owns it.
    Any,
}
use Grant::{Any, No, Own};

/// A row: signed out, member, council, secretariat, observer.
type Row = [Grant; 5];

/// Makes [`Action`] from the table, so that there is no action without a row.
macro_rules! table {
    ($($(#[$doc:meta])* $action:ident: $row:expr;)*) => {
        /// What a person may do or read.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Action {
            $($(#[$doc])* $action,)*
        }

        impl Action {
            /// Every action, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$action),*];

            /// Its name, as a log has it.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$action => stringify!($action),)*
                }
            }

            const fn row(self) -> Row {
                match self {
                    $(Self::$action => $row,)*
                }
            }
        }
    };
}

table! {
    //               signed out, member, council, secretariat, observer
    /// Begin a session.
    SignIn:          [Any, Any, Any, Any, Any];
    /// End one's own session, or none.
    SignOut:         [Any, Any, Any, Any, Any];
    /// Read where one is signed in oneself, and end it there.
    OwnSessions:     [No,  Any, Any, Any, Any];
    /// Read the council, its members, editions and themes.
    ReadCouncil:     [No,  Any, Any, Any, Any];
    /// Send what a device has queued. Each operation is then judged by the action that it is, such as `Draft`.
    Push:            [No,  Any, Any, Any, Any];

    /// Write in the draft of a report, submit it, withdraw it.
    Draft:           [No,  Own, Own, No,  No];
    /// Read the draft.
    ReadDraft:       [No,  Own, Own, No,  No];
    /// Read who wrote what in a field of the draft.
    ReadHistory:     [No,  Own, Own, No,  No];
    /// Read the report as the council has it, with its receipt.
    ReadSubmitted:   [No,  Own, Own, No,  No];
    /// Follow the draft's stream: that it changed, and who is in it.
    FollowDraft:     [No,  Own, Own, No,  No];
    /// Say that one is in the draft, and in which field.
    BePresent:       [No,  Own, Own, No,  No];

    /// Read the cards of a board.
    ReadBoard:       [No,  Any, Any, Any, Any];
    /// Read a board's log by pages.
    ReadLog:         [No,  Any, Any, Any, Any];
    /// Follow a board's stream.
    FollowBoard:     [No,  Any, Any, Any, Any];
    /// Read whom to call about the reports on a board.
    ReadContacts:    [No,  Any, Any, Any, Any];
    /// Read what a card has said since it came to the board.
    ReadAmendments:  [No,  Any, Any, Any, Any];
    /// Search the cards of all boards.
    Search:          [No,  Any, Any, Any, Any];

    /// Read what the wall shows: any device may be the wall.
    ReadWall:        [No,  Any, Any, Any, Any];
    /// Present: choose what the wall shows.
    Present:         [No,  No,  Any, Any, No];
    /// Read who may present, to offer them the place.
    ListPresenters:  [No,  No,  Any, Any, No];
    /// Take the presenter's place from somebody who is there.
    TakeOver:        [No,  No,  No,  Any, No];
}

/// Whether a person, or nobody who is signed in, may do an action with what belongs to `of`.
#[must_use]
pub fn may(identity: Option<&Identity>, action: Action, of: Of) -> bool {
    grants(action.row(), identity, of)
}

/// Whether a person may be given what is for this audience. Nobody who is signed out hears anything.
#[must_use]
pub fn hears(identity: &Identity, audience: &Audience) -> bool {
    // As above: signed out, member, council, secretariat, observer.
    let (row, of) = match audience {
        Audience::Everybody => ([No, Any, Any, Any, Any], Of::Council),
        Audience::Council => ([No, No, Any, Any, No], Of::Council),
        Audience::Member(member) => ([No, Own, Own, No, No], Of::Member(*member)),
        Audience::Secretariat => ([No, No, No, Any, No], Of::Council),
        Audience::Unknown(_) => ([No, No, No, No, No], Of::Council),
    };
    grants(row, Some(identity), of)
}

/// The roles that may do an action, with all or with some.
pub fn roles(action: Action) -> impl Iterator<Item = Role> {
    Role::ALL.into_iter().filter(move |role| of_role(action.row(), Some(*role)) != No)
}

/// The member whose report this person drafts, if any.
#[must_use]
pub fn drafts_for(identity: Option<&Identity>) -> Option<MemberId> {
    identity?.member.filter(|member| may(identity, Action::Draft, Of::Member(*member)))
}

fn grants(row: Row, identity: Option<&Identity>, of: Of) -> bool {
    match of_role(row, identity.map(|identity| identity.role)) {
        No => false,
        Own => matches!(of, Of::Member(member) if identity.is_some_and(|identity| identity.member == Some(member))),
        Any => true,
    }
}

const fn of_role([signed_out, member, council, secretariat, observer]: Row, role: Option<Role>) -> Grant {
    match role {
        None => signed_out,
        Some(Role::Member) => member,
        Some(Role::Council) => council,
        Some(Role::Secretariat) => secretariat,
        Some(Role::Observer) => observer,
    }
}
