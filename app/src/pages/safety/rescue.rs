//! Reading a rescue file: what differs from this device, field by field, and nothing taken over before it is chosen.

use super::value::in_words;
use crate::client::context::{Client, use_client};
use crate::client::reports::{self, Edit};
use crate::client::{device, format};
use crate::components::when::When;
use crate::words::{self, Texts, boxed, say, text, use_texts};
use domain::council::permit;
use domain::field::{FieldKey, FieldValue, ItemField, ItemValue};
use domain::id::{ItemId, ReportId};
use domain::language::Language;
use domain::rescue::{Rescue, Unreadable};
use domain::section::Section;
use domain::sync::local::LocalReport;
use domain::sync::op::KnownChange;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

/// The most that is read: a report of 200 items of 20,000 characters is below it.
const MOST_BYTES: f64 = 32_000_000.0;

/// A field of the file that says something else than this device.
#[derive(Debug, Clone, PartialEq)]
struct Difference {
    value: FieldValue,
    /// What this device has; none when it has not got the field.
    here: Option<FieldValue>,
    title: String,
    chosen: RwSignal<bool>,
}

/// What came of reading a file.
#[derive(Debug, Clone, PartialEq)]
enum Found {
    Nothing,
    Wrong(Wrong),
    Differences(Rescue, Vec<Difference>),
    Taken(usize),
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Wrong {
    NotOne,
    Newer,
    TooLarge,
    OtherReport,
    Journal,
}

impl From<Unreadable> for Wrong {
    fn from(unreadable: Unreadable) -> Self {
        match unreadable {
            Unreadable::NotOne => Self::NotOne,
            Unreadable::Newer => Self::Newer,
        }
    }
}

/// The page.
#[component]
pub fn Rescuing() -> impl IntoView {
    let i18n = use_texts();
    let client = use_client();
    let found = RwSignal::new(Found::Nothing);
    let read = move |event: leptos::ev::Event| {
        let input: Option<web_sys::HtmlInputElement> = event.target().and_then(|target| target.dyn_into().ok());
        let Some(file) = input.and_then(|input| input.files()).and_then(|files| files.get(0)) else { return };
        leptos::task::spawn_local(async move {
            let outcome = compare(client, &file).await;
            found.set(outcome.unwrap_or_else(Found::Wrong));
            device::focus_later("rescue-found".to_owned());
        });
    };
    view! {
        <div class="sheet">
            <h1 id="page-title" tabindex="-1">{say!(i18n, titles.rescue)}</h1>
            <p class="lead">{say!(i18n, rescue.lead)}</p>
            <div class="field">
                <label for="rescue-file">{say!(i18n, rescue.choose)}</label>
                <input type="file" id="rescue-file" accept=".html,text/html" on:change=read/>
            </div>
            <div id="rescue-found" tabindex="-1">
                {move || match found.get() {
                    Found::Nothing => ().into_any(),
                    Found::Wrong(wrong) => view! { <p class="alert alert--danger" role="alert">{explain(i18n, wrong)}</p> }.into_any(),
                    Found::Taken(count) => view! {
                        <p class="alert" role="status">{text!(i18n, rescue.taken, count = count).to_string()}</p>
                    }.into_any(),
                    Found::Differences(rescue, differences) => view! { <Choice rescue differences found/> }.into_any(),
                }}
            </div>
        </div>
    }
}

fn explain(i18n: Texts, wrong: Wrong) -> &'static str {
    match wrong {
        Wrong::NotOne => text!(i18n, rescue.not_one),
        Wrong::Newer => text!(i18n, rescue.newer),
        Wrong::TooLarge => text!(i18n, rescue.too_large),
        Wrong::OtherReport => text!(i18n, rescue.other_report),
        Wrong::Journal => text!(i18n, rescue.journal),
    }
}

async fn compare(client: Client, file: &web_sys::File) -> Result<Found, Wrong> {
    if file.size() > MOST_BYTES {
        return Err(Wrong::TooLarge);
    }
    let page = JsFuture::from(file.text()).await.ok().and_then(|text| text.as_string()).ok_or(Wrong::NotOne)?;
    let rescue = Rescue::parse(&page)?;
    let identity = client.identity.get_untracked().ok_or(Wrong::OtherReport)?;
    if permit::drafts_for(Some(&identity)) != Some(rescue.report.member) {
        return Err(Wrong::OtherReport);
    }
    let local = reports::open(&client.journal(), identity.person, rescue.report).await.map_err(|_| Wrong::Journal)?;
    let differences = rescue.fields.iter().filter_map(|value| {
        let here = local.fields.get(&value.key()).map(|field| field.value.clone());
        if here.as_ref() == Some(value) || (here.is_none() && is_bare(value)) {
            return None;
        }
        let title = match value {
            FieldValue::Item(item, _) => rescue.title_of(*item).to_owned(),
            FieldValue::Contact(_) => String::new(),
        };
        // What is empty here is safe to take; what says something else here is for the person to choose.
        let chosen = RwSignal::new(here.as_ref().is_none_or(is_bare));
        Some(Difference { value: value.clone(), here, title, chosen })
    });
    let differences = differences.collect();
    Ok(Found::Differences(rescue, differences))
}

