//! The keyboard, which a clicker is too. Single letters can be switched off, as WCAG 2.1.4 asks.

use super::remote::{Remote, ZOOM};
use domain::board::place::View;
use domain::projection::{Go, KnownCommand, Zoom};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::Element;

/// Where the keys lead, whatever the language of the screen: the views' letters begin their names in both, or nearly.
fn go_of(key: &str) -> Option<Go> {
    Some(match key {
        "PageDown" => Go::Forward,
        "PageUp" => Go::Back,
        "ArrowRight" => Go::Next,
        "ArrowLeft" => Go::Previous,
        "ArrowDown" => Go::Down,
        "ArrowUp" => Go::Up,
        "Enter" => Go::Open,
        "Escape" | "Backspace" => Go::Close,
        "t" => Go::View(View::Columns),
        "m" => Go::View(View::Matrix),
        "g" => Go::View(View::Charts),
        "e" => Go::View(View::Trend),
        "r" => Go::View(View::Member),
        _ => return None,
    })
}

/// Listens while the page is open. `letters`: whether single characters are taken.
pub fn listen(remote: Remote, letters: RwSignal<bool>) {
    let handle = window_event_listener(leptos::ev::keydown, move |event| {
        let plain = !(event.ctrl_key() || event.meta_key() || event.alt_key());
        if plain
            && remote.presents()
            && !is_for_a_control(&event)
            && pressed(remote, &event.key(), letters.get_untracked())
        {
            event.prevent_default();
        }
    });
    on_cleanup(move || handle.remove());
}

/// Whether the key belongs to what has the focus: what is typed, a choice, a button that is pressed.
fn is_for_a_control(event: &KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let within =
        |selector: &str| target.as_ref().is_some_and(|target| target.closest(selector).ok().flatten().is_some());
    within("input:not([type=checkbox]), select, textarea")
        || (matches!(event.key().as_str(), "Enter" | " ") && within("a, button, input"))
}

/// Does what a key asks for. Whether it was one of these.
fn pressed(remote: Remote, key: &str, letters: bool) -> bool {
    let single = key.chars().count() == 1;
    if single && !letters {
        return false;
    }
    // With the capitals locked, a letter is the same letter.
    let key = if single { key.to_lowercase() } else { key.to_owned() };
    if let Some(go) = go_of(&key) {
        remote.go(go);
        return true;
    }
    match key.as_str() {
        "+" | "=" => remote.zoom(ZOOM),
        "-" => remote.zoom(-ZOOM),
        "0" => remote.press(KnownCommand::Zoom { percent: Zoom::default() }),
        "s" => remote.next_speaker(),
        "p" => remote.hold_or_go_on(),
        _ => return false,
    }
    true
}
