//! Between the tabs of one browser: "the journal changed", "somebody else is signed in now".

use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;
use web_sys::{BroadcastChannel, MessageEvent};

/// What one tab tells the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum News {
    /// Fields or the queue were written.
    Journal,
    /// Somebody signed in or out.
    Identity,
}

/// The channel of this browser's tabs. Without one, each tab sees the others' work when it is opened anew.
#[derive(Clone)]
pub struct Channel(Option<BroadcastChannel>);

impl Channel {
    /// Joins, and calls `hear` for what the other tabs say.
    #[must_use]
    pub fn join(hear: impl Fn(News) + 'static) -> Self {
        let channel = BroadcastChannel::new("roundtable").ok();
        if let Some(channel) = &channel {
            let hear = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
                let text = event.data().as_string().unwrap_or_default();
                if let Some(news) = super::json::parse(&text) {
                    hear(news);
                }
            });
            channel.set_onmessage(Some(hear.as_ref().unchecked_ref()));
            hear.forget();
        }
        Self(channel)
    }

    /// Tells the other tabs.
    pub fn tell(&self, news: News) {
        if let (Some(channel), Ok(text)) = (&self.0, serde_json::to_string(&news)) {
            let _ = channel.post_message(&text.into());
        }
    }
}
