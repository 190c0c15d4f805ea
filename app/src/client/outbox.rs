//! The outbox: sends what is queued, by itself, when the server really answers. One tab leads and does it for all.
//!
//! It wakes when something was saved, when the network is said to be back, when the tab comes to the front, and
//! by itself after a wait that grows with every failure.

use super::context::Client;
use super::http::{self, Failure};
use super::journal::JournalError;
use super::{device, local, locks, reports};
use domain::id::{PersonId, ReportId};
use domain::sync::backoff;
use domain::sync::chain::in_query;
use domain::sync::local::LocalReport;
use domain::sync::status::Reach;
use domain::sync::wire::{DraftAnswer, PROTOCOL, Push, PushAnswer};
use futures::StreamExt;
use futures::channel::mpsc::UnboundedReceiver;
use futures::future::{Either, select};
use gloo_timers::future::sleep;
use leptos::prelude::*;
use std::pin::pin;
use std::time::Duration;

/// With nothing to send, how often the server is asked for what colleagues wrote.
const LOOK: Duration = Duration::from_secs(30);

/// Runs for as long as the tab is open: waits until this tab leads, then sends and looks for all of them.
pub async fn run(client: Client, mut woken: UnboundedReceiver<()>) {
    listen(client);
    let _lead = locks::hold("roundtable-sync").await;
    client.lead();
    let mut failures = 0_u32;
    let mut look = true;
    loop {
        let wait = match turn(client, look).await {
            Ok(()) => {
                failures = 0;
                LOOK
            }
            Err(failure) => {
                failures = failures.saturating_add(1);
                client.set_reach(failure.reach());
                let retry_after = if let Failure::Troubled(after) = failure { after } else { None };
                backoff::delay(failures, js_sys::Math::random(), retry_after)
            }
        };
        look = match select(woken.next(), pin!(sleep(wait))).await {
            Either::Left((None, _)) => return,
            Either::Left(_) => failures > 0,
            Either::Right(_) => true,
        };
        while woken.try_recv().is_ok() {}
    }
}

/// The events that are a reason to try at once. They are hints: only an answer counts as online.
fn listen(client: Client) {
    for name in ["online", "offline"] {
        window_event_listener_untyped(name, move |_| client.wake());
    }
    if let Some(document) = device::window().document() {
        let listener = gloo_events::EventListener::new(&document, "visibilitychange", move |_| {
            if device::is_visible() {
                client.wake();
            }
        });
        listener.forget();
    }
}

/// One turn: end a session that was left with no network, else send all that is queued and look at the council's
/// draft; at the council itself only when it is time to `look`.
async fn turn(client: Client, look: bool) -> Result<(), Failure> {
    client.end_session().await;
    let Some(person) = client.person() else {
        return Ok(());
    };
    drain(client, person).await?;
    if look || client.council.with_untracked(Option::is_none) {
        client.refresh_council().await?;
    }
    if let Some(report) = untrack(|| client.current_report()) {
        pull(client, person, report).await?;
        // What a restored server has lost is offered to it again.
        drain(client, person).await?;
    }
    client.set_reach(Reach::Answered);
    local::keep_last_sync(device::now());
    Ok(())
}

async fn drain(client: Client, person: PersonId) -> Result<(), Failure> {
    let journal = client.journal();
    let reports = reports::queued(&journal, person).await.map_err(journal_failed)?;
    for report in reports {
        let sent = drain_report(client, person, report).await;
        client.set_sending(false);
        sent?;
    }
    Ok(())
}

async fn drain_report(client: Client, person: PersonId, report: ReportId) -> Result<(), Failure> {
    let journal = client.journal();
    let mut looked = false;
    // That it answered half a minute ago says nothing.
    let mut answers = false;
    loop {
        let hand_over = |local: &mut LocalReport| local.hand_over_if(answers);
        let (local, operations) = reports::update(&journal, person, report, hand_over).await.map_err(journal_failed)?;
        if operations.is_empty() {
            // A submission goes out when the server is known to answer: before, it can be taken back.
            if !answers && local.waits_for_an_answer() {
                client.refresh_council().await?;
                answers = true;
                continue;
            }
            // The server is not what it was: nothing goes out before its draft has been compared with this device's.
            if local.council.doubt && !looked {
                looked = true;
                pull(client, person, report).await?;
                continue;
            }
            return Ok(());
        }
        client.set_sending(true);
        let (instance, mark) = (local.council.instance, local.council.mark);
        let push = Push { protocol: PROTOCOL, person, device: Some(local::device()), instance, mark, operations };
        let answer: PushAnswer = http::post("/api/operations", &push).await?;
        let settle = |local: &mut LocalReport| local.hear(&answer, &mut device::op_id).answered;
        let settled = reports::update(&journal, person, report, settle).await;
        client.journal_was_changed();
        client.set_reach(Reach::Answered);
        answers = true;
        match settled {
            // An answer to nothing that was asked is no answer.
            Ok((_, 0)) => return Err(Failure::Troubled(None)),
            Ok(_) => local::keep_last_sync(device::now()),
            // The journal could not be written: the same operations go out again later, and are harmless.
            Err(error) => return Err(journal_failed(error)),
        }
    }
}

/// Sync that cannot read or write the journal has not succeeded, and must not look as if it had.
fn journal_failed(error: JournalError) -> Failure {
    leptos::logging::warn!("sync: the journal refused: {}", error.0);
    Failure::Troubled(None)
}

/// Takes over what the council has and this device has not touched.
async fn pull(client: Client, person: PersonId, report: ReportId) -> Result<(), Failure> {
    // An answer is judged by what this device had heard of when it asked: a slow one is not a restored server.
    let heard = reports::update(&client.journal(), person, report, |local| local.heard()).await;
    let (held, asked) = heard.map_err(journal_failed)?;
    let mark = in_query(held.council.mark);
    let answer: DraftAnswer = http::get(&format!("/api/reports/{report}?device={}{mark}", local::device())).await?;
    // Somebody who has left meanwhile left nothing here that the council has.
    if client.person() != Some(person) {
        return Ok(());
    }
    let take_over = |local: &mut LocalReport| {
        let before = local.clone();
        local.take_over(&answer, asked, &mut device::op_id);
        *local != before
    };
    let (_, changed) = reports::update(&client.journal(), person, report, take_over).await.map_err(journal_failed)?;
    if changed {
        client.journal_was_changed();
    }
    Ok(())
}
