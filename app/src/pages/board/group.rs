//! The cards under one theme.

use super::card::CardView;
use super::state::BoardState;
use crate::components::when::When;
use crate::words::{self, boxed, say, text, use_texts};
use domain::theme::Theme;
use leptos::prelude::*;

/// A theme with its cards, or those without a theme.
#[component]
pub fn Group(state: BoardState, theme: Option<Theme>) -> impl IntoView {
    let i18n = use_texts();
    let theme = StoredValue::new(theme);
    let slug = theme.with_value(|theme| theme.as_ref().map_or("none".to_owned(), |theme| theme.id.to_string()));
    let heading = format!("theme-{slug}");
    let cards = Memo::new(move |_| theme.with_value(|theme| state.under(theme.as_ref().map(|theme| &theme.id))));
    let name = move || {
        theme.with_value(|theme| match theme {
            Some(theme) => theme.name.get(words::language(i18n)).to_owned(),
            None => text!(i18n, board.none).to_owned(),
        })
    };
    let text = move || {
        theme.with_value(|theme| match theme {
            Some(theme) => theme.description.get(words::language(i18n)).to_owned(),
            None => text!(i18n, board.none_text).to_owned(),
        })
    };
    let colour = theme.with_value(|theme| theme.as_ref().map_or("slate", |theme| theme.colour.as_str()));
    view! {
        <section class="group" data-colour=colour aria-labelledby=heading.clone()>
            <div class="group__head">
                <h2 id=heading.clone() tabindex="-1">{name}</h2>
                <p class="group__count">{boxed(move || text!(i18n, board.count, count = cards.with(Vec::len)).to_string())}</p>
                <p class="group__text">{text}</p>
            </div>
            <When is=boxed(move || cards.with(Vec::is_empty))><p class="empty">{say!(i18n, board.empty)}</p></When>
            <ul class="cards">
                <For each=move || cards.get() key=|(id, _)| *id let((id, card))>
                    <CardView state id card/>
                </For>
            </ul>
        </section>
    }
}
