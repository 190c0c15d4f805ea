//! The server's named cases.

use super::*;
use crate::board::{Applied, Board, BoardEvent};
use crate::field::{ContactValue, Invalid};
use crate::id::{EditionId, InstanceId, OpId, PersonId, ReportId};
use crate::language::Language;
use crate::position::Position;
use crate::report::Missing;
use crate::section::Section;
use crate::theme::ThemeId;

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

fn person() -> PersonId {
    PersonId::new(at(1), &[5; 10])
}

fn item(n: u8) -> ItemId {
    ItemId::new(at(1), &[n; 10])
}

fn text(n: u8, words: &str) -> FieldValue {
    FieldValue::Item(item(n), ItemValue::Text(words.into()))
}

fn title(n: u8, words: &str) -> FieldValue {
    FieldValue::Item(item(n), ItemValue::Title(words.into()))
}

/// A report with the sequence it stands at: what the store keeps.
struct Server {
    state: ReportState,
    themes: BTreeSet<ThemeId>,
    open: bool,
    seq: Seq,
    events: Vec<Event<EventKind>>,
    made: u8,
}

impl Server {
    fn new() -> Self {
        let report = ReportId { edition: EditionId::new(at(1), &[1; 10]), member: MemberId::new(at(1), &[2; 10]) };
        let themes = BTreeSet::from([ThemeId::parse("online-services").expect("a slug")]);
        let state = ReportState::empty(report);
        Self { state, themes, open: true, seq: 0, events: vec![], made: 0 }
    }

    fn take(&mut self, change: KnownChange) -> KnownOutcome {
        self.made += 1;
        let op = Operation::new(OpId::new(at(1), &[self.made; 10]), self.state.draft.report, change);
        self.take_operation(&op)
    }

    fn take_operation(&mut self, op: &Operation) -> KnownOutcome {
        let now = at(100 + i64::from(self.made));
        let around = Surroundings {
            by: person(),
            open: self.open,
            themes: &self.themes,
            now,
            foreign: false,
            whole: op.is_whole(),
        };
        let decision = decide(&mut self.state, op, around, self.seq);
        for (n, event) in decision.done.events.iter().enumerate() {
            assert_eq!(event.seq, self.seq + 1 + n as u64, "no gap in the sequence");
        }
        self.seq += decision.done.events.len() as u64;
        self.events.extend(decision.done.events);
        decision.outcome
    }

    fn set(&mut self, base_rev: Rev, value: FieldValue) -> KnownOutcome {
        self.take(KnownChange::Set { base_rev, value })
    }

    fn add(&mut self, n: u8) -> KnownOutcome {
        let (section, position, language) = (Section::Achievements, Position::first(), Language::En);
        self.take(KnownChange::AddItem { item: item(n), section, position, language })
    }

    /// A report that can be submitted.
    fn ready() -> Self {
        let mut server = Self::new();
        server.set(0, FieldValue::Contact(ContactValue::Name("A".into())));
        server.set(0, FieldValue::Contact(ContactValue::Email("a@demo.example".into())));
        server.add(1);
        server.set(0, title(1, "one"));
        server.set(0, text(1, "first"));
        server
    }

    fn board_events(&self) -> Vec<BoardEvent> {
        let board = |event: &Event<EventKind>| match &event.kind {
            EventKind::Board(change) => {
                Some(BoardEvent { seq: event.seq, at: at(1), change: change.clone(), mark: None })
            }
            _ => None,
        };
        self.events.iter().filter_map(board).collect()
    }
}

fn accepted(seq: Seq) -> impl Fn(&KnownOutcome) -> bool {
    move |outcome| matches!(outcome, KnownOutcome::Accepted { seq: s, .. } if *s == seq)
}

