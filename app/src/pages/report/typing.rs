//! What was typed or done and is not known to be in the journal yet.

use crate::client::reports::Edit;
use domain::field::{FieldKey, FieldValue};
use domain::sync::op::KnownChange;

/// The fields on their way to the journal, and the count of writes, at one moment.
pub type Mark = (Vec<FieldKey>, u64);

/// What is between the keyboard and the journal. A field that is, or was since a reading of the journal began, is
/// not overwritten by what that reading found.
#[derive(Default)]
pub struct Typing {
    /// What goes to the journal next, in the order of what the person did: acts, what was typed before them, and what
    /// the journal has refused. Whoever saves takes all of it, so that no act is overtaken by what was typed after it.
    waiting: Vec<Edit>,
    /// Typed since.
    dirty: Vec<FieldValue>,
    /// On their way, not known to be written yet: once for each write.
    saving: Vec<FieldKey>,
    /// Counts every write.
    count: u64,
    /// The count at each field's last write.
    last: Vec<(FieldKey, u64)>,
    /// What the screen showed of each field when it was last in step with the journal: what was typed on.
    over: Vec<FieldValue>,
}

impl Typing {
    /// `shown`: what the field said before.
    pub fn note(&mut self, value: FieldValue, shown: Option<FieldValue>) {
        let key = value.key();
        if self.over(key).is_none() {
            self.over.extend(shown);
        }
        self.count += 1;
        self.dirty.retain(|dirty| dirty.key() != key);
        self.dirty.push(value);
        self.last.retain(|(last, _)| *last != key);
        self.last.push((key, self.count));
    }

    /// A change that is not typing: after what was typed before it, and before what is typed after it.
    pub fn act(&mut self, edit: Edit) {
        self.seal();
        self.waiting.push(edit);
    }

    /// Whether something has not been handed over.
    pub const fn waits(&self) -> bool {
        !self.dirty.is_empty() || !self.waiting.is_empty()
    }

    /// The fields on their way, and the count, as a reading begins.
    pub fn mark(&self) -> Mark {
        (self.dirty.iter().map(FieldValue::key).chain(self.saving.iter().copied()).collect(), self.count)
    }

    fn over(&self, key: FieldKey) -> Option<FieldValue> {
        self.over.iter().find(|over| over.key() == key).cloned()
    }

    /// Hands over all that waits, each text with what it was typed on.
    pub fn hand_over(&mut self) -> Vec<Edit> {
        self.seal();
        std::mem::take(&mut self.waiting)
    }

    /// From here on the person types on what was typed: it will be in the journal before anything that is typed later.
    fn seal(&mut self) {
        let act = self.waiting.iter().rposition(|edit| !matches!(edit, Edit::Write(..)));
        let from = act.map_or(0, |act| act + 1);
        for value in std::mem::take(&mut self.dirty) {
            let key = value.key();
            let over = self.over(key);
            self.put_over(key, Some(value.clone()));
            // What the journal has refused is typed on.
            let same = self.waiting[from..].iter_mut().find(|edit| edit.writes() == Some(key));
            if let Some(Edit::Write(before, _)) = same {
                *before = value;
            } else {
                self.saving.push(key);
                self.waiting.push(Edit::Write(value, over));
            }
        }
    }

    /// The journal took it, or did not: then it is the first to go next time. A choice or a submission that it did not
    /// take is the person's to make again; an item that was added is on the screen, and is written in.
    pub fn settle(&mut self, edits: Vec<Edit>, saved: bool) {
        if !saved {
            let stays = |edit: &Edit| matches!(edit, Edit::Write(..) | Edit::Change(KnownChange::AddItem { .. }));
            self.waiting.splice(0..0, edits.into_iter().filter(stays));
            return;
        }
        for key in edits.iter().filter_map(Edit::writes) {
            if let Some(at) = self.saving.iter().position(|saving| *saving == key) {
                self.saving.swap_remove(at);
            }
            if !self.saving.contains(&key) && !self.dirty.iter().any(|dirty| dirty.key() == key) {
                self.put_over(key, None);
            }
        }
    }

