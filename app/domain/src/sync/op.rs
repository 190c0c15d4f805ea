//! Operations: one change to one subject, made on a device, with an id that makes it harmless to repeat.

mod canonical;

use crate::field::{FieldKey, FieldValue, ItemField, ItemValue};
use crate::id::{ItemId, OpId};
use crate::json::{self, Object};
use crate::language::Language;
use crate::limits::OPERATION_EXTRA_BYTES;
use crate::position::Position;
use crate::section::Section;
use crate::sync::subject::{self, Subject};
use crate::sync::wire::Rev;
use canonical::{canonical, size_hint};
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::fmt;
use std::fmt::Write as _;

/// The kind of a change whose content was erased.
const ERASED: &str = "erased";

/// One change, on the wire:
///
/// ```json
/// {"op_id":"…","report":"<edition>.<member>","change":{"kind":"set",…},"hash":"<sha-256>"}
/// ```
///
/// Another subject than a report stands in `"subject"`; see [`Subject`].
#[derive(Debug, Clone, PartialEq)]
pub struct Operation {
    /// Made by the device; the same operation keeps it for ever.
    pub op_id: OpId,
    /// What it changes.
    pub subject: Subject,
    /// What it does.
    pub change: Change,
    /// Of `subject` and `change`; echoed by the answer.
    pub hash: ContentHash,
    /// What a newer program wrote and this one does not know.
    pub extra: Object,
}

impl Serialize for Operation {
    fn serialize<S: Serializer>(&self, target: S) -> Result<S::Ok, S::Error> {
        let (name, subject) = subject::field(&self.subject);
        let mut object = Object::new();
        object.insert("op_id".to_owned(), json::write(&self.op_id));
        object.insert(name.to_owned(), subject);
        object.insert("change".to_owned(), json::write(&self.change));
        object.insert("hash".to_owned(), json::write(&self.hash));
        for (name, kept) in &self.extra {
            object.entry(name.clone()).or_insert_with(|| kept.clone());
        }
        object.serialize(target)
    }
}

impl<'de> Deserialize<'de> for Operation {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        let mut object = Object::deserialize(source)?;
        Self::read(&mut object).map_err(D::Error::custom)
    }
}

/// What an operation does, as far as this program understands it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "snake_case")]
pub enum KnownChange {
    /// Makes an item. The same item again is harmless.
    AddItem {
        /// The device made this id.
        item: ItemId,
        /// Its section.
        section: Section,
        /// Its place.
        position: Position,
        /// The language it will be written in.
        language: Language,
    },
    /// Writes one field of an item, or of the contact person.
    #[serde(with = "set_wire")]
    Set {
        /// The revision that the device last had of this field.
        base_rev: Rev,
        /// The field and its new value.
        value: FieldValue,
    },
    /// Puts the draft as it stands before the council.
    Submit {},
    /// Takes the report back from the board.
    Withdraw {},
}
crate::tagged!(KnownChange, "kind");

/// `{"base_rev":3,"item":"…","field":"title","value":"…"}`
mod set_wire {
    use super::{FieldValue, Rev};
    use crate::field::FieldWire;
    use crate::json::{Object, read, write};
    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use serde_json::Value;

    const BASE_REV: &str = "base_rev";

