//! The form's state: a signal for each field, what is not yet in the journal, and the way there and back.

use super::caret;
use super::item_state::{ItemState, put};
use super::typing::{Mark, Typing};
use crate::client::channel::News;
use crate::client::context::Client;
use crate::client::device;
use crate::client::reports::{self, Edit};
use domain::field::{ContactField, ContactValue, FieldKey, FieldValue, ItemField, ItemValue};
use domain::id::{ItemId, PersonId, ReportId};
use domain::language::Language;
use domain::position::Position;
use domain::report::{Contact, Versioned};
use domain::section::Section;
use domain::sync::local::{LocalReport, PendingSubmission};
use domain::sync::op::KnownChange;
use domain::sync::reconcile::LocalField;
use domain::sync::wire::Receipt;
use futures::channel::oneshot::{self, Receiver};
use gloo_timers::callback::Timeout;
use leptos::prelude::*;

/// Typing is saved at the latest so long after the first keystroke, in milliseconds.
const DEBOUNCE: u32 = 250;

/// The form of one report.
#[derive(Clone, Copy)]
pub struct ReportState {
    /// The app's handles.
    pub client: Client,
    /// Who drafts.
    pub person: PersonId,
    /// Which report.
    pub report: ReportId,
    /// The contact person's name.
    pub contact_name: RwSignal<String>,
    /// Their address.
    pub contact_email: RwSignal<String>,
    /// Their telephone.
    pub contact_phone: RwSignal<String>,
    /// All items, deleted ones too.
    pub items: RwSignal<Vec<ItemState>>,
    /// Fields with two texts.
    pub conflicts: RwSignal<Vec<LocalField>>,
    /// Fields that cannot be sent as they are.
    pub held: RwSignal<Vec<FieldKey>>,
    /// The journal's share of the status.
    pub queue: RwSignal<QueueState>,
    /// Something typed is not in the journal yet.
    pub unsaved: RwSignal<bool>,
    /// The last write to the journal failed.
    pub save_failed: RwSignal<bool>,
    /// Whether the journal has been read.
    pub loaded: RwSignal<bool>,
    typing: StoredValue<Typing>,
    /// Ends with the last save that was begun. They go one after the other: a second one must not go out before it is
    /// known what the first left in the journal, because that is what its words were typed on. Each takes all that
    /// waits by then, in the order of what the person did.
    turn: StoredValue<Receiver<()>>,
    timer: StoredValue<Option<Timeout>, LocalStorage>,
}

/// What the journal says of the queue and the council.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct QueueState {
    /// For the status line.
    pub facts: domain::sync::status::Facts,
    /// The submission that waits to be sent.
    pub submitting: Option<PendingSubmission>,
    /// The submission in force.
    pub submission: Option<Receipt>,
    /// Whether the report has changed since.
    pub changed: bool,
}

impl ReportState {
    /// A form that has not read the journal yet.
    #[must_use]
    pub fn new(client: Client, person: PersonId, report: ReportId) -> Self {
        Self {
            client,
            person,
            report,
            contact_name: RwSignal::new(String::new()),
            contact_email: RwSignal::new(String::new()),
            contact_phone: RwSignal::new(String::new()),
            items: RwSignal::new(Vec::new()),
            conflicts: RwSignal::new(Vec::new()),
            held: RwSignal::new(Vec::new()),
            queue: RwSignal::new(QueueState::default()),
            unsaved: client.unsaved,
            save_failed: RwSignal::new(false),
            loaded: RwSignal::new(false),
            typing: StoredValue::new(Typing::default()),
            turn: StoredValue::new(oneshot::channel().1),
            timer: StoredValue::new_local(None),
        }
    }

    /// Reads the journal and shows it, except what the person is typing at this moment.
    pub async fn refresh(self) {
        let Some(mark) = self.typing.try_with_value(Typing::mark) else { return };
        match reports::open(&self.client.journal(), self.person, self.report).await {
            Ok(local) => {
                let loaded = self.loaded.try_get_untracked();
                if loaded.is_some() {
                    self.show(&local, &mark);
                    self.loaded.set(true);
                }
            }
            Err(_) => drop(self.save_failed.try_set(true)),
        }
    }

