//! Reads cards as they come, one by one or in a board. All other messages are read into a form of their own first,
//! which is little code; there may be ten thousand cards between a person and what they look at.

use super::{Board, Card};
use crate::json::{Object, take, take_or_default};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use std::fmt;

/// The name of a field.
enum Name {
    Known(Field),
    Other(String),
}

#[derive(Clone, Copy)]
enum Field {
    Item,
    Member,
    Section,
    Position,
    Language,
    Title,
    Text,
    Themes,
    SubmittedAt,
    AmendedAt,
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        struct Names;
        impl Visitor<'_> for Names {
            type Value = Name;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a name")
            }

            fn visit_str<E: Error>(self, name: &str) -> Result<Name, E> {
                Ok(Name::Known(match name {
                    "item" => Field::Item,
                    "member" => Field::Member,
                    "section" => Field::Section,
                    "position" => Field::Position,
                    "language" => Field::Language,
                    "title" => Field::Title,
                    "text" => Field::Text,
                    "themes" => Field::Themes,
                    "submitted_at" => Field::SubmittedAt,
                    "amended_at" => Field::AmendedAt,
                    other => return Ok(Name::Other(other.to_owned())),
                }))
            }
        }
        source.deserialize_str(Names)
    }
}

struct Cards;

impl<'de> Visitor<'de> for Cards {
    type Value = Card;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a card")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut fields: M) -> Result<Card, M::Error> {
        let (mut item, mut member, mut section, mut position, mut language) = (None, None, None, None, None);
        let (mut title, mut text, mut themes, mut submitted_at, mut amended_at) = (None, None, None, None, None);
        let mut extra = Object::new();
        while let Some(name) = fields.next_key()? {
            match name {
                Name::Known(Field::Item) => item = Some(fields.next_value()?),
                Name::Known(Field::Member) => member = Some(fields.next_value()?),
                Name::Known(Field::Section) => section = Some(fields.next_value()?),
                Name::Known(Field::Position) => position = Some(fields.next_value()?),
                Name::Known(Field::Language) => language = Some(fields.next_value()?),
                Name::Known(Field::Title) => title = Some(fields.next_value()?),
                Name::Known(Field::Text) => text = Some(fields.next_value()?),
                Name::Known(Field::Themes) => themes = Some(fields.next_value()?),
                Name::Known(Field::SubmittedAt) => submitted_at = Some(fields.next_value()?),
                Name::Known(Field::AmendedAt) => amended_at = fields.next_value()?,
                Name::Other(name) => drop(extra.insert(name, fields.next_value()?)),
            }
        }
        let whole = || {
            let (item, member, section, position) = (item?, member?, section?, position?);
            let (language, title, text, themes) = (language?, title?, text?, themes?);
            let submitted_at = submitted_at?;
            Some(Card {
                item,
                member,
                section,
                position,
                language,
                title,
                text,
                themes,
                submitted_at,
                amended_at,
                extra,
            })
        };
        whole().ok_or_else(|| M::Error::custom("a card without all of its fields"))
    }
}

impl<'de> Deserialize<'de> for Card {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        source.deserialize_map(Cards)
    }
}

struct Boards;

impl<'de> Visitor<'de> for Boards {
    type Value = Board;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a board")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut fields: M) -> Result<Board, M::Error> {
        let (mut cards, mut rest) = (None::<Vec<Card>>, Object::new());
        while let Some(name) = fields.next_key::<String>()? {
            if name == "cards" {
                cards = Some(fields.next_value()?);
            } else {
                rest.insert(name, fields.next_value()?);
            }
        }
        let cards = cards.ok_or_else(|| M::Error::custom("a board without cards"))?;
        let cards = cards.into_iter().map(|card| (card.item, card)).collect();
        let read = || -> Result<Board, serde_json::Error> {
            let (instance, edition) = (take(&mut rest, "instance")?, take(&mut rest, "edition")?);
            let (cursor, as_of) = (take(&mut rest, "cursor")?, take(&mut rest, "as_of")?);
            let mark = take_or_default(&mut rest, "mark")?;
            Ok(Board { instance, edition, cursor, as_of, mark, cards })
        };
        read().map_err(M::Error::custom)
    }
}

impl<'de> Deserialize<'de> for Board {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        source.deserialize_map(Boards)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::card;
    use super::*;
    use crate::id::{EditionId, InstanceId};
    use crate::time::Timestamp;
    use serde_json::{Value, json};

    #[test]
    fn a_card_is_read_from_a_text_and_from_a_value_alike() {
        let mut known = card(1, "text");
        known.amended_at = Some(known.submitted_at);
        known.extra.insert("newer".to_owned(), json!({ "deep": [1] }));
        let value = serde_json::to_value(&known).expect("JSON");
        assert_eq!(serde_json::from_value::<Card>(value.clone()).expect("a card"), known);
        assert_eq!(serde_json::from_str::<Card>(&value.to_string()).expect("a card"), known);
    }

    #[test]
    fn only_what_is_optional_may_be_missing() {
        let whole = serde_json::to_value(card(1, "text")).expect("JSON");
        let Value::Object(fields) = &whole else { panic!("{whole}") };
        assert!(!fields.contains_key("amended_at"));
        for name in fields.keys() {
            let mut fields = fields.clone();
            fields.remove(name);
            assert!(serde_json::from_value::<Card>(Value::Object(fields)).is_err(), "without {name}");
        }
        let with = |name: &str, value: Value| {
            let mut fields = fields.clone();
            fields.insert(name.to_owned(), value);
            serde_json::from_value::<Card>(Value::Object(fields))
        };
        let board = Board::empty(
            InstanceId::new(Timestamp::from_millis(1), &[1; 10]),
            EditionId::new(Timestamp::from_millis(1), &[1; 10]),
            3,
            Timestamp::from_millis(4),
        );
        let Value::Object(fields) = serde_json::to_value(&board).expect("JSON") else { panic!("a board is an object") };
        for name in fields.keys() {
            let mut fields = fields.clone();
            fields.remove(name);
            assert!(serde_json::from_value::<Board>(Value::Object(fields)).is_err(), "without {name}");
        }
        assert!(with("amended_at", Value::Null).is_ok_and(|card| card.amended_at.is_none()));
        assert!(with("title", Value::Null).is_err());
        assert!(serde_json::from_value::<Card>(json!([1])).is_err());
    }
}
