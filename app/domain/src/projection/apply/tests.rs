use super::*;
use crate::id::{MemberId, PersonId};
use crate::language::Language;
use crate::limits::MESSAGE_CHARS;
use crate::person::Email;
use crate::person::Role;
use crate::projection::{Message, PlaceQuery, Step, Zoom};
use crate::sync::wire::Rev;
use serde_json::json;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(seconds * 1_000)
}

fn person(n: u8, role: Role) -> Identity {
    let email = Email::parse("a@demo.example").expect("an address");
    Identity { person: PersonId::new(at(1), &[n; 10]), name: format!("Person {n}"), email, role, member: None }
}

fn named(person: &Identity) -> Named {
    Named { person: person.person, name: person.name.clone() }
}

fn place(query: &str) -> PlaceQuery {
    PlaceQuery::try_from(query.to_owned()).expect("a place")
}

fn show(query: &str) -> KnownCommand {
    KnownCommand::Show { place: place(query), step: Step::default() }
}

fn message(text: &str) -> KnownCommand {
    KnownCommand::Say { message: Some(Message { text: text.into(), language: Language::Fr, other: None }) }
}

/// A room with three people who may present.
struct Room {
    now: i64,
    wall: Projection,
    council: Identity,
    other: Identity,
    secretariat: Identity,
}

impl Room {
    fn new() -> Self {
        let wall = Projection::default();
        let (council, other) = (person(1, Role::Council), person(2, Role::Council));
        Self { now: 1_000, wall, council, other, secretariat: person(3, Role::Secretariat) }
    }

    fn ask(&mut self, who: u8, base_rev: Option<Rev>, commands: Vec<KnownCommand>) -> Result<(), Refused> {
        let person = [&self.council, &self.other, &self.secretariat][usize::from(who - 1)];
        let people = [named(&self.council), named(&self.other), named(&self.secretariat)];
        let push = ProjectionPush { base_rev, commands: commands.into_iter().map(Command::Known).collect() };
        self.wall = self.wall.apply(&push, By { person, now: at(self.now), people: &people })?;
        Ok(())
    }

    /// By somebody who sees what is there.
    fn does(&mut self, who: u8, command: KnownCommand) -> Result<(), Refused> {
        self.ask(who, Some(self.wall.rev), vec![command])
    }

    fn presenter(&self) -> Option<&str> {
        self.wall.presenter.as_ref().map(|presenter| presenter.name.as_str())
    }
}

#[test]
fn a_free_place_is_taken_and_given_up_and_the_wall_stays() {
    let mut room = Room::new();
    assert_eq!(room.does(1, show("view=matrix")), Err(Refused::NotPresenting), "take it first");
    room.does(1, KnownCommand::Take {}).expect("free");
    room.does(1, show("view=matrix")).expect("the presenter");
    assert_eq!((room.wall.rev, room.presenter()), (2, Some("Person 1")));
    room.does(1, KnownCommand::Release {}).expect("the presenter");
    assert_eq!((room.presenter(), room.wall.place.as_str()), (None, "view=matrix"));
    room.does(2, KnownCommand::Take {}).expect("free again");
    assert_eq!(room.does(1, KnownCommand::Release {}), Err(Refused::NotPresenting));
}

#[test]
fn who_stops_presenting_leaves_nothing_that_was_said_for_a_moment() {
    let mut room = Room::new();
    room.does(1, KnownCommand::Take {}).expect("free");
    room.does(1, show("view=matrix")).expect("the presenter");
    room.does(1, KnownCommand::Countdown { seconds: 60 }).expect("the presenter");
    room.does(1, message("Lunch")).expect("the presenter");
    let [speaker, next] = [1, 2].map(|n| Some(MemberId::new(at(0), &[n; 10])));
    room.does(1, KnownCommand::Floor { speaker, next }).expect("the presenter");
    room.does(1, KnownCommand::Release {}).expect("the presenter");
    let Projection { message, countdown, speaker, next, place, .. } = &room.wall;
    assert_eq!((message, countdown, speaker, next), (&None, &None, &None, &None));
    assert_eq!(place.as_str(), "view=matrix");
}

