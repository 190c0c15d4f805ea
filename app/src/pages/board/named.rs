//! Members and themes that a search names: whoever types a name often means all that stands under it.

use super::state::BoardState;
use crate::components::when::When;
use crate::reactive::Computed;
use crate::words::{self, boxed, say, use_texts};
use domain::board::filter::Filter;
use domain::board::index::names;
use domain::id::MemberId;
use domain::language::Language;
use domain::theme::ThemeId;
use leptos::prelude::*;

/// Names that are offered: with more, the words say too little.
const OFFERED: usize = 6;

/// Whom or what a name stands for.
#[derive(Clone, PartialEq)]
enum Whose {
    Member(MemberId),
    Theme(ThemeId),
}

/// A way to each of them, in place of the words.
#[component]
pub fn Named(
    /// The board.
    state: BoardState,
) -> impl IntoView {
    let i18n = use_texts();
    let named = Computed::new(move || {
        let (table, language) = (state.table.get(), words::language(i18n));
        state.text.with(|search| {
            let is = |texts: &[&str]| texts.iter().any(|name| names(name, search));
            let members = table.tour.iter().filter(|member| {
                is(&Language::ALL.map(|language| member.short.get(language)))
                    || is(&Language::ALL.map(|language| member.name.get(language)))
            });
            let members = members.map(|member| (Whose::Member(member.id), member.short.get(language).to_owned()));
            let themes =
                table.themes.iter().filter(|theme| is(&Language::ALL.map(|language| theme.name.get(language))));
            let themes = themes.map(|theme| (Whose::Theme(theme.id.clone()), theme.name.get(language).to_owned()));
            members.chain(themes).collect::<Vec<(Whose, String)>>()
        })
    });
    let link = move |(whose, name): &(Whose, String)| {
        let whose = whose.clone();
        let href = state.href(move |place| {
            place.filter = match &whose {
                Whose::Member(member) => Filter { members: [*member].into(), ..Filter::default() },
                Whose::Theme(theme) => Filter { themes: [Some(theme.clone())].into(), ..Filter::default() },
            };
        });
        view! { <li><a class="button" href=href data-keep-place="">{name.clone()}</a></li> }.into_any()
    };
    view! {
        <When is=boxed(move || (1..=OFFERED).contains(&named.get().len()))>
            <div class="named">
                <p id="named">{say!(i18n, board.all_of)}</p>
                <ul aria-labelledby="named">{move || named.get().iter().map(link).collect_view()}</ul>
            </div>
        </When>
    }
}
