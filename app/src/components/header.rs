//! The bar at the top: where one is, where one can go, who is here, and the other language.

use crate::client::address::use_address;
use crate::client::context::use_client;
use crate::client::{device, reports};
use crate::components::when::When;
use crate::routes::Page;
use crate::words::{self, boxed, say, text, use_texts};
use domain::council::permit::Action;
use domain::language::Language;
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;

/// The bar. The language switch leads to the same page and leaves focus, caret and text where they are.
#[component]
pub fn Header(
    /// The page on the screen.
    page: Memo<Page>,
) -> impl IntoView {
    let i18n = use_texts();
    let client = use_client();
    let address = use_address();
    let language = Memo::new(move |_| words::language(i18n));
    let path = move |page: Page| move || page.path(language.get());
    let other = move || format!("{}{}", page.get().path(language.get().other()), address.query.get());
    let current = move |of: Page| move || (page.get() == of).then_some("page");
    let drafts = Memo::new(move |_| client.may(Action::Draft));
    let reads = Memo::new(move |_| client.may(Action::ReadBoard));
    let here =
        Memo::new(move |_| client.identity.with(|identity| identity.as_ref().map(|identity| identity.name.clone())));
    view! {
        <header class="bar">
            <a class="brand" href=path(Page::Home)>
                <span class="brand__mark" aria-hidden="true"></span>
                <span class="brand__name">{say!(i18n, brand)}</span>
            </a>
            <nav class="bar__nav" aria-label=say!(i18n, nav.label)>
                <When is=boxed(move || drafts.get())>
                    <a href=path(Page::Report) aria-current=current(Page::Report)>{say!(i18n, nav.report)}</a>
                </When>
                <When is=boxed(move || reads.get())>
                    <a href=path(Page::Board) aria-current=current(Page::Board)>{say!(i18n, nav.board)}</a>
                </When>
            </nav>
            <div class="bar__end">
                {move || match here.get() {
                    Some(name) => view! { <Person name/> }.into_any(),
                    None => view! {
                        <a href=path(Page::SignIn) aria-current=current(Page::SignIn)>{say!(i18n, nav.sign_in)}</a>
                    }.into_any(),
                }}
                <a
                    class="language"
                    href=other
                    lang=boxed(move || language.get().other().code())
                    hreflang=boxed(move || language.get().other().code())
                    on:mousedown=|event| event.prevent_default()
                    data-keep-place=""
                >
                    {say!(i18n, nav.language)}
                </a>
            </div>
        </header>
    }
}

/// Who is here, and the way out. Leaving with unsent work asks first, and keeps it.
#[component]
fn Person(name: String) -> impl IntoView {
    let i18n = use_texts();
    let client = use_client();
    let address = use_address();
    let unsent = RwSignal::new(None::<usize>);
    let leave = Callback::new(move |()| {
        let target = Page::SignIn.path(words::language_now(i18n));
        leptos::task::spawn_local(async move {
            client.sign_out().await;
            address.go(&target, false);
        });
    });
    let ask = move |_| {
        leptos::task::spawn_local(async move {
            let person = client.person();
            let Some(person) = person else { return };
            // What was typed a moment ago is still on its way to the journal.
            for _ in 0..20 {
                if !client.unsaved.get_untracked() {
                    break;
                }
                TimeoutFuture::new(50).await;
            }
            // What could not be saved, or cannot be counted, is unsent too.
            let unsaved = usize::from(client.unsaved.get_untracked());
            match reports::unsent(&client.journal(), person).await.map_or(1, |count| count.max(unsaved)) {
                // Somebody may have left by another tab meanwhile.
                0 => drop(leave.try_run(())),
                count => {
                    unsent.set(Some(count));
                    device::focus_later("stay-signed-in".to_owned());
                }
            }
        });
    };
    let stay = move || {
        unsent.set(None);
        device::focus_later("sign-out".to_owned());
    };
    view! {
        <a class="bar__person" href=boxed(move || Page::Sessions.path(words::language(i18n)))>
            <span class="visually-hidden">{say!(i18n, nav.signed_in_as)} " "</span>
            {name}
        </a>
        <button type="button" id="sign-out" class="button button--quiet" on:click=ask>{say!(i18n, nav.sign_out)}</button>
        {move || unsent.get().map(|count| view! {
            <div class="dialog" role="alertdialog" aria-labelledby="leave-title" aria-describedby="leave-text" on:keydown=move |event| if event.key() == "Escape" { stay() }>
                <h2 id="leave-title">{say!(i18n, sign_out.question)}</h2>
                <p id="leave-text">{say!(i18n, sign_out.text, count)}</p>
                <div class="actions">
                    <button type="button" id="stay-signed-in" class="button" on:click=move |_| stay()>
                        {say!(i18n, sign_out.cancel)}
                    </button>
                    <button type="button" class="button button--danger" on:click=move |_| leave.run(())>
                        {say!(i18n, sign_out.confirm)}
                    </button>
                </div>
            </div>
        }.into_any())}
    }
}

/// The language in which a text was written, said only when it is not the reader's.
#[must_use]
pub fn written_in(i18n: words::Texts, of: Language) -> Option<String> {
    let name = match of {
        Language::En => text!(i18n, item.english),
        Language::Fr => text!(i18n, item.french),
    };
    (of != words::language(i18n)).then(|| text!(i18n, board.written_in, language = name).to_string())
}
