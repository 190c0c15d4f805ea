//! What people do on their screens: type, add, move, delete, choose, submit. They see what a tab shows, not the journal.

use crate::device::Screen;
use crate::schedule::Kind;
use crate::words::{with_all, words, words_of};
use crate::world::{LONGEST, World, at, id};
use domain::field::{ContactValue, FieldKey, FieldValue, ItemField, ItemValue};
use domain::id::ItemId;
use domain::language::Language;
use domain::position::Position;
use domain::section::Section;
use domain::sync::local::Shown;
use domain::sync::op::KnownChange;
use domain::sync::reconcile::LocalField;
use domain::theme::ThemeId;
use std::collections::BTreeSet;

impl World {
    /// Types; the page may go away before the journal has taken it.
    pub fn type_in(&mut self, d: usize, b: usize, c: usize, leaves: bool) {
        let device = &mut self.devices[d];
        let tab = b % device.screens.len();
        let empty = self.choose_field(d, tab, b / 4);
        let device = &mut self.devices[d];
        let over = device.screens[tab].get(&empty.key()).map_or(empty, |field| field.value.clone());
        let before = over.text().unwrap_or_default().to_owned();
        let after = self.typist.edit(&before, c, LONGEST);
        if c.is_multiple_of(89) {
            return device.crash();
        }
        let value = over.with_text(after.clone());
        let op_id = self.ids.id(device.clock);
        let key = value.key();
        if leaves {
            device.leave(value, over, op_id);
            device.screens[tab].clone_from(&device.journal.fields);
        } else {
            device.journal.write(value, Some(&over), op_id);
            device.screens[tab].insert(key, device.journal.fields[&key].clone());
        }
        if c.is_multiple_of(83) {
            device.crash();
        }
        let (old, new): (BTreeSet<&str>, BTreeSet<&str>) = (words(&before).collect(), words(&after).collect());
        self.saved.extend(new.difference(&old).map(|word| ((*word).to_owned(), d)));
        self.dropped.extend(old.difference(&new).map(|word| (*word).to_owned()));
    }

    /// A field with words, empty.
    fn choose_field(&self, d: usize, tab: usize, n: usize) -> FieldValue {
        let items = items(&self.devices[d].screens[tab]);
        match n % 8 {
            0 => FieldValue::Contact(ContactValue::Name(String::new())),
            // Any words are a telephone; with words for an address, nothing would ever be submitted.
            1 => FieldValue::Contact(ContactValue::Phone(String::new())),
            _ if items.is_empty() => FieldValue::Contact(ContactValue::Name(String::new())),
            2..=4 => FieldValue::Item(items[n / 8 % items.len()], ItemValue::Title(String::new())),
            _ => FieldValue::Item(items[n / 8 % items.len()], ItemValue::Text(String::new())),
        }
    }

    pub fn add(&mut self, d: usize, b: usize, c: usize) {
        if self.items >= 105 {
            return;
        }
        self.items += 1;
        let item = ItemId::new(at(1), &id(self.items));
        let section = Section::ALL[b % 4];
        let last = places(&self.devices[d].journal.fields).into_iter().nth(c % 4);
        let position = Position::between(last.as_ref(), None);
        let language = if c.is_multiple_of(2) { Language::En } else { Language::Fr };
        self.change(d, KnownChange::AddItem { item, section, position, language });
        self.show(d, b);
    }

