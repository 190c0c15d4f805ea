//! The outbox: every change that has not reached the council, in words, with its age and why it waits.

use crate::client::context::{Client, use_client};
use crate::client::journal::JournalError;
use crate::client::{device, format, local, reports};
use crate::components::when::When;
use crate::pages::report::rescue;
use crate::routes::Page;
use crate::words::{self, Texts, boxed, say, text, use_texts};
use domain::field::{FieldKey, FieldValue, ItemField};
use domain::id::{ItemId, PersonId, ReportId};
use domain::sync::local::LocalReport;
use domain::sync::op::{Change, KnownChange};
use domain::sync::outbox::Queued;
use domain::time::Timestamp;
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::reactive::spawn_local_scoped_with_cancellation;

/// How often ages are said anew, in milliseconds.
const TICK: u32 = 15_000;

/// A change that waits.
#[derive(Debug, Clone, PartialEq)]
struct Waiting {
    report: ReportId,
    queued: Queued,
    /// The title of the item that it is about.
    title: String,
}

/// Everything of a person that waits, in the order in which it goes out.
async fn waiting(client: Client, person: PersonId) -> Result<Vec<Waiting>, JournalError> {
    let journal = client.journal();
    let mut all = Vec::new();
    for report in reports::queued(&journal, person).await? {
        let local = reports::open(&journal, person, report).await?;
        let entry = |queued: &Queued| Waiting { report, title: title_of(&local, queued), queued: queued.clone() };
        all.extend(local.queue.iter().map(entry));
    }
    Ok(all)
}

fn title_of(local: &LocalReport, queued: &Queued) -> String {
    let item = queued.operation.known().and_then(item_of);
    let title = item.and_then(|item| local.fields.get(&FieldKey::Item(item, ItemField::Title)));
    title.and_then(|field| field.value.text()).unwrap_or_default().to_owned()
}

const fn item_of(change: &KnownChange) -> Option<ItemId> {
    match change {
        KnownChange::AddItem { item, .. } | KnownChange::Set { value: FieldValue::Item(item, _), .. } => Some(*item),
        _ => None,
    }
}

/// What a change does, as a person would say it.
fn describe(i18n: Texts, change: &Change, title: &str) -> String {
    let Change::Known(known) = change else { return text!(i18n, outbox.unknown).to_owned() };
    match known {
        KnownChange::AddItem { section, .. } => {
            text!(i18n, outbox.add, section = words::section_title(i18n, *section)).to_string()
        }
        KnownChange::Submit {} => text!(i18n, outbox.submit).to_owned(),
        KnownChange::Withdraw {} => text!(i18n, outbox.withdraw).to_owned(),
        KnownChange::Set { value, .. } => words::name_of(i18n, value.key(), title),
    }
}

