//! Between the tabs of one browser: what one hears or does that the others must know of.

use domain::json;
use domain::sync::status::Reach;
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;
use web_sys::{BroadcastChannel, MessageEvent};

/// What one tab tells the others about drafts and people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum News {
    /// Fields or the queue were written.
    Journal,
    /// What is known of the council was written.
    Council,
    /// Somebody else signed in or out.
    Identity,
    /// How sync stands, by the tab that leads.
    Sync {
        /// How the last attempt to reach the server went.
        reach: Reach,
        /// Whether a push is under way.
        sending: bool,
    },
    /// A tab opened: it does not know how sync stands.
    Opened,
    /// The person asks to try again now.
    Retry,
}

type Hear = Closure<dyn Fn(MessageEvent)>;

/// A channel of this browser's tabs. Without one, each tab sees the others' work when it is opened anew.
pub struct Channel(Option<(BroadcastChannel, Hear)>);

impl Channel {
    /// Joins, and calls `hear` for each text that another tab says, until this is dropped.
    #[must_use]
    pub fn join(name: &str, hear: impl Fn(String) + 'static) -> Self {
        Self(BroadcastChannel::new(name).ok().map(|channel| {
            let hear = Hear::new(move |event: MessageEvent| hear(event.data().as_string().unwrap_or_default()));
            channel.set_onmessage(Some(hear.as_ref().unchecked_ref()));
            (channel, hear)
        }))
    }

    /// Tells the other tabs.
    pub fn say(&self, text: &str) {
        if let Some((channel, _)) = &self.0 {
            let _ = channel.post_message(&text.into());
        }
    }

    /// Joins the channel of [`News`].
    #[must_use]
    pub fn of_news(hear: impl Fn(News) + 'static) -> Self {
        Self::join("roundtable", move |text| {
            if let Some(news) = super::json::parse(&text) {
                hear(news);
            }
        })
    }

    /// Tells the other tabs.
    pub fn tell(&self, news: News) {
        self.say(&json::write(&news).to_string());
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        if let Some((channel, _)) = &self.0 {
            channel.set_onmessage(None);
            channel.close();
        }
    }
}
