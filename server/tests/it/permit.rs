//! Every route × everybody. Who is let in is read from the council's table of permits, for the routes of the server's
//! own table: a route is walked because it exists.

use crate::support::{Person, Server, Somebody, add, new_item, refused};
use domain::council::permit::{Action, Of, may};
use domain::id::{EditionId, ItemId, MemberId, OpId, PersonId, ReportId};
use domain::person::Identity;
use domain::sync::op::Operation;
use domain::sync::wire::{PROTOCOL, Push};
use reqwest::{Method, RequestBuilder};
use serde_json::json;
use server::{Access, Route, route_table};
use store::DEMO_PASSPHRASE;

/// Whose report it is; then of another member, and in every other role.
const KEYS: [&str; 5] = ["calgary", "nu", "council", "secretariat", "observer"];

/// What the addresses name.
struct Places {
    report: ReportId,
    item: ItemId,
}

impl Places {
    /// The address of a route.
    fn path(&self, route: &Route) -> String {
        let board = if route.path.starts_with("/fr") { "tableau" } else { "board" };
        let path = route.path.replace("{edition}", &self.report.edition.to_string()).replace("{*rest}", board);
        path.replace("{report}", &self.report.to_string()).replace("{item}", &self.item.to_string())
    }

    /// Whose the thing is that a route's address names.
    fn owner(&self, route: &Route) -> Of {
        if route.path.contains("{report}") { Of::Member(self.report.member) } else { Of::Council }
    }
}

/// A request that is in order, but for who sends it.
fn request(who: &Somebody, person: PersonId, action: Action, route: &Route, path: &str) -> RequestBuilder {
    let query = match action {
        Action::ReadHistory => "?field=contact/name",
        Action::Search => "?q=service",
        _ => "",
    };
    let request = who.request(route.method.clone(), &format!("{path}{query}"));
    match action {
        Action::SignIn => {
            request.json(&json!({ "credentials": { "email": "calgary@demo.example", "passphrase": DEMO_PASSPHRASE } }))
        }
        Action::SignOut => request.json(&json!({})),
        Action::Push => request.json(&Push {
            protocol: PROTOCOL,
            person,
            device: None,
            instance: None,
            mark: None,
            operations: Vec::new(),
        }),
        Action::OwnSessions if route.method == Method::POST => request.json(&json!({ "which": "0".repeat(64) })),
        Action::BePresent => request.json(&json!({ "device": "a" })),
        Action::Present => request.json(&json!({ "commands": [] })),
        Action::OwnSessions
        | Action::ReadCouncil
        | Action::ReadDraft
        | Action::ReadHistory
        | Action::ReadSubmitted
        | Action::FollowDraft
        | Action::ReadBoard
        | Action::ReadLog
        | Action::FollowBoard
        | Action::ReadContacts
        | Action::ReadAmendments
        | Action::Search
        | Action::ReadWall
        | Action::ListPresenters => request,
        Action::Draft | Action::TakeOver => panic!("{action:?} is no route's: it is asked of what a request holds"),
    }
}

/// Asks as one of them, and compares the answer with the table of permits.
async fn ask(who: &Somebody, identity: Option<&Identity>, route: &Route, places: &Places) {
    let (path, said) = (places.path(route), identity.map(|identity| identity.role));
    let Access::Permit(action) = route.access else {
        let status = who.request(route.method.clone(), &path).send().await.expect("an answer").status();
        return assert_eq!(status, 200, "{path} by {said:?}");
    };
    let person = identity.map_or_else(|| PersonId::new(store::now(), &store::entropy()), |identity| identity.person);
    let request = request(who, person, action, route, &path);
    if may(identity, action, places.owner(route)) {
        let status = request.send().await.expect("an answer").status();
        assert!(status.is_success(), "{} {path} by {said:?}: {status}", route.method);
    } else if identity.is_none() {
        refused(request, 401, "not_signed_in").await;
    } else {
        refused(request, 403, "forbidden").await;
    }
}

async fn everybody() -> Vec<Person> {
    let mut people = Vec::new();
    for key in KEYS {
        people.push(Server::shared().person(key).await);
    }
    people
}

