//! What the room sees whatever is shown: who speaks, the countdown, a message, and a connection that is not live.

use super::state::Stage;
use crate::client::format;
use crate::client::live::Connection;
use crate::components::when::When;
use crate::words::{self, Texts, boxed, say, text, use_texts};
use domain::id::MemberId;
use domain::projection::{Countdown, Projection, TimeLeft};
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::reactive::spawn_local_scoped_with_cancellation;

/// How often the countdown is looked at, in milliseconds.
const LOOK: u32 = 100;

/// A countdown as it is written: 4:05, or 1:04:05.
#[must_use]
pub fn clock_face(TimeLeft { hours, minutes, seconds }: TimeLeft) -> String {
    match hours {
        0 => format!("{minutes}:{seconds:02}"),
        hours => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

/// What is left of the countdown, by the server's clock, looked at often enough that screens change together.
pub fn time_left(stage: Stage) -> Memo<Option<(Countdown, TimeLeft)>> {
    let tick = RwSignal::new(0_u8);
    spawn_local_scoped_with_cancellation(async move {
        loop {
            TimeoutFuture::new(LOOK).await;
            if stage
                .feed
                .projection
                .with_untracked(|known| known.as_ref().is_some_and(|known| known.countdown.is_some()))
            {
                tick.update(|tick| *tick = tick.wrapping_add(1));
            }
        }
    });
    Memo::new(move |_| {
        tick.track();
        let countdown = stage.feed.projection.with(|known| known.as_ref().and_then(|known| known.countdown))?;
        Some((countdown, countdown.time_left(stage.feed.server_now())))
    })
}

/// The foot of the wall.
#[component]
pub fn Room(
    stage: Stage,
    /// What is shown.
    shown: Signal<Projection>,
) -> impl IntoView {
    let i18n = use_texts();
    let left = time_left(stage);
    view! {
        <div class="wall__foot">
            {move || connection(i18n, stage).map(|text| view! { <p class="wall__connection">{text}</p> })}
            {move || shown.with(|shown| message(i18n, shown))}
            <div class="wall__room">
                {move || floor(i18n, stage, shown)}
                <When is=boxed(move || left.with(Option::is_some))>
                    <p class="wall__countdown" class:wall__countdown--up=move || left.get().is_some_and(|(_, left)| left.is_up())>
                        <span>{move || match left.get() {
                            Some((_, left)) if left.is_up() => text!(i18n, projector.up),
                            Some((Countdown::Paused { .. }, _)) => text!(i18n, projector.held),
                            _ => text!(i18n, projector.left),
                        }}</span>
                        <strong class="wall__clock">{move || left.get().map(|(_, left)| clock_face(left))}</strong>
                    </p>
                </When>
            </div>
        </div>
    }
}

fn connection(i18n: Texts, stage: Stage) -> Option<String> {
    let time = format::time(stage.feed.as_of.get().unwrap_or_default(), words::language(i18n));
    match stage.feed.connection.get() {
        Connection::Live => None,
        Connection::CatchingUp => Some(text!(i18n, projector.catching_up).to_owned()),
        Connection::Polling => Some(text!(i18n, projector.polling).to_owned()),
        Connection::Offline => Some(text!(i18n, projector.offline, time = time).to_string()),
        Connection::SignedOut => Some(text!(i18n, projector.signed_out, time = time).to_string()),
    }
}

/// How a message is set: the longer, the smaller, so that it ends on the wall and leaves most of it to the scene.
fn type_of(message: &str) -> &'static str {
    match message.chars().count() {
        0..=50 => "large",
        51..=110 => "text",
        _ => "small",
    }
}

fn message(i18n: Texts, shown: &Projection) -> Option<AnyView> {
    let (text, language) = shown.message.as_ref()?.on(words::language(i18n));
    let (set, text) = (type_of(text), text.to_owned());
    let mark = super::cards::mark(i18n, language);
    Some(
        view! { <p class="wall__message" data-type=set><span lang=language.code()>{text}</span>" "{mark}</p> }
            .into_any(),
    )
}

fn floor(i18n: Texts, stage: Stage, shown: Signal<Projection>) -> AnyView {
    let language = words::language(i18n);
    let name = |member: MemberId| {
        stage.client.council.with(|council| {
            council
                .as_ref()
                .and_then(|council| council.member(member))
                .map(|member| member.short.get(language).to_owned())
        })
    };
    let (speaker, next) = shown.with(|shown| (shown.speaker, shown.next));
    let said = |label: Box<dyn Fn() -> &'static str + Send + Sync>, member: Option<MemberId>, class: &'static str| {
        member.and_then(name).map(|name| view! { <p class=class><span>{label}</span>" "<strong>{name}</strong></p> })
    };
    view! {
        {said(say!(i18n, projector.speaks), speaker, "wall__speaker")}
        {said(say!(i18n, projector.next), next, "wall__next")}
    }
    .into_any()
}
