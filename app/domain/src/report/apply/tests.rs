//! Whatever several people do: a report made again from the log is the report that was decided.

use super::*;
use crate::field::{ContactValue, FieldValue, ItemField, ItemValue};
use crate::id::{EditionId, ItemId, MemberId, OpId, PersonId, ReportId};
use crate::language::Language;
use crate::position::Position;
use crate::report::decide::{ReportDecision, decide};
use crate::section::Section;
use crate::sync::decide::Surroundings;
use crate::sync::op::{KnownChange, Operation};
use crate::sync::subject::Subject;
use crate::sync::wire::Rev;
use crate::theme::ThemeId;
use crate::time::Timestamp;
use proptest::prelude::*;
use std::collections::BTreeSet;

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

fn report() -> ReportId {
    ReportId { edition: EditionId::new(at(1), &[1; 10]), member: MemberId::new(at(1), &[2; 10]) }
}

fn item(n: u8) -> ItemId {
    ItemId::new(at(1), &[n; 10])
}

fn theme(n: u8) -> ThemeId {
    ThemeId::parse(["alpha", "bravo", "charlie"][usize::from(n % 3)]).expect("a slug")
}

/// What somebody does. `stale`: how many changes of the council they have not seen.
#[derive(Debug, Clone)]
enum Act {
    Add {
        item: u8,
    },
    Set {
        value: FieldValue,
        stale: u64,
    },
    Submit,
    Withdraw,
    /// Other subjects move the sequence.
    Elsewhere {
        by: u64,
    },
}

fn value() -> impl Strategy<Value = FieldValue> {
    let words = "[a-c]{0,2}";
    let of_item = |value: BoxedStrategy<ItemValue>| (0_u8..4, value).prop_map(|(n, v)| FieldValue::Item(item(n), v));
    prop_oneof![
        2 => words.prop_map(|text| FieldValue::Contact(ContactValue::Name(text))),
        1 => words.prop_map(|text| FieldValue::Contact(ContactValue::Phone(text))),
        4 => of_item(words.prop_map(ItemValue::Title).boxed()),
        4 => of_item(words.prop_map(ItemValue::Text).boxed()),
        2 => of_item(any::<bool>().prop_map(ItemValue::Deleted).boxed()),
        1 => of_item((0_usize..4).prop_map(|n| ItemValue::Section(Section::ALL[n])).boxed()),
        1 => of_item(proptest::collection::vec(0_u8..3, 0..3)
            .prop_map(|list| ItemValue::Themes(list.into_iter().map(theme).collect())).boxed()),
        1 => of_item(any::<bool>().prop_map(|en| ItemValue::Language(if en { Language::En } else { Language::Fr }))
            .boxed()),
        1 => of_item(Just(ItemValue::Position(Position::between(Some(&Position::first()), None))).boxed()),
    ]
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        3 => (0_u8..4).prop_map(|item| Act::Add { item }),
        12 => (value(), prop_oneof![4 => Just(0), 1 => 1_u64..4]).prop_map(|(value, stale)| Act::Set { value, stale }),
        4 => Just(Act::Submit),
        1 => Just(Act::Withdraw),
        1 => (1_u64..5).prop_map(|by| Act::Elsewhere { by }),
    ]
}

/// The server that decides, and the log it writes.
struct Server {
    state: ReportState,
    seq: u64,
    now: i64,
    open: bool,
    log: Vec<(Operation, ReportDecision)>,
}

impl Server {
    fn new() -> Self {
        Self { state: ReportState::empty(report()), seq: 0, now: 0, open: true, log: Vec::new() }
    }

    fn rev(&self, value: &FieldValue) -> Rev {
        let mut fields = self.state.draft.values();
        fields.find(|(head, _)| head.key() == value.key()).map_or(0, |(_, rev)| rev)
    }

    fn act(&mut self, act: &Act) {
        self.now += 7;
        let change = match act {
            Act::Add { item: n } => KnownChange::AddItem {
                item: item(*n),
                section: Section::Priorities,
                position: Position::first(),
                language: Language::En,
            },
            Act::Set { value, stale } => {
                KnownChange::Set { base_rev: self.rev(value).saturating_sub(*stale), value: value.clone() }
            }
            Act::Submit => KnownChange::Submit {},
            Act::Withdraw => KnownChange::Withdraw {},
            Act::Elsewhere { by } => {
                self.seq += by;
                return;
            }
        };
        let op_id = OpId::new(at(self.now), &[0; 10]);
        self.take(&Operation::new(op_id, report(), change));
    }

    fn take(&mut self, operation: &Operation) -> ReportDecision {
        let themes = BTreeSet::from([theme(0), theme(1)]);
        let (open, now, by) = (self.open, at(self.now), PersonId::new(at(1), &[3; 10]));
        let around = Surroundings { by, open, themes: &themes, now, foreign: false, whole: true };
        let decision = decide(&mut self.state, operation, around, self.seq);
        self.seq += decision.done.events.len() as u64;
        if !matches!(decision.outcome, KnownOutcome::Refused(_)) {
            self.log.push((operation.clone(), decision.clone()));
        }
        decision
    }

