//! `cargo xtask test`: every check and every test, in order, with one total at the end.

use std::io::{Write, stdout};
use std::time::Instant;

use anyhow::{Context, Result};

use crate::table;
use crate::workspace::Workspace;

mod counts;
mod steps;

use counts::Counts;

/// The names that `--only` takes, in the order in which the steps run.
pub fn names() -> Vec<&'static str> {
    steps::ALL.iter().map(|step| step.name).collect()
}

/// Runs the steps to the last, whatever fails; false when something did.
pub fn run(workspace: &Workspace, only: Option<&str>) -> Result<bool> {
    let mut rows = Vec::new();
    let mut total = Counts::default();
    let chosen = |step: &&steps::Step| only.is_none_or(|name| name == step.name);
    for step in steps::ALL.iter().filter(chosen) {
        println!("\n== {} ==", step.name);
        let started = Instant::now();
        let counts = (step.run)(workspace).unwrap_or_else(|error| {
            eprintln!("error: {error:#}");
            Counts::failure()
        });
        rows.push(vec![
            step.name.to_owned(),
            format!("{:.1}", started.elapsed().as_secs_f64()),
            counts.passed.to_string(),
            counts.failed.to_string(),
        ]);
        total = total + counts;
    }
    let heading = ["step", "seconds", "passed", "failed"];
    let summary = table::layout(&heading, &rows);
    println!("\n{summary}\n{} passed, {} failed", total.passed, total.failed);
    stdout().flush().context("the summary was not written")?;
    Ok(total.failed == 0)
}
