//! The tables again, as data: a change of who may do what is a change of a line here.

use super::*;
use crate::id::PersonId;
use crate::person::Email;
use crate::time::Timestamp;

/// Of whom it is asked, in the order of the columns below.
const WHO: [Option<Role>; 5] =
    [None, Some(Role::Member), Some(Role::Council), Some(Role::Secretariat), Some(Role::Observer)];

/// In each column: `o` their own member's, `a` another member's, `c` the council's; a dot where it is not allowed.
const MAY: [(Action, [&str; 5]); 21] = {
    use Action::*;
    [
        //               signed out, member, council, secretariat, observer
        (SignIn, ["oac", "oac", "oac", "oac", "oac"]),
        (SignOut, ["oac", "oac", "oac", "oac", "oac"]),
        (OwnSessions, ["...", "oac", "oac", "oac", "oac"]),
        (ReadCouncil, ["...", "oac", "oac", "oac", "oac"]),
        (Push, ["...", "oac", "oac", "oac", "oac"]),
        (Draft, ["...", "o..", "o..", "...", "..."]),
        (ReadDraft, ["...", "o..", "o..", "...", "..."]),
        (ReadHistory, ["...", "o..", "o..", "...", "..."]),
        (ReadSubmitted, ["...", "o..", "o..", "...", "..."]),
        (FollowDraft, ["...", "o..", "o..", "...", "..."]),
        (BePresent, ["...", "o..", "o..", "...", "..."]),
        (ReadBoard, ["...", "oac", "oac", "oac", "oac"]),
        (ReadLog, ["...", "oac", "oac", "oac", "oac"]),
        (FollowBoard, ["...", "oac", "oac", "oac", "oac"]),
        (ReadContacts, ["...", "oac", "oac", "oac", "oac"]),
        (ReadAmendments, ["...", "oac", "oac", "oac", "oac"]),
        (Search, ["...", "oac", "oac", "oac", "oac"]),
        (ReadWall, ["...", "oac", "oac", "oac", "oac"]),
        (Present, ["...", "...", "oac", "oac", "..."]),
        (ListPresenters, ["...", "...", "oac", "oac", "..."]),
        (TakeOver, ["...", "...", "...", "oac", "..."]),
    ]
};

fn member(n: u8) -> MemberId {
    MemberId::new(Timestamp::from_millis(1), &[n; 10])
}

fn person(role: Role, member: Option<MemberId>) -> Identity {
    let email = Email::parse("a@demo.example").expect("an address");
    Identity { person: PersonId::new(Timestamp::from_millis(1), &[9; 10]), name: "A".into(), email, role, member }
}

fn letters(allowed: [bool; 3]) -> String {
    "oac".chars().zip(allowed).map(|(letter, allowed)| if allowed { letter } else { '.' }).collect()
}

#[test]
fn who_may_do_what_with_whose() {
    let (own, other) = (member(1), member(2));
    assert_eq!(MAY.map(|(action, _)| action).as_slice(), Action::ALL, "a line for each action");
    for (action, columns) in MAY {
        for (role, expected) in WHO.into_iter().zip(columns) {
            let of_a_member = role.map(|role| person(role, Some(own)));
            let whose = [Of::Member(own), Of::Member(other), Of::Council];
            let found = letters(whose.map(|of| may(of_a_member.as_ref(), action, of)));
            assert_eq!(found, expected, "{action:?} by {role:?}");
        }
    }
}

#[test]
fn who_has_no_member_owns_nothing() {
    for (action, columns) in MAY {
        for (role, expected) in Role::ALL.into_iter().zip(&columns[1..]) {
            let of_no_member = person(role, None);
            for of in [Of::Member(member(1)), Of::Council] {
                assert_eq!(
                    may(Some(&of_no_member), action, of),
                    *expected == "oac",
                    "{action:?} by {role:?} with {of:?}"
                );
            }
        }
    }
}

#[test]
fn who_hears_what() {
    let (own, other) = (member(1), member(2));
    // Each role with a member, and without one.
    let cases = [
        //                                       member, council, secretariat, observer
        (Audience::Everybody, ["mw", "mw", "mw", "mw"]),
        (Audience::Council, ["..", "mw", "mw", ".."]),
        (Audience::Member(own), ["m.", "m.", "..", ".."]),
        (Audience::Member(other), ["..", "..", "..", ".."]),
        (Audience::Secretariat, ["..", "..", "mw", ".."]),
        (Audience::Unknown("ministers".into()), ["..", "..", "..", ".."]),
        (Audience::Unknown(String::new()), ["..", "..", "..", ".."]),
    ];
    for (audience, columns) in cases {
        for (role, expected) in Role::ALL.into_iter().zip(columns) {
            let with = if hears(&person(role, Some(own)), &audience) { 'm' } else { '.' };
            let without = if hears(&person(role, None), &audience) { 'w' } else { '.' };
            assert_eq!(String::from_iter([with, without]), expected, "{audience:?} to {role:?}");
        }
    }
}

#[test]
fn the_roles_of_an_action_and_the_member_of_a_person_are_read_from_the_table() {
    assert_eq!(roles(Action::Present).collect::<Vec<_>>(), [Role::Council, Role::Secretariat]);
    assert_eq!(roles(Action::Draft).collect::<Vec<_>>(), [Role::Member, Role::Council]);
    let own = member(1);
    for (role, drafts) in
        [(Role::Member, Some(own)), (Role::Council, Some(own)), (Role::Secretariat, None), (Role::Observer, None)]
    {
        let person = person(role, Some(own));
        assert_eq!(drafts_for(Some(&person)), drafts, "{role:?}");
        assert_eq!(Of::own(Some(&person)), Of::Member(own));
    }
    assert_eq!(drafts_for(Some(&person(Role::Member, None))), None);
    assert_eq!((drafts_for(None), Of::own(None)), (None, Of::Council));
}
