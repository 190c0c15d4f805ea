//! What the council has of a report, from the server's own rows: `GET /api/reports/{report}/submitted` gives a
//! [`Submitted`].
//!
//! Whoever holds it can compute the receipt's hash from it again, and so see that the receipt is about these words.

use crate::board::Card;
use crate::id::{InstanceId, ItemId};
use crate::language::Language;
use crate::person::Email;
use crate::position::Position;
use crate::report::Contact;
use crate::section::Section;
use crate::sync::op::ContentHash;
use crate::sync::wire::{Receipt, Seq};
use crate::theme::ThemeId;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// What the council has of one report.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Submitted {
    /// [`crate::sync::wire::PROTOCOL`].
    pub protocol: u32,
    /// Which database answered.
    pub instance: InstanceId,
    /// The sequence when it was read.
    pub seq: Seq,
    /// The receipt of the submission in force; none before the first and after a withdrawal.
    pub receipt: Option<Receipt>,
    /// The contact person as submitted; none when nothing is.
    pub contact: Option<SubmittedContact>,
    /// The cards on the board, in the order of their items' ids.
    pub items: Vec<Card>,
}
crate::record!(Submitted { protocol, instance, seq, receipt, contact, items });

/// The contact person as submitted: later changes of the draft do not reach it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct SubmittedContact {
    pub name: String,
    pub email: String,
    pub phone: String,
}
crate::record!(SubmittedContact { name, email, phone });

impl SubmittedContact {
    /// The contact person as the draft has it now.
    #[must_use]
    pub fn of(contact: &Contact) -> Self {
        let Contact { name, email, phone } = contact;
        Self { name: name.value.clone(), email: email.value.clone(), phone: phone.value.clone() }
    }

    /// Where a press on the e-mail address leads (RFC 6068); none when it is not an address. People type what they like,
    /// and nothing of it becomes a second recipient or a part of the message.
    #[must_use]
    pub fn mail_link(&self) -> Option<String> {
        let address = String::from(Email::parse(&self.email).ok()?);
        Some(format!("mailto:{}", utf8_percent_encode(&address, NO_ADDRESS)))
    }

    /// Where a press on the telephone number leads (RFC 3966); none where there is no digit in it.
    #[must_use]
    pub fn call_link(&self) -> Option<String> {
        let phone = self.phone.trim();
        phone.contains(|c: char| c.is_ascii_digit()).then(|| format!("tel:{}", utf8_percent_encode(phone, NO_ADDRESS)))
    }
}

/// What is not written in a link as it is.
const NO_ADDRESS: &AsciiSet = &NON_ALPHANUMERIC.remove(b'@').remove(b'.').remove(b'-').remove(b'_').remove(b'+');

impl Submitted {
    /// The hash of what is here, to hold against the receipt's; none when nothing is submitted.
    #[must_use]
    pub fn hash(&self) -> Option<ContentHash> {
        Some(submitted_hash(self.contact.as_ref()?, &self.items))
    }
}

#[derive(Serialize)]
struct HashedContact<'a> {
    email: &'a str,
    name: &'a str,
    phone: &'a str,
}

#[derive(Serialize)]
struct HashedCard<'a> {
    item: ItemId,
    language: Language,
    position: &'a Position,
    section: Section,
    text: &'a str,
    themes: &'a [ThemeId],
    title: &'a str,
}

impl<'a> From<&'a Card> for HashedCard<'a> {
    fn from(Card { item, language, position, section, text, themes, title, .. }: &'a Card) -> Self {
        Self { item: *item, language: *language, position, section: *section, text, themes, title }
    }
}

impl HashedCard<'_> {
    /// An estimate of its JSON in bytes, so that the buffer does not grow step by step.
    fn size_hint(&self) -> usize {
        self.text.len() + self.text.len() / 16 + self.title.len() + 384
    }
}

/// The hash that a receipt carries: of the contact and of the cards without their times, in the order of their ids, as
/// canonical JSON: `{"contact":{…},"items":[…]}`. No tree of values is made of all texts.
fn submitted_hash(contact: &SubmittedContact, cards: &[Card]) -> ContentHash {
    let mut cards: Vec<&Card> = cards.iter().collect();
    cards.sort_by_key(|card| card.item);
    let mut hash = PartialHash::with(contact);
    for card in cards {
        hash.add(card);
    }
    hash.end()
}

/// A receipt's hash, up to one of its cards.
#[derive(Debug, Clone)]
struct PartialHash {
    digest: Sha256,
    any: bool,
}

