//! `cargo xtask budget`: what a browser must fetch before a person can draft or see the board, and the limits.

use std::path::Path;

use anyhow::{Context, Result};

use crate::site::Mode;
use crate::site::compress;
use crate::site::manifest::{Manifest, on_disk};
use crate::site::package::KEPT;
use crate::workspace::Workspace;
use crate::{files, table};

/// What a browser may have to fetch before a page of a start is there, in bytes after brotli.
const STARTS: [(&str, usize); 3] = [("draft", 300_000), ("board", 350_000), ("room", 350_000)];

/// What it may have to fetch in all when a part comes to the start of drafting. Whoever has no session signs in first,
/// and then has it for weeks; other pages are opened rarely, or are fetched behind the form or the board. The largest is
/// the remote control, which draws the wall too.
const ENTRY: (&str, usize) = ("entry", 325_000);
const OTHERWISE: usize = 500_000;

/// Prints the bill; false when it is over a limit.
pub fn run(workspace: &Workspace, html: Option<&Path>) -> Result<bool> {
    let site = workspace.site();
    let manifest = Manifest::read(&site)?.context("there is no site: run cargo xtask site")?;
    let html = html.map(|path| compress::brotli(&files::read(path)?, Mode::Release)).transpose()?;
    let html = html.map_or(0, |html| html.len());
    let mut bill = Bill { rows: vec![vec!["HTML shell".to_owned(), html.to_string(), String::new()]], within: true };
    for (name, limit) in STARTS {
        let missing = || format!("the site has no start {name}");
        let start = manifest.starts.get(name).with_context(missing)?;
        let mut total = html;
        for url in manifest.first(name).with_context(missing)? {
            let bytes = fetched(&site, &url)?;
            total += bytes;
            bill.rows.push(vec![url, bytes.to_string(), String::new()]);
        }
        bill.total(&format!("to start with {name}"), total, limit);
        if name != KEPT {
            continue;
        }
        for (part, urls) in &manifest.loads {
            let more = urls.iter().filter(|url| !start.holds.contains(url));
            let more = more.map(|url| fetched(&site, url)).sum::<Result<usize>>()?;
            let limit = if part == ENTRY.0 { ENTRY.1 } else { OTHERWISE };
            bill.total(&format!("with {part}"), total + more, limit);
        }
    }
    print!("{}", table::layout(&["a browser fetches", "brotli bytes", "at most"], &bill.rows));
    println!("{}", if bill.within { "within budget" } else { "over budget" });
    Ok(bill.within)
}

struct Bill {
    rows: Vec<Vec<String>>,
    within: bool,
}

impl Bill {
    fn total(&mut self, name: &str, bytes: usize, limit: usize) {
        self.within &= bytes <= limit;
        self.rows.push(vec![name.to_owned(), bytes.to_string(), limit.to_string()]);
    }
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
