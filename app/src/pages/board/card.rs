//! One submitted item as the room sees it.

use super::state::BoardState;
use crate::client::format;
use crate::components::header::written_in;
use crate::components::when::When;
use crate::words::{self, boxed, say, text, use_texts};
use domain::board::Card;
use domain::id::ItemId;
use leptos::prelude::*;

/// The card: whose, which section, the words in their own language, and when. It changes in place.
#[component]
pub fn CardView(state: BoardState, id: ItemId, card: RwSignal<Card>) -> impl IntoView {
    let i18n = use_texts();
    let member = move || {
        let language = words::language(i18n);
        let of = card.with(|card| card.member);
        state.client.council.with(|council| {
            council.as_ref().and_then(|c| c.member(of)).map(|member| member.short.get(language).to_owned())
        })
    };
    let when = move || {
        card.with(|card| {
            let language = words::language(i18n);
            let at = card.amended_at.unwrap_or(card.submitted_at);
            let (date, time) = (format::date(at), format::time(at, language));
            match card.amended_at {
                Some(_) => text!(i18n, board.amended_at, date = date, time = time).to_string(),
                None => text!(i18n, board.submitted_at, date = date, time = time).to_string(),
            }
        })
    };
    let new = move || state.arrived.with(|arrived| arrived.contains(&id));
    view! {
        <li class="card" class:card--new=new data-card=id.to_string()>
            <article>
                <p class="card__over">
                    <span class="card__member">{member}</span>
                    <span class="card__section">{move || words::section_title(i18n, card.with(|card| card.section))}</span>
                    <When is=boxed(new)><span class="card__badge">{say!(i18n, board.badge)}</span></When>
                </p>
                <h3 class="card__title" lang=boxed(move || card.with(|card| card.language.code()))>
                    {move || card.with(|card| card.title.clone())}
                </h3>
                <p class="card__text" lang=boxed(move || card.with(|card| card.language.code()))>
                    {move || card.with(|card| card.text.clone())}
                </p>
                <p class="card__when">
                    {when}
                    {move || written_in(i18n, card.with(|card| card.language)).map(|text| format!(" · {text}"))}
                </p>
            </article>
        </li>
    }
}
