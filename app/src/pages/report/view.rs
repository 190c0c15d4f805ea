//! The page around the form: which report, when it is due, the sections, and the state of the work.

use super::caret;
use super::contact::ContactForm;
use super::facts::current_status;
use super::section::SectionForm;
use super::state::ReportState;
use super::status_bar::StatusBar;
use super::submission::Submission;
use crate::client::address::use_address;
use crate::client::context::{Client, use_client};
use crate::client::{device, format};
use crate::components::when::When;
use crate::parts;
use crate::words::{self, boxed, say, text, use_texts};
use domain::council::permit::Action;
use domain::edition::Edition;
use domain::report::word_count;
use domain::section::Section;
use domain::sync::status::Reach;
use leptos::prelude::*;

/// The report, or why there is none to write.
#[component]
pub fn Report() -> impl IntoView {
    let client = use_client();
    let address = use_address();
    let i18n = use_texts();
    let current =
        Memo::new(move |_| client.identity.get().map(|identity| identity.person).zip(client.current_report()));
    view! {
        {move || match current.get() {
            Some((person, report)) => {
                let state = ReportState::new(client, person, report);
                view! { <Form state/> }.into_any()
            }
            None => view! {
                <h1 id="page-title" tabindex="-1">{say!(i18n, titles.report)}</h1>
                {move || {
                    let knows = client.council.with(Option::is_some);
                    if client.identity.with(Option::is_none) {
                        view! { <p><a href=address.sign_in(words::language(i18n))>{say!(i18n, nav.sign_in)}</a></p> }.into_any()
                    } else if !client.may(Action::Draft) {
                        view! { <p>{say!(i18n, report.not_drafting)}</p> }.into_any()
                    } else if knows {
                        view! { <p>{say!(i18n, report.no_edition)}</p> }.into_any()
                    } else if matches!(client.reach.get(), Reach::Unreachable | Reach::Troubled | Reach::NoRoom) {
                        view! { <p>{say!(i18n, report.need_network)}</p> }.into_any()
                    } else {
                        view! { <p role="status">{say!(i18n, loading)}</p> }.into_any()
                    }
                }}
            }.into_any(),
        }}
    }
}

#[component]
fn Form(state: ReportState) -> impl IntoView {
    let i18n = use_texts();
    let status = current_status(state);
    keep_fresh(state);
    provide_context(state);
    view! {
        <Heading state/>
        <StatusBar state status/>
        {parts::show_quietly(state.client, parts::together)}
        <When is=boxed(move || state.loaded.get()) otherwise=move || view! { <p role="status">{say!(i18n, loading)}</p> }>
            <div class="report">
                <nav class="contents" aria-label=say!(i18n, report.contents)>
                    <ol>
                        <li><a href="#contact" on:click=jump("contact")>{say!(i18n, contact.title)}</a></li>
                        {Section::ALL.map(|section| view! {
                            <li>
                                <a href=format!("#{}", section.as_str()) on:click=jump(section.as_str())>
                                    {move || words::section_title(i18n, section)}
                                    <span class="contents__count">{move || state.standing(section).len()}</span>
                                </a>
                            </li>
                        })}
                        <li><a href="#submission" on:click=jump("submission")>{say!(i18n, submit.title)}</a></li>
                    </ol>
                </nav>
                <div class="report__body">
                    <ContactForm state/>
                    {Section::ALL.map(|section| view! { <SectionForm state section/> })}
                    <Submission state/>
                </div>
            </div>
        </When>
    }
}

/// A link within the page moves the focus to a heading; the address stays, so that it names the page and no more.
pub fn jump(id: &'static str) -> impl Fn(leptos::ev::MouseEvent) {
    move |event| jump_to(&event, id.to_owned())
}

/// As [`jump`], to an element that is known later.
pub fn jump_to(event: &leptos::ev::MouseEvent, id: String) {
    event.prevent_default();
    event.stop_propagation();
    device::focus_later(id);
}

#[component]
fn Heading(state: ReportState) -> impl IntoView {
    let i18n = use_texts();
    let client = state.client;
    let name = move || {
        let language = words::language(i18n);
        client.council.with(|council| {
            council
                .as_ref()
                .and_then(|c| c.member(state.report.member))
                .map(|member| member.name.get(language).to_owned())
        })
    };
    let edition = Memo::new(move |_| edition_of(client));
    let written = Memo::new(move |_| {
        let count = |item: &super::item_state::ItemState| word_count(&item.title.get()) + word_count(&item.text.get());
        Section::ALL.iter().flat_map(|section| state.standing(*section)).map(|item| count(&item)).sum::<usize>()
    });
    view! {
        <div class="heading">
            <p class="heading__over">{name}</p>
            <h1 id="page-title" tabindex="-1">{say!(i18n, titles.report)}</h1>
            <dl class="facts">
                {move || edition.get().map(|edition| view! {
                    <div><dt>{say!(i18n, report.edition)}</dt><dd>{edition.name.get(words::language(i18n)).to_owned()}</dd></div>
                    <div><dt>{say!(i18n, report.due)}</dt><dd>{format::day(edition.dates.due, words::language(i18n))} " · " {due(i18n, &edition)}</dd></div>
                    <div><dt>{say!(i18n, report.meets)}</dt><dd>{format::day(edition.dates.meets, words::language(i18n))}</dd></div>
                }.into_any())}
                <div><dt>{say!(i18n, report.words)}</dt><dd>{move || words::language(i18n).number(written.get())}</dd></div>
            </dl>
        </div>
    }
}

fn edition_of(client: Client) -> Option<Edition> {
    client.council.with(|council| council.as_ref().and_then(|council| council.current_edition()).cloned())
}

fn due(i18n: words::Texts, edition: &Edition) -> String {
    let days = format::today().map_or(0, |today| edition.dates.due.days_since(today));
    match days {
        0 => text!(i18n, report.due_today).to_owned(),
        1 => text!(i18n, report.day_left).to_owned(),
        2.. => text!(i18n, report.days_left, days = days).to_string(),
        -1 => text!(i18n, report.day_late).to_owned(),
        _ => text!(i18n, report.days_late, days = -days).to_string(),
    }
}

/// Reads the journal now and whenever sync or another tab changed it; saves before the page goes away.
fn keep_fresh(state: ReportState) {
    Effect::new(move |_| {
        state.client.journal_changed.track();
        leptos::task::spawn_local(state.refresh());
    });
    caret::watch_composition(move || leptos::task::spawn_local(state.refresh()));
    let leave = window_event_listener_untyped("pagehide", move |_| state.flush_late());
    let hide = device::window().document().map(|document| {
        gloo_events::EventListener::new(&document, "visibilitychange", move |_| {
            if !device::is_visible() {
                leptos::task::spawn_local(state.flush());
            }
        })
    });
    let hide = StoredValue::new_local(hide);
    on_cleanup(move || {
        leave.remove();
        hide.dispose();
        state.flush_away();
    });
    leptos::task::spawn_local(async move { state.client.persisted.set(device::persist().await) });
}
