//! One field's merge, of the longest text that there may be: what a device does when two people wrote in it.

use crate::ms;
use crate::table::{Table, percentile};
use anyhow::{Context, Result, ensure};
use domain::limits::ITEM_TEXT_CHARS;
use domain::sync::merge::merge;
use std::time::Instant;

const RUNS: usize = 50;
/// Words that each side changes, alternately, all over the text.
const CHANGES: usize = 20;

/// Times the merge of two texts that were both changed at many places, apart from each other.
pub fn measure(table: &mut Table) -> Result<()> {
    let words: Vec<String> = (1_000..).map(|n| format!("mot{n}. ")).take(ITEM_TEXT_CHARS / "mot1000. ".len()).collect();
    let every = words.len() / (2 * CHANGES);
    let changed = |side: usize, by: &str| -> String {
        let other = |n: usize| n.is_multiple_of(every) && (n / every) % 2 == side;
        words.iter().enumerate().map(|(n, word)| if other(n) { by.to_owned() } else { word.clone() }).collect()
    };
    let (base, mine, theirs) = (words.concat(), changed(0, "mien. "), changed(1, "leur. "));
    let mut times = Vec::with_capacity(RUNS);
    for _ in 0..RUNS {
        let started = Instant::now();
        let merged = merge(&base, &mine, &theirs).context("the changes are apart")?;
        times.push(started.elapsed());
        ensure!(merged.contains("mien.") && merged.contains("leur."), "both are in it");
    }
    times.sort();
    let figures = [format!("p50 {}", ms(percentile(&times, 0.5))), format!("p99 {}", ms(percentile(&times, 0.99)))];
    table.row(&format!("merge of a field of {} characters, {CHANGES} changes on each side", base.len()), &figures);
    Ok(())
}