    fn put_over(&mut self, key: FieldKey, over: Option<FieldValue>) {
        self.over.retain(|known| known.key() != key);
        self.over.extend(over);
    }

    /// Whether the field was typed on since a reading began.
    pub fn is_newer(&self, key: FieldKey, (on_their_way, count): &Mark) -> bool {
        on_their_way.contains(&key) || self.last.iter().any(|(last, at)| *last == key && at > count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::field::{ContactValue, ItemValue};
    use domain::id::ItemId;
    use domain::language::Language;
    use domain::position::Position;
    use domain::section::Section;
    use domain::time::Timestamp;

    fn name(text: &str) -> FieldValue {
        FieldValue::Contact(ContactValue::Name(text.to_owned()))
    }

    fn typed(text: &str, over: &str) -> Edit {
        Edit::Write(name(text), Some(name(over)))
    }

    #[test]
    fn what_is_typed_during_a_save_is_typed_on_what_is_being_saved() {
        let mut typing = Typing::default();
        typing.note(name("a"), Some(name("")));
        let first = typing.hand_over();
        assert_eq!(first, [typed("a", "")]);
        typing.note(name("ab"), Some(name("a")));
        // The page may go away before the first save is known to be done.
        assert_eq!(typing.hand_over(), [typed("ab", "a")]);
        typing.settle(first, true);
        assert!(!typing.waits());
    }

    #[test]
    fn what_the_journal_refused_is_typed_still_on_what_it_was_typed_on() {
        let mut typing = Typing::default();
        typing.note(name("a"), Some(name("")));
        let refused = typing.hand_over();
        typing.settle(refused, false);
        assert_eq!(typing.hand_over(), [typed("a", "")]);

        let mut typing = Typing::default();
        typing.note(name("a"), Some(name("")));
        let refused = typing.hand_over();
        typing.note(name("ab"), Some(name("a")));
        typing.settle(refused, false);
        assert_eq!(typing.hand_over(), [typed("ab", "")]);
    }

    #[test]
    fn an_act_goes_before_what_is_typed_after_it_whoever_saves() {
        let mut typing = Typing::default();
        typing.note(name("a"), Some(name("")));
        let saving = typing.hand_over();
        // The next save waits behind this one; what it will take is what is there then.
        typing.note(name("ab"), Some(name("a")));
        typing.act(Edit::Change(KnownChange::Submit {}));
        typing.note(name("abc"), Some(name("ab")));
        typing.settle(saving, true);
        assert!(typing.waits());
        assert_eq!(typing.hand_over(), [typed("ab", "a"), Edit::Change(KnownChange::Submit {}), typed("abc", "ab")]);
        assert!(!typing.waits());
    }

    #[test]
    fn an_item_that_the_journal_refused_is_added_before_what_is_typed_in_it() {
        let item = ItemId::new(Timestamp::from_millis(1), &[7; 10]);
        let add = Edit::Change(KnownChange::AddItem {
            item,
            section: Section::Priorities,
            position: Position::first(),
            language: Language::En,
        });
        let title = Edit::Write(FieldValue::Item(item, ItemValue::Title("a".into())), None);
        let mut typing = Typing::default();
        typing.act(add.clone());
        let refused = typing.hand_over();
        typing.note(FieldValue::Item(item, ItemValue::Title("a".into())), None);
        typing.settle(refused, false);
        assert_eq!(typing.hand_over(), [add, title]);
        // A submission is not made hours later, when there is space again.
        typing.act(Edit::Change(KnownChange::Submit {}));
        let refused = typing.hand_over();
        typing.settle(refused, false);
        assert!(!typing.waits());
    }

    #[test]
    fn a_field_that_was_saved_is_typed_on_as_it_is_shown_then() {
        let mut typing = Typing::default();
        typing.note(name("a"), Some(name("")));
        let saved = typing.hand_over();
        typing.settle(saved, true);
        typing.note(name("a, b"), Some(name("a, and theirs")));
        assert_eq!(typing.hand_over(), [typed("a, b", "a, and theirs")]);
    }
}
