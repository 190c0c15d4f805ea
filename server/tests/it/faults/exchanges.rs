//! What an app of the release before the log said to its own server, said to this one: on a copy of the same database,
//! `release-1.tar.gz`. The answers are the same, but for what is told besides, the time, and the weights of a search.

use super::council::Council;
use serde::Deserialize;
use serde_json::Value;
use std::collections::HashMap;

const RECORDED: &str = include_str!("../../../../app/domain/tests/exchanges/before.json");
/// The clocks of two servers, and what a hit of a search weighs.
const THEIR_OWN: [&str; 6] = ["at", "as_of", "submitted", "submitted_at", "now", "score"];

#[derive(Deserialize)]
struct Exchange {
    by: String,
    method: String,
    path: String,
    request: Value,
    status: u16,
    response: Value,
}

/// Whether everything that was answered then is in an answer of now.
fn assert_holds(then: &Value, now: &Value, place: &str) {
    match (then, now) {
        (Value::Object(then), Value::Object(now)) => {
            for (name, then) in then {
                let Some(now) = now.get(name) else { panic!("{place}: no {name} in {now:?}") };
                if !(THEIR_OWN.contains(&name.as_str()) && then.is_number() && now.is_number()) {
                    assert_holds(then, now, &format!("{place}.{name}"));
                }
            }
        }
        (Value::Array(then), Value::Array(now)) => {
            assert_eq!(then.len(), now.len(), "{place}: {then:?} {now:?}");
            then.iter()
                .zip(now)
                .enumerate()
                .for_each(|(n, (then, now))| assert_holds(then, now, &format!("{place}[{n}]")));
        }
        _ => assert_eq!(then, now, "{place}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_app_of_the_release_before_is_answered_as_it_was() {
    let mut council = Council::of_earlier_release();
    council.start(&[]).await.expect("a start");
    let mut people = HashMap::new();
    let exchanges: Vec<Exchange> = serde_json::from_str(RECORDED).expect("exchanges");
    for Exchange { by, method, path, request, status, response } in exchanges {
        if !people.contains_key(&by) {
            people.insert(by.clone(), council.server.person(&by).await);
        }
        let asking = match method.as_str() {
            "POST" => people[&by].post(&path).json(&request),
            _ => people[&by].get(&path),
        };
        let answer = asking.send().await.expect("an answer");
        let (now, body) = (answer.status().as_u16(), answer.text().await.expect("a body"));
        assert_eq!(now, status, "{path}: {body}");
        assert_holds(&response, &serde_json::from_str(&body).expect("JSON"), &path);
    }
}
