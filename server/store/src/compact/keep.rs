//! Which texts of a field's history stay. Pure.
//!
//! | kept | because |
//! |---|---|
//! | the newest [`NEWEST`] versions | somebody looks for what was there a while ago |
//! | the newest [`RECENT`] that were the head within the last [`RECENT_MILLIS`] | a device may be about to send what it based on one |
//! | the version in force at each submission | the council had it |
//! | the version in force when a device last read the draft | it bases its next change on it |
//! | what each device wrote last | it bases its next change on it |
//! | the versions that a conflict was about | whoever resolves it bases on them |
//! | every text that lost in a conflict | it is nowhere else |
//!
//! A device that was not heard of for [`YIELDS_AFTER_MILLIS`] may find that the text it started from is gone. Then its
//! change is answered as a conflict without a base: both texts are there still.

use domain::id::{OpId, PersonId};
use domain::sync::wire::Seq;
use domain::time::Timestamp;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// So many of the newest versions stay in any case.
pub const NEWEST: usize = 100;
/// So many of the newest versions stay while they are recent.
pub const RECENT: usize = 1_000;
/// How long ago a version may have been replaced and still be recent: a week.
pub const RECENT_MILLIS: i64 = 7 * DAY_MILLIS;
/// How long a device may be away and still find what it based on: 180 days.
pub const YIELDS_AFTER_MILLIS: i64 = 180 * DAY_MILLIS;
const DAY_MILLIS: i64 = 86_400_000;

/// An operation that wrote the field, or lost in a conflict about it.
#[derive(Debug, Clone)]
pub struct Row {
    pub op_id: OpId,
    pub seq: Seq,
    pub at: Timestamp,
    pub person: PersonId,
    pub device: Option<String>,
    /// Of a conflict: the revisions that it was based on and that it was told.
    pub bases: Option<[Seq; 2]>,
    /// The field said the same already: an earlier operation in the log has the same text.
    pub again: bool,
}

/// Places in the sequence at which somebody took the field as it stood.
#[derive(Debug, Clone, Default)]
pub struct Points {
    pub submitted: Vec<Seq>,
    pub told: Vec<Seq>,
}

/// The operations whose texts can be let go.
pub fn droppable(rows: &[Row], points: &Points, now: Timestamp) -> Vec<OpId> {
    // Each version with the time at which it became the head.
    let mut versions: BTreeMap<Seq, Timestamp> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.bases.is_none()) {
        let since = versions.entry(row.seq).or_insert(row.at);
        *since = row.at.min(*since);
    }
    let mut kept = recent(&versions, now);
    for point in points.submitted.iter().chain(&points.told) {
        kept.extend(versions.range(..=*point).next_back().map(|(seq, _)| *seq));
    }
    kept.extend(of_devices(rows, now));
    let goes = |row: &&Row| row.bases.is_none() && (row.again || !kept.contains(&row.seq));
    rows.iter().filter(goes).map(|row| row.op_id).collect()
}

fn recent(versions: &BTreeMap<Seq, Timestamp>, now: Timestamp) -> BTreeSet<Seq> {
    let mut replaced = None;
    let mut kept = BTreeSet::new();
    for (n, (seq, since)) in versions.iter().rev().enumerate() {
        let ended: Option<Timestamp> = replaced.replace(*since);
        let lately = ended.is_none_or(|ended| now.millis() - ended.millis() < RECENT_MILLIS);
        if n < NEWEST || (n < RECENT && lately) {
            kept.insert(*seq);
        }
    }
    kept
}

