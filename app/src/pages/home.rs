//! Where a person lands: the two things one can do here.

use crate::client::context::use_client;
use crate::components::when::When;
use crate::routes::Page;
use crate::words::{self, boxed, say, use_texts};
use domain::council::permit::Action;
use leptos::prelude::*;

/// The two doors, or the one to the sign-in.
#[component]
pub fn Home() -> impl IntoView {
    let i18n = use_texts();
    let client = use_client();
    let path = move |page: Page| move || page.path(words::language(i18n));
    let signed_in = move || client.identity.with(Option::is_some);
    let drafts = move || client.may(Action::Draft);
    view! {
        <div class="hero">
            <p class="hero__council">{say!(i18n, council_name)}</p>
            <h1 id="page-title" tabindex="-1">{say!(i18n, titles.home)}</h1>
            <p class="lead">{say!(i18n, home.lead)}</p>
            <When is=boxed(move || !signed_in())>
                <p><a class="button button--primary" href=path(Page::SignIn)>{say!(i18n, nav.sign_in)}</a></p>
            </When>
        </div>
        <When is=boxed(signed_in)>
            <div class="doors">
                <When is=boxed(drafts)>
                    <a class="door" href=path(Page::Report)>
                        <span class="door__title">{say!(i18n, home.report)}</span>
                        <span class="door__text">{say!(i18n, home.report_text)}</span>
                    </a>
                </When>
                <When is=boxed(move || client.may(Action::ReadBoard))>
                    <a class="door" href=path(Page::Board)>
                        <span class="door__title">{say!(i18n, home.board)}</span>
                        <span class="door__text">{say!(i18n, home.board_text)}</span>
                    </a>
                </When>
            </div>
        </When>
    }
}
