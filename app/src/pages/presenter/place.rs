//! Who presents: taking the place, handing it over, giving it up; every state with its words.

use super::remote::{Remote, words_of};
use crate::client::wall;
use crate::components::when::When;
use crate::routes::Page;
use crate::words::{self, boxed, say, text, use_texts};
use domain::projection::{KnownCommand, Named};
use leptos::prelude::*;
use leptos::reactive::spawn_local_scoped_with_cancellation;

/// The state, and what can be done about it.
#[component]
pub fn PlaceBar(remote: Remote) -> impl IntoView {
    let i18n = use_texts();
    let me = remote.stage.feed.person;
    let state = move || {
        let shown = remote.stage.projection();
        let name = shown.presenter.as_ref().map(|presenter| presenter.name.clone());
        if shown.is_offered_to(me) {
            text!(i18n, presenter.offered_you, name = name.unwrap_or_default()).to_string()
        } else if shown.is_presented_by(me) {
            text!(i18n, presenter.you).to_owned()
        } else {
            match name {
                Some(name) => text!(i18n, presenter.somebody, name = name).to_string(),
                None => text!(i18n, presenter.nobody).to_owned(),
            }
        }
    };
    let presents = Memo::new(move |_| remote.stage.projection().is_presented_by(me));
    let take = move || {
        let shown = remote.stage.projection();
        match shown.presenter {
            _ if shown.is_offered_to(me) => text!(i18n, presenter.accept),
            Some(_) => text!(i18n, presenter.take_over),
            None => text!(i18n, presenter.take),
        }
    };
    view! {
        <section class="stage" data-presents=boxed(move || presents.get().to_string()) aria-labelledby="stage-state">
            <p class="stage__state" id="stage-state" role="status">{state}</p>
            <When is=boxed(move || presents.get()) otherwise=move || view! {
                <button type="button" id="take" class="button button--primary" on:click=move |_| remote.press(KnownCommand::Take {})>
                    {take}
                </button>
            }>
                <HandOver remote/>
                <button type="button" id="release" class="button" on:click=move |_| remote.press(KnownCommand::Release {})>
                    {say!(i18n, presenter.release)}
                </button>
            </When>
        </section>
        <div role="alert" class="stage__trouble">
            {move || remote.trouble.get().map(|trouble| {
                let text = move || words_of(i18n, &trouble);
                view! { <p class="alert alert--danger">{text}</p> }
            })}
        </div>
    }
}

/// To whom the place is offered. It changes hands when they take it.
#[component]
fn HandOver(remote: Remote) -> impl IntoView {
    let i18n = use_texts();
    let people = RwSignal::new(Vec::<Named>::new());
    let chosen = RwSignal::new(String::new());
    let (edition, me) = (remote.stage.feed.edition, remote.stage.feed.person);
    spawn_local_scoped_with_cancellation(async move {
        if let Ok(named) = wall::presenters(edition).await {
            people.set(named.into_iter().filter(|named| named.person != me).collect());
        }
    });
    let offered = Memo::new(move |_| {
        let presenter = remote.stage.projection().presenter;
        presenter.and_then(|presenter| presenter.offered).map(|offered| offered.name)
    });
    let offer = move |_| {
        if let Ok(to) = chosen.get_untracked().parse() {
            remote.press(KnownCommand::Offer { to });
            // The list is drawn anew when the offer has ended, with nobody chosen.
            chosen.set(String::new());
        }
    };
    view! {
        {move || match offered.get() {
            Some(name) => view! {
                <p>{move || text!(i18n, presenter.offered, name = name.clone()).to_string()}</p>
                <button type="button" id="withdraw" class="button" on:click=move |_| remote.press(KnownCommand::Withdraw {})>
                    {say!(i18n, presenter.withdraw)}
                </button>
            }
            .into_any(),
            None => view! {
                <div class="stage__offer">
                    <label for="offer-to">{say!(i18n, presenter.hand_over)}</label>
                    <select id="offer-to" on:change=move |event| chosen.set(event_target_value(&event))>
                        <option value="">{say!(i18n, presenter.choose)}</option>
                        {move || people.get().into_iter().map(|named| view! {
                            <option value=named.person.to_string()>{named.name}</option>
                        }).collect_view()}
                    </select>
                    <button type="button" id="offer" class="button" on:click=offer>{say!(i18n, presenter.offer)}</button>
                </div>
            }
            .into_any(),
        }}
    }
}

/// What somebody sees whose role does not present.
#[component]
pub fn NotAllowed() -> impl IntoView {
    let i18n = use_texts();
    view! {
        <p id="not-allowed">{say!(i18n, presenter.not_allowed)}</p>
        <p><a href=boxed(move || Page::Board.path(words::language(i18n)))>{say!(i18n, presenter.to_board)}</a></p>
    }
}