/// The page.
#[component]
pub fn Outbox() -> impl IntoView {
    let i18n = use_texts();
    let client = use_client();
    let list = RwSignal::new(None::<Vec<Waiting>>);
    let failed = RwSignal::new(false);
    let now = RwSignal::new(device::now());
    let retries = RwSignal::new(0_u32);
    Effect::new(move |_| {
        client.journal_changed.track();
        client.sending.track();
        retries.track();
        let person = client.identity.with(|identity| identity.as_ref().map(|identity| identity.person));
        spawn_local_scoped_with_cancellation(async move {
            let found = match person {
                Some(person) => waiting(client, person).await,
                None => Ok(Vec::new()),
            };
            failed.set(found.is_err());
            now.set(device::now());
            list.set(Some(found.unwrap_or_default()));
        });
    });
    spawn_local_scoped_with_cancellation(async move {
        loop {
            TimeoutFuture::new(TICK).await;
            now.set(device::now());
        }
    });
    let choices = RwSignal::new(0_usize);
    Effect::new(move |_| {
        client.journal_changed.track();
        let person = client.identity.with(|identity| identity.as_ref().map(|identity| identity.person));
        spawn_local_scoped_with_cancellation(async move {
            if let Some(person) = person {
                choices.set(reports::undecided(&client.journal(), person).await.unwrap_or_default());
            }
        });
    });
    let signed_in = move || client.identity.with(Option::is_some);
    let count = Memo::new(move |_| list.with(|list| list.as_ref().map(Vec::len)));
    view! {
        <div class="sheet">
            <h1 id="page-title" tabindex="-1">{say!(i18n, titles.outbox)}</h1>
            <p class="lead">{say!(i18n, outbox.lead)}</p>
            <p>{move || last_success(i18n, now.get())}</p>
            <When is=boxed(move || failed.get())><p class="alert alert--danger" role="alert">{say!(i18n, rescue.journal)}</p></When>
            <When is=boxed(move || !signed_in())><p>{say!(i18n, outbox.signed_out)}</p></When>
            <When is=boxed(move || signed_in() && count.get() == Some(0) && choices.get() == 0 && !failed.get())>
                <p class="ready">{say!(i18n, outbox.empty)}</p>
            </When>
            <When is=boxed(move || choices.get() > 0)>
                <p class="alert alert--warning">
                    {move || text!(i18n, outbox.choose, count = choices.get()).to_string()} " "
                    <a href=boxed(move || Page::Report.path(words::language(i18n)))>{say!(i18n, history.back)}</a>
                </p>
            </When>
            <When is=boxed(move || count.get().is_none())><p role="status">{say!(i18n, loading)}</p></When>
            <When is=boxed(move || count.get().is_some_and(|count| count > 0))>
                <ol class="waiting">
                    {move || list.get().unwrap_or_default().into_iter().map(|waiting| entry(i18n, &waiting, now)).collect_view()}
                </ol>
                <div class="actions">
                    <button type="button" class="button button--primary" on:click=move |_| retry(client, list, retries)>
                        {say!(i18n, status.retry)}
                    </button>
                    <button type="button" class="button" on:click=move |_| export(client, i18n, list)>
                        {say!(i18n, rescue.save)}
                    </button>
                </div>
            </When>
            <p><a href=boxed(move || Page::Rescue.path(words::language(i18n)))>{say!(i18n, rescue.open)}</a></p>
        </div>
    }
}

fn entry(i18n: Texts, waiting: &Waiting, now: RwSignal<Timestamp>) -> impl IntoView + use<> {
    let Waiting { queued, title, .. } = waiting;
    let what = describe(i18n, &queued.operation.change, title);
    let made = queued.operation.op_id.made_at();
    let sent = queued.sent;
    let state = match &queued.refusal {
        Some(refusal) => text!(i18n, status.refused, reason = words::refusal(i18n, refusal)).to_string(),
        None if sent => text!(i18n, outbox.sent).to_owned(),
        None => text!(i18n, outbox.waiting).to_owned(),
    };
    view! {
        <li class="waiting__entry" class:waiting__entry--refused=queued.refusal.is_some()>
            <p class="waiting__what">{what}</p>
            <p class="hint">{state} " · " {move || format::ago(i18n, made, now.get())}</p>
        </li>
    }
}

fn last_success(i18n: Texts, now: Timestamp) -> String {
    match local::last_sync() {
        Some(at) => text!(i18n, outbox.last_success, ago = format::ago(i18n, at, now)).to_string(),
        None => text!(i18n, outbox.no_success).to_owned(),
    }
}

fn retry(client: Client, list: RwSignal<Option<Vec<Waiting>>>, retries: RwSignal<u32>) {
    let Some(person) = client.person() else { return };
    let mut reports: Vec<ReportId> = list.get_untracked().into_iter().flatten().map(|waiting| waiting.report).collect();
    reports.dedup();
    leptos::task::spawn_local(async move {
        for report in reports {
            let _ = reports::update(&client.journal(), person, report, LocalReport::retry_refused).await;
        }
        client.journal_was_changed();
        client.wake();
        retries.set(retries.try_get_untracked().unwrap_or_default() + 1);
    });
}

/// One rescue file for each report that has something waiting.
fn export(client: Client, i18n: Texts, list: RwSignal<Option<Vec<Waiting>>>) {
    let Some(person) = client.person() else { return };
    let mut reports: Vec<ReportId> = list.get_untracked().into_iter().flatten().map(|waiting| waiting.report).collect();
    reports.dedup();
    leptos::task::spawn_local(async move {
        for report in reports {
            if let Ok(local) = reports::open(&client.journal(), person, report).await {
                let fields = local.fields.into_values().map(|field| field.value).collect();
                rescue::save(i18n, client, report, fields);
            }
        }
    });
}
