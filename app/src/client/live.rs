//! The board's stream: server-sent events, polling when they stop, and the log for every gap.
//!
//! However many tabs show a board, one of them holds the stream and passes on each word; a browser opens only six
//! connections to a server over HTTP/1.1, and streams would use them up.

use super::address::use_address;
use super::context::Client;
use super::http::{self, Failure};
use super::json::parse;
use super::locks::Held;
use super::stream::{Heard, Stream};
use super::tabs::{Tabs, WHO_LEADS};
use super::wall::{self, PROJECTION};
use super::{device, locks, replica};
use domain::board::events::EventsPage;
use domain::board::{Applied, Board, BoardEvent};
use domain::id::{EditionId, InstanceId, PersonId};
use domain::projection::Projection;
use domain::sync::backoff;
use domain::sync::chain::Mark;
use domain::sync::wire::Seq;
use domain::time::Timestamp;
use futures::future::{Either, select};
use futures::stream::StreamExt;
use gloo_timers::future::{TimeoutFuture, sleep};
use leptos::prelude::*;
use serde::Serialize;
use std::cell::Cell;
use std::pin::pin;
use std::rc::Rc;

/// No word for so long, in milliseconds, and the stream is taken for stuck.
const SILENCE: i64 = 30_000;
/// No word from the tab that leads for so long, in milliseconds, and this one looks for itself.
const HEARSAY: u32 = 35_000;
/// Between two polls, in milliseconds.
const POLL: u32 = 5_000;
/// Polls before the stream is tried again.
const POLLS: u32 = 12;

/// What the board can say of its connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Connection {
    /// The gap since the last visit is being filled.
    #[default]
    CatchingUp,
    /// Changes arrive as they happen.
    Live,
    /// The stream is stuck; the server is asked every few seconds.
    Polling,
    /// Nobody answers.
    Offline,
    /// The session has ended.
    SignedOut,
}

/// Where the stream puts what it learns. `board` is the truth of this tab; `arrived` is called after each change.
#[derive(Clone, Copy)]
pub struct Feed {
    /// Who looks.
    pub person: PersonId,
    /// At which edition.
    pub edition: EditionId,
    /// The replica; none before the first word from the device or the server.
    pub board: StoredValue<Option<Board>>,
    /// Told when the device has been read, whatever it has.
    pub opened: RwSignal<bool>,
    /// Told of every change: the items touched, or `None` when the whole board is new.
    pub arrived: Callback<Option<Vec<Applied>>>,
    /// Told how the connection stands.
    pub connection: RwSignal<Connection>,
    /// The server's clock at its last word.
    pub as_of: RwSignal<Option<Timestamp>>,
    /// What the wall shows; none before the first word of it. See [`wall`].
    pub projection: RwSignal<Option<Projection>>,
    /// The server's clock less the device's, in milliseconds: countdowns are counted by the server's.
    pub clock: RwSignal<i64>,
    /// The cursor at the last change that this tab heard of: what it keeps must follow on what the device has.
    pub heard: StoredValue<Seq>,
}

/// The name of the stream's changes.
const BOARD: &str = "board";
/// The name of the stream's sign of life.
const HEARTBEAT: &str = "heartbeat";

#[derive(Serialize)]
struct Heartbeat {
    cursor: Seq,
    at: Timestamp,
    instance: InstanceId,
    mark: Option<Mark>,
}
domain::record!(Heartbeat { cursor, at, instance, mark or default });

/// Who looks at which edition: the one that the address names, or the current one.
#[must_use]
pub fn looking_at(client: Client) -> Memo<Option<(PersonId, EditionId)>> {
    let address = use_address();
    Memo::new(move |_| {
        let named = address.query_value("edition").and_then(|id| id.parse().ok());
        let person = client.identity.with(|identity| identity.as_ref().map(|identity| identity.person))?;
        client.council.with(|council| {
            let council = council.as_ref()?;
            let named = council.editions.iter().find(|edition| Some(edition.id) == named);
            named.or_else(|| council.current_edition()).map(|edition| (person, edition.id))
        })
    })
}

