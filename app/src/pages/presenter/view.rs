//! The page, and what each key does.

use super::drive::{Drive, Preview};
use super::floor::{Floor, Say, Timer};
use super::keys;
use super::place::{NotAllowed, PlaceBar};
use super::remote::Remote;
use crate::client::address::use_address;
use crate::client::context::use_client;
use crate::client::device;
use crate::client::live;
use crate::client::wake::keep_awake;
use crate::components::when::When;
use crate::pages::projector::fit::Sight;
use crate::pages::projector::state::Stage;
use crate::routes::Page;
use crate::words::{self, Texts, boxed, say, text, use_texts};
use domain::council::permit::Action;
use domain::language::Language;
use leptos::prelude::*;

/// The remote control of an edition.
#[component]
pub fn Presenting() -> impl IntoView {
    device::style_the_room();
    let i18n = use_texts();
    let client = use_client();
    let address = use_address();
    let current = live::looking_at(client);
    let allowed = Memo::new(move |_| client.may(Action::Present));
    view! {
        {move || match current.get() {
            Some((person, edition)) => {
                let stage = Stage::start(client, person, edition);
                view! {
                    <div class="heading">
                        <p class="heading__over">{move || stage.edition_name(words::language(i18n))}</p>
                        <h1 id="page-title" tabindex="-1">{say!(i18n, titles.presenter)}</h1>
                    </div>
                    {move || if allowed.get() {
                        view! { <Controls stage/> }.into_any()
                    } else {
                        view! { <NotAllowed/> }.into_any()
                    }}
                }
                .into_any()
            }
            None => view! {
                <h1 id="page-title" tabindex="-1">{say!(i18n, titles.presenter)}</h1>
                {move || if client.identity.with(Option::is_none) {
                    view! { <p><a href=boxed(move || address.sign_in(words::language(i18n)))>{say!(i18n, presenter.sign_in)}</a></p> }.into_any()
                } else {
                    view! { <p role="status">{say!(i18n, loading)}</p> }.into_any()
                }}
            }
            .into_any(),
        }}
    }
}

#[component]
fn Controls(stage: Stage) -> impl IntoView {
    let remote = Remote::start(stage);
    let letters = RwSignal::new(true);
    let sight = RwSignal::new(Sight::default());
    keys::listen(remote, letters);
    keep_awake(boxed(move || remote.presents()));
    view! {
        <PlaceBar remote/>
        <div class="remote">
            <Preview remote sight/>
            <When is=boxed(move || remote.presents())>
                <div class="remote__controls">
                    <Drive remote sight/>
                    <Floor remote/>
                    <Timer remote/>
                    <Say remote/>
                </div>
            </When>
            <Walls stage/>
            <Keys letters/>
        </div>
    }
}

/// The screens, one for each language, each in a window of its own.
#[component]
fn Walls(stage: Stage) -> impl IntoView {
    let i18n = use_texts();
    let link = move |language: Language| format!("{}?edition={}", Page::Projector.path(language), stage.feed.edition);
    view! {
        <section class="remote__walls" aria-labelledby="walls-title">
            <h2 id="walls-title">{say!(i18n, presenter.walls)}</h2>
            <p class="actions">
                <a class="button" href=link(Language::En) target="_blank">{say!(i18n, presenter.wall_en)}</a>
                <a class="button" href=link(Language::Fr) target="_blank">{say!(i18n, presenter.wall_fr)}</a>
            </p>
            <p class="hint">{say!(i18n, presenter.walls_hint)}</p>
        </section>
    }
}

/// A key's faces, and what it does.
fn key(i18n: Texts, faces: &'static [&'static str], does: fn(Texts) -> &'static str) -> AnyView {
    // As they are written on the keyboards of the screen's language.
    let written = move |face: &'static str| match face {
        "Enter" => text!(i18n, presenter.face_enter),
        "Esc" => text!(i18n, presenter.face_escape),
        face => face,
    };
    let faces: Vec<_> = faces.iter().map(|face| view! { <kbd>{boxed(move || written(face))}</kbd>" " }).collect();
    view! { <div><dt>{faces}</dt><dd>{boxed(move || does(i18n))}</dd></div> }.into_any()
}

#[component]
fn Keys(letters: RwSignal<bool>) -> impl IntoView {
    let i18n = use_texts();
    view! {
        <section class="remote__keys" aria-labelledby="keys-title">
            <h2 id="keys-title">{say!(i18n, presenter.keys)}</h2>
            <label class="chip">
                <input type="checkbox" id="single-keys" prop:checked=boxed(move || letters.get())
                    on:change=move |event| letters.set(event_target_checked(&event))/>
                <span>{say!(i18n, presenter.keys_on)}</span>
            </label>
            <dl>
                {key(i18n, &["Page ↓", "Page ↑"], |i18n| text!(i18n, presenter.key_walk))}
                {key(i18n, &["→", "←"], |i18n| text!(i18n, presenter.key_things))}
                {key(i18n, &["↓", "↑"], |i18n| text!(i18n, presenter.key_parts))}
                {key(i18n, &["Enter", "Esc"], |i18n| text!(i18n, presenter.key_open))}
                {key(i18n, &["T", "M", "G", "E", "R"], |i18n| text!(i18n, presenter.key_views))}
                {key(i18n, &["+", "−", "0"], |i18n| text!(i18n, presenter.key_size))}
                {key(i18n, &["S"], |i18n| text!(i18n, presenter.key_speaker))}
                {key(i18n, &["P"], |i18n| text!(i18n, presenter.key_countdown))}
            </dl>
        </section>
    }
}