    fn replayed(&self, state: &mut ReportState) -> Vec<ReportDone> {
        let by = PersonId::new(at(1), &[3; 10]);
        let one = |(operation, decision): &(Operation, ReportDecision)| {
            apply(state, Decided { operation, by, outcome: &decision.outcome })
        };
        self.log.iter().map(one).collect()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_report_made_again_from_the_log_is_the_one_that_was_decided(
        acts in proptest::collection::vec(act(), 0..60),
    ) {
        let mut server = Server::new();
        // Enough for submissions to be taken, so that cards come, change and go.
        server.act(&Act::Set { value: FieldValue::Contact(ContactValue::Name("n".into())), stale: 0 });
        server.act(&Act::Set { value: FieldValue::Contact(ContactValue::Email("e@demo.example".into())), stale: 0 });
        let mut follower = ReportState::empty(report());
        let mut read = 0;
        for act in &acts {
            server.act(act);
            for (operation, decision) in &server.log[read..] {
                let by = PersonId::new(at(1), &[3; 10]);
                let done = apply(&mut follower, Decided { operation, by, outcome: &decision.outcome });
                prop_assert_eq!(&done, &decision.done);
            }
            read = server.log.len();
            prop_assert_eq!(&follower, &server.state);
        }
        let mut again = ReportState::empty(report());
        let done = server.replayed(&mut again);
        prop_assert_eq!(&again, &server.state);
        for (done, (operation, decision)) in done.iter().zip(&server.log) {
            prop_assert_eq!(done, &decision.done, "{:?}", operation);
        }
        let nothing = server.replayed(&mut again);
        prop_assert!(nothing.iter().all(|done| *done == Done::nothing()), "read a second time it does nothing");
        prop_assert_eq!(&again, &server.state);
    }

    #[test]
    fn rows_say_enough_to_go_on_from(acts in proptest::collection::vec(act(), 0..60), cut in 0_usize..60) {
        let mut server = Server::new();
        let mut rows = ReportState::empty(report());
        let mut from = 0;
        for (n, act) in acts.iter().enumerate() {
            server.act(act);
            if n == cut {
                rows = ReportState::of(server.state.draft.clone(), server.state.cards.clone());
                from = server.log.len();
            }
        }
        for (operation, decision) in &server.log[from..] {
            let by = PersonId::new(at(1), &[3; 10]);
            let done = apply(&mut rows, Decided { operation, by, outcome: &decision.outcome });
            prop_assert_eq!(&done, &decision.done);
        }
        prop_assert_eq!((&rows.draft, &rows.cards), (&server.state.draft, &server.state.cards));
    }
}

/// A report that was submitted, amended and brought back: each act on its own line, so that the times can be read.
fn amended() -> Server {
    let mut server = Server::new();
    let text = |words: &str| Act::Set { value: FieldValue::Item(item(1), ItemValue::Text(words.into())), stale: 0 };
    let title = FieldValue::Item(item(1), ItemValue::Title("t".into()));
    let contact = |value| Act::Set { value: FieldValue::Contact(value), stale: 0 };
    for act in [
        contact(ContactValue::Name("n".into())),
        contact(ContactValue::Email("e@demo.example".into())),
        Act::Add { item: 1 },
        Act::Set { value: title, stale: 0 },
        text("a"),
        Act::Submit,
        text("b"),
        Act::Elsewhere { by: 3 },
        Act::Submit,
    ] {
        server.act(&act);
    }
    server
}

#[test]
fn the_times_of_cards_are_those_of_the_submissions() {
    let server = amended();
    let mut again = ReportState::empty(report());
    server.replayed(&mut again);
    let card = &again.cards[&item(1)];
    assert_eq!((card.submitted_at, card.amended_at), (at(6 * 7), Some(at(9 * 7))));
    assert_eq!(again, server.state);
}

#[test]
fn a_receipt_stays_when_a_text_was_erased_from_the_log() {
    let mut server = amended();
    for (operation, _) in &mut server.log {
        if operation.writes(crate::field::FieldKey::Item(item(1), ItemField::Text)) {
            let value = FieldValue::Item(item(1), ItemValue::Text(String::new()));
            operation.change = crate::sync::op::Change::Known(KnownChange::Set { base_rev: 0, value });
        }
    }
    let mut again = ReportState::empty(report());
    server.replayed(&mut again);
    assert_eq!(again.draft.submission, server.state.draft.submission);
}

#[test]
fn what_is_about_another_subject_or_was_not_accepted_changes_nothing() {
    let server = amended();
    let mut again = server.state.clone();
    let by = PersonId::new(at(1), &[3; 10]);
    let accepted = KnownOutcome::Accepted { seq: 99, at: at(99), receipt: None };
    let other = Operation::new(OpId::new(at(1), &[9; 10]), Subject::Council, KnownChange::Withdraw {});
    assert_eq!(apply(&mut again, Decided { operation: &other, by, outcome: &accepted }), Done::nothing());
    let refused = KnownOutcome::Refused(crate::sync::wire::Refusal::EditionClosed);
    let ours = Operation::new(OpId::new(at(1), &[8; 10]), report(), KnownChange::Withdraw {});
    assert_eq!(apply(&mut again, Decided { operation: &ours, by, outcome: &refused }), Done::nothing());
    assert_eq!(again, server.state);
    apply(&mut again, Decided { operation: &ours, by, outcome: &accepted });
    assert!(again.cards.is_empty() && again.last == 99);
}
