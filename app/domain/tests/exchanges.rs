//! What this release's app said to a server of the release before the log, and what that server answered, as they were
//! recorded: a contact, an item with title and text, a submission, another text, one that a second device had written on
//! an older revision (a conflict), and then everything that can be read.
//!
//! Every request was taken, and this release's types still write it like that; every answer is understood.

use domain::board::Board;
use domain::board::amendments::Amendments;
use domain::board::contacts::Contacts;
use domain::board::events::EventsPage;
use domain::board::found::Found;
use domain::projection::ProjectionAnswer;
use domain::report::submitted::Submitted;
use domain::sync::history::HistoryPage;
use domain::sync::wire::{DraftAnswer, Push, PushAnswer};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeSet;

#[derive(Deserialize)]
struct Exchange {
    path: String,
    request: Value,
    status: u16,
    response: Value,
}

/// Whether a value is read as a type, and nothing of it is lost: what is written again has all of it.
fn understood<T: Serialize + DeserializeOwned>(value: &Value) {
    let read: T = serde_json::from_value(value.clone()).unwrap_or_else(|error| panic!("{error}: {value}"));
    assert_eq!(&serde_json::to_value(read).expect("JSON"), value);
}

#[test]
fn a_server_of_the_release_before_is_understood() {
    let exchanges: Vec<Exchange> =
        serde_json::from_str(include_str!("exchanges/to-older-server.json")).expect("exchanges");
    let mut kinds = BTreeSet::new();
    for Exchange { path, request, status, response } in &exchanges {
        let path = path.split('?').next().unwrap_or_default().trim_start_matches("/api/");
        let parts: Vec<&str> = path.split('/').collect();
        match parts[..] {
            ["operations"] => {
                understood::<Push>(request);
                understood::<PushAnswer>(response);
            }
            ["reports", _] => understood::<DraftAnswer>(response),
            ["reports", _, "submitted"] => understood::<Submitted>(response),
            ["reports", _, "history"] => understood::<HistoryPage>(response),
            ["board", _] => understood::<Board>(response),
            ["board", _, "contacts"] => understood::<Contacts>(response),
            ["board", _, "events"] => understood::<EventsPage>(response),
            ["board", _, "cards", _, "amendments"] => understood::<Amendments>(response),
            ["projection", _] => understood::<ProjectionAnswer>(response),
            ["search"] => understood::<Found>(response),
            _ => panic!("{path}"),
        }
        assert!(*status == 200 || (*status == 409 && path == "operations"), "{status} {path}");
        kinds.insert((parts[0], parts.get(2..).and_then(<[&str]>::last).copied(), *status));
    }
    assert_eq!(kinds.len(), 11, "{kinds:?}");
}
