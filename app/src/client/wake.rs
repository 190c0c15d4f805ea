//! Keeps the screen from going dark while it is looked at and nobody touches it, where the browser can.
//!
//! A browser lets go of the screen whenever the page is hidden, so it is asked again when the page is back. One that
//! refuses, on a battery that runs low for instance, has its reasons: the room sees a dark screen and wakes it.

use super::device::window;
use js_sys::{Function, Promise, Reflect};
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// Holds the screen awake while `wanted` says so, until the screen that asks is left.
pub fn keep_awake(wanted: Box<dyn Fn() -> bool + Send + Sync>) {
    let held = StoredValue::new_local(None::<JsValue>);
    let back = RwSignal::new(0_u32);
    let Some(document) = window().document() else { return };
    let listener =
        gloo_events::EventListener::new(&document, "visibilitychange", move |_| back.update(|back| *back += 1));
    let listener = StoredValue::new_local(Some(listener));
    let let_go = move || {
        if let Some(lock) = held.try_update_value(Option::take).flatten() {
            release(&lock);
        }
    };
    let wanted = Memo::new(move |_| wanted());
    Effect::new(move |_| {
        back.track();
        let_go();
        if wanted.get() && window().document().is_some_and(|document| !document.hidden()) {
            leptos::task::spawn_local(async move {
                let Some(lock) = request().await else { return };
                // Meanwhile it may not be wanted any more, or the page may have been left: then nobody keeps it.
                let unneeded = if wanted.try_get_untracked() == Some(true) { keep(held, lock) } else { Some(lock) };
                unneeded.iter().for_each(release);
            });
        }
    });
    on_cleanup(move || {
        let _ = listener.try_update_value(Option::take);
        let_go();
    });
}

/// Gives back what could not be kept.
fn keep(held: StoredValue<Option<JsValue>, LocalStorage>, lock: JsValue) -> Option<JsValue> {
    held.try_update_value(|held| held.replace(lock.clone())).unwrap_or(Some(lock))
}

async fn request() -> Option<JsValue> {
    let locks = Reflect::get(&window().navigator(), &"wakeLock".into()).ok().filter(JsValue::is_object)?;
    let asked = method(&locks, "request")?.call1(&locks, &"screen".into()).ok()?;
    JsFuture::from(asked.dyn_into::<Promise>().ok()?).await.ok()
}

/// What comes of it, nobody waits for.
fn release(lock: &JsValue) {
    if let Some(release) = method(lock, "release") {
        let _ = release.call0(lock);
    }
}

fn method(of: &JsValue, name: &str) -> Option<Function> {
    Reflect::get(of, &name.into()).ok()?.dyn_into().ok()
}
