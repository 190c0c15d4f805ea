//! Taking over the council's draft: what a device may replace when it hears from the server.

use crate::field::{FieldKey, FieldValue, FieldWire, Invalid};
use crate::id::ItemId;
use crate::report::Draft;
use crate::sync::fault::{self, Fault};
use crate::sync::merge::covers;
use crate::sync::outbox::Queued;
use crate::sync::wire::{Conflict, Rev};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// A field as the device holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "LocalWire", into = "LocalWire")]
pub struct LocalField {
    /// What the person sees.
    pub value: FieldValue,
    /// The revision that it is based on; 0 when the council has never had the field.
    pub rev: Rev,
    /// The council's other text, until the person has chosen.
    pub conflict: Option<Conflict>,
    /// Why the value cannot be sent; it stays on the device meanwhile.
    pub held: Option<Invalid>,
    /// Further texts that were typed on this device while two waited for a choice; kept until it is made.
    pub aside: Vec<FieldValue>,
}

/// A row of the journal: `{"item":"…","field":"title","value":"…","rev":3}`.
#[derive(Serialize)]
struct LocalWire {
    #[serde(skip_serializing_if = "Option::is_none")]
    item: Option<ItemId>,
    field: String,
    value: Value,
    rev: Rev,
    #[serde(skip_serializing_if = "Option::is_none")]
    conflict: Option<Conflict>,
    #[serde(skip_serializing_if = "Option::is_none")]
    held: Option<Invalid>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    aside: Vec<FieldValue>,
}
crate::record!(LocalWire { item or default, field, value, rev, conflict or default, held or default, aside or default });

impl TryFrom<LocalWire> for LocalField {
    type Error = serde_json::Error;
    fn try_from(
        LocalWire { item, field, value, rev, conflict, held, aside }: LocalWire,
    ) -> Result<Self, serde_json::Error> {
        Ok(Self { value: FieldWire { item, field, value }.try_into()?, rev, conflict, held, aside })
    }
}

impl From<LocalField> for LocalWire {
    fn from(LocalField { value, rev, conflict, held, aside }: LocalField) -> Self {
        let FieldWire { item, field, value } = value.into();
        Self { item, field, value, rev, conflict, held, aside }
    }
}

impl LocalField {
    /// A field that stands as the council has it.
    #[must_use]
    pub const fn at(value: FieldValue, rev: Rev) -> Self {
        Self { value, rev, conflict: None, held: None, aside: Vec::new() }
    }

    /// Whether the field waits for the person: it has two texts, or a value that the council cannot take.
    #[must_use]
    pub const fn waits(&self) -> bool {
        self.conflict.is_some() || self.held.is_some()
    }

    /// Keeps a text beside the others, when none of them holds its words.
    pub(super) fn put_aside(&mut self, text: FieldValue) {
        let theirs = self.conflict.as_ref().map(|conflict| &conflict.theirs);
        if !theirs.into_iter().chain([&self.value]).chain(&self.aside).any(|other| covers(other, &text)) {
            self.aside.push(text);
        }
    }

    /// The other text is on this device only (typed here, or lost by the server): what the council writes meanwhile
    /// must not take its place.
    pub(super) fn keep_theirs(&mut self) {
        if let Some(conflict) = &mut self.conflict
            && !self.aside.contains(&conflict.theirs)
        {
            self.aside.push(conflict.theirs.clone());
        }
    }

    /// The council has another text, and nobody knows what both started from.
    pub(super) fn two_texts(&mut self, theirs: FieldValue, theirs_rev: Rev) {
        self.conflict = Some(Conflict { base: None, theirs, theirs_rev, mine: self.value.clone() });
        self.rev = theirs_rev;
    }
}

/// The fields to write on the device after the server gave its draft. What is unsent is never replaced:
/// the server answers its operation with both texts when it comes.
#[must_use]
pub fn reconcile(local: &BTreeMap<FieldKey, LocalField>, queue: &[Queued], council: &Draft) -> Vec<LocalField> {
    let changed = |(value, rev): (FieldValue, Rev)| {
        let key = value.key();
        let unsent = queue.iter().any(|queued| queued.operation.writes(key));
        match local.get(&key) {
            _ if unsent && !fault::is(Fault::OverwriteUnsent) => None,
            None => (rev > 0).then(|| LocalField::at(value, rev)),
            // A server that was restored from an older backup is not a deletion: the device keeps what it has.
            Some(field) if rev < field.rev || (rev == field.rev && field.waits()) => None,
            // Both made the same choice.
            Some(field) if field.value == value && field.aside.is_empty() => {
                (*field != LocalField::at(value.clone(), rev)).then(|| LocalField::at(value, rev))
            }
            Some(field) if field.waits() => {
                let base = field.conflict.as_ref().and_then(|conflict| conflict.base.clone());
                let conflict = Conflict { base, theirs: value, theirs_rev: rev, mine: field.value.clone() };
                Some(LocalField { rev, conflict: Some(conflict), ..field.clone() })
            }
            Some(_) => Some(LocalField::at(value, rev)),
        }
    };
    council.values().filter_map(changed).collect()
}

#[cfg(test)]
mod tests;
