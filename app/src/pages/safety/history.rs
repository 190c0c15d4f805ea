//! The history of one field: who wrote what when, what each changed, and the way back to any of it.

use super::difference::Difference;
use super::value::about;
use crate::client::address::use_address;
use crate::client::context::{Client, use_client};
use crate::client::http::{self, Failure};
use crate::client::reports::{self, Edit};
use crate::client::{device, format};
use crate::components::when::When;
use crate::routes::Page;
use crate::words::{self, Texts, boxed, say, text, use_texts};
use domain::field::{FieldKey, FieldValue, ItemField};
use domain::id::ReportId;
use domain::sync::history::{Before, HistoryPage, Version};
use leptos::prelude::*;
use leptos::reactive::spawn_local_scoped_with_cancellation;

/// What has been fetched of a history.
#[derive(Debug, Clone, PartialEq)]
enum Fetched {
    Nothing,
    Versions(Vec<Version>, Option<Before>),
    Failed(Failure),
}

/// The title of an item, and the language that it is written in.
type About = (String, Option<&'static str>);

/// The page; the address says which field.
#[component]
pub fn History() -> impl IntoView {
    let i18n = use_texts();
    let client = use_client();
    let address = use_address();
    let asked = Memo::new(move |_| {
        let key = address.query_value("field").and_then(|field| field.parse::<FieldKey>().ok());
        client.current_report().zip(key)
    });
    let fetched = RwSignal::new(Fetched::Nothing);
    // The title of the field's item and the language that it is written in, where this device has the report.
    let known = RwSignal::new((String::new(), None::<&'static str>));
    Effect::new(move |_| {
        let (Some((report, key)), Some(person)) = (asked.get(), client.person()) else { return };
        spawn_local_scoped_with_cancellation(async move {
            if let Ok(local) = reports::open(&client.journal(), person, report).await {
                known.set(about(&local, key));
            }
        });
    });
    let fetch = move |before: Option<Before>| {
        if let Some((report, key)) = asked.get_untracked() {
            spawn_local_scoped_with_cancellation(read(report, key, before, fetched));
        }
    };
    Effect::new(move |_| {
        asked.track();
        fetched.set(Fetched::Nothing);
        fetch(None);
    });
    view! {
        <div class="sheet">
            <h1 id="page-title" tabindex="-1">{say!(i18n, titles.history)}</h1>
            {move || match asked.get() {
                None => view! { <p>{say!(i18n, history.no_field)}</p> }.into_any(),
                Some((_, key)) => view! { <Fields key known/> }.into_any(),
            }}
            {move || match fetched.get() {
                Fetched::Nothing => view! { <p role="status">{say!(i18n, loading)}</p> }.into_any(),
                Fetched::Failed(failure) => {
                    let retry = move |_| fetch(None);
                    view! {
                        <p class="alert alert--warning" role="alert">{explain(i18n, &failure)}</p>
                        <div class="actions">
                            <button type="button" class="button" on:click=retry>{say!(i18n, part.retry)}</button>
                        </div>
                    }.into_any()
                }
                Fetched::Versions(versions, next) => view! { <Versions versions known/> <Older next fetch=Callback::new(fetch)/> }.into_any(),
            }}
        </div>
    }
}

/// The fields of the item whose history can be looked at, and the way back.
#[component]
fn Fields(key: FieldKey, known: RwSignal<About>) -> impl IntoView {
    let i18n = use_texts();
    let links = match key {
        FieldKey::Item(item, _) => vec![FieldKey::Item(item, ItemField::Title), FieldKey::Item(item, ItemField::Text)],
        FieldKey::Contact(_) => vec![key],
    };
    view! {
        <When is=boxed(move || known.with(|(title, _)| !title.is_empty()))>
            <p class="sheet__of" lang=move || known.get().1>{move || known.get().0}</p>
        </When>
        <p class="lead">{say!(i18n, history.lead)}</p>
        <nav class="actions" aria-label=say!(i18n, history.fields)>
            {links.into_iter().map(|link| {
                let name = move || match link {
                    FieldKey::Contact(field) => words::contact_name(i18n, field),
                    FieldKey::Item(_, field) => words::field_name(i18n, field),
                };
                let href = move || format!("{}?field={link}", Page::History.path(words::language(i18n)));
                view! { <a href=href aria-current=(link == key).then_some("true")>{name}</a> }
            }).collect_view()}
            <a href=boxed(move || Page::Report.path(words::language(i18n)))>{say!(i18n, history.back)}</a>
        </nav>
    }
}

async fn read(report: ReportId, key: FieldKey, before: Option<Before>, fetched: RwSignal<Fetched>) {
    let from = before.map(|before| format!("&before={before}")).unwrap_or_default();
    let page = http::get::<HistoryPage>(&format!("/api/reports/{report}/history?field={key}{from}")).await;
    // The screen may have been left meanwhile.
    let known = match fetched.try_get_untracked() {
        Some(Fetched::Versions(versions, _)) if before.is_some() => versions,
        _ => Vec::new(),
    };
    fetched.set(match page {
        Ok(page) => Fetched::Versions(known.into_iter().chain(page.versions).collect(), page.next),
        Err(failure) => Fetched::Failed(failure),
    });
}

/// Why the council did not show it, and what to do.
pub fn explain(i18n: Texts, failure: &Failure) -> &'static str {
    match failure {
        Failure::SignedOut => text!(i18n, history.sign_in),
        Failure::Unreachable | Failure::Troubled(_) | Failure::NoRoom => text!(i18n, history.offline),
        Failure::Refused(_) => text!(i18n, history.refused),
    }
}

#[component]
fn Versions(versions: Vec<Version>, known: RwSignal<About>) -> impl IntoView {
    let i18n = use_texts();
    let none = versions.is_empty();
    // Each is compared with the one that was there before it: the next older that the council had.
    let older = |n: usize| {
        versions[n + 1..].iter().find(|version| version.seq.is_some()).map(|version| words_of(&version.value))
    };
    let entries: Vec<(Version, String)> =
        versions.iter().enumerate().map(|(n, version)| (version.clone(), older(n).unwrap_or_default())).collect();
    view! {
        <When is=boxed(move || none)><p>{say!(i18n, history.empty)}</p></When>
        <ol class="versions">{entries.into_iter().map(|(version, older)| view! { <Entry version older known/> }).collect_view()}</ol>
    }
}

/// A value as words; what is no prose has none.
fn words_of(value: &FieldValue) -> String {
    value.text().map(str::to_owned).unwrap_or_default()
}

#[component]
fn Entry(version: Version, older: String, known: RwSignal<About>) -> impl IntoView {
    let i18n = use_texts();
    let client = use_client();
    let Version { seq, at, name, value, .. } = version;
    let who = name.clone();
    let when = boxed(move || {
        let (date, time) = (format::date(at, words::language(i18n)), format::time(at, words::language(i18n)));
        match seq {
            Some(seq) => {
                text!(i18n, history.entry, name = who.as_str(), date = date, time = time, seq = seq).to_string()
            }
            None => text!(i18n, history.kept, name = who.as_str(), date = date, time = time).to_string(),
        }
    });
    let now = words_of(&value);
    let restore = move |_| {
        let value = value.clone();
        leptos::task::spawn_local(async move {
            let said = restore(client, value).await;
            let words = untrack(|| if said { text!(i18n, history.restored) } else { text!(i18n, rescue.journal) });
            client.announcement.set(words.to_owned());
            device::focus_later("page-title".to_owned());
        });
    };
    view! {
        <li class="versions__entry">
            <h2>{when}</h2>
            {move || view! { <Difference old=older.clone() new=now.clone() lang=known.get().1/> }}
            <button type="button" class="button button--quiet" on:click=restore>{say!(i18n, history.restore)}</button>
        </li>
    }
}

/// Writes an old text as if the person had typed it now; what is there stays in the history.
async fn restore(client: Client, value: FieldValue) -> bool {
    let person = client.person();
    let (Some(person), Some(report)) = (person, untrack(|| client.current_report())) else { return false };
    let saved = reports::save(&client.journal(), person, report, &[Edit::Write(value, None)]).await;
    client.journal_was_changed();
    client.wake();
    saved.is_ok()
}

#[component]
fn Older(next: Option<Before>, fetch: Callback<Option<Before>>) -> impl IntoView {
    let i18n = use_texts();
    next.map(|next| {
        view! {
            <button type="button" class="button" on:click=move |_| fetch.run(Some(next))>{say!(i18n, history.older)}</button>
        }
    })
}
