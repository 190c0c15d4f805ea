//! One server for the whole binary, and the people who talk to it. Tests write as different members.

use domain::council::CouncilView;
use domain::field::{FieldValue, ItemValue};
use domain::id::{EditionId, ItemId, OpId, ReportId};
use domain::language::Language;
use domain::person::Identity;
use domain::position::Position;
use domain::section::Section;
use domain::sync::op::{KnownChange, Operation};
use domain::sync::wire::{PROTOCOL, Push, PushAnswer, Rev};
use reqwest::header::{HeaderMap, HeaderValue};
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::{Value, json};
use server::connection::Caps;
use server::site::Site;
use server::{Settings, serve};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{LazyLock, Mutex};
use std::time::Duration;
use store::{DEMO_PASSPHRASE, Store};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;

/// What all servers of this binary share: a runtime that outlives each test, a database, and a site.
pub struct Shared {
    runtime: Runtime,
    pub store: Store,
    site: TempDir,
    address: SocketAddr,
}

pub static SHARED: LazyLock<Shared> = LazyLock::new(|| {
    std::thread::spawn(|| {
        let runtime = Builder::new_multi_thread().enable_all().thread_stack_size(10 << 20).build().expect("a runtime");
        let site = fixture_site();
        let opened = runtime.spawn(async {
            let store = Store::open("mem://").await.expect("a database");
            store.load_demo().await.expect("the demonstration");
            store
        });
        let store = runtime.block_on(opened).expect("a store");
        let address = start(&runtime, store.clone(), settings(site.path()), std::future::pending());
        Shared { runtime, store, site, address }
    })
    .join()
    .expect("a server")
});

fn start(
    runtime: &Runtime,
    store: Store,
    settings: Settings,
    stop: impl Future<Output = ()> + Send + 'static,
) -> SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.set_nonblocking(true).expect("a socket");
    let address = listener.local_addr().expect("an address");
    runtime.spawn(async move {
        let listener = TcpListener::from_std(listener).expect("a listener");
        serve(listener, store, settings, stop).await;
    });
    address
}

fn settings(site: &Path) -> Settings {
    Settings {
        site: Site::read(site).expect("a site"),
        public_url: None,
        behind_proxy: false,
        sign_in_per_minute: 10_000.try_into().expect("not zero"),
        per_second: 1_000.try_into().expect("not zero"),
        streams_per_person: 1_000,
        connections: Caps { all: 10_000, of_one: 10_000 },
        head: Duration::from_secs(30),
        heartbeat: Duration::from_secs(15),
        behind: 1_024,
        away: Duration::from_secs(30),
    }
}

/// A site such as the bundler leaves.
pub fn fixture_site() -> TempDir {
    let site = tempfile::tempdir().expect("a folder");
    let put = |path: &str, content: &[u8]| {
        let path = site.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::fs::write(path, content).expect("a file");
    };
    put("site.json", include_bytes!("../site.json"));
    put("sw.js", include_bytes!("../../../frontend/assets/sw.js"));
    put("manifest.webmanifest", include_bytes!("../../../frontend/assets/manifest.webmanifest"));
    put("icons/icon.svg", include_bytes!("../../../frontend/assets/icons/icon.svg"));
    put("pkg/app-1.js", b"export default 1;");
    put("pkg/app-1.js.br", b"brotli");
    put("pkg/app-1.js.gz", b"gzip");
    put("pkg/app-1.wasm", b"\0asm");
    put("pkg/app-1.css", b"body {}");
    put("pkg/boot-1.js", b"");
    site
}

/// A server: the shared one, or one with other settings on the same database.
#[derive(Clone, Copy)]
pub struct Server {
    pub address: SocketAddr,
}

impl Server {
    pub fn shared() -> Self {
        Self { address: SHARED.address }
    }

    pub fn with(change: impl FnOnce(&mut Settings)) -> Self {
        Self::until(change, std::future::pending())
    }

    pub fn stoppable(change: impl FnOnce(&mut Settings)) -> (Self, oneshot::Sender<()>) {
        let (stop, stopped) = oneshot::channel();
        let stop_when_told = async { stopped.await.expect("told to stop") };
        (Self::until(change, stop_when_told), stop)
    }

