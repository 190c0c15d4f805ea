//! An address that names nothing.

use crate::routes::Page;
use crate::words::{self, say, use_texts};
use leptos::prelude::*;

/// Says so, and leads home.
#[component]
pub fn NotFound() -> impl IntoView {
    let i18n = use_texts();
    view! {
        <h1 id="page-title" tabindex="-1">{say!(i18n, titles.not_found)}</h1>
        <p>{say!(i18n, not_found.text)}</p>
        <p><a href=move || Page::Home.path(words::language(i18n))>{say!(i18n, not_found.home)}</a></p>
    }
}
