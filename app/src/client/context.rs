//! What every screen shares: who is here, what is known of the council, and the state of storage and sync.

use super::channel::{Channel, News};
use super::http::{self, Failure};
use super::journal::{Journal, Kept};
use super::{device, local, reports, session};
use crate::parts;
use domain::council::CouncilView;
use domain::council::permit::{self, Action, Of};
use domain::id::{PersonId, ReportId};
use domain::person::Identity;
use domain::sync::status::Reach;
use futures::StreamExt;
use futures::channel::mpsc::{UnboundedSender, unbounded};
use leptos::prelude::*;

/// The handles of the running app. One for each tab.
#[derive(Clone, Copy)]
pub struct Client {
    /// Who signed in last on this browser; kept with no network.
    pub identity: RwSignal<Option<Identity>>,
    /// What is known of the council, from the device or the server.
    pub council: RwSignal<Option<CouncilView>>,
    /// Whether the device has been asked what it knows.
    pub ready: RwSignal<bool>,
    /// Where the journal is kept.
    pub kept: RwSignal<Kept>,
    /// Whether the browser has promised to keep it.
    pub persisted: RwSignal<Option<bool>>,
    /// How the last attempt to reach the server went.
    pub reach: RwSignal<Reach>,
    /// Whether a push is under way.
    pub sending: RwSignal<bool>,
    /// Something typed is not in the journal yet.
    pub unsaved: RwSignal<bool>,
    /// Counts the changes of the journal that this tab's form did not make: a reason to read it again.
    pub journal_changed: RwSignal<u64>,
    /// On a shared computer, what was sent could not be erased.
    pub not_erased: RwSignal<bool>,
    /// Whether a new version of the app waits.
    pub update_ready: RwSignal<bool>,
    /// What a screen reader is told next, politely.
    pub announcement: RwSignal<String>,
    journal: StoredValue<Journal, LocalStorage>,
    channel: StoredValue<Channel, LocalStorage>,
    wake: StoredValue<UnboundedSender<()>, LocalStorage>,
    /// Whether this tab is the one that talks to the server for all of them.
    leads: StoredValue<bool>,
}

impl Client {
    /// Opens the journal, restores who was here, and starts the outbox.
    pub async fn start() -> Self {
        let journal = Journal::open().await;
        let (wake, woken) = unbounded();
        let (tell, mut told) = unbounded();
        let hear = move |news| drop(tell.unbounded_send(news));
        let client = Self {
            identity: RwSignal::new(local::identity()),
            council: RwSignal::new(None),
            ready: RwSignal::new(false),
            kept: RwSignal::new(journal.kept()),
            persisted: RwSignal::new(None),
            reach: RwSignal::new(Reach::Unknown),
            sending: RwSignal::new(false),
            unsaved: RwSignal::new(false),
            journal_changed: RwSignal::new(0_u64),
            not_erased: RwSignal::new(false),
            update_ready: RwSignal::new(false),
            announcement: RwSignal::new(String::new()),
            journal: StoredValue::new_local(journal),
            channel: StoredValue::new_local(Channel::of_news(hear)),
            wake: StoredValue::new_local(wake),
            leads: StoredValue::new(false),
        };
        client.forget_the_last_person().await;
        // What a sign-out could not erase any more, because the page was closed or another tab still wrote, goes now.
        if client.identity.with_untracked(Option::is_none) {
            client.erase().await;
        }
        client.restore().await;
        client.tell(News::Opened);
        leptos::task::spawn_local(async move {
            while let Some(news) = told.next().await {
                client.hear(news).await;
            }
        });
        leptos::task::spawn_local(parts::start_sync(client, woken));
        client
    }

    /// The journal.
    #[must_use]
    pub fn journal(&self) -> Journal {
        self.journal.get_value()
    }

    /// Who is here at this moment.
    #[must_use]
    pub fn person(&self) -> Option<PersonId> {
        self.identity.with_untracked(|identity| identity.as_ref().map(|identity| identity.person))
    }

    /// Tells the outbox, in this tab or in the one that leads, that there may be something to do.
    pub fn wake(&self) {
        if self.leads.get_value() {
            let _ = self.wake.with_value(|wake| wake.unbounded_send(()));
        } else {
            self.tell(News::Retry);
        }
    }

    /// This tab leads from now on: it sends for all, and the others show what it says of it.
    pub fn lead(&self) {
        self.leads.set_value(true);
        self.tell_sync();
    }

    fn tell_sync(&self) {
        self.tell(News::Sync { reach: self.reach.get_untracked(), sending: self.sending.get_untracked() });
    }

    /// Notes how the last attempt to reach the server went.
    pub fn set_reach(&self, reach: Reach) {
        if self.reach.get_untracked() != reach {
            self.reach.set(reach);
            self.tell_sync();
        }
    }

    /// Notes whether a push is under way.
    pub fn set_sending(&self, sending: bool) {
        if self.sending.get_untracked() != sending {
            self.sending.set(sending);
            self.tell_sync();
        }
    }