    pub fn serialize<S: Serializer>(base_rev: &Rev, value: &FieldValue, target: S) -> Result<S::Ok, S::Error> {
        let mut wire = write(value);
        if let Value::Object(fields) = &mut wire {
            fields.insert(BASE_REV.to_owned(), write(base_rev));
        }
        wire.serialize(target)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(source: D) -> Result<(Rev, FieldValue), D::Error> {
        let mut fields = Object::deserialize(source)?;
        let base_rev = fields.remove(BASE_REV).ok_or_else(|| D::Error::missing_field(BASE_REV))?;
        let value = read::<FieldWire>(&Value::Object(fields)).and_then(FieldValue::try_from);
        Ok((read(&base_rev).map_err(D::Error::custom)?, value.map_err(D::Error::custom)?))
    }
}

/// A change, understood or kept as it came.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "Value", into = "Value")]
pub enum Change {
    /// Understood.
    Known(KnownChange),
    /// Of a kind, or with a field, that this program does not know: kept, passed on, never dropped.
    Unknown(Value),
}

impl From<Value> for Change {
    fn from(value: Value) -> Self {
        crate::json::read(&value).map_or_else(|_| Self::Unknown(value), Self::Known)
    }
}

impl From<Change> for Value {
    fn from(change: Change) -> Self {
        match change {
            Change::Known(known) => crate::json::write(&known),
            Change::Unknown(value) => value,
        }
    }
}

impl KnownChange {
    /// The field value that the change writes, if it writes one.
    #[must_use]
    pub const fn value(&self) -> Option<&FieldValue> {
        match self {
            Self::Set { value, .. } => Some(value),
            Self::AddItem { .. } | Self::Submit {} | Self::Withdraw {} => None,
        }
    }

    /// The field values that adding an item writes; none for other changes.
    pub fn added(&self) -> impl Iterator<Item = FieldValue> + use<> {
        let values = if let Self::AddItem { item, section, position, language } = self {
            let values =
                [ItemValue::Section(*section), ItemValue::Position(position.clone()), ItemValue::Language(*language)];
            Some(values.map(|value| FieldValue::Item(*item, value)))
        } else {
            None
        };
        values.into_iter().flatten()
    }

    /// Whether the change writes the field; adding an item writes where it stands and its language.
    #[must_use]
    pub fn writes(&self, key: FieldKey) -> bool {
        match (self, key) {
            (Self::Set { value, .. }, key) => value.key() == key,
            (Self::AddItem { item, .. }, FieldKey::Item(of, field)) => *item == of && ADDED_FIELDS.contains(&field),
            _ => false,
        }
    }

    /// Whether the change fixes what came before it: nothing moves from one side of it to the other.
    #[must_use]
    pub const fn is_barrier(&self) -> bool {
        matches!(self, Self::Submit {} | Self::Withdraw {})
    }
}

impl Operation {
    /// An operation with its hash.
    #[must_use]
    pub fn new(op_id: OpId, subject: impl Into<Subject>, change: KnownChange) -> Self {
        let (subject, change) = (subject.into(), Change::Known(change));
        let hash = ContentHash::of(&subject, &change);
        Self { op_id, subject, change, hash, extra: Object::new() }
    }

    /// An operation about a subject of which the feature reads the change itself, with [`Self::change_as`].
    #[must_use]
    pub fn about<C: Serialize>(op_id: OpId, subject: Subject, change: &C) -> Self {
        let change = Change::Unknown(json::write(change));
        let hash = ContentHash::of(&subject, &change);
        Self { op_id, subject, change, hash, extra: Object::new() }
    }

    /// The change as a feature reads it; none when it is not in its form.
    #[must_use]
    pub fn change_as<C: DeserializeOwned>(&self) -> Option<C> {
        match &self.change {
            Change::Known(_) => None,
            Change::Unknown(value) => json::read(value).ok(),
        }
    }

    fn read(object: &mut Object) -> Result<Self, serde_json::Error> {
        let (op_id, subject) = (json::take(object, "op_id")?, subject::take(object)?);
        let change: Value = json::take(object, "change")?;
        // The same words may mean something else about another subject.
        let change = if subject.report().is_some() { Change::from(change) } else { Change::Unknown(change) };
        Ok(Self { op_id, subject, change, hash: json::take(object, "hash")?, extra: std::mem::take(object) })
    }

    /// Whether the hash is that of the content: a body cut or altered on the way is not taken.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.hash == ContentHash::of(&self.subject, &self.change)
    }

    /// Whether what this program does not know of it is more than it keeps.
    #[must_use]
    pub fn is_overloaded(&self) -> bool {
        !self.extra.is_empty() && json::write(&self.extra).to_string().len() > OPERATION_EXTRA_BYTES
    }

