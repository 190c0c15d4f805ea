//! The app: its frame around every screen, and which screen an address shows.

use crate::client::address::{Address, use_address};
use crate::client::context::{Client, use_client};
use crate::client::{device, local, worker};
use crate::components::alerts::Alerts;
use crate::components::header::Header;
use crate::components::when::When;
use crate::parts;
use crate::routes::{self, Page};
use crate::words::{Texts, boxed, say, text, use_texts};
use domain::language::Language;
use leptos::prelude::*;
use std::time::Duration;

/// How long an announcement stands.
const SAID_FOR: Duration = Duration::from_secs(6);

/// The whole app. It shows nothing until the device's own storage has been read, which takes milliseconds.
#[component]
pub fn App() -> impl IntoView {
    let client = RwSignal::new_local(None);
    leptos::task::spawn_local(async move {
        let started = Client::start().await;
        client.set(Some(started));
        if let Some(splash) = device::window().document().and_then(|document| document.get_element_by_id("splash")) {
            splash.remove();
        }
        worker::register(started).await;
    });
    Texts::provide(Language::default());
    move || client.get().map(|client| view! { <Frame client/> })
}

#[component]
fn Frame(client: Client) -> impl IntoView {
    provide_context(client);
    let i18n = use_texts();
    let address = Address::follow();
    provide_context(address);
    let route = Memo::new(move |_| address.path.with(|path| routes::parse(path)));
    let page = Memo::new(move |_| route.get().1);
    follow_language(route);
    follow_title(page);
    let announcement = client.announcement;
    Effect::new(move |_| {
        // What was said is not true for ever: a screen reader that comes by later must not find it.
        let said = announcement.get();
        if !said.is_empty() {
            let clear = move || {
                if announcement.get_untracked() == said {
                    announcement.set(String::new())
                }
            };
            set_timeout(clear, SAID_FOR);
        }
    });
    view! {
        <When is=boxed(move || page.get() != Page::Projector)>
            <a class="skip" href="#main">{say!(i18n, skip)}</a>
            <Header page/>
            <Alerts/>
        </When>
        <main id="main" tabindex="-1" class=move || format!("page page--{}", page.get().slug(Language::En))>
            {move || match page.get() {
                Page::Home => parts::show(|| Box::pin(parts::home())),
                Page::SignIn => parts::show(|| Box::pin(parts::sign_in())),
                Page::Report => parts::show(|| Box::pin(parts::report())),
                Page::Board => parts::show(|| Box::pin(parts::board())),
                Page::Projector => parts::show(|| Box::pin(parts::projector())),
                Page::Presenter => parts::show(|| Box::pin(parts::presenter())),
                Page::Outbox => parts::show(|| Box::pin(parts::waiting())),
                Page::Rescue => parts::show(|| Box::pin(parts::rescue())),
                Page::CouncilCopy => parts::show(|| Box::pin(parts::council_copy())),
                Page::History => parts::show(|| Box::pin(parts::history())),
                Page::Conflict => parts::show(|| Box::pin(parts::conflict())),
                Page::Sessions => parts::show(|| Box::pin(parts::sessions())),
                Page::NotFound => parts::show(|| Box::pin(parts::not_found())),
            }}
        </main>
        <When is=boxed(move || page.get() != Page::Projector)>
            <footer class="foot">
                <p>{say!(i18n, council_name)}</p>
                <p>{say!(i18n, footer.text)}</p>
            </footer>
        </When>
        <p class="visually-hidden" role="status" id="announcements">{move || use_client().announcement.get()}</p>
    }
}

/// The address says the language; at `/` the person's last choice does, then the browser's.
fn follow_language(route: Memo<(Option<Language>, Page)>) {
    let i18n = use_texts();
    let address = use_address();
    Effect::new(move |_| {
        let (said, page) = route.get();
        let language = said.unwrap_or_else(|| {
            let browser = device::window().navigator().language();
            local::language().or_else(|| browser.as_deref().and_then(Language::from_tag)).unwrap_or_default()
        });
        if said.is_none() && page == Page::Home {
            return address.go(&page.path(language), true);
        }
        i18n.switch(language);
        local::keep_language(language);
        let root = device::window().document().and_then(|document| document.document_element());
        if let Some(root) = root {
            let _ = root.set_attribute("lang", language.code());
        }
    });
}

/// The title names the page; on a new page the focus goes to its heading, so that a screen reader says it.
fn follow_title(page: Memo<Page>) {
    let i18n = use_texts();
    Effect::new(move |_| {
        let title = match page.get() {
            Page::Home => text!(i18n, titles.home),
            Page::SignIn => text!(i18n, titles.sign_in),
            Page::Report => text!(i18n, titles.report),
            Page::Board => text!(i18n, titles.board),
            Page::Projector => text!(i18n, titles.projector),
            Page::Presenter => text!(i18n, titles.presenter),
            Page::Outbox => text!(i18n, titles.outbox),
            Page::Rescue => text!(i18n, titles.rescue),
            Page::CouncilCopy => text!(i18n, titles.council_copy),
            Page::History => text!(i18n, titles.history),
            Page::Conflict => text!(i18n, titles.conflict),
            Page::Sessions => text!(i18n, titles.sessions),
            Page::NotFound => text!(i18n, titles.not_found),
        };
        let brand = text!(i18n, brand);
        if let Some(document) = device::window().document() {
            document.set_title(&if title == brand { brand.to_owned() } else { format!("{title} · {brand}") });
        }
    });
    Effect::new(move |before: Option<Page>| {
        let now = page.get();
        if before.is_some_and(|before| before != now) {
            device::focus_later("page-title".to_owned());
        }
        now
    });
}