/// Feeds the board for as long as it is polled: the screen that spawns it drops it when it is left.
pub async fn run(client: Client, feed: Feed) {
    if let Ok(Some(board)) = replica::read(&client.journal(), feed.person, feed.edition).await {
        feed.show(board);
    }
    if let Ok(Some(projection)) = wall::read(&client.journal(), feed.person, feed.edition).await {
        feed.projection.set(Some(projection));
    }
    feed.opened.set(true);
    let mut failures = 0;
    loop {
        // The ear is opened before the log is read, so that nothing passes between the two.
        let mut tabs = Tabs::join(format!("roundtable-board-{}-{}", feed.person, feed.edition));
        match catch_up(client, &feed).await {
            Ok(()) => {
                failures = 0;
                if let Some(lead) = listen(client, &feed, &mut tabs).await {
                    follow(client, &feed, &mut tabs).await;
                    drop(lead);
                }
            }
            Err(failure) => {
                failures += 1;
                let signed_out = failure == Failure::SignedOut;
                feed.connection.set(if signed_out { Connection::SignedOut } else { Connection::Offline });
                wait(backoff::delay(failures, js_sys::Math::random(), None)).await;
            }
        }
    }
}

/// Waits, but not past the moment when the network is said to be back or the tab comes to the front.
async fn wait(longest: std::time::Duration) {
    let (tell, told) = futures::channel::oneshot::channel();
    let tell = Rc::new(Cell::new(Some(tell)));
    let listen = |target: &web_sys::EventTarget, name: &'static str| {
        let tell = Rc::clone(&tell);
        gloo_events::EventListener::new(target, name, move |_| {
            if let Some(tell) = tell.take() {
                let _ = tell.send(());
            }
        })
    };
    let window = device::window();
    let online = listen(&window, "online");
    let shown = window.document().map(|document| listen(&document, "visibilitychange"));
    select(told, pin!(sleep(longest))).await;
    drop((online, shown));
}

/// Brings the replica to the head of the log: from its cursor, or from a snapshot when it has none that fits.
async fn catch_up(client: Client, feed: &Feed) -> Result<(), Failure> {
    loop {
        let known =
            feed.board.with_value(|board| board.as_ref().map(|board| (board.instance, board.cursor, board.after())));
        let Some((instance, cursor, after)) = known else { return snapshot(client, feed).await };
        let page: EventsPage = http::get(&format!("/api/board/{}/events?{after}", feed.edition)).await?;
        // Before what was asked for: of a longer log, or of another past.
        if page.instance != instance || page.cursor < cursor {
            return snapshot(client, feed).await;
        }
        feed.take(client, &page.events, page.cursor, None, page.mark).await;
        if !page.more {
            return Ok(());
        }
    }
}

async fn snapshot(client: Client, feed: &Feed) -> Result<(), Failure> {
    let board: Board = http::get(&format!("/api/board/{}", feed.edition)).await?;
    // A device that cannot keep it is given the whole again with the next change.
    let _ = replica::replace(&client.journal(), feed.person, &board).await;
    feed.show(board);
    Ok(())
}

/// Not of the stream: the tab that leads has to ask, and the others have to as well.
const ASK: &str = "log";

/// Takes the words that the leading tab passes on, and asks when it asks. Gives the lead when it falls to this tab, or
/// none when the log must be read.
async fn listen(client: Client, feed: &Feed, tabs: &mut Tabs) -> Option<Held> {
    tabs.pass_on(WHO_LEADS, "");
    let name = tabs.name.clone();
    let mut lead = pin!(locks::hold(&name));
    loop {
        let word = pin!(select(tabs.words.next(), TimeoutFuture::new(HEARSAY)));
        match select(lead.as_mut(), word).await {
            Either::Left((lead, _)) => return Some(lead),
            Either::Right((Either::Left((Some(word), _)), _)) => {
                let (kind, text) = word.split_once('\n').unwrap_or((ASK, ""));
                match kind {
                    WHO_LEADS => {}
                    ASK if ask(client, feed).await.is_ok() => {}
                    ASK => return None,
                    _ if heard(client, feed, kind, text).await => feed.connection.set(Connection::Live),
                    _ => return None,
                }
            }
            // The tab that leads is silent, or has trouble of its own.
            Either::Right(_) => {
                poll(client, feed, || ()).await;
                return None;
            }
        }
    }
}

