//! Who else is in the report, and in which field; and word of their changes as they happen. A courtesy: it blocks
//! nothing, and drafting does not wait for it.

use super::caret::element_of;
use super::state::ReportState;
use super::view::jump_to;
use crate::client::json::parse;
use crate::client::stream::{Heard, Stream};
use crate::client::tabs::{Tabs, WHO_LEADS};
use crate::client::{device, local, locks};
use crate::components::when::When;
use crate::words::{self, Texts, boxed, say, text, use_texts};
use domain::field::FieldKey;
use domain::id::ReportId;
use domain::json;
use domain::sync::presence::{Presence, PresencePut, Present, SIGN_SECONDS};
use futures::channel::mpsc::{UnboundedSender, unbounded};
use futures::future::{Either, select};
use futures::stream::StreamExt;
use gloo_events::EventListener;
use gloo_net::http::{Method, RequestBuilder};
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::reactive::spawn_local_scoped_with_cancellation;
use std::pin::pin;
use wasm_bindgen::JsCast;

/// Before a stream that broke is opened again, in milliseconds.
const AGAIN: u32 = 5_000;
/// The stream's word that the draft is another one.
const DRAFT: &str = "draft";
/// The stream's word of who is here.
const PRESENCE: &str = "presence";

/// The others, above the form, with links to the fields that they are in; and a mark at each of those fields.
#[component]
pub fn Together() -> impl IntoView {
    let i18n = use_texts();
    let state = expect_context::<ReportState>();
    let others = RwSignal::new(Vec::<Present>::new());
    spawn_local_scoped_with_cancellation(hear(state, others));
    show_myself(state);
    announce(state, i18n, others);
    Effect::new(move |_| mark(&others.get()));
    on_cleanup(|| mark(&[]));
    view! {
        <When is=boxed(move || others.with(|others| !others.is_empty()))>
            <aside class="company" aria-label=say!(i18n, together.title)>
                <p class="company__title">{say!(i18n, together.title)}</p>
                <ul>{move || others.get().into_iter().map(|present| entry(state, i18n, &present)).collect_view()}</ul>
            </aside>
        </When>
    }
}

fn entry(state: ReportState, i18n: Texts, present: &Present) -> impl IntoView + use<> {
    let me = present.person == state.person;
    let name = if me { text!(i18n, together.you).to_owned() } else { present.name.clone() };
    let key: Option<FieldKey> = present.field.as_deref().and_then(|field| field.parse().ok());
    let field = key.map(|key| {
        let id = element_of(key);
        let href = format!("#{id}");
        view! { <a href=href on:click=move |event| jump_to(&event, id.clone())>{words::name_of(i18n, key, &state.title_of(key))}</a> }
    });
    view! { <li><strong>{name}</strong> " " {field}</li> }
}

/// The field of an element, as [`FieldKey`] is written.
fn field_of(id: &str) -> Option<String> {
    let (kind, rest) = id.split_once('-')?;
    match kind {
        "contact" => Some(format!("contact/{rest}")),
        "title" | "text" => Some(format!("item/{rest}/{kind}")),
        _ => None,
    }
}

/// Marks the fields in which somebody is, for the eye; the list says the same.
fn mark(others: &[Present]) {
    let Some(document) = device::window().document() else { return };
    let Ok(marked) = document.query_selector_all("[data-company]") else { return };
    for n in 0..marked.length() {
        if let Some(element) = marked.get(n).and_then(|node| node.dyn_into::<web_sys::Element>().ok()) {
            let _ = element.remove_attribute("data-company");
        }
    }
    for present in others {
        let key: Option<FieldKey> = present.field.as_deref().and_then(|field| field.parse().ok());
        let element = key.and_then(|key| document.get_element_by_id(&element_of(key)));
        if let Some(Ok(Some(field))) = element.map(|element| element.closest(".field")) {
            let _ = field.set_attribute("data-company", &present.name);
        }
    }
}

