//! Taking over the council's draft: what a device may replace when it hears from the server.

use crate::field::{FieldKey, FieldValue, FieldWire, Invalid};
use crate::id::ItemId;
use crate::report::{Draft, Rev};
use crate::sync::outbox::Queued;
use crate::sync::wire::Conflict;
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
}

/// A row of the journal: `{"item":"…","field":"title","value":"…","rev":3}`.
#[derive(Serialize, Deserialize)]
struct LocalWire {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    item: Option<ItemId>,
    field: String,
    value: Value,
    rev: Rev,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    conflict: Option<Conflict>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    held: Option<Invalid>,
}

impl TryFrom<LocalWire> for LocalField {
    type Error = serde_json::Error;
    fn try_from(LocalWire { item, field, value, rev, conflict, held }: LocalWire) -> Result<Self, serde_json::Error> {
        Ok(Self { value: FieldWire { item, field, value }.try_into()?, rev, conflict, held })
    }
}

impl From<LocalField> for LocalWire {
    fn from(LocalField { value, rev, conflict, held }: LocalField) -> Self {
        let FieldWire { item, field, value } = value.into();
        Self { item, field, value, rev, conflict, held }
    }
}

impl LocalField {
    /// A field that stands as the council has it.
    #[must_use]
    pub const fn at(value: FieldValue, rev: Rev) -> Self {
        Self { value, rev, conflict: None, held: None }
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
            _ if unsent => None,
            None => (rev > 0).then(|| LocalField::at(value, rev)),
            // A server that was restored from an older backup is not a deletion: the device keeps what it has.
            Some(field) if rev <= field.rev => None,
            Some(field) if field.conflict.is_some() || field.held.is_some() => {
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
