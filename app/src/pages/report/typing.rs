//! What was typed and is not known to be in the journal yet.

use domain::field::{FieldKey, FieldValue};

/// The fields on their way to the journal, and the count of writes, at one moment.
pub type Mark = (Vec<FieldKey>, u64);

/// What is between the keyboard and the journal. A field that is, or was since a reading of the journal began, is
/// not overwritten by what that reading found.
#[derive(Default)]
pub struct Typing {
    /// Typed, not handed to the journal yet.
    pub dirty: Vec<FieldValue>,
    /// Handed over, not known to be written yet.
    pub saving: Vec<FieldKey>,
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

    /// The fields on their way, and the count, as a reading begins.
    pub fn mark(&self) -> Mark {
        (self.dirty.iter().map(FieldValue::key).chain(self.saving.iter().copied()).collect(), self.count)
    }

    /// What the field said when it was last in step with the journal.
    pub fn over(&self, key: FieldKey) -> Option<FieldValue> {
        self.over.iter().find(|over| over.key() == key).cloned()
    }

    /// A value is in the journal: the field is in step again, unless it was typed on meanwhile.
    pub fn saved(&mut self, value: FieldValue) {
        let key = value.key();
        self.over.retain(|over| over.key() != key);
        if self.dirty.iter().any(|dirty| dirty.key() == key) {
            self.over.push(value);
        }
    }

    /// Whether the field was typed on since a reading began.
    pub fn is_newer(&self, key: FieldKey, (on_their_way, count): &Mark) -> bool {
        on_their_way.contains(&key) || self.last.iter().any(|(last, at)| *last == key && at > count)
    }
}