#[test]
fn a_place_that_is_taken_is_taken_over_only_by_the_rules() {
    let take = || KnownCommand::Take {};
    let mut room = Room::new();
    room.does(1, take()).expect("free");
    room.now += 60;
    assert_eq!(room.does(2, take()), Err(Refused::Presenting { free_in_seconds: SILENT_SECONDS - 60 }));
    room.does(1, KnownCommand::Sign {}).expect("the presenter");
    room.now += SILENT_SECONDS - 1;
    assert_eq!(room.does(2, take()), Err(Refused::Presenting { free_in_seconds: 1 }), "a sign counts");
    room.now += 1;
    room.does(2, take()).expect("silent for too long");
    room.does(3, take()).expect("the secretariat may at any time");
    assert_eq!(room.presenter(), Some("Person 3"));
    assert_eq!(room.does(2, show("")), Err(Refused::NotPresenting));
}

#[test]
fn an_offer_is_to_one_person_and_the_wall_is_driven_until_it_is_taken() {
    let mut room = Room::new();
    room.does(1, KnownCommand::Take {}).expect("free");
    let other = room.other.person;
    assert_eq!(room.does(1, KnownCommand::Offer { to: PersonId::new(at(9), &[9; 10]) }), Err(Refused::NoSuchPerson));
    assert_eq!(room.does(1, KnownCommand::Offer { to: room.council.person }), Err(Refused::NoSuchPerson), "to oneself");
    room.does(1, KnownCommand::Offer { to: other }).expect("somebody");
    room.does(1, show("view=trend")).expect("still the presenter");
    assert!(room.wall.is_offered_to(other));
    room.does(1, KnownCommand::Withdraw {}).expect("the presenter");
    assert!(room.does(2, KnownCommand::Take {}).is_err());
    room.does(1, KnownCommand::Offer { to: other }).expect("somebody");
    room.does(2, KnownCommand::Take {}).expect("offered");
    assert_eq!(room.presenter(), Some("Person 2"));
    assert!(!room.wall.is_offered_to(other), "the offer is used up");
}

#[test]
fn what_is_shown_changes_only_from_what_was_seen() {
    let mut room = Room::new();
    room.does(1, KnownCommand::Take {}).expect("free");
    let seen = room.wall.rev;
    room.ask(1, Some(seen), vec![show("view=matrix")]).expect("as seen");
    let before = room.wall.clone();
    for base_rev in [Some(seen), Some(seen + 9), None] {
        assert_eq!(room.ask(1, base_rev, vec![show("")]), Err(Refused::Stale));
    }
    assert_eq!(
        room.ask(2, Some(seen), vec![show("")]),
        Err(Refused::NotPresenting),
        "the place was lost, not the page"
    );
    assert_eq!(room.wall, before);
    room.ask(1, None, vec![KnownCommand::Offer { to: room.other.person }]).expect("nothing that is seen");
}

#[test]
fn all_commands_of_a_request_are_done_or_none() {
    let mut room = Room::new();
    let zoom = Zoom::default().by(50);
    room.ask(1, Some(0), vec![KnownCommand::Take {}, show("view=member"), KnownCommand::Zoom { percent: zoom }])
        .expect("all");
    assert_eq!((room.wall.rev, room.wall.zoom.percent()), (1, 150));
    let before = room.wall.clone();
    assert_eq!(room.ask(1, Some(1), vec![show(""), message(" ")]), Err(Refused::Invalid));
    assert_eq!(room.ask(1, Some(1), vec![KnownCommand::Sign {}; PROJECTION_COMMANDS + 1]), Err(Refused::Invalid));
    assert_eq!(room.wall, before);
}

