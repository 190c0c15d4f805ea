//! The line that is always true: where the work is, in words; and what to do when it is not safe.

use super::facts::as_text;
use super::rescue;
use super::state::ReportState;
use crate::client::address::use_address;
use crate::client::reports;
use crate::client::{device, format};
use crate::components::when::When;
use crate::routes::Page;
use crate::words::{self, Texts, boxed, say, text, use_texts};
use domain::sync::status::Status;
use domain::sync::wire::Receipt;
use leptos::prelude::*;

/// What the council sees of a draft that the server has whole.
enum Seen {
    Nothing,
    /// Something older than the draft.
    Older,
    All(Receipt),
}

fn seen(state: ReportState) -> Seen {
    state.queue.with(|queue| match &queue.submission {
        None => Seen::Nothing,
        Some(_) if queue.changed => Seen::Older,
        Some(receipt) => Seen::All(receipt.clone()),
    })
}

fn text(i18n: Texts, status: &Status, seen: &Seen) -> String {
    match status {
        Status::NotSaved => text!(i18n, status.not_saved).to_owned(),
        Status::Saving => text!(i18n, status.saving).to_owned(),
        Status::Refused(why) => text!(i18n, status.refused, reason = words::refusal(i18n, why)).to_string(),
        Status::Conflict(count) => text!(i18n, status.conflict, count = *count).to_string(),
        Status::Held(count) => text!(i18n, status.held, count = *count).to_string(),
        Status::Sending(count) => text!(i18n, status.sending, count = *count).to_string(),
        Status::SignInToSend(count) => text!(i18n, status.sign_in, count = *count).to_string(),
        Status::Offline(0) => text!(i18n, status.offline_clear).to_owned(),
        Status::Offline(count) => text!(i18n, status.offline, count = *count).to_string(),
        Status::Waiting(count) => text!(i18n, status.waiting, count = *count).to_string(),
        Status::NoRoom(count) => text!(i18n, status.no_room, count = *count).to_string(),
        Status::Sent(_, at) => match seen {
            Seen::Nothing => text!(i18n, status.draft, time = format::time(*at, words::language(i18n))).to_string(),
            Seen::Older => text!(i18n, status.changed).to_owned(),
            Seen::All(Receipt { seq, at, .. }) => {
                let language = words::language(i18n);
                let (date, time) = (format::date(*at, language), format::time(*at, language));
                text!(i18n, status.submitted, date = date, time = time, seq = *seq).to_string()
            }
        },
        Status::Saved => text!(i18n, status.saved).to_owned(),
    }
}

/// A name for styling and tests; the words say the same.
const fn kind(status: &Status) -> &'static str {
    match status {
        Status::NotSaved => "not-saved",
        Status::Saving => "saving",
        Status::Refused(_) => "refused",
        Status::Conflict(_) => "conflict",
        Status::Held(_) => "held",
        Status::Sending(_) => "sending",
        Status::SignInToSend(_) => "sign-in",
        Status::Offline(_) => "offline",
        Status::Waiting(_) => "waiting",
        Status::NoRoom(_) => "no-room",
        Status::Sent(..) => "sent",
        Status::Saved => "saved",
    }
}

/// The line, and the alert when a write failed.
#[component]
pub fn StatusBar(state: ReportState, status: Memo<Status>) -> impl IntoView {
    let i18n = use_texts();
    let address = use_address();
    announce(state, status);
    let waits = move || {
        matches!(
            status.get(),
            Status::Refused(_)
                | Status::Offline(1..)
                | Status::Waiting(_)
                | Status::NoRoom(_)
                | Status::SignInToSend(_)
        )
    };
    let submitted =
        move || (matches!(status.get(), Status::Sent(..)) && matches!(seen(state), Seen::All(_))).then_some("");
    view! {
        <section class="status" data-status=boxed(move || kind(&status.get())) data-submitted=boxed(submitted) aria-label=say!(i18n, status.label)>
            <span class="status__mark" aria-hidden="true"></span>
            <p class="status__text">{move || text(i18n, &status.get(), &seen(state))}</p>
            <When is=boxed(waits)>
                <Retry state/>
                <When is=boxed(move || matches!(status.get(), Status::SignInToSend(_)))>
                    <a class="status__link" href=boxed(move || address.sign_in(words::language(i18n)))>{say!(i18n, status.sign_in_link)}</a>
                </When>
                <a class="status__link" href=boxed(move || Page::Outbox.path(words::language(i18n)))>{say!(i18n, outbox.open)}</a>
            </When>
        </section>
        <When is=boxed(move || state.save_failed.get())>
            <Rescue state/>
        </When>
    }
}

#[component]
fn Retry(state: ReportState) -> impl IntoView {
    let i18n = use_texts();
    let again = move |_| {
        leptos::task::spawn_local(async move {
            let journal = state.client.journal();
            let retried = reports::update(&journal, state.person, state.report, |local| local.retry_refused()).await;
            if retried.is_ok() {
                state.client.journal_was_changed();
            }
            state.client.wake();
        });
    };
    view! { <button type="button" class="button button--quiet" on:click=again>{say!(i18n, status.retry)}</button> }
}

/// Nothing could be written: the words are on the screen only, and the person can take them away.
#[component]
fn Rescue(state: ReportState) -> impl IntoView {
    let i18n = use_texts();
    let copied = RwSignal::new(None::<bool>);
    let report = move || untrack(|| as_text(state, |section| words::section_title(i18n, section)));
    let copy = move |_| {
        let text = report();
        leptos::task::spawn_local(async move { copied.set(Some(device::copy(&text).await.is_ok())) });
    };
    let download = move |_| {
        if !rescue::save(i18n, state.client, state.report, rescue::fields_of(state)) {
            copied.set(Some(false));
        }
    };
    view! {
        <div class="alert alert--danger" role="alert">
            <h2>{say!(i18n, storage.failed_title)}</h2>
            <p>{say!(i18n, storage.failed_text)}</p>
            <div class="actions">
                <button type="button" class="button" on:click=copy>{say!(i18n, storage.copy)}</button>
                <button type="button" class="button" on:click=download>{say!(i18n, storage.download)}</button>
                {move || copied.get().map(|ok| {
                    if ok { text!(i18n, storage.copied) } else { text!(i18n, storage.copy_failed) }
                })}
            </div>
        </div>
    }
}

/// A screen reader hears of what matters, not of every keystroke.
fn announce(state: ReportState, status: Memo<Status>) {
    let i18n = use_texts();
    Effect::new(move |before: Option<&'static str>| {
        let now = status.get();
        let quiet = matches!(now, Status::Saving | Status::Saved | Status::Sending(_) | Status::Waiting(_));
        if quiet {
            return before.unwrap_or_default();
        }
        if before.is_some_and(|before| before != kind(&now)) {
            state.client.announcement.set(untrack(|| text(i18n, &now, &seen(state))));
        }
        kind(&now)
    });
}
