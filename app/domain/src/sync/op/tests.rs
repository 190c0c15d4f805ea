//! Operations, their forms and their hashes.

use super::*;
use crate::id::{EditionId, MemberId, ReportId};
use crate::time::Timestamp;
use serde_json::json;

fn report() -> ReportId {
    let at = Timestamp::from_millis(1);
    ReportId { edition: EditionId::new(at, &[1; 10]), member: MemberId::new(at, &[2; 10]) }
}

#[test]
fn canonical_json_does_not_depend_on_the_order_of_keys() {
    let mut text = Vec::new();
    canonical(&json!({"b": [1, {"z": null, "a": "é\"\n"}], "a": true}), &mut text);
    assert_eq!(text, r#"{"a":true,"b":[1,{"a":"é\"\n","z":null}]}"#.as_bytes());
}

#[test]
fn a_change_of_a_newer_kind_is_kept_whole() {
    let newer = json!({"kind": "set_visibility", "item": "x", "who": ["observers"], "n": 3});
    let change = Change::from(newer.clone());
    assert_eq!(change, Change::Unknown(newer.clone()));
    assert_eq!(Value::from(change), newer);
}

#[test]
fn an_operation_keeps_fields_of_a_newer_program() {
    let change = json!({"kind": "submit"});
    let hash = ContentHash::of(&report().into(), &Change::from(change.clone()));
    let op_id = OpId::new(Timestamp::from_millis(5), &[3; 10]);
    let text = json!({"op_id": op_id, "report": report(), "change": change, "hash": hash, "device": "tablet"});
    let operation: Operation = serde_json::from_value(text.clone()).expect("an operation");
    assert_eq!(operation.known(), Some(&KnownChange::Submit {}));
    assert!(operation.is_whole());
    assert_eq!(serde_json::to_value(operation).expect("JSON"), text);
}

#[test]
fn an_operation_about_another_subject_is_kept_whole_and_not_understood() {
    let subjects = ["council", "card/x/y", "agenda/2027"];
    for subject in subjects {
        let change = json!({"kind": "submit"});
        let hash = ContentHash::of(&Subject::from(subject.to_owned()), &Change::Unknown(change.clone()));
        let op_id = OpId::new(Timestamp::from_millis(5), &[3; 10]);
        let text = json!({"op_id": op_id, "subject": subject, "change": change, "hash": hash, "device": "tablet"});
        let operation: Operation = serde_json::from_value(text.clone()).expect("an operation");
        assert_eq!((operation.subject.to_string(), operation.known()), (subject.to_owned(), None));
        assert!(operation.is_whole());
        assert_eq!(serde_json::to_value(operation).expect("JSON"), text);
    }
}

#[test]
fn an_altered_operation_is_not_whole() {
    let mut op = Operation::new(OpId::new(Timestamp::from_millis(5), &[3; 10]), report(), KnownChange::Submit {});
    assert!(op.is_whole());
    op.change = Change::Known(KnownChange::Withdraw {});
    assert!(!op.is_whole());
}

#[test]
fn what_is_not_understood_of_an_operation_is_kept_up_to_a_size() {
    let (subject, change) = (report(), KnownChange::Submit {});
    let mut operation = Operation::new(OpId::new(Timestamp::from_millis(1), &[1; 10]), subject, change);
    assert!(!operation.is_overloaded());
    operation.extra.insert("later".to_owned(), "x".repeat(OPERATION_EXTRA_BYTES - 100).into());
    assert!(!operation.is_overloaded());
    operation.extra.insert("more".to_owned(), "x".repeat(100).into());
    assert!(operation.is_overloaded());
}
