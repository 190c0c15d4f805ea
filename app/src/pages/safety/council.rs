//! What the council has beside what this device has, from the server's own bytes, with its receipt checked against them.

use super::difference::Difference;
use super::history::explain;
use super::value::about;
use crate::client::context::{Client, use_client};
use crate::client::http::{self, Failure};
use crate::client::{format, reports};
use crate::components::when::When;
use crate::words::{self, Texts, boxed, say, text, use_texts};
use domain::board::Card;
use domain::field::{ContactField, FieldKey, FieldValue, ItemField, ItemValue};
use domain::id::{ItemId, ReportId};
use domain::report::submitted::Submitted;
use domain::sync::local::LocalReport;
use leptos::prelude::*;
use leptos::reactive::spawn_local_scoped_with_cancellation;

/// Both sides, or why there is none.
#[derive(Debug, Clone, PartialEq)]
enum Found {
    Nothing,
    Failed(Failure),
    NoReport,
    Journal,
    Both(Box<Submitted>, Box<LocalReport>),
}

/// The page.
#[component]
pub fn CouncilCopy() -> impl IntoView {
    let i18n = use_texts();
    let client = use_client();
    let found = RwSignal::new(Found::Nothing);
    Effect::new(move |_| {
        let report = client.current_report();
        client.journal_changed.track();
        spawn_local_scoped_with_cancellation(async move { found.set(read(client, report).await) });
    });
    view! {
        <div class="sheet">
            <h1 id="page-title" tabindex="-1">{say!(i18n, titles.council_copy)}</h1>
            <p class="lead">{say!(i18n, council_copy.lead)}</p>
            {move || match found.get() {
                Found::Nothing => view! { <p role="status">{say!(i18n, loading)}</p> }.into_any(),
                Found::NoReport => view! { <p>{say!(i18n, report.no_edition)}</p> }.into_any(),
                Found::Journal => view! { <p class="alert alert--danger" role="alert">{say!(i18n, rescue.journal)}</p> }.into_any(),
                Found::Failed(failure) => view! {
                    <p class="alert alert--warning" role="alert">{explain(i18n, &failure)}</p>
                }.into_any(),
                Found::Both(submitted, local) => view! { <Sides submitted=*submitted local=*local/> }.into_any(),
            }}
        </div>
    }
}

async fn read(client: Client, report: Option<ReportId>) -> Found {
    let person = client.person();
    let (Some(person), Some(report)) = (person, report) else { return Found::NoReport };
    let Ok(local) = reports::open(&client.journal(), person, report).await else { return Found::Journal };
    match http::get::<Submitted>(&format!("/api/reports/{report}/submitted")).await {
        Ok(submitted) => Found::Both(Box::new(submitted), Box::new(local)),
        Err(failure) => Found::Failed(failure),
    }
}

#[component]
fn Sides(submitted: Submitted, local: LocalReport) -> impl IntoView {
    let i18n = use_texts();
    let Some(receipt) = submitted.receipt.clone() else {
        return view! { <p>{say!(i18n, submit.not_yet)}</p> }.into_any();
    };
    let holds = submitted.hash().as_ref() == Some(&receipt.hash);
    let hash = receipt.hash.short().to_owned();
    let about = boxed(move || {
        let (date, time) =
            (format::date(receipt.at, words::language(i18n)), format::time(receipt.at, words::language(i18n)));
        text!(
            i18n,
            submit.submitted,
            date = date,
            time = time,
            items = receipt.items,
            seq = receipt.seq,
            hash = hash.as_str()
        )
        .to_string()
    });
    let rows = rows(&submitted, &local);
    let same = rows.is_empty();
    view! {
        <p class="receipt">{about}</p>
        <p class=if holds { "ready" } else { "alert alert--danger" }>
            {boxed(move || if holds { text!(i18n, council_copy.holds) } else { text!(i18n, council_copy.breaks) })}
        </p>
        <When is=boxed(move || same)><p class="ready">{say!(i18n, council_copy.same)}</p></When>
        <ul class="differences">{rows.into_iter().map(|row| view! { <Side row/> }).collect_view()}</ul>
    }
    .into_any()
}

/// A field that is not the same on both sides.
#[derive(Debug, Clone)]
struct Row {
    key: FieldKey,
    title: String,
    lang: Option<&'static str>,
    council: String,
    here: String,
}

fn rows(submitted: &Submitted, local: &LocalReport) -> Vec<Row> {
    let here =
        |key: FieldKey| local.fields.get(&key).and_then(|field| field.value.text()).unwrap_or_default().to_owned();
    let mut rows = Vec::new();
    let mut push = |key: FieldKey, title: &str, council: &str, here: String| {
        if council.trim() != here.trim() {
            let (_, lang) = about(local, key);
            rows.push(Row { key, title: title.to_owned(), lang, council: council.to_owned(), here });
        }
    };
    if let Some(contact) = &submitted.contact {
        let fields = [
            (ContactField::Name, &contact.name),
            (ContactField::Email, &contact.email),
            (ContactField::Phone, &contact.phone),
        ];
        for (field, council) in fields {
            push(FieldKey::Contact(field), "", council, here(FieldKey::Contact(field)));
        }
    }
    for item in items(submitted, local) {
        let card: Option<&Card> = submitted.items.iter().find(|card| card.item == item);
        let title = card.map_or_else(|| here(FieldKey::Item(item, ItemField::Title)), |card| card.title.clone());
        let gone = is_deleted(local, item);
        for (field, council) in
            [(ItemField::Title, card.map(|card| &card.title)), (ItemField::Text, card.map(|card| &card.text))]
        {
            let key = FieldKey::Item(item, field);
            let mine = if gone { String::new() } else { here(key) };
            push(key, &title, council.map_or("", String::as_str), mine);
        }
    }
    rows
}

/// The items of either side, the council's first.
fn items(submitted: &Submitted, local: &LocalReport) -> Vec<ItemId> {
    let mut items: Vec<ItemId> = submitted.items.iter().map(|card| card.item).collect();
    for key in local.fields.keys() {
        if let FieldKey::Item(item, _) = key
            && !items.contains(item)
            && !is_deleted(local, *item)
        {
            items.push(*item);
        }
    }
    items
}

fn is_deleted(local: &LocalReport, item: ItemId) -> bool {
    let field = local.fields.get(&FieldKey::Item(item, ItemField::Deleted));
    matches!(field.map(|field| &field.value), Some(FieldValue::Item(_, ItemValue::Deleted(true))))
}

#[component]
fn Side(row: Row) -> impl IntoView {
    let i18n = use_texts();
    let Row { key, title, lang, council, here } = row;
    let name = name_of(i18n, key, title);
    view! {
        <li class="differences__entry">
            <h2>{name}</h2>
            <p class="hint">{say!(i18n, council_copy.marks)}</p>
            <Difference old=council new=here lang/>
        </li>
    }
}

fn name_of(i18n: Texts, key: FieldKey, title: String) -> impl Fn() -> String {
    move || words::name_of(i18n, key, &title)
}