#[test]
fn what_changes_nothing_is_no_news() {
    let mut room = Room::new();
    room.ask(1, Some(0), vec![KnownCommand::Take {}, show("view=matrix")]).expect("free");
    let before = room.wall.clone();
    room.now += 10;
    room.ask(
        1,
        Some(1),
        vec![KnownCommand::Take {}, KnownCommand::Sign {}, show("view=matrix"), KnownCommand::Pause {}],
    )
    .expect("the presenter");
    assert_eq!((room.wall.rev, room.wall.at), (before.rev, before.at));
    assert_eq!(room.wall.presenter.as_ref().map(|presenter| presenter.seen), Some(at(room.now)));
    room.ask(1, Some(1), vec![KnownCommand::Release {}, KnownCommand::Take {}]).expect("the presenter");
    assert_eq!(room.wall.rev, 1);
}

#[test]
fn floor_message_and_countdown_come_and_go() {
    let mut room = Room::new();
    room.does(1, KnownCommand::Take {}).expect("free");
    let (a, b) = (MemberId::new(at(1), &[1; 10]), MemberId::new(at(2), &[2; 10]));
    room.does(1, KnownCommand::Floor { speaker: Some(a), next: Some(b) }).expect("known or not");
    room.does(1, message(&"é".repeat(MESSAGE_CHARS))).expect("as long as it may be");
    for bad in ["", "  ", "a\u{7}", &"é".repeat(MESSAGE_CHARS + 1)] {
        assert_eq!(room.does(1, message(bad)), Err(Refused::Invalid), "{bad:?}");
    }
    room.does(1, KnownCommand::Say { message: None }).expect("down");
    assert_eq!((room.wall.speaker, room.wall.next, &room.wall.message), (Some(a), Some(b), &None));
    assert_eq!(room.does(1, KnownCommand::Countdown { seconds: 0 }), Err(Refused::Invalid));
    room.does(1, KnownCommand::Countdown { seconds: 300 }).expect("started");
    room.now += 60;
    room.does(1, KnownCommand::Pause {}).expect("held");
    assert_eq!(room.wall.countdown, Some(Countdown::Paused { left_ms: 240_000 }));
    room.now += 60;
    room.does(1, KnownCommand::Resume {}).expect("goes on");
    assert_eq!(room.wall.countdown, Some(Countdown::Running { ends: at(room.now + 240) }));
    room.does(1, KnownCommand::Clear {}).expect("down");
    assert_eq!(room.wall.countdown, None);
}

#[test]
fn the_time_of_a_change_never_goes_back() {
    let mut room = Room::new();
    room.does(1, KnownCommand::Take {}).expect("free");
    let before = room.wall.clone();
    room.now -= 500;
    room.does(1, show("view=trend")).expect("the presenter");
    assert!(room.wall.at > before.at && room.wall.is_newer_than(&before) && !before.is_newer_than(&room.wall));
}

#[test]
fn what_is_out_of_bounds_or_unknown_is_refused_and_not_guessed() {
    let mut room = Room::new();
    room.does(1, KnownCommand::Take {}).expect("free");
    let bad = [
        json!({"kind": "dance"}),
        json!({"kind": "zoom", "percent": 49}),
        json!({"kind": "zoom", "percent": 301}),
        json!({"kind": "show", "place": "é", "step": 0}),
        json!({"kind": "show", "place": "a b", "step": 0}),
        json!({"kind": "show", "place": "x".repeat(601), "step": 0}),
        json!({"kind": "show", "place": "", "step": 10_000}),
        json!({"kind": "show", "place": ""}),
        json!({"kind": "countdown", "seconds": -1}),
        json!(7),
    ];
    for value in bad {
        let push = ProjectionPush { base_rev: Some(1), commands: vec![Command::from(value.clone())] };
        let by = By { person: &room.council, now: at(room.now), people: &[] };
        assert_eq!(room.wall.apply(&push, by), Err(Refused::Invalid), "{value}");
    }
}

#[test]
fn a_screen_shows_a_message_in_its_own_language_where_there_is_one() {
    let both = Message { text: "Pause".into(), language: Language::Fr, other: Some("Break".into()) };
    assert_eq!(both.on(Language::En), ("Break", Language::En));
    assert_eq!(both.on(Language::Fr), ("Pause", Language::Fr));
    let one = Message { other: None, ..both };
    assert_eq!(one.on(Language::En), ("Pause", Language::Fr));
}
