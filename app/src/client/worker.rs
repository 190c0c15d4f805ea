//! The service worker: registers it, and tells when a new version waits. Nobody is forced to take it.

use super::context::Client;
use super::device::window;
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{ServiceWorkerRegistration, ServiceWorkerState};

/// How often it is looked whether everything is saved, before an update is taken all the same: the journal may be
/// what the update mends, and the page saves as it goes away.
const PATIENCE: u32 = 40;

/// Registers the worker. Where there is none, or on a plain-HTTP address, the app works with a network only.
pub async fn register(client: Client) {
    let navigator = window().navigator();
    if !js_sys::Reflect::has(&navigator, &"serviceWorker".into()).unwrap_or(false) {
        return;
    }
    let container = navigator.service_worker();
    let Ok(registered) = JsFuture::from(container.register("/sw.js")).await else { return };
    let Ok(registration) = registered.dyn_into::<ServiceWorkerRegistration>() else { return };
    let had_one = container.controller().is_some();
    if registration.waiting().is_some() && had_one {
        client.update_ready.set(true);
    }
    let watched = registration.clone();
    let found = Closure::<dyn Fn()>::new(move || watch_install(&watched, client));
    registration.set_onupdatefound(Some(found.as_ref().unchecked_ref()));
    found.forget();
    if had_one {
        let reload = Closure::<dyn Fn()>::new(|| drop(window().location().reload()));
        container.set_oncontrollerchange(Some(reload.as_ref().unchecked_ref()));
        reload.forget();
    }
}

fn watch_install(registration: &ServiceWorkerRegistration, client: Client) {
    let Some(worker) = registration.installing() else { return };
    let watched = worker.clone();
    let changed = Closure::<dyn Fn()>::new(move || {
        let controlled = window().navigator().service_worker().controller().is_some();
        if watched.state() == ServiceWorkerState::Installed && controlled {
            client.update_ready.set(true);
        }
    });
    worker.set_onstatechange(Some(changed.as_ref().unchecked_ref()));
    changed.forget();
}

/// Lets the waiting version take over; every tab reloads when it has. What was typed a moment ago is saved first.
pub async fn take_update(client: Client) {
    for _ in 0..PATIENCE {
        if !client.unsaved.get_untracked() {
            break;
        }
        TimeoutFuture::new(50).await;
    }
    let container = window().navigator().service_worker();
    let Ok(found) = JsFuture::from(container.get_registration()).await else { return };
    let Ok(registration) = found.dyn_into::<ServiceWorkerRegistration>() else { return };
    if let Some(waiting) = registration.waiting() {
        let _ = waiting.post_message(&"skip-waiting".into());
    }
}
