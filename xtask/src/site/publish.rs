//! Puts a build on disk in an order that never breaks a client, then removes what is too old.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::manifest::{Manifest, on_disk};
use super::package::Package;
use super::{Mode, SiteFile, compress};
use crate::files;

/// Writes the files, then `site.json`, then removes the rest; returns rows of name, raw, brotli.
pub fn publish(
    site: &Path,
    package: &Package,
    assets: &[SiteFile],
    manifest: &Manifest,
    mode: Mode,
) -> Result<Vec<Vec<String>>> {
    let mut keep = BTreeSet::from([site.join("site.json")]);
    let mut rows = Vec::new();
    for file in package.files() {
        let brotli = put(site, file, mode, &mut keep)?;
        rows.push(row(&file.url, file.bytes.len(), brotli));
    }
    let (mut raw, mut small) = (0, 0);
    for asset in assets {
        raw += asset.bytes.len();
        small += put(site, asset, mode, &mut keep)?;
    }
    rows.push(row(&format!("{} assets", assets.len()), raw, small));
    manifest.write(site)?;
    for url in &manifest.previous {
        for path in variants(&on_disk(site, url)) {
            keep.insert(path);
        }
    }
    remove_others(site, &keep)?;
    Ok(rows)
}

fn row(name: &str, raw: usize, brotli: usize) -> Vec<String> {
    vec![name.to_owned(), raw.to_string(), brotli.to_string()]
}

/// Writes a file and its compressed forms; returns how many bytes a browser fetches.
fn put(site: &Path, file: &SiteFile, mode: Mode, keep: &mut BTreeSet<PathBuf>) -> Result<usize> {
    let [path, br, gz] = variants(&on_disk(site, &file.url));
    let mut fetched = file.bytes.len();
    files::write(&path, &file.bytes)?;
    if compress::is_worth_it(&file.url, &file.bytes) {
        let brotli = compress::brotli(&file.bytes, mode)?;
        fetched = brotli.len();
        files::write(&br, &brotli)?;
        files::write(&gz, &compress::gzip(&file.bytes, mode)?)?;
        keep.extend([br, gz]);
    }
    keep.insert(path);
    Ok(fetched)
}

/// The file itself, then with brotli, then with gzip.
fn variants(path: &Path) -> [PathBuf; 3] {
    let with = |extension: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(extension);
        PathBuf::from(name)
    };
    [path.to_path_buf(), with(".br"), with(".gz")]
}

fn remove_others(site: &Path, keep: &BTreeSet<PathBuf>) -> Result<()> {
    for path in files::list(site)? {
        if !keep.contains(&path) {
            let failed = || format!("{} cannot be removed", path.display());
            fs::remove_file(&path).with_context(failed)?;
        }
    }
    Ok(())
}
