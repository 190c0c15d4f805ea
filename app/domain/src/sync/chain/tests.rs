use super::*;
use serde_json::json;

fn operation(n: u8) -> LinkedOperation {
    LinkedOperation {
        op_id: OpId::new(Timestamp::from_millis(1), &[n; 10]),
        hash: ContentHash::of_value(&json!(n)),
        person: PersonId::new(Timestamp::from_millis(2), &[7; 10]),
        status: 200,
        seq: 4,
    }
}

fn batch() -> Link {
    Link {
        batch: 2,
        first: 4,
        last: 5,
        at: Timestamp::from_millis(1_790_000_000_000),
        operations: vec![operation(1), operation(2)],
    }
}

/// Every way of changing one thing that the chain covers.
fn altered() -> Vec<(&'static str, Link)> {
    let with = |name, change: fn(&mut Link)| {
        let mut other = batch();
        change(&mut other);
        (name, other)
    };
    vec![
        with("batch", |link| link.batch += 1),
        with("first", |link| link.first -= 1),
        with("last", |link| link.last += 1),
        with("at", |link| link.at = Timestamp::from_millis(1_790_000_000_001)),
        with("order", |link| link.operations.reverse()),
        with("one left out", |link| drop(link.operations.pop())),
        with("one more", |link| link.operations.push(operation(3))),
        with("op_id", |link| link.operations[1].op_id = operation(3).op_id),
        with("content", |link| link.operations[1].hash = operation(3).hash),
        with("person", |link| link.operations[1].person = PersonId::new(Timestamp::from_millis(3), &[7; 10])),
        with("status", |link| link.operations[1].status = 409),
        with("seq", |link| link.operations[1].seq = 5),
    ]
}

#[test]
fn each_thing_that_is_covered_changes_the_hash() {
    let before = link(&ChainHash::GENESIS, &batch());
    assert_eq!(link(&ChainHash::GENESIS, &batch()), before);
    for (name, other) in altered() {
        assert_ne!(link(&ChainHash::GENESIS, &other), before, "{name}");
    }
    assert_ne!(link(&before, &batch()), before, "the batch before");
}

#[test]
fn a_change_in_the_past_changes_every_hash_after_it() {
    let later = Link { batch: 3, first: 6, last: 5, operations: vec![], ..batch() };
    let after = |first: &Link| link(&link(&ChainHash::GENESIS, first), &later);
    for (name, other) in altered() {
        assert_ne!(after(&other), after(&batch()), "{name}");
    }
}

#[test]
fn the_form_of_the_hash_stays() {
    // Logs out there are chained with it: another value here makes every reader take a snapshot, and every backup
    // fail its check.
    let hash = link(&ChainHash::GENESIS, &batch());
    assert_eq!(hash.to_string(), "28838e052149ac5227bb50c5b76f34aa134ce9c49b00e3e8f07a2e55b2247ddd");
}

#[test]
fn a_hash_is_written_in_hexadecimal_and_read_back() {
    let hash = link(&ChainHash::GENESIS, &batch());
    let text = hash.to_string();
    assert_eq!(text.parse(), Ok(hash));
    assert_eq!(crate::json::read::<ChainHash>(&json!(text)).ok(), Some(hash));
    assert_eq!(crate::json::write(&hash), json!(text));
    assert_eq!(ChainHash::GENESIS.to_string(), "0".repeat(64));
    for wrong in ["", "0", &"0".repeat(63), &"0".repeat(65), &"A".repeat(64), &"g".repeat(64), &"é".repeat(32)] {
        assert_eq!(wrong.parse::<ChainHash>(), Err(NotAChainHash), "{wrong}");
    }
}

#[test]
fn a_reader_goes_on_only_in_the_log_that_it_read() {
    let ours = link(&ChainHash::GENESIS, &batch());
    let other = link(&ours, &batch());
    let cases = [
        ("has read nothing", 0, None, 9, None, Past::Same),
        ("has read nothing, of an empty log", 0, Some(&ChainHash::GENESIS), 0, None, Past::Same),
        ("has read this log", 5, Some(&ours), 9, Some(&ours), Past::Same),
        ("has read all of it", 9, Some(&ours), 9, Some(&ours), Past::Same),
        ("has read another log", 5, Some(&other), 9, Some(&ours), Past::Other),
        ("is ahead: the tail was lost", 12, Some(&ours), 9, None, Past::Other),
        ("is ahead, and of an older program", 12, None, 9, None, Past::Other),
        ("its batch is no longer kept", 2, Some(&ours), 9, None, Past::Other),
        ("is of an older program", 5, None, 9, Some(&ours), Past::Same),
    ];
    for (name, cursor, theirs, head, ours, expected) in cases {
        assert_eq!(same_past(cursor, theirs, head, ours), expected, "{name}");
    }
}