impl PartialHash {
    fn with(SubmittedContact { name, email, phone }: &SubmittedContact) -> Self {
        let mut hash = Self { digest: Sha256::new_with_prefix(br#"{"contact":"#), any: false };
        hash.write(&HashedContact { email, name, phone }, 256);
        hash.digest.update(br#","items":["#);
        hash
    }

    fn add(&mut self, card: &Card) {
        if self.any {
            self.digest.update(b",");
        }
        self.any = true;
        let card = HashedCard::from(card);
        self.write(&card, card.size_hint());
    }

    fn write(&mut self, value: &impl Serialize, size_hint: usize) {
        let mut json = Vec::with_capacity(size_hint);
        serde_json::to_writer(&mut json, value).expect("texts, ids and lists are JSON");
        self.digest.update(&json);
    }

    fn end(mut self) -> ContentHash {
        self.digest.update(b"]}");
        ContentHash::of_digest(&self.digest.finalize())
    }
}

/// Remembers how far the last receipt's hash was at each card: whoever adds an item, which comes last, or changes a late
/// one, has only that hashed, and not all texts of the report.
#[derive(Debug, Clone, Default)]
pub struct HashMemo {
    contact: Option<SubmittedContact>,
    cards: Vec<(Arc<Card>, PartialHash)>,
}

impl HashMemo {
    /// The hash of these cards, which come in the order of their ids.
    pub fn hash<'a>(
        &mut self,
        contact: SubmittedContact,
        cards: impl Iterator<Item = &'a Arc<Card>> + Clone,
    ) -> ContentHash {
        let first = PartialHash::with(&contact);
        if self.contact.as_ref() != Some(&contact) {
            *self = Self { contact: Some(contact), cards: Vec::new() };
        }
        let same = self.cards.iter().zip(cards.clone()).take_while(|((had, _), card)| Arc::ptr_eq(had, card)).count();
        self.cards.truncate(same);
        let mut hash = self.cards.last().map_or(first, |(_, hash)| hash.clone());
        for card in cards.skip(same) {
            hash.add(card);
            self.cards.push((Arc::clone(card), hash.clone()));
        }
        hash.end()
    }
}

/// A cache: two states are equal whatever it holds.
impl PartialEq for HashMemo {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::MemberId;
    use crate::time::Timestamp;
    use serde_json::json;
    use std::collections::BTreeMap;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    #[test]
    fn what_people_type_as_a_contact_leads_nowhere_else() {
        let cases = [
            ("on@demo.example", Some("mailto:on@demo.example")),
            (" Ana.Née+psc@demo.example ", Some("mailto:ana.n%C3%A9e+psc@demo.example")),
            ("josee arobase exemple", None),
            ("a@b?bcc=evil@demo.example&body=x", None),
            ("a@b?cc=c&body=x", None),
            ("a?cc=c&body=x@b", Some("mailto:a%3Fcc%3Dc%26body%3Dx@b")),
            ("", None),
        ];
        for (email, link) in cases {
            let contact = SubmittedContact { name: String::new(), email: email.to_owned(), phone: String::new() };
            assert_eq!(contact.mail_link().as_deref(), link, "{email}");
        }
        let cases = [("+1 613 555-0100", Some("tel:+1%20613%20555-0100")), ("sur demande", None), ("", None)];
        for (phone, link) in cases {
            let contact = SubmittedContact { name: String::new(), email: String::new(), phone: phone.to_owned() };
            assert_eq!(contact.call_link().as_deref(), link, "{phone}");
        }
    }

    fn card(n: u8, text: &str) -> Card {
        Card {
            item: ItemId::new(at(1), &[n; 10]),
            member: MemberId::new(at(1), &[9; 10]),
            section: Section::Priorities,
            position: Position::first(),
            language: Language::Fr,
            title: "Guichet".to_owned(),
            text: text.to_owned(),
            themes: vec![],
            submitted_at: at(5),
            amended_at: None,
            extra: serde_json::Map::new(),
        }
    }

    fn submitted(contact: Option<&str>, items: Vec<Card>) -> Submitted {
        let contact = contact.map(|name| SubmittedContact {
            name: name.to_owned(),
            email: "a@demo.example".to_owned(),
            phone: String::new(),
        });
        Submitted { protocol: 1, instance: InstanceId::new(at(0), &[1; 10]), seq: 9, receipt: None, contact, items }
    }

    #[test]
    fn the_hash_is_of_the_words_and_not_of_their_times_or_order() {
        let hash = |text: &str| submitted(Some("A"), vec![card(1, text), card(2, "b")]).hash();
        assert_eq!(hash("a"), hash("a"));
        assert_ne!(hash("a"), hash("c"));
        let mut amended = card(1, "a");
        amended.amended_at = Some(at(7));
        assert_eq!(submitted(Some("A"), vec![card(2, "b"), amended]).hash(), hash("a"));
        assert_ne!(submitted(Some("B"), vec![card(1, "a"), card(2, "b")]).hash(), hash("a"));
    }

    #[test]
    fn the_hash_of_receipts_out_there_stays() {
        // Of the program that gave the first receipts: `{"contact":{…},"items":[{…}]}` in canonical form.
        let expected = json!({
            "contact": {"email": "a@demo.example", "name": "A", "phone": ""},
            "items": [{
                "item": card(1, "").item, "section": "priorities", "position": "80", "language": "fr",
                "title": "Guichet", "text": "a", "themes": [],
            }],
        });
        assert_eq!(submitted(Some("A"), vec![card(1, "a")]).hash(), Some(ContentHash::of_value(&expected)));
    }

    #[test]
    fn what_is_remembered_of_a_hash_changes_none() {
        let contact =
            |name: &str| SubmittedContact { name: name.to_owned(), email: String::new(), phone: String::new() };
        let (mut memo, mut cards) = (HashMemo::default(), BTreeMap::new());
        let steps: [(&str, u8, Option<&str>); 9] = [
            ("A", 2, Some("b")),
            ("A", 3, Some("c")),
            ("A", 3, Some("c")),
            ("A", 1, Some("a")),
            ("A", 3, Some("c2")),
            ("B", 3, Some("c2")),
            ("B", 2, None),
            ("B", 3, None),
            ("B", 1, None),
        ];
        for (name, n, text) in steps {
            match text {
                Some(text) => drop(cards.insert(n, Arc::new(card(n, text)))),
                None => drop(cards.remove(&n)),
            }
            let all: Vec<Card> = cards.values().map(|card| Card::clone(card)).collect();
            let expected = submitted_hash(&contact(name), &all);
            assert_eq!(memo.hash(contact(name), cards.values()), expected, "{name} {n} {text:?}");
            assert_eq!(memo.cards.len(), cards.len());
        }
    }

    #[test]
    fn nothing_submitted_has_no_hash() {
        assert_eq!(submitted(None, vec![]).hash(), None);
    }
}
