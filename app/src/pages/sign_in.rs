//! Signing in. It needs the network; everything after it does not.

use crate::client::address::use_address;
use crate::client::context::use_client;
use crate::client::http::Failure;
use crate::client::{device, local, session};
use crate::components::text_field::TextField;
use crate::components::when::When;
use crate::error::AppError;
use crate::routes::Page;
use crate::words::{self, Texts, boxed, say, text, use_texts};
use domain::council::permit;
use domain::sync::status::Reach;
use leptos::prelude::*;

/// What stands in the way, and of which field.
#[derive(Debug, Clone, PartialEq)]
enum Obstacle {
    NoEmail,
    NoPassphrase,
    Server(Failure),
}

fn words_for(i18n: Texts, obstacle: &Obstacle) -> String {
    match obstacle {
        Obstacle::NoEmail => text!(i18n, sign_in.need_email).to_owned(),
        Obstacle::NoPassphrase => text!(i18n, sign_in.need_passphrase).to_owned(),
        Obstacle::Server(Failure::Refused(AppError::WrongCredentials)) => text!(i18n, sign_in.wrong).to_owned(),
        Obstacle::Server(Failure::Troubled(Some(wait))) => {
            text!(i18n, sign_in.too_many, seconds = wait.as_secs()).to_string()
        }
        Obstacle::Server(Failure::Unreachable) => text!(i18n, sign_in.unreachable).to_owned(),
        Obstacle::Server(_) => text!(i18n, sign_in.trouble).to_owned(),
    }
}

/// The form. A failed attempt moves the focus to a summary whose links reach the fields; nothing typed is cleared.
#[component]
pub fn SignIn() -> impl IntoView {
    let i18n = use_texts();
    let client = use_client();
    let address = use_address();
    let email = RwSignal::new(
        client.identity.with_untracked(|i| i.as_ref().map(|i| i.email.as_str().to_owned())).unwrap_or_default(),
    );
    let passphrase = RwSignal::new(String::new());
    let shared = RwSignal::new(local::shared());
    let working = RwSignal::new(false);
    let obstacles = RwSignal::new(Vec::<Obstacle>::new());
    let fail = move |found: Vec<Obstacle>| {
        obstacles.set(found);
        device::focus_later("sign-in-errors".to_owned());
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if working.get_untracked() {
            return;
        }
        let (typed_email, typed_passphrase) = (email.get_untracked(), passphrase.get_untracked());
        let mut found = Vec::new();
        found.extend(typed_email.trim().is_empty().then_some(Obstacle::NoEmail));
        found.extend(typed_passphrase.is_empty().then_some(Obstacle::NoPassphrase));
        if !found.is_empty() {
            return fail(found);
        }
        working.set(true);
        leptos::task::spawn_local(async move {
            let answer = session::sign_in(&typed_email, &typed_passphrase, shared.get_untracked()).await;
            working.set(false);
            match answer {
                Ok(identity) => {
                    let page = if permit::drafts_for(Some(&identity)).is_some() { Page::Report } else { Page::Board };
                    client.signed_in(identity, shared.get_untracked()).await;
                    let language = words::language_now(i18n);
                    address.go(&untrack(|| address.back(language)).unwrap_or_else(|| page.path(language)), false);
                }
                Err(error) => fail(vec![Obstacle::Server(error)]),
            }
        });
    };
    let wrong = move |which: Obstacle| {
        Signal::derive(move || obstacles.with(|all| all.contains(&which)).then(|| words_for(i18n, &which)))
    };
    let expired = move || client.identity.with(Option::is_some) && client.reach.get() == Reach::SignedOut;
    view! {
        <form class="sheet sheet--narrow" on:submit=submit novalidate=true>
            <h1 id="page-title" tabindex="-1">{say!(i18n, titles.sign_in)}</h1>
            <When is=boxed(expired)><p class="alert alert--warning">{say!(i18n, sign_in.expired)}</p></When>
            <p class="lead">{say!(i18n, sign_in.intro)}</p>
            <When is=boxed(move || obstacles.with(|all| !all.is_empty()))>
                <div class="summary" id="sign-in-errors" tabindex="-1" role="alert">
                    <h2>{say!(i18n, sign_in.error_title)}</h2>
                    <ul>{move || obstacles.get().into_iter().map(|obstacle| {
                        let target = if obstacle == Obstacle::NoPassphrase { "#passphrase" } else { "#email" };
                        view! { <li><a href=target on:click=move |event| {
                            event.prevent_default();
                            event.stop_propagation();
                            device::focus_later(target.trim_start_matches('#').to_owned());
                        }>{words_for(i18n, &obstacle)}</a></li> }
                        .into_any()
                    }).collect_view()}</ul>
                </div>
            </When>
            <TextField
                id="email" kind="email" autocomplete="username"
                label=Signal::derive(move || text!(i18n, sign_in.email).to_owned())
                value=email on_input=Callback::new(move |text| email.set(text)) error=wrong(Obstacle::NoEmail)
            />
            <TextField
                id="passphrase" kind="password" autocomplete="current-password"
                label=Signal::derive(move || text!(i18n, sign_in.passphrase).to_owned())
                value=passphrase on_input=Callback::new(move |text| passphrase.set(text)) error=wrong(Obstacle::NoPassphrase)
            />
            <label class="check">
                <input type="checkbox" on:change=|event| device::reveal("passphrase", event_target_checked(&event))/>
                <span>{say!(i18n, sign_in.show)}</span>
            </label>
            <label class="check">
                <input
                    type="checkbox" aria-describedby="shared-hint" prop:checked=shared
                    on:change=move |event| shared.set(event_target_checked(&event))
                />
                <span>{say!(i18n, sign_in.shared)}</span>
            </label>
            <p class="hint" id="shared-hint">{say!(i18n, sign_in.shared_hint)}</p>
            <div class="actions">
                <button type="submit" class="button button--primary" aria-disabled=boxed(move || working.get().then_some("true"))>
                    {move || if working.get() { text!(i18n, sign_in.working) } else { text!(i18n, sign_in.submit) }}
                </button>
            </div>
        </form>
    }
}
