//! What a person must know whatever screen they are on: where their words are kept, and that a new version waits.

use crate::client::context::{Client, use_client};
use crate::client::journal::Kept;
use crate::client::{device, format, local, reports, worker};
use crate::components::when::When;
use crate::pages::report::rescue;
use crate::routes::Page;
use crate::words::{self, boxed, say, text, use_texts};
use domain::time::Timestamp;
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::reactive::spawn_local_scoped_with_cancellation;

/// How often it is looked whether sync still succeeds, in milliseconds.
const LOOK: u32 = 30_000;
/// Without an answer of the council for so long, in milliseconds, what waits is overdue.
const OVERDUE: i64 = 10 * 60 * 1_000;

/// What waits, and since when the council has not answered, when that is too long. Sync never stops silently.
async fn find_overdue(client: Client) -> Option<(Timestamp, usize)> {
    let person = client.person()?;
    let since = local::last_sync()?;
    if device::now().millis() - since.millis() < OVERDUE {
        return None;
    }
    let count = reports::unsent(&client.journal(), person).await.ok()?;
    (count > 0).then_some((since, count))
}

/// What is stored here must not be touched; the way to take it along.
#[component]
fn Frozen(kept: Kept) -> impl IntoView {
    let i18n = use_texts();
    let client = use_client();
    let save = move |_| {
        let Some(person) = client.person() else { return };
        for (report, fields) in reports::frozen(&client.journal(), person) {
            rescue::save(i18n, client, report, fields);
        }
    };
    view! {
        <div class="alert alert--danger" role="alert">
            <p>{boxed(move || if kept == Kept::Newer { text!(i18n, storage.newer) } else { text!(i18n, storage.unreadable) })}</p>
            <button type="button" class="button" on:click=save>{say!(i18n, rescue.save)}</button>
        </div>
    }
}

/// The alerts above the page; none when all is well.
#[component]
pub fn Alerts() -> impl IntoView {
    let i18n = use_texts();
    let client = use_client();
    let overdue = RwSignal::new(None::<(Timestamp, usize)>);
    spawn_local_scoped_with_cancellation(async move {
        loop {
            overdue.set(find_overdue(client).await);
            TimeoutFuture::new(LOOK).await;
        }
    });
    view! {
        <div class="alerts">
            {move || overdue.get().map(|(since, count)| view! {
                <p class="alert alert--warning" role="status">
                    {move || text!(i18n, outbox.overdue, ago = format::ago(i18n, since, device::now()), count = count).to_string()}
                    " "
                    <a href=boxed(move || Page::Outbox.path(words::language(i18n)))>{say!(i18n, outbox.open)}</a>
                </p>
            }.into_any())}
            {move || match client.kept.get() {
                Kept::Indexed => None,
                Kept::Local => Some(view! { <p class="alert alert--warning" role="alert">{say!(i18n, storage.fallback)}</p> }.into_any()),
                Kept::Memory => Some(view! { <p class="alert alert--danger" role="alert">{say!(i18n, storage.memory)}</p> }.into_any()),
                kept @ (Kept::Newer | Kept::Unreadable) => Some(view! { <Frozen kept/> }.into_any()),
            }}
            <When is=boxed(move || client.not_erased.get())>
                <p class="alert alert--danger" role="alert">{say!(i18n, storage.not_erased)}</p>
            </When>
            <When is=boxed(move || client.update_ready.get())>
                <div class="alert" role="status">
                    <p>{say!(i18n, update.ready)}</p>
                    <button type="button" class="button" on:click=move |_| leptos::task::spawn_local(worker::take_update(client))>
                        {say!(i18n, update.now)}
                    </button>
                </div>
            </When>
        </div>
    }
}
