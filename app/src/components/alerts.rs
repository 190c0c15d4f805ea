//! What a person must know whatever screen they are on: where their words are kept, and that a new version waits.

use crate::client::context::use_client;
use crate::client::journal::Kept;
use crate::client::worker;
use crate::components::when::When;
use crate::words::{boxed, say, use_texts};
use leptos::prelude::*;

/// The alerts above the page; none when all is well.
#[component]
pub fn Alerts() -> impl IntoView {
    let i18n = use_texts();
    let client = use_client();
    view! {
        <div class="alerts">
            {move || match client.kept.get() {
                Kept::Indexed => None,
                Kept::Local => Some(view! { <p class="alert alert--warning" role="alert">{say!(i18n, storage.fallback)}</p> }.into_any()),
                Kept::Memory => Some(view! { <p class="alert alert--danger" role="alert">{say!(i18n, storage.memory)}</p> }.into_any()),
            }}
            <When is=boxed(move || client.update_ready.get())>
                <div class="alert" role="status">
                    <p>{say!(i18n, update.ready)}</p>
                    <button type="button" class="button" on:click=|_| leptos::task::spawn_local(worker::take_update())>
                        {say!(i18n, update.now)}
                    </button>
                </div>
            </When>
        </div>
    }
}
