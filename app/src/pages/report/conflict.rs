//! The place in the form where two texts of a field are shown. Most reports never have two: what shows them is a part
//! that is fetched when they do.

pub mod choice;

use super::state::ReportState;
use crate::components::when::When;
use crate::parts;
use crate::routes::Page;
use crate::words::{self, boxed, say, use_texts};
use domain::field::FieldKey;
use leptos::prelude::*;
use leptos::reactive::spawn_local_scoped_with_cancellation;

/// The choice, where there is one to make; before it is here, the way to its own screen.
#[component]
pub fn ConflictChoice(
    /// The form.
    state: ReportState,
    /// Which field.
    key: FieldKey,
) -> impl IntoView {
    let i18n = use_texts();
    let part = RwSignal::new(None::<parts::DrawChoice>);
    let two = Memo::new(move |_| state.conflicts.with(|all| all.iter().any(|field| field.value.key() == key)));
    Effect::new(move |_| {
        if two.get() && part.with_untracked(Option::is_none) {
            spawn_local_scoped_with_cancellation(async move { part.set(parts::choice().await.ok()) });
        }
    });
    let show = move || match part.get() {
        Some(draw) => draw(state, key),
        None => view! {
            <div class="conflict">
                <p class="conflict__title">{say!(i18n, conflict.title)}</p>
                <a href=boxed(move || format!("{}?field={key}", Page::Conflict.path(words::language(i18n))))>
                    {say!(i18n, conflict.open)}
                </a>
            </div>
        }
        .into_any(),
    };
    view! { <When is=boxed(move || two.get())>{show}</When> }
}