    fn until(change: impl FnOnce(&mut Settings), stop: impl Future<Output = ()> + Send + 'static) -> Self {
        let mut settings = settings(SHARED.site.path());
        change(&mut settings);
        Self { address: start(&SHARED.runtime, SHARED.store.clone(), settings, stop) }
    }

    /// Somebody who has not signed in.
    pub fn nobody(self) -> Somebody {
        let client = Client::builder().redirect(reqwest::redirect::Policy::none());
        Somebody { server: self, client: client.build().expect("a client"), cookies: Mutex::default() }
    }

    /// Somebody of the demonstration, signed in.
    pub async fn person(self, key: &str) -> Person {
        self.try_person(key).await.expect("somebody of the demonstration")
    }

    /// The same, where there may be no demonstration.
    pub async fn try_person(self, key: &str) -> Option<Person> {
        let somebody = self.nobody();
        let answer = somebody.sign_in(&format!("{key}@demo.example"), DEMO_PASSPHRASE).await;
        if answer.status() == 401 {
            return None;
        }
        let identity: Identity = answer.json().await.expect("an identity");
        let view = somebody.get("/api/council").send().await.expect("an answer").json().await.expect("the council");
        Some(Person { somebody, identity, view })
    }
}

/// A browser, as far as HTTP goes. It keeps the session's cookie by itself: reqwest's own jar would have the
/// database compiled a second time, for features that only tests switch on.
pub struct Somebody {
    pub server: Server,
    pub client: Client,
    pub cookies: Mutex<BTreeMap<String, String>>,
}

impl Somebody {
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.client.request(method, format!("http://{}{path}", self.server.address));
        let cookies = self.cookies.lock().expect("no test panicked with it");
        let pairs: Vec<_> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if pairs.is_empty() { request } else { request.header("cookie", pairs.join("; ")) }
    }

    pub fn get(&self, path: &str) -> RequestBuilder {
        self.request(Method::GET, path)
    }

    pub fn post(&self, path: &str) -> RequestBuilder {
        self.request(Method::POST, path)
    }

    pub async fn sign_in(&self, email: &str, passphrase: &str) -> Response {
        let body = json!({ "credentials": { "email": email, "passphrase": passphrase } });
        let answer = self.post("/api/sign-in").json(&body).send().await.expect("an answer");
        self.keep_cookies(&answer);
        answer
    }

    /// What a browser keeps of an answer's cookies: of each name the last one.
    pub fn keep_cookies(&self, answer: &Response) {
        let mut cookies = self.cookies.lock().expect("no test panicked with it");
        for set in set_cookies(answer) {
            let (name, value) = set.split(';').next().and_then(|pair| pair.split_once('=')).expect("a pair");
            cookies.insert(name.to_owned(), value.to_owned());
        }
    }
}

/// The cookies that an answer sets.
pub fn set_cookies(answer: &Response) -> Vec<String> {
    let all = answer.headers().get_all("set-cookie").iter();
    all.map(|cookie| cookie.to_str().expect("text").to_owned()).collect()
}

/// The session's cookie that an answer sets, with all its attributes.
pub fn session_cookie(answer: &Response) -> String {
    let of_session = |cookie: &String| cookie.starts_with("roundtable=") || cookie.starts_with("__Host-roundtable=");
    set_cookies(answer).into_iter().find(of_session).expect("a session")
}

/// Somebody signed in.
pub struct Person {
    pub somebody: Somebody,
    pub identity: Identity,
    pub view: CouncilView,
}

impl std::ops::Deref for Person {
    type Target = Somebody;
    fn deref(&self) -> &Somebody {
        &self.somebody
    }
}

impl Person {
    pub fn edition(&self) -> EditionId {
        self.view.current_edition().expect("an open edition").id
    }

    pub fn report(&self) -> ReportId {
        ReportId { edition: self.edition(), member: self.identity.member.expect("a member") }
    }

    pub fn operation(&self, change: KnownChange) -> Operation {
        Operation::new(OpId::new(store::now(), &store::entropy()), self.report(), change)
    }

    pub fn push(&self, operations: &[Operation]) -> RequestBuilder {
        self.push_from(None, operations)
    }