    fn show(&self, local: &LocalReport, mark: &Mark) {
        let shown = |field: &&LocalField| !self.typing.with_value(|typing| typing.is_newer(field.value.key(), mark));
        for field in local.fields.values().filter(shown) {
            if !caret::keep(&field.value) {
                self.show_field(&field.value);
            }
        }
        put(self.conflicts, local.fields.values().filter(|field| field.conflict.is_some()).cloned().collect());
        let held = local.fields.iter().filter(|(_, field)| field.held.is_some()).map(|(key, _)| *key);
        put(self.held, held.collect());
        self.show_queue(local, false);
    }

    fn show_field(&self, value: &FieldValue) {
        match value {
            FieldValue::Contact(ContactValue::Name(text)) => put(self.contact_name, text.clone()),
            FieldValue::Contact(ContactValue::Email(text)) => put(self.contact_email, text.clone()),
            FieldValue::Contact(ContactValue::Phone(text)) => put(self.contact_phone, text.clone()),
            FieldValue::Item(id, value) => self.item(*id).show(value),
        }
    }

    /// The item's signals; made when the item is first heard of.
    fn item(&self, id: ItemId) -> ItemState {
        if let Some(item) = self.items.with_untracked(|items| items.iter().find(|item| item.id == id).copied()) {
            return item;
        }
        let item = ItemState::new(id);
        self.items.update(|items| items.push(item));
        item
    }

    /// A save touches some fields only: then the counts of conflicts and held fields are the screen's own.
    fn show_queue(&self, local: &LocalReport, partial: bool) {
        let mut facts = local.facts();
        let before = self.queue.get_untracked();
        if partial {
            for (key, field) in &local.fields {
                self.conflicts.update(|all| {
                    all.retain(|conflicting| conflicting.value.key() != *key);
                    all.extend(field.conflict.is_some().then(|| field.clone()));
                });
                self.held.update(|all| {
                    all.retain(|held| held != key);
                    all.extend(field.held.is_some().then_some(*key));
                });
            }
        }
        facts.conflicts = self.conflicts.with_untracked(Vec::len);
        facts.held = self.held.with_untracked(Vec::len);
        put(
            self.queue,
            QueueState {
                facts,
                submitting: local.pending_submission(),
                submission: local.council.submission.clone(),
                changed: local.changed_since_submission() || (partial && before.changed),
            },
        );
    }

    /// A field was typed, moved or chosen: shown at once, saved in a moment.
    pub fn write(self, value: FieldValue) {
        let shown = untrack(|| self.value_of(value.key()));
        self.show_field(&value);
        self.typing.update_value(|typing| typing.note(value, shown));
        put(self.unsaved, true);
        let waiting = self.timer.with_value(Option::is_some);
        if !waiting {
            let timeout = Timeout::new(DEBOUNCE, move || leptos::task::spawn_local(self.flush()));
            self.timer.set_value(Some(timeout));
        }
    }

    /// Saves what waits. What is typed meanwhile is saved by the next one.
    pub async fn flush(self) {
        self.timer.try_update_value(|timer| drop(timer.take().map(Timeout::cancel)));
        let (end, ended) = oneshot::channel::<()>();
        let Some(before) = self.turn.try_update_value(|turn| std::mem::replace(turn, ended)) else { return };
        let _ = before.await;
        let edits = self.typing.try_update_value(Typing::hand_over).unwrap_or_default();
        if !edits.is_empty() {
            self.save_all(edits).await;
        }
        drop(end);
    }

    async fn save_all(self, edits: Vec<Edit>) {
        let saved = self.save(&edits).await;
        let parted = saved.as_ref().is_some_and(|local| {
            let now = |value: &FieldValue| local.fields.get(&value.key()).map(|field| &field.value);
            edits.iter().any(|edit| match edit {
                // A colleague's words were merged in while these were typed.
                Edit::Write(value, _) => now(value).is_some_and(|now| now != value),
                Edit::Resolve(..) => true,
                Edit::Change(_) | Edit::TakeBack => false,
            })
        });
        self.typing.try_update_value(|typing| typing.settle(edits, saved.is_some()));
        if parted {
            self.refresh().await;
        }
    }

    /// The report's queue and the fields that were touched; none when the journal refused.
    async fn save(self, edits: &[Edit]) -> Option<LocalReport> {
        let saved = reports::save(&self.client.journal(), self.person, self.report, edits).await;
        let ok = saved.is_ok();
        if self.loaded.try_get_untracked().is_none() {
            self.saved_from_afar(ok);
            return saved.ok();
        }
        put(self.save_failed, !ok);
        if let Ok(local) = &saved {
            put(self.unsaved, self.typing.with_value(Typing::waits));
            self.show_queue(local, true);
            self.client.tell(News::Journal);
            self.client.wake();
        }
        saved.ok()
    }