/// Nothing that a person would miss: an empty field where there is none.
fn is_bare(value: &FieldValue) -> bool {
    match value {
        FieldValue::Item(_, ItemValue::Themes(themes)) => themes.is_empty(),
        FieldValue::Item(_, ItemValue::Deleted(deleted)) => !deleted,
        value => value.text().is_some_and(str::is_empty),
    }
}

#[component]
fn Choice(rescue: Rescue, differences: Vec<Difference>, found: RwSignal<Found>) -> impl IntoView {
    let i18n = use_texts();
    let client = use_client();
    let saved = rescue.saved_at;
    let total = differences.len();
    let chosen = differences.clone();
    let take = move |_| {
        let values: Vec<FieldValue> =
            chosen.iter().filter(|difference| difference.chosen.get_untracked()).map(|d| d.value.clone()).collect();
        let rescue = rescue.clone();
        leptos::task::spawn_local(async move {
            let taken = take_over(client, &rescue, values).await;
            found.set(taken.map_or(Found::Wrong(Wrong::Journal), Found::Taken));
            device::focus_later("rescue-found".to_owned());
        });
    };
    view! {
        <h2>{boxed(move || text!(i18n, rescue.found, count = total, date = format::date(saved, words::language(i18n)), time = format::time(saved, words::language(i18n))).to_string())}</h2>
        <When is=boxed(move || total == 0)><p class="ready">{say!(i18n, rescue.same)}</p></When>
        <ul class="differences">
            {differences.into_iter().map(|difference| row(i18n, difference)).collect_view()}
        </ul>
        {(total > 0).then(|| view! {
            <button type="button" class="button button--primary" on:click=take>{say!(i18n, rescue.take)}</button>
        })}
    }
}

fn row(i18n: Texts, difference: Difference) -> impl IntoView {
    let Difference { value, here, title, chosen } = difference;
    let key = value.key();
    let name = move || words::name_of(i18n, key, &title);
    let (theirs, ours) = (in_words(i18n, &value), here.as_ref().map(|here| in_words(i18n, here)));
    view! {
        <li class="differences__entry">
            <label class="check">
                <input type="checkbox" prop:checked=chosen on:change=move |event| chosen.set(event_target_checked(&event))/>
                <span>{name}</span>
            </label>
            <dl class="differences__texts">
                <div><dt>{say!(i18n, rescue.in_file)}</dt><dd>{theirs}</dd></div>
                <div><dt>{say!(i18n, rescue.here)}</dt><dd>{ours.unwrap_or_else(|| text!(i18n, rescue.nothing).to_owned())}</dd></div>
            </dl>
        </li>
    }
}

/// Writes the chosen fields as if the person had typed them now; items that this device has not got are added first.
async fn take_over(client: Client, rescue: &Rescue, values: Vec<FieldValue>) -> Option<usize> {
    let person = client.person()?;
    let journal = client.journal();
    let report: ReportId = rescue.report;
    let local = reports::open(&journal, person, report).await.ok()?;
    let mut edits: Vec<Edit> = Vec::new();
    let mut added: Vec<ItemId> = Vec::new();
    for value in &values {
        if let FieldValue::Item(item, _) = value
            && !added.contains(item)
            && !knows(&local, *item)
        {
            added.push(*item);
            edits.push(Edit::Change(addition(rescue, *item)));
        }
    }
    let count = values.len();
    edits.extend(values.into_iter().map(|value| Edit::Write(value, None)));
    reports::save(&journal, person, report, &edits).await.ok()?;
    client.journal_was_changed();
    client.wake();
    Some(count)
}

fn knows(local: &LocalReport, item: ItemId) -> bool {
    local.fields.contains_key(&FieldKey::Item(item, ItemField::Section))
}

/// The item with the place and the language that the file says.
fn addition(rescue: &Rescue, item: ItemId) -> KnownChange {
    let (mut section, mut position, mut language) = (Section::Achievements, None, Language::En);
    for value in &rescue.fields {
        match value {
            FieldValue::Item(of, ItemValue::Section(value)) if *of == item => section = *value,
            FieldValue::Item(of, ItemValue::Position(value)) if *of == item => position = Some(value.clone()),
            FieldValue::Item(of, ItemValue::Language(value)) if *of == item => language = *value,
            FieldValue::Item(..) | FieldValue::Contact(_) => {}
        }
    }
    let position = position.unwrap_or_else(domain::position::Position::first);
    KnownChange::AddItem { item, section, position, language }
}
