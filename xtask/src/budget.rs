//! `cargo xtask budget`: what a browser must fetch before a person can draft, and its limit.

use std::path::Path;

use anyhow::{Context, Result};

use crate::site::Mode;
use crate::site::compress;
use crate::site::manifest::{Manifest, on_disk};
use crate::workspace::Workspace;
use crate::{files, table};

/// What a browser may have to fetch before a person can draft, in bytes after brotli.
const TO_DRAFT: usize = 300_000;

/// What it may have to fetch with a part. Whoever has no session signs in first, and then has it for weeks. The board,
/// the wall and the remote control are wanted under 350,000: a module that is split in many compresses worse than a
/// whole one, and the form that they do not need is in what every page loads. These limits hold them where they are.
const LIMITS: [(&str, usize); 4] =
    [("entry", 320_000), ("board", 406_000), ("projector", 412_000), ("presenter", 416_000)];

/// With any other part: pages that are opened rarely, and what is fetched behind the form or the board.
const OTHERWISE: usize = 455_000;

/// Prints the bill; false when it is over a limit.
pub fn run(workspace: &Workspace, html: Option<&Path>) -> Result<bool> {
    let site = workspace.site();
    let manifest = Manifest::read(&site)?.context("there is no site: run cargo xtask site")?;
    let mut lines = Vec::new();
    if let Some(path) = html {
        let shell = files::read(path)?;
        lines.push(("HTML shell".to_owned(), compress::brotli(&shell, Mode::Release)?.len()));
    }
    for url in manifest.first() {
        lines.push((url.to_owned(), fetched(&site, url)?));
    }
    let total: usize = lines.iter().map(|(_, bytes)| bytes).sum();
    let mut within = total <= TO_DRAFT;
    lines.push((format!("to draft, at most {TO_DRAFT}"), total));
    for load in &manifest.loads {
        let more = load.iter().map(|url| fetched(&site, url)).sum::<Result<usize>>()?;
        let with = total + more;
        let name = part_of(load);
        let limit = LIMITS.iter().find(|(part, _)| *part == name).map_or(OTHERWISE, |(_, limit)| *limit);
        within &= with <= limit;
        lines.push((format!("with {name}, at most {limit}"), with));
    }
    let rows: Vec<Vec<String>> = lines.into_iter().map(|(name, bytes)| vec![name, bytes.to_string()]).collect();
    print!("{}", table::layout(&["a browser fetches", "brotli bytes"], &rows));
    println!("{}", if within { "within budget" } else { "over budget" });
    Ok(within)
}

/// The part that some files are fetched for, by the name that the build gave it.
fn part_of(load: &[String]) -> &str {
    let name = load.iter().find_map(|url| url.strip_prefix("/pkg/split_")?.split('.').next());
    name.unwrap_or("shared code")
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