    /// Another tab said something.
    async fn hear(&self, news: News) {
        match news {
            News::Journal => {
                self.journal_changed.update(|n| *n += 1);
                if self.leads.get_value() {
                    self.wake();
                }
            }
            News::Council => self.restore().await,
            News::Identity => drop(device::window().location().reload()),
            News::Sync { reach, sending } => {
                self.reach.set(reach);
                self.sending.set(sending);
            }
            News::Opened if self.leads.get_value() => self.tell_sync(),
            News::Retry if self.leads.get_value() => self.wake(),
            News::Opened | News::Retry => {}
        }
    }

    /// The journal was changed by sync: this tab's form and the other tabs read it again.
    pub fn journal_was_changed(&self) {
        self.journal_changed.update(|n| *n += 1);
        self.tell(News::Journal);
    }

    /// Tells the other tabs.
    pub fn tell(&self, news: News) {
        self.channel.with_value(|channel| channel.tell(news));
    }

    /// Whether the person, if there is one, may do this with what is their own or the council's.
    #[must_use]
    pub fn may(&self, action: Action) -> bool {
        self.identity.with(|identity| permit::may(identity.as_ref(), action, Of::own(identity.as_ref())))
    }

    /// The report that the person drafts now: of their member, for the open edition.
    #[must_use]
    pub fn current_report(&self) -> Option<ReportId> {
        let member = self.identity.with(|identity| permit::drafts_for(identity.as_ref()))?;
        let edition = self.council.with(|council| {
            council
                .as_ref()
                .and_then(CouncilView::current_edition)
                .filter(|edition| edition.is_open())
                .map(|edition| edition.id)
        })?;
        Some(ReportId { edition, member })
    }

    async fn restore(&self) {
        if let Some(identity) = self.identity.get_untracked() {
            let known = reports::council(&self.journal(), identity.person).await;
            self.council.set(known.ok().flatten());
        }
        self.ready.set(true);
    }

    /// Asks the server for the council, and whether the session holds. Never takes away what the device knows.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn refresh_council(&self) -> Result<(), Failure> {
        let view: CouncilView = http::get("/api/council").await?;
        if self.person() != Some(view.identity.person) {
            return Err(Failure::SignedOut);
        }
        if self.council.with_untracked(|known| known.as_ref() != Some(&view)) {
            let _ = reports::keep_council(&self.journal(), &view).await;
            local::keep_identity(Some(&view.identity));
            if self.identity.with_untracked(|known| known.as_ref() != Some(&view.identity)) {
                self.identity.set(Some(view.identity.clone()));
            }
            self.council.set(Some(view));
            self.tell(News::Council);
        }
        Ok(())
    }

    /// On a shared computer, closing the browser is leaving.
    async fn forget_the_last_person(&self) {
        if local::shared() && self.identity.with_untracked(Option::is_some) && !device::is_still_open() {
            local::keep_identity(None);
            local::keep_sign_out_pending(true);
            self.forget().await;
        }
    }

    /// Nobody is here any more. What the council has is erased from the device: the board, the contacts, and what of the
    /// drafts was sent.
    async fn forget(&self) {
        self.identity.set(None);
        self.council.set(None);
        self.erase().await;
    }

    async fn erase(&self) {
        self.not_erased.set(reports::forget_sent(&self.journal()).await.is_err());
    }

    /// Somebody signed in: their drafts, and nobody else's, are on the screen from now on.
    pub async fn signed_in(&self, identity: Identity, shared: bool) {
        device::note_open();
        // Somebody else's session had ended here.
        if self.person().is_some_and(|before| before != identity.person) {
            self.erase().await;
        }
        self.not_erased.set(local::keep_shared(shared).is_err());
        if !shared {
            self.persisted.set(device::persist().await);
        }
        local::keep_sign_out_pending(false);
        local::keep_identity(Some(&identity));
        let known = reports::council(&self.journal(), identity.person).await;
        self.council.set(known.ok().flatten());
        self.set_reach(Reach::Answered);
        self.identity.set(Some(identity));
        self.tell(News::Identity);
        let _ = self.refresh_council().await;
        self.wake();
    }

    /// The person leaves. What they have not sent stays in the journal under their name, for them only.
    pub async fn sign_out(&self) {
        local::keep_identity(None);
        local::keep_sign_out_pending(true);
        // The other tabs load anew, and erase once more what they wrote meanwhile.
        self.tell(News::Identity);
        self.forget().await;
        // The note above may have been refused by a blocked storage: the session is ended all the same.
        if session::sign_out().await.is_ok() {
            local::keep_sign_out_pending(false);
        }
    }

    /// Ends the server's session if somebody signed out with no network.
    pub async fn end_session(&self) {
        if local::sign_out_pending() && session::sign_out().await.is_ok() {
            local::keep_sign_out_pending(false);
        }
    }
}

/// The running app's handles.
#[must_use]
pub fn use_client() -> Client {
    expect_context::<Client>()
}
