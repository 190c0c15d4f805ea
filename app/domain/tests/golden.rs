//! The wire format, pinned: each message is written as its golden file says, and read back whole. A change that
//! breaks a file breaks the clients out there; within a version, fields and kinds are only added.

use domain::board::amendments::{Amendment, Amendments};
use domain::board::events::EventsPage;
use domain::board::found::{Found, Hit, Piece};
use domain::board::{Board, BoardChange, BoardEvent, Card, KnownBoardChange};
use domain::field::{ContactValue, FieldValue, Invalid, ItemValue};
use domain::id::{EditionId, InstanceId, ItemId, MemberId, OpId, PersonId, ReportId};
use domain::language::Language;
use domain::position::Position;
use domain::projection::{
    Command, Countdown, KnownCommand, Message, Named, PlaceQuery, Presenter, Projection, ProjectionAnswer,
    ProjectionPush, Refused, Step, Zoom,
};
use domain::report::submitted::{Submitted, SubmittedContact};
use domain::report::{Draft, Item, Missing};
use domain::section::Section;
use domain::sync::chain::{ChainHash, Mark};
use domain::sync::history::{Before, HistoryPage, Version};
use domain::sync::op::{Change, ContentHash, KnownChange, Operation};
use domain::sync::presence::{DraftChanged, Presence, PresencePut, Present};
use domain::sync::subject::Subject;
use domain::sync::wire::{
    Answer, Conflict, DraftAnswer, KnownOutcome, Outcome, PROTOCOL, Push, PushAnswer, Receipt, Refusal,
};
use domain::theme::ThemeId;
use domain::time::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::fmt::Debug;
use std::sync::Arc;

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(1_790_000_000_000 + millis)
}

fn report() -> ReportId {
    ReportId { edition: EditionId::new(at(1), &[1; 10]), member: MemberId::new(at(2), &[2; 10]) }
}

fn item() -> ItemId {
    ItemId::new(at(3), &[3; 10])
}

fn text(words: &str) -> FieldValue {
    FieldValue::Item(item(), ItemValue::Text(words.into()))
}

fn operations() -> Vec<Operation> {
    let set = |base_rev, value| KnownChange::Set { base_rev, value };
    let theme = ThemeId::parse("online-services").expect("a slug");
    let changes = [
        KnownChange::AddItem {
            item: item(),
            section: Section::IssuesAndNeeds,
            position: Position::first(),
            language: Language::Fr,
        },
        set(0, FieldValue::Item(item(), ItemValue::Title("Guichet".into()))),
        set(7, text("Un « guichet » : \u{1F341}\r\nfin")),
        set(8, FieldValue::Item(item(), ItemValue::Themes(vec![theme]))),
        set(9, FieldValue::Item(item(), ItemValue::Deleted(true))),
        set(10, FieldValue::Contact(ContactValue::Phone("555-0100".into()))),
        KnownChange::Submit {},
        KnownChange::Withdraw {},
    ];
    let id = |n: usize| OpId::new(at(10), &[u8::try_from(n).expect("few"); 10]);
    changes.into_iter().enumerate().map(|(n, change)| Operation::new(id(n), report(), change)).collect()
}

fn receipt() -> Receipt {
    Receipt { seq: 42, at: at(20), hash: ContentHash::of_value(&Value::Null), items: 3 }
}

fn outcomes() -> Vec<KnownOutcome> {
    let base = Some(text("base"));
    vec![
        KnownOutcome::Accepted { seq: 41, at: at(20), receipt: None },
        KnownOutcome::Accepted { seq: 42, at: at(20), receipt: Some(receipt()) },
        KnownOutcome::Conflict(Conflict { base, theirs: text("theirs"), theirs_rev: 40, mine: text("mine") }),
        KnownOutcome::Refused(Refusal::Invalid(Invalid::TooLong { chars: 20_001, limit: 20_000 })),
        KnownOutcome::Refused(Refusal::Incomplete { missing: vec![Missing::Items, Missing::Title { item: item() }] }),
        KnownOutcome::Refused(Refusal::EditionClosed),
    ]
}

fn card() -> Card {
    Card {
        item: item(),
        member: report().member,
        section: Section::Priorities,
        position: Position::first(),
        language: Language::Fr,
        title: "Guichet".into(),
        text: "Texte".into(),
        themes: vec![],
        submitted_at: at(20),
        amended_at: Some(at(30)),
        extra: serde_json::Map::new(),
    }
}

fn events() -> Vec<BoardEvent> {
    let event = |seq, change| BoardEvent { seq, at: at(30), change: BoardChange::Known(change), mark: None };
    vec![event(50, KnownBoardChange::Card { card: card() }), event(51, KnownBoardChange::CardRemoved { item: item() })]
}