    /// Erases the content; the id, the subject and the hash stay, so that a repetition is still recognised.
    pub fn erase(&mut self) {
        self.change = Change::Unknown(serde_json::json!({ "kind": ERASED }));
        self.extra = Object::new();
    }

    /// Whether its content was erased.
    #[must_use]
    pub fn is_erased(&self) -> bool {
        matches!(&self.change, Change::Unknown(change) if change["kind"] == ERASED)
    }

    /// What it does, when this program understands it.
    #[must_use]
    pub const fn known(&self) -> Option<&KnownChange> {
        match &self.change {
            Change::Known(known) => Some(known),
            Change::Unknown(_) => None,
        }
    }

    /// Whether it writes the field.
    #[must_use]
    pub fn writes(&self, key: FieldKey) -> bool {
        self.known().is_some_and(|change| change.writes(key))
    }

    /// Whether it adds the item that the field is of: nothing about the field goes before it.
    #[must_use]
    pub fn adds(&self, key: FieldKey) -> bool {
        matches!((self.known(), key), (Some(KnownChange::AddItem { item, .. }), FieldKey::Item(of, _)) if *item == of)
    }

    /// Whether it is a submission or a withdrawal.
    #[must_use]
    pub fn is_barrier(&self) -> bool {
        self.known().is_some_and(KnownChange::is_barrier)
    }

    /// The same operation on another revision. Only for one that has never been sent: its hash changes.
    #[must_use]
    pub fn rebased(self, rev: Rev) -> Self {
        match self.change {
            Change::Known(KnownChange::Set { value, .. }) => {
                Self::new(self.op_id, self.subject, KnownChange::Set { base_rev: rev, value })
            }
            _ => self,
        }
    }
}

/// SHA-256 in lower-case hexadecimal, 64 characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ContentHash(String);

/// A text that is not a SHA-256 in lower-case hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a SHA-256 in hexadecimal")]
pub struct NotAHash;

impl ContentHash {
    /// The hash of an operation's content: of `<subject>\n<change as canonical JSON>`.
    #[must_use]
    pub fn of(subject: &Subject, change: &Change) -> Self {
        let (value, subject) = (Value::from(change.clone()), subject.to_string());
        let mut text = Vec::with_capacity(subject.len() + 1 + size_hint(&value));
        text.extend_from_slice(subject.as_bytes());
        text.push(b'\n');
        canonical(&value, &mut text);
        Self::of_text(&text)
    }

    /// The hash of a JSON value in its canonical form (see [`canonical`]).
    #[must_use]
    pub fn of_value(value: &Value) -> Self {
        let mut text = Vec::with_capacity(size_hint(value));
        canonical(value, &mut text);
        Self::of_text(&text)
    }

    /// The hash of a text that is canonical JSON.
    #[must_use]
    fn of_text(text: &[u8]) -> Self {
        Self::of_digest(&Sha256::digest(text))
    }

    /// The hash whose bytes these are.
    #[must_use]
    pub(crate) fn of_digest(digest: &[u8]) -> Self {
        let mut hex = String::with_capacity(64);
        for byte in digest {
            let _ = write!(hex, "{byte:02x}");
        }
        Self(hex)
    }

    /// The first eight characters: what a person compares.
    #[must_use]
    pub fn short(&self) -> &str {
        self.0.get(..8).unwrap_or(&self.0)
    }
}

impl fmt::Display for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for ContentHash {
    type Error = NotAHash;
    fn try_from(text: String) -> Result<Self, NotAHash> {
        let hex = text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        if hex { Ok(Self(text)) } else { Err(NotAHash) }
    }
}

impl From<ContentHash> for String {
    fn from(hash: ContentHash) -> Self {
        hash.0
    }
}

/// The fields that an [`KnownChange::AddItem`] sets by itself.
pub const ADDED_FIELDS: [ItemField; 3] = [ItemField::Section, ItemField::Position, ItemField::Language];

#[cfg(test)]
mod tests;
