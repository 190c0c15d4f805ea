use super::*;
use crate::field::{ContactField, ContactValue, ItemField};
use crate::sync::op::KnownChange;
use crate::time::Timestamp;

const FIRST: &str = include_str!("../../../tests/journal/schema-1.json");
const SECOND: &str = include_str!("../../../tests/journal/schema-2.json");

fn rows(fixture: &str) -> Object {
    serde_json::from_str(fixture).expect("an object of rows")
}

fn carry_out(rows: &mut Object, writes: Vec<Write>) {
    for Write { key, value } in writes {
        match value {
            Some(value) => rows.insert(key, value),
            None => rows.remove(&key),
        };
    }
}

/// The only person and report of a fixture.
fn whose(rows: &Object) -> (PersonId, ReportId) {
    let key = rows.keys().find(|key| key.contains("/field/")).expect("a field");
    let mut parts = key.split('/');
    let mut next = || parts.next().expect("a part");
    (next().parse().expect("a person"), next().parse().expect("a report"))
}

fn name(text: &str) -> FieldValue {
    FieldValue::Contact(ContactValue::Name(text.to_owned()))
}

#[test]
fn every_schema_is_brought_along_with_every_word() {
    for (fixture, over) in [(FIRST, None), (SECOND, Some(name("Camille Exemple")))] {
        let mut rows = rows(fixture);
        let (person, report) = whose(&rows);
        let writes = bring_along(&rows).expect("can be read");
        carry_out(&mut rows, writes);
        assert_eq!(bring_along(&rows), Ok(Vec::new()), "once is enough");
        let root = root(person, report);
        let local = report_of(&root, report, &rows);
        assert_eq!(local.fields[&FieldKey::Contact(ContactField::Name)].value, name("Camille Exemple"));
        assert_eq!(local.fields.values().filter(|field| field.conflict.is_some()).count(), 1);
        assert_eq!(local.fields.values().filter(|field| field.held.is_some()).count(), 1);
        let titles = local.fields.values().filter(|field| {
            matches!(field.value.key(), FieldKey::Item(_, ItemField::Title))
                && field.value.text() == Some("Guichet unique")
        });
        assert_eq!(titles.count(), 1);
        assert_eq!(local.queue.len(), 4, "an item, its title and its text, the submission");
        assert!(local.queue.iter().any(|queued| queued.operation.known() == Some(&KnownChange::Submit {})));
        assert_eq!(local.council.accepted.map(|(seq, _)| seq), Some(7));
        assert!(local.council.submission.is_some());
        let late: Vec<Typed> = late(&root, &rows).into_iter().map(|(_, late)| late).collect();
        assert_eq!(late, [Typed { value: name("Camille Exemple, au revoir"), over }]);
        assert_eq!(
            rows_of(&root, &local).len() + 2 + usize::from(rows.keys().any(|key| key.contains("/merge/"))),
            rows.len()
        );
    }
}

#[test]
fn rows_that_cannot_be_brought_along_are_left_alone() {
    let mut newer = rows(SECOND);
    newer.insert(SCHEMA_ROW.to_owned(), Value::from(SCHEMA + 1));
    assert_eq!(bring_along(&newer), Err(Unreadable::Newer));
    newer.insert(SCHEMA_ROW.to_owned(), Value::from("three"));
    assert_eq!(bring_along(&newer), Err(Unreadable::Newer));

    let mut broken = rows(FIRST);
    let key = broken.keys().find(|key| is_late(key)).expect("a late row").clone();
    broken.insert(key.clone(), Value::from("half a row"));
    assert_eq!(bring_along(&broken), Err(Unreadable::Row(key)));
}

#[test]
fn a_new_device_is_marked_with_its_schema() {
    assert_eq!(bring_along(&Object::new()), Ok(vec![Write::put(SCHEMA_ROW.to_owned(), Value::from(SCHEMA))]));
}

#[test]
fn a_shared_computer_keeps_what_was_not_sent_and_nothing_else() {
    let mut rows = rows(SECOND);
    let (person, report) = whose(&rows);
    let council = format!("{}council", owned_by(person));
    rows.insert(council.clone(), Value::from("the council"));
    let writes = forget_sent(person, &rows);
    carry_out(&mut rows, writes);
    let root = root(person, report);
    assert!(!rows.contains_key(&council));
    assert!(!rows.contains_key(&field_row(&root, FieldKey::Contact(ContactField::Name))), "the council has it");
    let local = report_of(&root, report, &rows);
    assert_eq!(local.queue.len(), 4);
    assert_eq!(local.fields.values().filter(|field| field.waits()).count(), 2);
    assert!(local.fields.keys().any(|key| matches!(key, FieldKey::Item(_, ItemField::Section))), "the whole item");
    assert_eq!(late(&root, &rows).len(), 1);
    assert!(local.council.accepted.is_some(), "what the queue stands on");

    rows.retain(|key, _| key == &field_row(&root, FieldKey::Contact(ContactField::Name)) || key == SCHEMA_ROW);
    rows.insert(format!("{root}council"), json::write(&local.council));
    rows.insert(field_row(&root, FieldKey::Contact(ContactField::Name)), json::write(&LocalField::at(name("Sent"), 3)));
    let writes = forget_sent(person, &rows);
    carry_out(&mut rows, writes);
    assert_eq!(rows.keys().collect::<Vec<_>>(), [SCHEMA_ROW]);
}

#[test]
fn a_shared_computer_keeps_what_a_newer_program_has_not_sent() {
    let (person, report) = whose(&rows(SECOND));
    let card = Subject::from(format!("card/{}/{}", report.edition, ItemId::new(Timestamp::from_millis(1), &[7; 10])));
    let newer = Subject::from("agenda/2027".to_owned());
    let row = |subject: &Subject, place: &str| format!("{}{place}", root(person, subject.clone()));
    let kept = [row(&card, "field/mark"), row(&card, "queue/0000000001"), row(&newer, "late/x")];
    let sent = [row(&Subject::Council, "field/name"), row(&Subject::Edition(report.edition), "council")];
    let keys = kept.iter().chain(&sent).cloned();
    let mut rows: Object = keys.map(|key| (key, Value::from("of a newer program"))).collect();
    let writes = forget_sent(person, &rows);
    carry_out(&mut rows, writes);
    assert_eq!(rows.keys().cloned().collect::<BTreeSet<_>>(), BTreeSet::from(kept));
}