fn pinned<T: Serialize + DeserializeOwned + PartialEq + Debug>(name: &str, message: &T) {
    let path = format!("{}/tests/golden/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let written = serde_json::to_value(message).expect("JSON");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        let pretty = serde_json::to_string_pretty(&written).expect("JSON");
        std::fs::write(&path, pretty + "\n").expect("a writable file");
    }
    let golden: Value = serde_json::from_str(&std::fs::read_to_string(&path).expect("a golden file")).expect("JSON");
    assert_eq!(written, golden, "{name}");
    assert_eq!(&serde_json::from_value::<T>(golden).expect("the message"), message, "{name}");
}

#[test]
fn messages_are_as_the_golden_files_say() {
    let instance = InstanceId::new(at(0), &[9; 10]);
    pinned(
        "push",
        &Push {
            protocol: PROTOCOL,
            person: PersonId::new(at(4), &[4; 10]),
            device: None,
            instance: None,
            mark: None,
            operations: operations(),
        },
    );
    let answer = |(operation, outcome): (Operation, KnownOutcome)| {
        let outcome = Outcome::Known(outcome);
        Answer { op_id: operation.op_id, hash: operation.hash, status: outcome.status(), outcome }
    };
    let answers = operations().into_iter().zip(outcomes()).map(answer).collect();
    pinned("push_answer", &PushAnswer { protocol: PROTOCOL, instance, answers, mark: None, other_past: false });

    let mut draft = Draft::empty(report());
    draft.contact.set(ContactValue::Name("Camille Exemple".into()), 5);
    draft.items.push(Arc::new(Item::new(item(), Section::MeetingTopics, Position::first(), Language::En, 6)));
    draft.submission = Some(receipt());
    pinned(
        "draft_answer",
        &DraftAnswer { protocol: PROTOCOL, instance, seq: 60, draft, mark: None, other_past: false },
    );

    let events = events();
    let mut page = EventsPage { protocol: PROTOCOL, instance, events, cursor: 60, more: false, mark: None };
    pinned("events_page", &page);
    page.mark = Some(Mark { seq: 60, hash: ChainHash::GENESIS });
    page.events[0].mark = page.mark;
    pinned("events_page_mark", &page);
    let mut board = Board::empty(instance, report().edition, 60, at(40));
    board.cards.insert(item(), card());
    pinned("board", &board);
    board.mark = page.mark;
    pinned("board_mark", &board);
}

#[test]
fn what_a_newer_program_wrote_is_kept() {
    let path = format!("{}/tests/golden/newer.json", env!("CARGO_MANIFEST_DIR"));
    let newer: Value = serde_json::from_str(&std::fs::read_to_string(path).expect("a golden file")).expect("JSON");
    let push: Push = serde_json::from_value(newer["push"].clone()).expect("a push");
    assert!(push.operations.iter().all(|operation| operation.known().is_none()));
    assert_eq!(serde_json::to_value(&push.operations).expect("JSON"), newer["push"]["operations"]);
    let page: EventsPage = serde_json::from_value(newer["events_page"].clone()).expect("a page");
    assert_eq!(serde_json::to_value(&page.events).expect("JSON"), newer["events_page"]["events"]);
    let answer: PushAnswer = serde_json::from_value(newer["push_answer"].clone()).expect("an answer");
    assert_eq!(serde_json::to_value(&answer.answers).expect("JSON"), newer["push_answer"]["answers"]);
}

#[test]
fn messages_about_working_together_are_as_the_golden_files_say() {
    let instance = InstanceId::new(at(0), &[9; 10]);
    let person = PersonId::new(at(4), &[4; 10]);
    let device = || Some("Zr3-tablet_1".to_owned());
    let operations = operations().into_iter().skip(2).take(1).collect();
    pinned(
        "push_device",
        &Push { protocol: PROTOCOL, person, device: device(), instance: None, mark: None, operations },
    );
    let named =
        Push { protocol: PROTOCOL, person, device: None, instance: Some(instance), mark: None, operations: Vec::new() };
    pinned("push_instance", &named);

    let version = |seq, words: &str, device| Version {
        seq,
        at: at(20),
        person,
        name: "Camille Exemple".into(),
        device,
        base_rev: 7,
        value: text(words),
        hash: ContentHash::of_value(&Value::Null),
    };
    let versions = vec![version(None, "kept from a conflict", None), version(Some(41), "theirs", device())];
    let next = Some(Before { upto: 41, skip: 1 });
    pinned("history_page", &HistoryPage { protocol: PROTOCOL, instance, versions, more: true, next });

    let contact = SubmittedContact { name: "Camille Exemple".into(), email: String::new(), phone: "555-0100".into() };
    let (receipt, contact, items) = (Some(receipt()), Some(contact), vec![card()]);
    pinned("submitted", &Submitted { protocol: PROTOCOL, instance, seq: 60, receipt, contact, items });

    let field = Some(text("").key().to_string());
    pinned("presence_put", &PresencePut { device: "Zr3-tablet_1".into(), field: field.clone(), left: false });
    let present =
        |device: &str, field| Present { person, name: "Camille Exemple".into(), device: device.into(), field };
    pinned("presence", &Presence { people: vec![present("Zr3-tablet_1", field), present("phone", None)] });
    pinned("draft_changed", &DraftChanged { seq: 61 });
}

