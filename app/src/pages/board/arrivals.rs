//! What came since the person last looked, counted, with ways to see it alone and to be done with it.

use super::state::BoardState;
use crate::client::device;
use crate::components::when::When;
use crate::words::{boxed, say, text, use_texts};
use leptos::prelude::*;

/// The count; nothing while there is nothing new. Its coming and going moves nothing.
#[component]
pub fn Arrivals(
    /// The board.
    state: BoardState,
) -> impl IntoView {
    let i18n = use_texts();
    let new = Memo::new(move |_| state.selection.get().new_in_all);
    let only = Memo::new(move |_| state.place.get().filter.new);
    let seen = move |_| {
        state.seen();
        if only.get_untracked() {
            state.go(|place| place.filter.new = false);
        }
        device::focus_later("page-title".to_owned());
    };
    view! {
        <When is=boxed(move || new.get() != 0)>
            <div class="news">
                <When is=boxed(move || !only.get())>
                    <a class="button news__new" data-keep-place="" href=state.href(|place| place.filter.new = true)
                        on:click=|_| device::focus_later("chosen-count".to_owned())>
                        {move || text!(i18n, board.new_show, count = new.get()).to_string()}
                    </a>
                </When>
                <button type="button" class="button button--quiet" on:click=seen>{say!(i18n, board.seen)}</button>
            </div>
        </When>
    }
}
