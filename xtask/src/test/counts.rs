//! How many tests passed and failed, read from what cargo and Playwright say.

use std::ops::Add;

use anyhow::{Context, Result};
use serde::Deserialize;

/// Tests, or steps that have no tests to count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Those that did what they should.
    pub passed: u64,
    /// Those that did not, or not every time.
    pub failed: u64,
}

impl Add for Counts {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { passed: self.passed + other.passed, failed: self.failed + other.failed }
    }
}

impl Counts {
    /// A step without tests that went well.
    pub fn success() -> Self {
        Self { passed: 1, failed: 0 }
    }

    /// A step that failed as a whole.
    pub fn failure() -> Self {
        Self { passed: 0, failed: 1 }
    }

    /// The verdict on a step that has tests: a command that failed without a failed test (it did
    /// not compile, say) is one failure, and so is a command that ran no test at all.
    pub fn judged(self, command_succeeded: bool) -> Self {
        if self.passed + self.failed == 0 {
            println!("no test ran: that is a failure");
            return Self::failure();
        }
        if !command_succeeded && self.failed == 0 {
            return self + Self::failure();
        }
        self
    }
}

/// Reads one line of `cargo test`; only libtest's summaries count for something.
pub fn of_cargo_line(line: &str) -> Counts {
    let Some(summary) = line.strip_prefix("test result: ") else {
        return Counts::default();
    };
    let number = |label: &str| {
        let part = summary.split([';', '.']).find_map(|part| part.trim().strip_suffix(label));
        part.and_then(|digits| digits.trim().parse().ok()).unwrap_or(0)
    };
    Counts { passed: number(" passed"), failed: number(" failed") }
}

#[derive(Deserialize)]
struct PlaywrightReport {
    stats: PlaywrightStats,
    #[serde(default)]
    errors: Vec<PlaywrightError>,
}

#[derive(Deserialize)]
struct PlaywrightStats {
    expected: u64,
    skipped: u64,
    unexpected: u64,
    flaky: u64,
}

#[derive(Deserialize)]
struct PlaywrightError {}

/// Reads Playwright's JSON report: a skipped test is a failed one; one that passed at its second attempt passed, and
/// Playwright lists it as flaky.
pub fn of_playwright(report: &[u8]) -> Result<Counts> {
    let report: PlaywrightReport = serde_json::from_slice(report).context("Playwright's report is not what it was")?;
    let stats = report.stats;
    if stats.skipped > 0 {
        println!("{} skipped: each counts as a failure", stats.skipped);
    }
    let broken = u64::try_from(report.errors.len())?;
    Ok(Counts { passed: stats.expected + stats.flaky, failed: stats.unexpected + stats.skipped + broken })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(passed: u64, failed: u64) -> Counts {
        Counts { passed, failed }
    }

    #[test]
    fn cargo_lines() {
        let cases = [
            (
                "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s",
                counts(12, 0),
            ),
            ("test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out", counts(1, 2)),
            ("test merge::tests::both_edit ... ok", counts(0, 0)),
            ("  test result: ok. 9 passed; 0 failed", counts(0, 0)),
            ("test result: ", counts(0, 0)),
        ];
        for (line, expected) in cases {
            assert_eq!(of_cargo_line(line), expected, "{line}");
        }
    }

    #[test]
    fn playwright_reports() {
        let cases = [
            (r#"{"expected":3,"skipped":0,"unexpected":0,"flaky":0}"#, counts(3, 0)),
            (r#"{"expected":3,"skipped":0,"unexpected":1,"flaky":2}"#, counts(5, 1)),
            (r#"{"expected":3,"skipped":4,"unexpected":0,"flaky":0}"#, counts(3, 4)),
        ];
        for (stats, expected) in cases {
            let report = format!(r#"{{"config":{{}},"stats":{stats}}}"#);
            assert_eq!(of_playwright(report.as_bytes()).unwrap(), expected);
        }
    }

    #[test]
    fn an_error_outside_the_tests_is_a_failure() {
        let stats = r#"{"expected":0,"skipped":0,"unexpected":0,"flaky":0}"#;
        let report = format!(r#"{{"stats":{stats},"errors":[{{"message":"no such file"}}]}}"#);
        assert_eq!(of_playwright(report.as_bytes()).unwrap(), counts(0, 1));
    }

    #[test]
    fn a_report_without_stats_is_an_error() {
        assert!(of_playwright(b"{}").is_err());
    }

    #[test]
    fn verdicts() {
        let cases = [
            (counts(2, 0), true, counts(2, 0)),
            (counts(2, 1), false, counts(2, 1)),
            (counts(2, 0), false, counts(2, 1)),
            (counts(0, 0), false, counts(0, 1)),
            (counts(0, 0), true, counts(0, 1)),
        ];
        for (found, succeeded, expected) in cases {
            assert_eq!(found.judged(succeeded), expected);
        }
    }
}
