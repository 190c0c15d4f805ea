//! Server-sent events of several names, in the order in which they came.
//!
//! All wait in one queue. In a queue for each name, a sign of life would overtake the changes that came before it, and
//! say of them that they are known.

use futures::StreamExt;
use futures::channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use gloo_events::EventListener;
use wasm_bindgen::JsCast;
use web_sys::{Event, EventSource, MessageEvent};

/// A word of the stream: its name and its text.
pub type Word = (&'static str, String);

/// An open stream. It is closed when it is dropped.
pub struct Stream {
    source: EventSource,
    words: UnboundedReceiver<Option<Word>>,
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
        let broke = EventListener::new(&source, "error", move |_| drop(broken.unbounded_send(None)));
        let ears = names.iter().map(|name| ear(&source, name, tell.clone()));
        let _ears = ears.chain([broke]).collect();
        Some(Self { source, words, _ears })
    }

    /// The next word; none when the stream is cut.
    pub async fn next(&mut self) -> Option<Word> {
        self.words.next().await.flatten()
    }

    /// Whether the browser takes it for open.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.source.ready_state() == EventSource::OPEN
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.source.close();
    }
}

fn ear(source: &EventSource, name: &'static str, tell: UnboundedSender<Option<Word>>) -> EventListener {
    EventListener::new(source, name, move |event: &Event| {
        let text = event.dyn_ref::<MessageEvent>().and_then(|message| message.data().as_string());
        let _ = tell.unbounded_send(Some((name, text.unwrap_or_default())));
    })
}