    pub fn touch(&mut self, kind: Kind, d: usize, b: usize, c: usize) {
        let device = &mut self.devices[d];
        let tab = b % device.screens.len();
        let items = items(&device.screens[tab]);
        if items.is_empty() {
            return;
        }
        let item = items[b / 4 % items.len()];
        let shown = |field| device.screens[tab].get(&FieldKey::Item(item, field)).map(|field| field.value.clone());
        let (over, value) = match kind {
            Kind::Delete => (shown(ItemField::Deleted), ItemValue::Deleted(!c.is_multiple_of(3))),
            Kind::Move if c.is_multiple_of(3) => {
                (shown(ItemField::Section), ItemValue::Section(Section::ALL[c / 3 % 4]))
            }
            Kind::Move => {
                let places = places(&device.screens[tab]);
                let after = places.get(c % places.len()).cloned();
                (shown(ItemField::Position), ItemValue::Position(Position::between(after.as_ref(), None)))
            }
            Kind::Language => {
                let language = if c.is_multiple_of(2) { Language::En } else { Language::Fr };
                (shown(ItemField::Language), ItemValue::Language(language))
            }
            _ => {
                let over = shown(ItemField::Themes);
                let mut themes = match &over {
                    Some(FieldValue::Item(_, ItemValue::Themes(themes))) => themes.clone(),
                    _ => Vec::new(),
                };
                let chosen = theme(c % 3);
                match themes.iter().position(|theme| *theme == chosen) {
                    Some(at) => drop(themes.remove(at)),
                    None => themes.push(chosen),
                }
                let empty = FieldValue::Item(item, ItemValue::Themes(Vec::new()));
                (Some(over.unwrap_or(empty)), ItemValue::Themes(themes))
            }
        };
        let value = FieldValue::Item(item, value);
        let op_id = self.ids.id(device.clock);
        device.journal.write(value, over.as_ref(), op_id);
        self.show(d, b);
    }

    pub fn change(&mut self, d: usize, change: KnownChange) {
        let op_id = self.ids.id(self.devices[d].clock);
        self.devices[d].journal.change(change, op_id);
    }

    pub fn submit(&mut self, d: usize) {
        let device = &mut self.devices[d];
        let op_id = self.ids.id(device.clock);
        device.journal.change(KnownChange::Submit {}, op_id);
        let seen = device.journal.fields.values().flat_map(|field| words_of(&field.value));
        self.submits.insert(op_id, seen.map(str::to_owned).collect());
    }

    pub fn show(&mut self, d: usize, tab: usize) {
        let device = &mut self.devices[d];
        device.open(&mut self.ids);
        let tab = tab % device.screens.len();
        device.screens[tab].clone_from(&device.journal.fields);
    }

    /// The person chooses between the texts that a tab shows.
    pub fn resolve(&mut self, d: usize, tab: usize, how: usize) {
        let device = &mut self.devices[d];
        let tab = tab % device.screens.len();
        let waiting: Vec<&LocalField> = device.screens[tab].values().filter(|field| field.conflict.is_some()).collect();
        if waiting.is_empty() {
            return;
        }
        let field = waiting[how / 8 % waiting.len()];
        let Some(conflict) = &field.conflict else { return };
        let shown = Shown { mine: field.value.clone(), theirs: conflict.theirs.clone(), aside: field.aside.clone() };
        let texts: Vec<&str> = [&shown.mine].into_iter().chain(&shown.aside).filter_map(FieldValue::text).collect();
        let chosen = match (how % 8, shown.theirs.text()) {
            (0, _) => shown.theirs.clone(),
            (1, _) | (_, None) => shown.mine.clone(),
            (_, Some(theirs)) => shown.theirs.with_text(with_all(theirs, &texts)),
        };
        let kept: BTreeSet<&str> = words_of(&chosen).collect();
        let seen = [&shown.mine, &shown.theirs].into_iter().chain(&shown.aside).flat_map(words_of);
        self.dropped.extend(seen.filter(|word| !kept.contains(word)).map(str::to_owned));
        let op_id = self.ids.id(device.clock);
        device.journal.resolve(chosen, Some(&shown), op_id);
        self.show(d, tab);
    }
}

pub fn theme(n: usize) -> ThemeId {
    ThemeId::parse(["alpha", "bravo", "charlie"][n]).expect("a slug")
}

/// The items that some fields are of.
fn items(fields: &Screen) -> Vec<ItemId> {
    let item = |key: &FieldKey| if let FieldKey::Item(item, ItemField::Section) = key { Some(*item) } else { None };
    fields.keys().filter_map(item).collect()
}

fn places(fields: &Screen) -> Vec<Position> {
    let place = |field: &LocalField| match &field.value {
        FieldValue::Item(_, ItemValue::Position(position)) => Some(position.clone()),
        _ => None,
    };
    fields.values().filter_map(place).collect()
}
