//! Where a person is signed in, and how to end it there.

use super::history::explain;
use crate::client::context::use_client;
use crate::client::http::Failure;
use crate::client::{device, format, session};
use crate::components::when::When;
use crate::words::{self, Texts, boxed, say, text, use_texts};
use domain::session::{Agent, SessionKey, SessionView};
use leptos::prelude::*;
use leptos::reactive::spawn_local_scoped_with_cancellation;

type Found = Option<Result<Vec<SessionView>, Failure>>;

/// The page.
#[component]
pub fn Sessions() -> impl IntoView {
    let i18n = use_texts();
    let client = use_client();
    let found: RwSignal<Found> = RwSignal::new(None);
    let ended = RwSignal::new(None::<usize>);
    let look = move || spawn_local_scoped_with_cancellation(async move { found.set(Some(session::list().await)) });
    Effect::new(move |_| {
        client.identity.track();
        look();
    });
    let end = Callback::new(move |which: Option<SessionKey>| {
        spawn_local_scoped_with_cancellation(async move {
            match session::end(which.as_ref()).await {
                Ok(count) => {
                    ended.set(Some(count));
                    client.announcement.set(text!(i18n, sessions.ended, count = count).to_string());
                    device::focus_later("page-title".to_owned());
                    found.set(Some(session::list().await));
                }
                Err(failure) => found.set(Some(Err(failure))),
            }
        });
    });
    view! {
        <div class="sheet">
            <h1 id="page-title" tabindex="-1">{say!(i18n, titles.sessions)}</h1>
            <p class="lead">{say!(i18n, sessions.lead)}</p>
            <When is=boxed(move || ended.get().is_some())>
                <p class="ready">{move || text!(i18n, sessions.ended, count = ended.get().unwrap_or_default()).to_string()}</p>
            </When>
            {move || match found.get() {
                None => view! { <p role="status">{say!(i18n, loading)}</p> }.into_any(),
                Some(Err(failure)) => view! {
                    <p class="alert alert--warning" role="alert">{explain(i18n, &failure)}</p>
                }.into_any(),
                Some(Ok(all)) => list(i18n, all, end).into_any(),
            }}
        </div>
    }
}

fn list(i18n: Texts, all: Vec<SessionView>, end: Callback<Option<SessionKey>>) -> impl IntoView {
    let several = all.iter().filter(|session| !session.current).count() > 1;
    view! {
        <ul class="waiting">{all.into_iter().map(|session| entry(i18n, session, end)).collect_view()}</ul>
        <When is=boxed(move || several)>
            <div class="actions">
                <button type="button" class="button" on:click=move |_| end.run(None)>{say!(i18n, sessions.end_others)}</button>
            </div>
        </When>
    }
}

fn entry(i18n: Texts, session: SessionView, end: Callback<Option<SessionKey>>) -> impl IntoView {
    let SessionView { key, agent, began, seen, shared, current } = session;
    let name = move || name_of(i18n, &agent);
    let named = name.clone();
    let began = move || {
        let language = words::language(i18n);
        let (date, time) = (format::date(began, language), format::time(began, language));
        text!(i18n, sessions.began, date = date, time = time).to_string()
    };
    let label = move || text!(i18n, sessions.end_named, name = named()).to_string();
    view! {
        <li class="waiting__entry">
            <p class="waiting__what">{name} {current.then(|| view! { " · " <strong>{say!(i18n, sessions.current)}</strong> })}</p>
            <p class="hint">
                {began} " · " {move || text!(i18n, sessions.seen, date = format::day(seen, words::language(i18n))).to_string()}
                {shared.then(|| view! { " · " {say!(i18n, sessions.shared)} })}
            </p>
            {(!current).then(|| view! {
                <button type="button" class="button button--quiet" aria-label=label on:click=move |_| end.run(Some(key.clone()))>
                    {say!(i18n, sessions.end)}
                </button>
            })}
        </li>
    }
}

/// Both parts are names of products, the same in both languages.
fn name_of(i18n: Texts, agent: &Agent) -> String {
    match (&agent.browser, &agent.system) {
        (Some(browser), Some(system)) => format!("{browser}, {system}"),
        (Some(one), None) | (None, Some(one)) => one.clone(),
        (None, None) => text!(i18n, sessions.unknown).to_owned(),
    }
}