/// Follows the stream until it breaks, for all tabs; polls while it is stuck or refused.
async fn follow(client: Client, feed: &Feed, tabs: &mut Tabs) {
    let after = feed.board.with_value(|board| board.as_ref().map(Board::after)).unwrap_or_default();
    let url = format!("/api/board/{}/stream?{after}", feed.edition);
    let Some(mut stream) = Stream::open(&url, &[BOARD, HEARTBEAT, PROJECTION]) else { return };
    let mut last = device::now();
    let (mut spoken, mut beaten, mut wall) = (false, false, String::new());
    loop {
        match stream.hear().await {
            Heard::Word(kind, text) => {
                (last, spoken) = (device::now(), true);
                tabs.pass_on(kind, &text);
                match kind {
                    HEARTBEAT => beaten = true,
                    PROJECTION => wall.clone_from(&text),
                    _ => {}
                }
                if !heard(client, feed, kind, &text).await {
                    return;
                }
                feed.connection.set(Connection::Live);
            }
            Heard::Silence if device::now().millis() - last.millis() < SILENCE => {
                if tabs.were_asked()
                    && beaten
                    && let Some(beat) = feed.beat()
                {
                    tabs.pass_on(HEARTBEAT, &beat);
                    tabs.pass_on(PROJECTION, &wall);
                }
            }
            // Cut. The browser would try again by itself, but says nothing meanwhile: the log tells how things are.
            Heard::Cut if spoken => {
                feed.connection.set(Connection::CatchingUp);
                return;
            }
            // Stuck, or refused before a word: the log is there all the same.
            Heard::Silence | Heard::Cut => {
                drop(stream);
                poll(client, feed, || tabs.pass_on(ASK, "")).await;
                return;
            }
        }
    }
}

/// Takes one word of the stream. `false`: what was said does not fit the replica; the log must be read.
async fn heard(client: Client, feed: &Feed, kind: &str, text: &str) -> bool {
    if kind == BOARD {
        let Some(event) = parse::<BoardEvent>(text) else { return false };
        let (cursor, at) = (event.seq, event.at);
        feed.take(client, &[event], cursor, Some(at), None).await;
        return true;
    }
    if kind == PROJECTION {
        // One that is not understood, or not there yet, says nothing about the board.
        if let Some(projection) = parse::<Projection>(text) {
            feed.project(client, projection).await;
        }
        return true;
    }
    let Some(beat) = parse::<Heartbeat>(text) else { return false };
    feed.set_clock(beat.at);
    let fits = feed
        .board
        .with_value(|board| board.as_ref().is_some_and(|b| b.instance == beat.instance && b.cursor <= beat.cursor));
    if fits {
        feed.take(client, &[], beat.cursor, Some(beat.at), beat.mark).await;
    }
    fits
}

/// Asks every few seconds, for a while; `each` is told each time.
async fn poll(client: Client, feed: &Feed, each: impl Fn()) {
    for _ in 0..POLLS {
        each();
        if ask(client, feed).await.is_err() {
            return;
        }
        TimeoutFuture::new(POLL).await;
    }
}

/// Asks what the stream would have said.
async fn ask(client: Client, feed: &Feed) -> Result<(), Failure> {
    catch_up(client, feed).await?;
    feed.connection.set(Connection::Polling);
    feed.ask_projection(client).await;
    Ok(())
}

impl Feed {
    /// The sign of life for a tab that asks between two of the server's: how things are now, by the server's clock. The
    /// last one of the server may be ten seconds old, and a countdown would be wrong by as much.
    fn beat(&self) -> Option<String> {
        let at = Timestamp::from_millis(device::now().millis() + self.clock.get_untracked());
        self.board.with_value(|board| {
            let Board { instance, cursor, mark, .. } = *board.as_ref()?;
            serde_json::to_string(&Heartbeat { cursor, at, instance, mark }).ok()
        })
    }

    fn show(&self, board: Board) {
        self.as_of.set(Some(board.as_of));
        self.heard.set_value(board.cursor);
        self.board.set_value(Some(board));
        self.arrived.run(None);
    }

    /// Applies events and keeps them. Everything up to `cursor` has been looked at.
    pub(super) async fn take(
        &self,
        client: Client,
        events: &[BoardEvent],
        cursor: Seq,
        at: Option<Timestamp>,
        mark: Option<Mark>,
    ) {
        let mut applied = Vec::new();
        let changes = self.board.try_update_value(|board| {
            let board = board.as_mut()?;
            applied.extend(events.iter().map(|event| board.apply(event)));
            applied.retain(|applied| *applied != Applied::Nothing);
            board.advance(cursor, at.unwrap_or(board.as_of), mark);
            Some((board.as_of, board.cursor, replica::changes(self.person, board, self.heard.get_value(), &applied)))
        });
        let Some(Some((as_of, cursor, changes))) = changes else { return };
        self.as_of.set(Some(as_of));
        if !applied.is_empty() {
            self.heard.set_value(cursor);
            self.arrived.run(Some(applied));
            // What the device refuses now comes with the next change that it takes.
            let _ = replica::keep(&client.journal(), self.person, changes, || self.board.get_value()).await;
        }
    }
}
