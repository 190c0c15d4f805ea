//! What the tabs that show one thing pass on to each other, so that one stream of the server serves all.

use super::channel::Channel;
use futures::channel::mpsc::{UnboundedReceiver, unbounded};

/// Said by a tab that has just opened: the one that leads answers with the last that it heard.
pub const WHO_LEADS: &str = "who";

/// The tabs of one thing. Words are `<kind>\n<text>`, as the stream said them.
pub struct Tabs {
    /// Of the channel, and of the lock that the leading tab holds.
    pub name: String,
    /// What the other tabs say.
    pub words: UnboundedReceiver<String>,
    channel: Channel,
}

impl Tabs {
    /// Joins the tabs that show the same.
    #[must_use]
    pub fn join(name: String) -> Self {
        let (tell, words) = unbounded();
        let channel = Channel::join(&name, move |text| drop(tell.unbounded_send(text)));
        Self { name, words, channel }
    }

    /// Whether a tab has asked since the last time.
    pub fn were_asked(&mut self) -> bool {
        let mut asked = false;
        while let Ok(word) = self.words.try_recv() {
            asked |= word.starts_with(WHO_LEADS);
        }
        asked
    }

    /// Tells the other tabs.
    pub fn pass_on(&self, kind: &str, text: &str) {
        self.channel.say(&format!("{kind}\n{text}"));
    }
}
