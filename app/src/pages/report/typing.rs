//! What was typed and is not known to be in the journal yet.

use domain::field::{FieldKey, FieldValue};
use domain::sync::journal::Typed;

/// The fields on their way to the journal, and the count of writes, at one moment.
pub type Mark = (Vec<FieldKey>, u64);

/// What is between the keyboard and the journal. A field that is, or was since a reading of the journal began, is
/// not overwritten by what that reading found.
#[derive(Default)]
pub struct Typing {
    /// Typed, not handed to the journal yet.
    dirty: Vec<FieldValue>,
    /// Handed over, not known to be written yet.
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

    /// Whether something typed has not been handed over.
    pub const fn waits(&self) -> bool {
        !self.dirty.is_empty()
    }

    /// The fields on their way, and the count, as a reading begins.
    pub fn mark(&self) -> Mark {
        (self.dirty.iter().map(FieldValue::key).chain(self.saving.iter().copied()).collect(), self.count)
    }

    fn over(&self, key: FieldKey) -> Option<FieldValue> {
        self.over.iter().find(|over| over.key() == key).cloned()
    }

    /// Hands over what was typed, each with what it was typed on. From here on the person types on what was handed
    /// over: it will be in the journal before anything that is typed later.
    pub fn hand_over(&mut self) -> Vec<Typed> {
        let typed: Vec<Typed> = std::mem::take(&mut self.dirty)
            .into_iter()
            .map(|value| Typed { over: self.over(value.key()), value })
            .collect();
        for Typed { value, .. } in &typed {
            self.saving.push(value.key());
            self.put_over(value.key(), Some(value.clone()));
        }
        typed
    }

    /// The journal took it, or did not: then it is typed still, unless it was typed on meanwhile.
    pub fn settle(&mut self, typed: Vec<Typed>, saved: bool) {
        for Typed { value, over } in typed {
            let key = value.key();
            if let Some(at) = self.saving.iter().position(|saving| *saving == key) {
                self.saving.swap_remove(at);
            }
            let typed_on = self.saving.contains(&key) || self.dirty.iter().any(|dirty| dirty.key() == key);
            match (saved, typed_on) {
                (true, true) => {}
                (true, false) => self.put_over(key, None),
                (false, _) => self.put_over(key, over),
            }
            if !saved && !typed_on {
                self.dirty.push(value);
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
    use domain::field::ContactValue;

    fn name(text: &str) -> FieldValue {
        FieldValue::Contact(ContactValue::Name(text.to_owned()))
    }

    fn typed(text: &str, over: &str) -> Typed {
        Typed { value: name(text), over: Some(name(over)) }
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
    fn what_was_refused_does_not_come_back_over_what_is_on_its_way() {
        let mut typing = Typing::default();
        typing.note(name("a"), Some(name("")));
        let refused = typing.hand_over();
        typing.note(name("ab"), Some(name("a")));
        let later = typing.hand_over();
        typing.settle(refused, false);
        assert!(!typing.waits());
        typing.settle(later, true);
        typing.note(name("abc"), Some(name("ab")));
        assert_eq!(typing.hand_over(), [typed("abc", "ab")]);
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
