//! Who speaks, how long, and a message to the room.

use super::remote::Remote;
use crate::components::text_field::TextField;
use crate::components::when::When;
use crate::pages::projector::room::{clock_face, time_left};
use crate::words::{self, boxed, say, text, use_texts};
use domain::id::MemberId;
use domain::language::Language;
use domain::projection::{Countdown, KnownCommand, Message};
use leptos::prelude::*;

/// Lengths of a turn that a meeting knows, in minutes.
const MINUTES: [u32; 5] = [1, 2, 3, 5, 10];

/// Who speaks and who is next, as the tour de table goes, or anybody.
#[component]
pub fn Floor(remote: Remote) -> impl IntoView {
    let i18n = use_texts();
    let chooser = move |id: &'static str, of: fn(Option<MemberId>, Option<MemberId>) -> Option<MemberId>| {
        let chosen = move || remote.wanted.with(|wanted| of(wanted.speaker, wanted.next));
        view! {
            <select
                id=id
                on:change=move |event| {
                    let chosen = event_target_value(&event).parse().ok();
                    let (speaker, next) = remote.wanted.with_untracked(|wanted| (wanted.speaker, wanted.next));
                    let (speaker, next) = if id == "speaker" { (chosen, next) } else { (speaker, chosen) };
                    remote.press(KnownCommand::Floor { speaker, next });
                }
            >
                <option value="" prop:selected=boxed(move || chosen().is_none())>{say!(i18n, presenter.nobody_speaks)}</option>
                {move || {
                    let language = words::language(i18n);
                    let Some(known) = remote.stage.known.get() else { return Vec::new() };
                    let option = |id: MemberId| {
                        let name = known.council.member(id).map(|member| member.short.get(language).to_owned());
                        view! { <option value=id.to_string() prop:selected=boxed(move || chosen() == Some(id))>{name}</option> }
                    };
                    let group = |label: &'static str, members: Vec<MemberId>| {
                        let options: Vec<_> = members.into_iter().map(option).collect();
                        (!options.is_empty()).then(|| view! { <optgroup label=label>{options}</optgroup> }.into_any())
                    };
                    let with = group(text!(i18n, presenter.with_report), known.tour());
                    let without = group(text!(i18n, presenter.without_report), known.without_report());
                    with.into_iter().chain(without).collect::<Vec<_>>()
                }}
            </select>
        }
    };
    view! {
        <fieldset class="remote__group">
            <legend>{say!(i18n, presenter.floor)}</legend>
            <button type="button" id="next-speaker" class="button button--primary" on:click=move |_| remote.next_speaker()>
                {say!(i18n, presenter.next_speaker)}
            </button>
            <div class="remote__pair">
                <label for="speaker">{say!(i18n, presenter.speaker)}</label>
                {chooser("speaker", |speaker, _| speaker)}
            </div>
            <div class="remote__pair">
                <label for="next-up">{say!(i18n, presenter.next_up)}</label>
                {chooser("next-up", |_, next| next)}
            </div>
        </fieldset>
    }
}

/// A countdown on all walls.
#[component]
pub fn Timer(remote: Remote) -> impl IntoView {
    let i18n = use_texts();
    let left = time_left(remote.stage);
    let held = move || matches!(left.get(), Some((Countdown::Paused { .. }, _)));
    let start = move |minutes: u32| {
        view! {
            <button
                type="button"
                class="button"
                data-minutes=minutes.to_string()
                on:click=move |_| remote.press(KnownCommand::Countdown { seconds: minutes * 60 })
            >
                {say!(i18n, presenter.minutes, n = minutes)}
            </button>
        }
    };
    view! {
        <fieldset class="remote__group">
            <legend>{say!(i18n, presenter.countdown)}</legend>
            {move || left.get().map(|(_, left)| view! { <p class="remote__clock">{clock_face(left)}</p> })}
            <div class="actions">{MINUTES.map(start)}</div>
            <When is=boxed(move || left.with(Option::is_some))>
                <div class="actions">
                    <button type="button" id="hold" class="button" on:click=move |_| remote.hold_or_go_on()>
                        {move || if held() { text!(i18n, presenter.resume) } else { text!(i18n, presenter.pause) }}
                    </button>
                    <button type="button" id="clear-countdown" class="button" on:click=move |_| remote.press(KnownCommand::Clear {})>
                        {say!(i18n, presenter.clear)}
                    </button>
                </div>
            </When>
        </fieldset>
    }
}

/// A message to the room, in one language or both.
#[component]
pub fn Say(remote: Remote) -> impl IntoView {
    let i18n = use_texts();
    let (english, french) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    // What is put up can be changed, also by whoever reloads the page or takes over; what is being written stays.
    let up = Memo::new(move |_| remote.stage.feed.projection.with(|known| known.as_ref()?.message.clone()));
    Effect::new(move |_| {
        let Some(Message { text, language, other }) = up.get() else { return };
        if english.with_untracked(String::is_empty) && french.with_untracked(String::is_empty) {
            let (said, answer) = match language {
                Language::En => (english, french),
                Language::Fr => (french, english),
            };
            said.set(text);
            answer.set(other.unwrap_or_default());
        }
    });
    let put_up = move |_| {
        let texts = [(Language::En, english.get_untracked()), (Language::Fr, french.get_untracked())];
        let mut texts = texts
            .into_iter()
            .map(|(language, text)| (language, text.trim().to_owned()))
            .filter(|(_, text)| !text.is_empty());
        if let Some((language, text)) = texts.next() {
            let other = texts.next().map(|(_, text)| text);
            remote.press(KnownCommand::Say { message: Some(Message { text, language, other }) });
        }
    };
    view! {
        <fieldset class="remote__group remote__say">
            <legend>{say!(i18n, presenter.message)}</legend>
            <div class="remote__texts">
            <TextField id="message-en" label=Signal::derive(move || text!(i18n, presenter.text_en).to_owned()) value=english
                on_input=Callback::new(move |text| english.set(text)) lang=Signal::stored(Some("en"))/>
            <TextField id="message-fr" label=Signal::derive(move || text!(i18n, presenter.text_fr).to_owned()) value=french
                on_input=Callback::new(move |text| french.set(text)) lang=Signal::stored(Some("fr"))/>
            </div>
            <p class="hint">{say!(i18n, presenter.message_hint)}</p>
            <div class="actions">
                <button type="button" id="put-up" class="button" on:click=put_up>{say!(i18n, presenter.put_up)}</button>
                <When is=boxed(move || up.with(Option::is_some))>
                    <button type="button" id="take-down" class="button" on:click=move |_| remote.press(KnownCommand::Say { message: None })>
                        {say!(i18n, presenter.clear)}
                    </button>
                </When>
            </div>
        </fieldset>
    }
}
