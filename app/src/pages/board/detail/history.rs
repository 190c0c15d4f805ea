//! What the council was shown of an item before: as the server has it now, or else as the device has kept it.

use crate::client::{amendments, format};
use crate::components::when::When;
use crate::pages::board::detail::card_of;
use crate::pages::board::state::BoardState;
use crate::words::{self, boxed, say, text, use_texts};
use domain::board::amendments::{Amendment, Amendments};
use domain::id::ItemId;
use leptos::prelude::*;
use leptos::reactive::spawn_local_scoped_with_cancellation;

/// The earlier versions of an item that was amended.
#[component]
pub fn History(
    /// The board.
    state: BoardState,
    /// Which item.
    item: ItemId,
) -> impl IntoView {
    let i18n = use_texts();
    let answer = RwSignal::new(None::<Result<Amendments, ()>>);
    let asked = RwSignal::new(false);
    let amended = Memo::new(move |_| card_of(state, item).and_then(|card| card.amended_at));
    let ask = move || {
        answer.set(None);
        let Some(amended_at) = amended.get_untracked() else { return };
        spawn_local_scoped_with_cancellation(async move {
            let (client, person, edition) = (state.client, state.person, state.edition);
            let versions = match amendments::asked(client, person, edition, (item, amended_at)).await {
                Ok(versions) => Some(versions),
                Err(_) => amendments::kept(client, person, edition, item).await,
            };
            answer.set(Some(versions.map(|versions| versions.before(amended_at)).ok_or(())));
        });
    };
    // Amended again while the versions are on the screen: there is one more.
    Effect::new(move |before: Option<Option<domain::time::Timestamp>>| {
        let now = amended.get();
        if before.is_some_and(|before| before != now) && asked.get_untracked() {
            ask();
        }
        now
    });
    let open = move |_| {
        if !asked.get_untracked() {
            asked.set(true);
            ask();
        }
    };
    let version = move |version: Amendment| {
        let language = words::language(i18n);
        let (date, time) = (format::date(version.at, language), format::time(version.at, language));
        let of = version.language.code();
        view! {
            <li>
                <p class="card__when">{text!(i18n, board.version_at, date = date, time = time).to_string()}</p>
                <p class="card__title" lang=of>{version.title}</p>
                <p class="card__text" lang=of>{version.text}</p>
            </li>
        }
        .into_any()
    };
    let earlier = move |all: Amendments| all.versions.into_iter().map(version).collect_view();
    view! {
        <When is=boxed(move || amended.get().is_some())>
            <details class="behind" on:toggle=open>
                <summary>{say!(i18n, board.history)}</summary>
                {move || match answer.get() {
                    None => view! { <p role="status">{say!(i18n, loading)}</p> }.into_any(),
                    Some(Ok(all)) => view! { <ol class="versions">{earlier(all)}</ol> }.into_any(),
                    Some(Err(())) => view! {
                        <p role="alert">{say!(i18n, board.history_offline)}</p>
                        <button type="button" class="button" on:click=move |_| ask()>{say!(i18n, part.retry)}</button>
                    }.into_any(),
                }}
            </details>
        </When>
    }
}