#[test]
fn operations_about_other_subjects_are_as_the_golden_files_say() {
    let about = |(n, subject): (u8, Subject)| {
        let change = Change::from(json!({"kind": "endorse", "n": n}));
        let hash = ContentHash::of(&subject, &change);
        Operation { op_id: OpId::new(at(10), &[n; 10]), subject, change, hash, extra: serde_json::Map::new() }
    };
    let edition = report().edition;
    let subjects = [
        Subject::Card { edition, item: item() },
        Subject::Edition(edition),
        Subject::Council,
        Subject::Unknown("agenda/2027".into()),
    ];
    let operations = (0..).zip(subjects).map(about).collect();
    let person = PersonId::new(at(4), &[4; 10]);
    let mark = Some(Mark { seq: 60, hash: ChainHash::GENESIS });
    let instance = InstanceId::new(at(0), &[9; 10]);
    let named = Push { protocol: PROTOCOL, person, device: None, instance: Some(instance), mark, operations: vec![] };
    pinned("push_mark", &named);
    let answers = Vec::new();
    pinned("push_answer_mark", &PushAnswer { protocol: PROTOCOL, instance, answers, mark, other_past: true });
    pinned("push_subjects", &Push { protocol: PROTOCOL, person, device: None, instance: None, mark: None, operations });
}

#[test]
fn messages_about_cards_are_as_the_golden_files_say() {
    let instance = InstanceId::new(at(0), &[9; 10]);
    let first = Amendment::of(Card { text: "Texte d’avant".into(), ..card() }, 44, at(20));
    let versions = vec![first, Amendment::of(card(), 50, at(30))];
    pinned("amendments", &Amendments { protocol: PROTOCOL, instance, item: item(), versions, more: false });

    let piece = |text: &str, hit| Piece { text: text.into(), hit };
    let hit = Hit {
        edition: report().edition,
        item: item(),
        member: report().member,
        section: Section::Priorities,
        language: Language::Fr,
        title: vec![piece("Guichet ", false), piece("numérique", true)],
        excerpt: vec![piece("… un service ", false), piece("numérique", true), piece(" d’ici 2027", false)],
        score: 4_250,
    };
    pinned("found", &Found { protocol: PROTOCOL, instance, total: 1, more: false, hits: vec![hit] });
}

#[test]
fn messages_about_the_wall_are_as_the_golden_files_say() {
    let person = PersonId::new(at(4), &[4; 10]);
    let member = report().member;
    let place = PlaceQuery::try_from("view=member&item=7".to_owned()).expect("a place");
    let message = Message { text: "Pause".into(), language: Language::Fr, other: Some("Break".into()) };
    let (step, zoom, name) = (Step::of(3), Zoom::default().by(25), "Camille Exemple".to_owned());
    let projection = Projection {
        rev: 12,
        at: at(50),
        presenter: Some(Presenter { person, name: name.clone(), seen: at(49), offered: Some(Named { person, name }) }),
        place: place.clone(),
        step,
        zoom,
        countdown: Some(Countdown::Running { ends: at(60) }),
        message: Some(message.clone()),
        speaker: Some(member),
        next: Some(member),
        extra: serde_json::Map::new(),
    };
    pinned("projection", &projection);
    let held = Projection { countdown: Some(Countdown::Paused { left_ms: 9 }), ..Projection::default() };
    let refused = Some(Refused::Presenting { free_in_seconds: 90 });
    pinned("projection_answer", &ProjectionAnswer { now: at(51), projection: held, refused });
    let commands = [
        KnownCommand::Take {},
        KnownCommand::Release {},
        KnownCommand::Offer { to: person },
        KnownCommand::Withdraw {},
        KnownCommand::Sign {},
        KnownCommand::Show { place, step },
        KnownCommand::Zoom { percent: zoom },
        KnownCommand::Say { message: Some(message) },
        KnownCommand::Floor { speaker: Some(member), next: None },
        KnownCommand::Countdown { seconds: 300 },
        KnownCommand::Pause {},
        KnownCommand::Resume {},
        KnownCommand::Clear {},
    ];
    let commands = commands.into_iter().map(Command::Known).collect();
    pinned("projection_push", &ProjectionPush { base_rev: Some(11), commands });
}