fn announce(state: ReportState, i18n: Texts, others: RwSignal<Vec<Present>>) {
    Effect::new(move |before: Option<Vec<String>>| {
        let now: Vec<String> = others.with(|others| others.iter().map(|present| present.name.clone()).collect());
        if let Some(name) = now.iter().find(|name| before.as_ref().is_some_and(|before| !before.contains(name))) {
            state.client.announcement.set(untrack(|| text!(i18n, together.arrived, name = name.as_str()).to_string()));
        }
        now
    });
}

/// Hears of the others and of their changes: from the stream, or from the tab that holds it.
async fn hear(state: ReportState, others: RwSignal<Vec<Present>>) {
    let name = format!("roundtable-report-{}-{}", state.person, state.report);
    loop {
        let mut tabs = Tabs::join(name.clone());
        tabs.pass_on(WHO_LEADS, "");
        let lead = {
            let mut lead = pin!(locks::hold(&name));
            loop {
                match select(lead.as_mut(), tabs.words.next()).await {
                    Either::Left((lead, _)) => break lead,
                    Either::Right((Some(word), _)) => {
                        if let Some((PRESENCE, text)) = word.split_once('\n') {
                            show(others, text);
                        }
                    }
                    Either::Right((None, _)) => return,
                }
            }
        };
        follow(state, others, &mut tabs).await;
        drop(lead);
        others.set(Vec::new());
        TimeoutFuture::new(AGAIN).await;
    }
}

fn show(others: RwSignal<Vec<Present>>, text: &str) {
    let here = local::device();
    if let Some(presence) = parse::<Presence>(text) {
        let list: Vec<Present> = presence.people.into_iter().filter(|present| present.device != here).collect();
        if others.get_untracked() != list {
            others.set(list);
        }
    }
}

async fn follow(state: ReportState, others: RwSignal<Vec<Present>>, tabs: &mut Tabs) {
    let url = format!("/api/reports/{}/stream", state.report);
    let Some(mut stream) = Stream::open(&url, &[DRAFT, PRESENCE]) else { return };
    let mut last = String::new();
    loop {
        match stream.hear().await {
            Heard::Word(PRESENCE, text) => {
                last = text;
                tabs.pass_on(PRESENCE, &last);
                show(others, &last);
            }
            Heard::Word(..) => state.client.wake(),
            Heard::Silence => {
                if tabs.were_asked() {
                    tabs.pass_on(PRESENCE, &last);
                }
            }
            Heard::Cut => return,
        }
    }
}

/// Says where this person is: at every change of the focus, and every few seconds while the page is looked at.
fn show_myself(state: ReportState) {
    let report = state.report;
    let (tell, mut told) = unbounded();
    let listen = |name: &'static str, tell: UnboundedSender<()>| {
        let document = device::window().document()?;
        Some(EventListener::new(&document, name, move |_| drop(tell.unbounded_send(()))))
    };
    let listeners = StoredValue::new_local((listen("focusin", tell.clone()), listen("focusout", tell)));
    on_cleanup(move || {
        listeners.dispose();
        // Whoever has just signed out is not there any more, and has no session to say it with.
        if state.client.identity.with_untracked(|identity| identity.as_ref().is_some_and(|i| i.person == state.person))
        {
            leptos::task::spawn_local(put(report, PresencePut { device: local::device(), field: None, left: true }));
        }
    });
    spawn_local_scoped_with_cancellation(async move {
        #[expect(clippy::cast_possible_truncation, reason = "seconds of a minute")]
        let pause = SIGN_SECONDS as u32 * 1_000;
        loop {
            if device::is_visible() {
                let focused = device::window().document().and_then(|document| document.active_element());
                let field = focused.and_then(|element| field_of(&element.id()));
                put(report, PresencePut { device: local::device(), field, left: false }).await;
            }
            select(told.next(), TimeoutFuture::new(pause)).await;
            // Leaving one field for another is two events: one word is enough.
            TimeoutFuture::new(50).await;
            while told.try_recv().is_ok() {}
        }
    });
}

/// Nobody waits for the answer: the next sign comes soon.
async fn put(report: ReportId, sign: PresencePut) {
    let request = RequestBuilder::new(&format!("/api/reports/{report}/presence")).method(Method::PUT);
    let request = request.header("content-type", "application/json").body(json::write(&sign).to_string());
    if let Ok(request) = request {
        let _ = request.send().await;
    }
}
