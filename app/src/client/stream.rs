//! Server-sent events of several names, in the order in which they came.
//!
//! All wait in one queue. In a queue for each name, a sign of life would overtake the changes that came before it, and
//! say of them that they are known.

use futures::StreamExt;
use futures::channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures::future::{Either, select};
use gloo_events::EventListener;
use gloo_timers::future::TimeoutFuture;
use wasm_bindgen::JsCast;
use web_sys::{Event, EventSource, MessageEvent};

/// How often an open stream is looked at while it says nothing, in milliseconds.
const GLANCE: u32 = 1_000;

/// What there is to hear.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// A word: its name and its text.
    Word(&'static str, String),
    /// Nothing for a second: nothing was said, or the stream is not open yet.
    Silence,
    /// The stream is cut.
    Cut,
}

/// An open stream. It is closed when it is dropped.
pub struct Stream {
    source: EventSource,
    words: UnboundedReceiver<Heard>,
    // Removed with it.
    _ears: Vec<EventListener>,
}

impl Stream {
    /// Opens one and hears these names. None when the browser refuses.
    #[must_use]
    pub fn open(url: &str, names: &[&'static str]) -> Option<Self> {
        let source = EventSource::new(url).ok()?;
        let (tell, words) = unbounded();
        let broken = tell.clone();
        let broke = EventListener::new(&source, "error", move |_| drop(broken.unbounded_send(Heard::Cut)));
        let ears = names.iter().map(|name| ear(&source, name, tell.clone()));
        let _ears = ears.chain([broke]).collect();
        Some(Self { source, words, _ears })
    }

    /// Waits for the next word, and not longer than a second.
    pub async fn hear(&mut self) -> Heard {
        match select(self.words.next(), TimeoutFuture::new(GLANCE)).await {
            Either::Left((Some(heard), _)) => heard,
            // One that is being opened may take long, behind a proxy or on a slow link. When it fails, that is heard.
            Either::Right(_) if self.source.ready_state() != EventSource::CLOSED => Heard::Silence,
            Either::Left((None, _)) | Either::Right(_) => Heard::Cut,
        }
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.source.close();
    }
}

fn ear(source: &EventSource, name: &'static str, tell: UnboundedSender<Heard>) -> EventListener {
    EventListener::new(source, name, move |event: &Event| {
        let text = event.dyn_ref::<MessageEvent>().and_then(|message| message.data().as_string());
        let _ = tell.unbounded_send(Heard::Word(name, text.unwrap_or_default()));
    })
}