    pub fn push_from(&self, device: Option<&str>, operations: &[Operation]) -> RequestBuilder {
        let (person, device) = (self.identity.person, device.map(str::to_owned));
        let push =
            Push { protocol: PROTOCOL, person, device, instance: None, mark: None, operations: operations.to_vec() };
        self.post("/api/operations").json(&push)
    }

    /// An address of this person's report.
    pub fn of_report(&self, rest: &str) -> String {
        format!("/api/reports/{}{rest}", self.report())
    }

    /// A push of one change, its status and its one answer.
    pub async fn take(&self, change: KnownChange) -> (u16, PushAnswer) {
        let response = self.push(&[self.operation(change)]).send().await.expect("an answer");
        (response.status().as_u16(), response.json().await.expect("a push answer"))
    }

    /// Submits one new item with a text, so that the board has news, and returns it.
    pub async fn publish(&self, words: &str) -> ItemId {
        let item = new_item();
        let contact = |value| KnownChange::Set { base_rev: 0, value: FieldValue::Contact(value) };
        use domain::field::ContactValue::{Email, Name, Phone};
        let mut operations = vec![
            contact(Name("Camille Exemple".to_owned())),
            contact(Email("camille@demo.example".to_owned())),
            contact(Phone("555-0100".to_owned())),
        ];
        let title = FieldValue::Item(item, ItemValue::Title("Guichet".to_owned()));
        operations.extend([
            add(item),
            KnownChange::Set { base_rev: 0, value: title },
            text(item, 0, words),
            KnownChange::Submit {},
        ]);
        let operations: Vec<_> = operations.into_iter().map(|change| self.operation(change)).collect();
        let answer: PushAnswer =
            self.push(&operations).send().await.expect("an answer").json().await.expect("a push answer");
        assert_eq!(answer.answers.last().map(|answer| answer.status), Some(200), "{answer:?}");
        item
    }

    pub async fn draft(&self) -> Value {
        self.get(&self.of_report("")).send().await.expect("an answer").json::<Value>().await.expect("a draft")["draft"]
            .take()
    }
}

pub fn new_item() -> ItemId {
    ItemId::new(store::now(), &store::entropy())
}

pub fn add(item: ItemId) -> KnownChange {
    KnownChange::AddItem { item, section: Section::Priorities, position: Position::first(), language: Language::Fr }
}

pub fn text(item: ItemId, base_rev: Rev, words: &str) -> KnownChange {
    KnownChange::Set { base_rev, value: FieldValue::Item(item, ItemValue::Text(words.to_owned())) }
}

/// Sends, and checks the status and the name of the JSON error.
pub async fn refused(request: RequestBuilder, status: u16, error: &str) -> HeaderMap {
    let response = request.send().await.expect("an answer");
    let (found, headers) = (response.status().as_u16(), response.headers().clone());
    let of_the_api = response.url().path().starts_with("/api");
    let body = response.text().await.expect("a body");
    assert_eq!(
        headers.get("content-type").map(HeaderValue::as_bytes),
        Some(&b"application/json"[..]),
        "{found} {body}"
    );
    let value: Value = serde_json::from_str(&body).expect("JSON");
    assert_eq!((found, value["error"].as_str()), (status, Some(error)), "{value}");
    assert!(!of_the_api || headers["cache-control"] == "no-store");
    headers
}

/// Asks for what is only for one member's people as nobody, as another member's person, and in every other role; and
/// for reports that are not there as the member's own.
pub async fn only_for_the_members_people(owner: &Person, method: Method, rest: &str) {
    let path = owner.of_report(rest);
    refused(owner.server.nobody().request(method.clone(), &path), 401, "not_signed_in").await;
    for key in ["nu", "council", "secretariat", "observer"] {
        let somebody = Server::shared().person(key).await;
        refused(somebody.request(method.clone(), &path), 403, "forbidden").await;
    }
    let nowhere = EditionId::new(store::now(), &store::entropy());
    let unknown = ReportId { edition: nowhere, ..owner.report() }.to_string();
    for report in [unknown.as_str(), "x", "%00"] {
        refused(owner.request(method.clone(), &format!("/api/reports/{report}{rest}")), 404, "not_found").await;
    }
}