fn refused(outcome: KnownOutcome) -> Refusal {
    match outcome {
        KnownOutcome::Refused(refusal) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

#[test]
fn a_change_on_the_present_revision_is_accepted() {
    let mut server = Server::new();
    assert!(accepted(1)(&server.add(1)));
    assert!(accepted(2)(&server.set(0, text(1, "a"))));
    assert!(accepted(3)(&server.set(2, text(1, "b"))));
    assert!(accepted(1)(&server.add(1)), "the same item again is harmless");
    assert_eq!(server.seq, 3);
}

#[test]
fn a_stale_text_is_a_conflict_that_changes_nothing() {
    let mut server = Server::new();
    server.add(1);
    server.set(0, text(1, "theirs"));
    let before = server.state.clone();
    let outcome = server.set(0, text(1, "mine"));
    let expected = Conflict { base: None, theirs: text(1, "theirs"), theirs_rev: 2, mine: text(1, "mine") };
    assert_eq!(outcome, KnownOutcome::Conflict(expected));
    assert_eq!(server.state, before);
    assert!(accepted(2)(&server.set(0, text(1, "theirs"))), "the same words are no conflict");
}

#[test]
fn a_stale_place_or_deletion_follows_the_servers_order() {
    let mut server = Server::new();
    server.add(1);
    let place = |p: &Position| FieldValue::Item(item(1), ItemValue::Position(p.clone()));
    let second = Position::between(Some(&Position::first()), None);
    let third = Position::between(Some(&second), None);
    assert!(accepted(2)(&server.set(1, place(&second))));
    assert!(accepted(3)(&server.set(1, place(&third))));
    assert_eq!(server.state.draft.items[0].position.value, third);
}

#[test]
fn an_edit_beats_a_deletion() {
    let mut server = Server::ready();
    server.set(0, FieldValue::Item(item(1), ItemValue::Deleted(true)));
    server.set(5, text(1, "typed on the train"));
    let kept = &server.state.draft.items[0];
    assert!(!kept.deleted.value);
    assert_eq!(kept.text.value, "typed on the train");
}

#[test]
fn refusals_name_their_reason_and_change_nothing() {
    let mut server = Server::ready();
    let before = (server.state.clone(), server.seq);
    assert_eq!(refused(server.set(0, text(9, "a"))), Refusal::NoSuchItem);
    let long = server.set(5, text(1, &"a".repeat(20_001)));
    assert_eq!(refused(long), Refusal::Invalid(Invalid::TooLong { chars: 20_001, limit: 20_000 }));
    let theme = ThemeId::parse("unheard-of").expect("a slug");
    let themes = FieldValue::Item(item(1), ItemValue::Themes(vec![theme]));
    assert_eq!(refused(server.set(0, themes)), Refusal::NoSuchTheme);
    assert_eq!(refused(server.take(KnownChange::Withdraw {})), Refusal::NotSubmitted);

    let mut altered = Operation::new(OpId::new(at(1), &[99; 10]), server.state.draft.report, KnownChange::Submit {});
    altered.change = crate::sync::op::Change::Known(KnownChange::Withdraw {});
    assert_eq!(refused(server.take_operation(&altered)), Refusal::HashMismatch);

    let card = Subject::Card { edition: server.state.draft.report.edition, item: item(1) };
    for subject in [card, Subject::Unknown("agenda/2027".into())] {
        let other = Operation::new(OpId::new(at(1), &[98; 10]), subject, KnownChange::Withdraw {});
        assert_eq!(refused(server.take_operation(&other)), Refusal::NotUnderstood);
    }

    server.open = false;
    assert_eq!(refused(server.set(5, text(1, "late"))), Refusal::EditionClosed);
    assert_eq!((server.state, server.seq), before);
}

#[test]
fn a_report_has_at_most_so_many_items() {
    let mut server = Server::new();
    for n in 0..200 {
        server.add(n);
    }
    assert_eq!(refused(server.add(201)), Refusal::TooManyItems);
    server.set(0, FieldValue::Item(item(7), ItemValue::Deleted(true)));
    assert!(matches!(server.add(201), KnownOutcome::Accepted { .. }));
}

#[test]
fn an_incomplete_report_is_not_submitted() {
    let mut server = Server::new();
    let missing = vec![Missing::ContactName, Missing::ContactWay, Missing::Items];
    assert_eq!(refused(server.take(KnownChange::Submit {})), Refusal::Incomplete { missing });
}

#[test]
fn a_submission_puts_cards_on_the_board_and_amending_moves_only_what_changed() {
    let mut server = Server::ready();
    server.add(2);
    server.set(0, title(2, "two"));
    let KnownOutcome::Accepted { seq, receipt: Some(first), .. } = server.take(KnownChange::Submit {}) else {
        panic!("submitted")
    };
    assert_eq!((first.seq, first.items), (seq, 2));
    assert_eq!(server.board_events().len(), 2);

    server.set(5, text(1, "first, amended"));
    let again = server.take(KnownChange::Submit {});
    let KnownOutcome::Accepted { receipt: Some(second), .. } = again else { panic!("submitted") };
    assert_ne!(first.hash, second.hash);
    let events = server.board_events();
    assert_eq!(events.len(), 3, "one card changed");
    let mut board = Board::empty(InstanceId::new(at(1), &[1; 10]), server.state.draft.report.edition, 0, at(0));
    let applied: Vec<_> = events.iter().map(|event| board.apply(event)).collect();
    assert_eq!(applied, [Applied::New(item(1)), Applied::New(item(2)), Applied::Changed(item(1))]);
    assert!(board.cards.values().eq(server.state.cards.values().map(|card| &**card)));
    let card = &board.cards[&item(1)];
    assert!(card.amended_at.is_some_and(|at| at > card.submitted_at));
}

#[test]
fn drafts_do_not_leak_onto_the_board() {
    let mut server = Server::ready();
    server.take(KnownChange::Submit {});
    server.set(5, text(1, "not for the council yet"));
    server.add(2);
    server.set(0, title(2, "a draft"));
    assert_eq!(server.board_events().len(), 1);
    assert_eq!(server.state.cards[&item(1)].text, "first");
}

#[test]
fn a_withdrawal_and_a_deletion_take_cards_off_the_board() {
    let mut server = Server::ready();
    server.add(2);
    server.set(0, title(2, "two"));
    server.take(KnownChange::Submit {});
    server.set(0, FieldValue::Item(item(2), ItemValue::Deleted(true)));
    server.take(KnownChange::Submit {});
    assert_eq!(server.state.cards.keys().copied().collect::<Vec<_>>(), [item(1)]);
    server.take(KnownChange::Withdraw {});
    assert!(server.state.cards.is_empty() && server.state.draft.submission.is_none());
    server.take(KnownChange::Submit {});
    assert_eq!(server.state.cards.len(), 1, "and it can be submitted again");
}