/// What each device wrote last, and what its conflicts were about, unless it is long gone. A device without a name may
/// be several: all that they wrote stays as long.
fn of_devices(rows: &[Row], now: Timestamp) -> BTreeSet<Seq> {
    let heard_of = |row: &&Row| now.millis() - row.at.millis() < YIELDS_AFTER_MILLIS;
    let mut kept = BTreeSet::new();
    let mut last: HashMap<(PersonId, &str), &Row> = HashMap::new();
    for row in rows.iter().filter(heard_of) {
        match (&row.bases, &row.device) {
            (Some(bases), _) => kept.extend(bases),
            (None, None) => {
                kept.insert(row.seq);
            }
            (None, Some(device)) => {
                let latest = last.entry((row.person, device)).or_insert(row);
                if (row.at, row.seq) >= (latest.at, latest.seq) {
                    *latest = row;
                }
            }
        }
    }
    kept.extend(last.into_values().map(|row| row.seq));
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn day(n: i64) -> Timestamp {
        Timestamp::from_millis(n * DAY_MILLIS)
    }

    fn person(n: u8) -> PersonId {
        PersonId::new(Timestamp::from_millis(1), &[n; 10])
    }

    /// The operation with which somebody wrote a version.
    fn op(who: u8, seq: Seq) -> OpId {
        OpId::new(Timestamp::from_millis(i64::try_from(seq).expect("small")), &[who; 10])
    }

    fn wrote(seq: Seq, at: Timestamp, who: u8, device: Option<&str>) -> Row {
        let device = device.map(str::to_owned);
        Row { op_id: op(who, seq), seq, at, person: person(who), device, bases: None, again: false }
    }

    /// Versions 10, 20, … of one device, all on the same day.
    fn history(count: u64, at: Timestamp) -> Vec<Row> {
        (1..=count).map(|n| wrote(10 * n, at, 1, Some("a"))).collect()
    }

    fn kept(rows: &[Row], points: &Points, now: Timestamp) -> Vec<Seq> {
        let gone: HashSet<OpId> = droppable(rows, points, now).into_iter().collect();
        rows.iter().filter(|row| !gone.contains(&row.op_id)).map(|row| row.seq).collect()
    }

    fn oldest(count: u64, newest: u64) -> Vec<Seq> {
        (count - newest + 1..=count).map(|n| 10 * n).collect()
    }

    #[test]
    fn the_newest_stay_and_more_of_them_while_they_are_recent() {
        let rows = history(1_200, day(1));
        assert_eq!(kept(&rows, &Points::default(), day(2)), oldest(1_200, 1_000));
        assert_eq!(kept(&rows, &Points::default(), day(9)), oldest(1_200, 100));
        assert_eq!(kept(&rows[..100], &Points::default(), day(900)).len(), 100);
        assert!(droppable(&[], &Points::default(), day(1)).is_empty());
    }

    #[test]
    fn what_was_submitted_or_told_stays_as_it_stood_then() {
        let rows = history(300, day(1));
        let points = Points { submitted: vec![35], told: vec![50, 71, 5, 10_000] };
        let mut expected = vec![30, 50, 70];
        expected.extend(oldest(300, 100));
        assert_eq!(kept(&rows, &points, day(30)), expected);
    }

    #[test]
    fn what_a_device_wrote_last_stays_until_it_is_long_gone() {
        let mut rows = vec![wrote(1, day(1), 2, Some("tablet")), wrote(2, day(1), 2, Some("tablet"))];
        rows.extend([wrote(3, day(1), 2, Some("phone")), wrote(4, day(1), 3, None), wrote(5, day(1), 3, None)]);
        rows.extend(history(150, day(1)));
        assert_eq!(kept(&rows, &Points::default(), day(100))[..4], [2, 3, 4, 5]);
        assert_eq!(kept(&rows, &Points::default(), day(182)), oldest(150, 100));
    }

    #[test]
    fn a_conflict_stays_with_what_it_was_about() {
        let mut rows = history(300, day(1));
        let lost = Row { op_id: op(9, 45), bases: Some([20, 40]), ..wrote(45, day(1), 2, Some("b")) };
        rows.push(lost);
        let gone = droppable(&rows, &Points::default(), day(100));
        assert!(![op(1, 20), op(1, 40), op(9, 45)].iter().any(|id| gone.contains(id)), "{gone:?}");
        assert!(gone.contains(&op(1, 30)));
        assert!(!droppable(&rows, &Points::default(), day(400)).contains(&op(9, 45)), "it is nowhere else");
    }

    #[test]
    fn the_same_words_sent_again_stand_there_once() {
        let mut rows = history(2, day(1));
        rows.push(Row { op_id: op(9, 1), again: true, ..rows[1].clone() });
        rows.push(Row { op_id: op(9, 2), again: true, person: person(2), ..rows[1].clone() });
        assert_eq!(droppable(&rows, &Points::default(), day(1)), [op(9, 1), op(9, 2)]);
    }
}
