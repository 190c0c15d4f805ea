//! `cargo xtask budget`: what a browser must fetch before a person can draft, and its limit.

use std::path::Path;

use anyhow::{Context, Result};

use crate::site::Mode;
use crate::site::compress;
use crate::site::manifest::{Manifest, on_disk};
use crate::workspace::Workspace;
use crate::{files, table};

/// What a build may not grow past, in kilobytes of 1000 bytes. The promise is 300: lower this with every kilobyte
/// that is won, never raise it.
pub const DEFAULT_LIMIT_KB: u64 = 385;

/// Prints the bill; false when it is over the limit.
pub fn run(workspace: &Workspace, limit_kb: u64, html: Option<&Path>) -> Result<bool> {
    let site = workspace.site();
    let manifest = Manifest::read(&site)?.context("there is no site: run cargo xtask site")?;
    let mut lines = Vec::new();
    if let Some(path) = html {
        let shell = files::read(path)?;
        lines.push(("HTML shell".to_owned(), compress::brotli(&shell, Mode::Release)?.len()));
    }
    for url in manifest.hashed() {
        lines.push((url.to_owned(), fetched(&site, url)?));
    }
    let total: usize = lines.iter().map(|(_, bytes)| bytes).sum();
    let limit = limit_kb * 1000;
    let over = total as u64 > limit;

    let row = |name: &str, bytes: u64| vec![name.to_owned(), bytes.to_string()];
    let mut rows: Vec<Vec<String>> = lines.iter().map(|(name, bytes)| row(name, *bytes as u64)).collect();
    rows.push(row("total", total as u64));
    rows.push(row("limit", limit));
    print!("{}", table::layout(&["to draft", "brotli bytes"], &rows));
    let verdict = if over { "over budget" } else { "within budget" };
    println!("{verdict}");
    Ok(!over)
}

/// The bytes on the wire: the brotli form where there is one, else the file.
fn fetched(site: &Path, url: &str) -> Result<usize> {
    let path = on_disk(site, url);
    let bytes = files::read(&path)?;
    if !compress::is_worth_it(url, &bytes) {
        return Ok(bytes.len());
    }
    Ok(files::read(&on_disk(site, &format!("{url}.br")))?.len())
}
