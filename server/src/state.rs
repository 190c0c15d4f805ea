//! What every route may use.

use crate::boards::Boards;
use crate::config::{Config, PublicUrl};
use crate::connection::Caps;
use crate::live::Hub;
use crate::middleware::limits::Limits;
use crate::presence::Rooms;
use crate::routes::health::Readiness;
use crate::site::Site;
use crate::walls::Walls;
use app::api::session::device::Devices;
use app::api::session::sign_in_guard::SignInGuard;
use domain::sync::presence::AWAY_SECONDS;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;
use store::Store;
use tokio::sync::watch;
use tower_http::services::ServeDir;

/// Generous to people, and to a device that sends what it kept; in the way of floods.
const PER_SECOND: NonZeroU32 = NonZeroU32::new(50).expect("not zero");

/// How long a request's head may take, and how long an idle connection stays. The proxy must close idle connections first,
/// or it sends a request into one that this server is closing.
const HEAD: Duration = Duration::from_secs(30);
const HEAD_BEHIND_PROXY: Duration = Duration::from_secs(120);

/// How the server behaves, beside where it listens and what it stores in.
#[derive(Debug)]
pub struct Settings {
    /// The built files.
    pub site: Site,
    /// The origin that people's browsers know, where it is not simply the host asked for.
    pub public_url: Option<PublicUrl>,
    /// Whether a proxy says who asks.
    pub behind_proxy: bool,
    /// Attempts to sign in from one address in a minute.
    pub sign_in_per_minute: NonZeroU32,
    /// Requests by one person in a second.
    pub per_second: NonZeroU32,
    /// Open streams of one person.
    pub streams_per_person: usize,
    /// How many connections there may be.
    pub connections: Caps,
    /// How long a connection may take to say what it wants.
    pub head: Duration,
    /// How often a stream shows that it is alive.
    pub heartbeat: Duration,
    /// How many events a stream may fall behind before it has to go back to the log.
    pub behind: usize,
    /// How long after its last sign a device is still shown as being in a report.
    pub away: Duration,
}

impl Settings {
    /// As the program was told.
    #[must_use]
    pub fn new(config: &Config, site: Site, connections: Caps) -> Self {
        Self {
            site,
            public_url: config.public_url.clone(),
            behind_proxy: config.behind_proxy,
            sign_in_per_minute: config.sign_in_per_minute,
            per_second: PER_SECOND,
            streams_per_person: config.streams_per_person,
            connections,
            head: if config.behind_proxy { HEAD_BEHIND_PROXY } else { HEAD },
            heartbeat: Duration::from_secs(15),
            behind: 1_024,
            away: Duration::from_secs(AWAY_SECONDS),
        }
    }
}

/// What every route may use. Cheap to clone.
#[derive(Clone)]
pub struct AppState {
    pub store: Store,
    pub site: Arc<Site>,
    pub files: ServeDir,
    pub sign_in_guard: Arc<SignInGuard>,
    pub limits: Arc<Limits>,
    pub readiness: Arc<Readiness>,
    pub hub: Hub,
    pub boards: Boards,
    pub rooms: Rooms,
    pub walls: Walls,
    pub public_url: Option<PublicUrl>,
    pub behind_proxy: bool,
    pub heartbeat: Duration,
    /// Turns true when the server stops.
    pub stopping: watch::Receiver<bool>,
}

impl AppState {
    /// Puts the parts together and starts the hub.
    pub fn new(store: Store, settings: Settings, stopping: watch::Receiver<bool>) -> Self {
        let files = ServeDir::new(&settings.site.folder)
            .append_index_html_on_directories(false)
            .precompressed_br()
            .precompressed_gzip();
        let devices = Devices::new(store.secret(), settings.public_url.as_ref().is_some_and(PublicUrl::is_https));
        Self {
            hub: Hub::start(store.clone(), settings.behind, stopping.clone()),
            boards: Boards::default(),
            rooms: Rooms::start(settings.away, stopping.clone()),
            walls: Walls::start(store.clone(), stopping.clone()),
            store,
            files,
            site: Arc::new(settings.site),
            readiness: Arc::default(),
            sign_in_guard: Arc::new(SignInGuard::new(devices)),
            limits: Arc::new(Limits::new(
                settings.sign_in_per_minute,
                settings.per_second,
                settings.streams_per_person,
            )),
            public_url: settings.public_url,
            behind_proxy: settings.behind_proxy,
            heartbeat: settings.heartbeat,
            stopping,
        }
    }
}