#[tokio::test]
async fn every_route_lets_in_whom_the_table_of_permits_does() {
    let people = everybody().await;
    let places = Places { report: people[0].report(), item: people[0].publish("pour tous").await };
    for route in route_table() {
        ask(&Server::shared().nobody(), None, &route, &places).await;
        for (person, key) in people.iter().zip(KEYS) {
            if let Access::Permit(Action::SignIn | Action::SignOut) = route.access {
                // These end the session that they are asked with.
                let again = Server::shared().person(key).await;
                ask(&again, Some(&again.identity), &route, &places).await;
            } else {
                ask(person, Some(&person.identity), &route, &places).await;
            }
        }
    }
}

#[tokio::test]
async fn what_is_not_there_is_not_found_by_whoever_is_signed_in() {
    let people = everybody().await;
    let edition = EditionId::new(store::now(), &store::entropy());
    let nowhere = ReportId { edition, ..people[0].report() };
    let nobodys = ReportId { member: MemberId::new(store::now(), &store::entropy()), ..people[0].report() };
    for route in route_table() {
        let Access::Permit(action) = route.access else { continue };
        for report in [nowhere, nobodys] {
            if !(route.path.contains("{report}") || route.path.contains("{edition}") && report == nowhere) {
                continue;
            }
            let path = Places { report, item: new_item() }.path(&route);
            let nobody = Server::shared().nobody();
            refused(request(&nobody, people[0].identity.person, action, &route, &path), 401, "not_signed_in").await;
            for person in &people {
                refused(request(person, person.identity.person, action, &route, &path), 404, "not_found").await;
            }
        }
    }
}

#[tokio::test]
async fn every_operation_of_a_push_is_asked_for_by_itself() {
    let people = everybody().await;
    let report = people[0].report();
    for person in &people {
        let operation = Operation::new(OpId::new(store::now(), &store::entropy()), report, add(new_item()));
        let status = person.push(&[operation]).send().await.expect("an answer").status().as_u16();
        let drafts = may(Some(&person.identity), Action::Draft, Of::Member(report.member));
        assert_eq!(status, if drafts { 200 } else { 403 }, "{:?}", person.identity.role);
    }
}

/// More often than any route's limit allows at once, with one unit a second.
const TOO_OFTEN: usize = 120;

#[tokio::test]
async fn every_route_has_a_limit() {
    let calgary = Server::shared().person("calgary").await;
    let places = Places { report: calgary.report(), item: new_item() };
    // Who watches the server is never told to come again later: what they are answered is remembered instead.
    for route in route_table().into_iter().filter(|route| !["/healthz", "/readyz"].contains(&route.path)) {
        let server = Server::with(|settings| {
            settings.per_second = 1.try_into().expect("not zero");
            settings.sign_in_per_minute = 3.try_into().expect("not zero");
            settings.streams_per_person = 3;
        });
        let of_council = matches!(route.access, Access::Permit(Action::Present | Action::ListPresenters));
        let who = server.person(if of_council { "council" } else { "calgary" }).await;
        let path = places.path(&route);
        let (mut times, mut open) = (0, Vec::new());
        loop {
            let request = match route.access {
                Access::Public => who.request(route.method.clone(), &path),
                Access::Permit(action) => request(&who, who.identity.person, action, &route, &path),
            };
            let answer = request.send().await.expect("an answer");
            if answer.status() == 429 {
                assert!(answer.headers().contains_key("retry-after"), "{path}");
                break;
            }
            // Streams stay open, and nothing else has a body worth waiting for.
            open.push(answer);
            times += 1;
            assert!(times < TOO_OFTEN, "{} {path} has no limit", route.method);
        }
    }
}

#[test]
fn every_address_of_the_api_asks_and_every_action_is_asked_for() {
    let mut asked = vec![Action::Draft, Action::TakeOver];
    for route in route_table() {
        match route.access {
            Access::Permit(action) => asked.push(action),
            Access::Public => assert!(!route.path.starts_with("/api"), "{}", route.path),
        }
    }
    for action in Action::ALL {
        assert!(asked.contains(action), "{action:?}");
    }
}