    /// The screen is gone, and its last words are in the journal or not.
    fn saved_from_afar(self, ok: bool) {
        if ok {
            put(self.client.unsaved, false);
            self.client.tell(News::Journal);
            self.client.wake();
        }
    }

    /// Issues what is not saved yet, as the page goes away and no answer can be waited for.
    pub fn flush_late(self) {
        let edits = self.typing.try_update_value(Typing::hand_over).unwrap_or_default();
        if !edits.is_empty() {
            reports::save_late(&self.client.journal(), self.person, self.report, edits);
        }
    }

    /// Saves what is not saved yet, as another screen takes the place of this one: it goes out by itself, whether the
    /// form is opened again or not.
    pub fn flush_away(self) {
        let edits = self.typing.try_update_value(Typing::hand_over).unwrap_or_default();
        if edits.is_empty() {
            return;
        }
        leptos::task::spawn_local(async move {
            let saved = reports::save(&self.client.journal(), self.person, self.report, &edits).await;
            if saved.is_err() {
                reports::save_late(&self.client.journal(), self.person, self.report, edits);
            }
            self.saved_from_afar(saved.is_ok());
        });
    }

    /// Adds an empty item at the end of a section, in the language of the screen.
    pub fn add_item(self, section: Section, language: Language) -> ItemId {
        let id = ItemId::new(device::now(), &device::entropy());
        let last = self.standing(section).last().map(|item| item.position.get_untracked());
        let position = Position::between(last.as_ref(), None);
        for value in [ItemValue::Section(section), ItemValue::Position(position.clone()), ItemValue::Language(language)]
        {
            self.item(id).show(&value);
        }
        self.act(Edit::Change(KnownChange::AddItem { item: id, section, position, language }));
        id
    }

    /// A change that is not typing: saved at once, after what was typed before it, and before what is typed after it,
    /// however long the disk takes.
    pub fn act(self, edit: Edit) {
        put(self.unsaved, true);
        self.typing.update_value(|typing| typing.act(edit));
        leptos::task::spawn_local(self.flush());
    }

    /// The items of a section that stand, in their order.
    #[must_use]
    pub fn standing(&self, section: Section) -> Vec<ItemState> {
        let mut items = self.items.get();
        items.retain(|item| item.section.get() == section && !item.deleted.get());
        items.sort_by_cached_key(|item| (item.position.get(), item.id));
        items
    }

    /// The contact person as the domain's rules look at them.
    #[must_use]
    pub fn contact(&self) -> Contact {
        let field = |signal: RwSignal<String>| Versioned::new(signal.get(), 0);
        Contact { name: field(self.contact_name), email: field(self.contact_email), phone: field(self.contact_phone) }
    }

    /// The title of the item that a field belongs to, as it is on the screen; empty for the contact person.
    #[must_use]
    pub fn title_of(&self, key: FieldKey) -> String {
        let FieldKey::Item(id, _) = key else { return String::new() };
        let item = self.items.with(|items| items.iter().find(|item| item.id == id).copied());
        item.map(|item| item.title.get()).unwrap_or_default()
    }

    /// A field as it is on the screen; none when its item is not there yet.
    #[must_use]
    pub fn value_of(&self, key: FieldKey) -> Option<FieldValue> {
        let FieldKey::Item(id, field) = key else {
            let FieldKey::Contact(field) = key else { return None };
            return Some(FieldValue::Contact(match field {
                ContactField::Name => ContactValue::Name(self.contact_name.get()),
                ContactField::Email => ContactValue::Email(self.contact_email.get()),
                ContactField::Phone => ContactValue::Phone(self.contact_phone.get()),
            }));
        };
        let item = self.items.with(|items| items.iter().find(|item| item.id == id).copied())?;
        let value = match field {
            ItemField::Section => ItemValue::Section(item.section.get()),
            ItemField::Position => ItemValue::Position(item.position.get()),
            ItemField::Language => ItemValue::Language(item.language.get()),
            ItemField::Title => ItemValue::Title(item.title.get()),
            ItemField::Text => ItemValue::Text(item.text.get()),
            ItemField::Themes => ItemValue::Themes(item.themes.get()),
            ItemField::Deleted => ItemValue::Deleted(item.deleted.get()),
        };
        Some(FieldValue::Item(id, value))
    }
}
