//! Whether a database holds what its witness has seen. Pure.

use domain::id::InstanceId;
use domain::sync::wire::Seq;
use serde::{Deserialize, Serialize};

/// How far a log has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// The database that gave the numbers.
    pub instance: InstanceId,
    /// The last sequence number.
    pub head: Seq,
    /// The number of the last batch.
    pub batch: u64,
    /// The chain's hash at that batch, in hexadecimal.
    pub hash: String,
}

/// What the witness says of a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing speaks against it.
    Whole,
    /// Acknowledged changes are missing.
    Lost(Loss),
}

/// Changes that were acknowledged and are not in the database.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{cause}: {missing} acknowledged changes are missing (numbers {} to {upto})", upto - missing + 1)]
pub struct Loss {
    /// How it shows.
    pub cause: Cause,
    /// How many sequence numbers are missing; at most, where the database is another one.
    pub missing: u64,
    /// The last number that was seen.
    pub upto: Seq,
}

/// How a loss shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Cause {
    /// The folder is empty or missing.
    #[error("there is no database where there was one")]
    Missing,
    /// Another one is in its place.
    #[error("the database is not the one that was here before")]
    OtherInstance,
    /// Its log ends earlier.
    #[error("the database ends earlier than it did")]
    Behind,
    /// Its log has another past.
    #[error("the database has another past than the one that was seen")]
    OtherPast,
}

/// Compares. `hash_at` gives the chain's hash at a batch of the database, none when it has none there.
pub fn verdict(
    witness: Option<&Mark>,
    database: Option<&Mark>,
    hash_at: impl FnOnce(u64) -> Option<String>,
) -> Verdict {
    let Some(seen) = witness else { return Verdict::Whole };
    let lost = |cause, missing| Verdict::Lost(Loss { cause, missing, upto: seen.head });
    let Some(found) = database else { return lost(Cause::Missing, seen.head) };
    if found.instance != seen.instance {
        return lost(Cause::OtherInstance, seen.head);
    }
    if found.batch < seen.batch || found.head < seen.head {
        return lost(Cause::Behind, seen.head.saturating_sub(found.head).max(1));
    }
    let hash = if found.batch == seen.batch { Some(found.hash.clone()) } else { hash_at(seen.batch) };
    if hash.is_some_and(|hash| hash == seen.hash) { Verdict::Whole } else { lost(Cause::OtherPast, seen.head) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: &str = "01936f6e-0000-7000-8000-000000000000";
    const ELSEWHERE: &str = "01936f6e-0000-7000-8000-000000000001";

    fn mark(instance: &str, head: Seq, batch: u64, hash: &str) -> Mark {
        let instance = serde_json::from_value(instance.into()).expect("an id");
        Mark { instance, head, batch, hash: hash.to_owned() }
    }

    #[test]
    fn each_difference_has_its_verdict() {
        let seen = || Some(mark(HERE, 100, 20, "twenty"));
        let lost = |cause, missing| Verdict::Lost(Loss { cause, missing, upto: 100 });
        let cases = [
            ("nothing at all", None, None, None, Verdict::Whole),
            ("a first start with a witness", None, Some(mark(HERE, 5, 1, "one")), None, Verdict::Whole),
            ("the same", seen(), seen(), None, Verdict::Whole),
            ("ahead, as after a kill", seen(), Some(mark(HERE, 130, 22, "later")), Some("twenty"), Verdict::Whole),
            (
                "ahead, with another past",
                seen(),
                Some(mark(HERE, 130, 22, "later")),
                Some("other"),
                lost(Cause::OtherPast, 100),
            ),
            (
                "ahead, with no such batch",
                seen(),
                Some(mark(HERE, 130, 22, "later")),
                None,
                lost(Cause::OtherPast, 100),
            ),
            (
                "as far, with another hash",
                seen(),
                Some(mark(HERE, 100, 20, "other")),
                Some("twenty"),
                lost(Cause::OtherPast, 100),
            ),
            ("behind", seen(), Some(mark(HERE, 60, 15, "fifteen")), None, lost(Cause::Behind, 40)),
            ("empty", seen(), Some(mark(HERE, 0, 0, "")), None, lost(Cause::Behind, 100)),
            (
                "as many batches, fewer changes",
                seen(),
                Some(mark(HERE, 99, 20, "twenty")),
                None,
                lost(Cause::Behind, 1),
            ),
            ("no database", seen(), None, None, lost(Cause::Missing, 100)),
            ("a new council", seen(), Some(mark(ELSEWHERE, 3, 1, "one")), None, lost(Cause::OtherInstance, 100)),
            (
                "another council, further",
                seen(),
                Some(mark(ELSEWHERE, 300, 60, "x")),
                Some("twenty"),
                lost(Cause::OtherInstance, 100),
            ),
        ];
        for (name, witness, database, hash, expected) in cases {
            let found = verdict(witness.as_ref(), database.as_ref(), |_| hash.map(str::to_owned));
            assert_eq!(found, expected, "{name}");
        }
    }

    #[test]
    fn a_loss_is_a_sentence() {
        let loss = Loss { cause: Cause::Behind, missing: 40, upto: 100 };
        let told = "the database ends earlier than it did: 40 acknowledged changes are missing (numbers 61 to 100)";
        assert_eq!(loss.to_string(), told);
    }
}
