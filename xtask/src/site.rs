//! `cargo xtask site`: everything the browser downloads, into `target/site`.
//!
//! Code and style are named by their content and may be cached for ever; `site.json` tells the
//! server and the service worker those names.

use std::fs;
use std::time::Instant;

use anyhow::{Context, Result};

use crate::workspace::Workspace;
use crate::{files, table};

pub mod compress;
mod link;
pub mod manifest;
mod order;
pub mod package;
mod publish;
mod wasm;

use manifest::Manifest;
use package::Package;

/// What a build is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Quick to build.
    Dev,
    /// Small to download.
    Release,
}

impl Mode {
    /// The cargo profile of the browser's crate.
    pub fn profile(self) -> &'static str {
        match self {
            Self::Dev => "wasm-dev",
            Self::Release => "wasm",
        }
    }
}

/// A file of the site: its URL path, beginning with `/`, and its bytes.
pub struct SiteFile {
    /// `/pkg/…` or the path under `frontend/assets`.
    pub url: String,
    /// What is served when the browser asks for no compression.
    pub bytes: Vec<u8>,
}

/// Whatever decides how the inputs become the site.
const TOOLS: [&str; 3] = ["Cargo.lock", "end2end/package-lock.json", "xtask/src"];
const STYLE: &str = "style";
const ASSETS: &str = "frontend/assets";

/// Builds the site, or says that there is nothing to do.
pub fn run(workspace: &Workspace, mode: Mode) -> Result<()> {
    let module = wasm::compile(workspace, mode)?;
    let started = Instant::now();
    let tools = files::tree_hash(&workspace.root, &TOOLS)?;
    let code = files::hash([mode.profile().as_bytes(), tools.as_bytes(), &module]);
    let look = files::tree_hash(&workspace.root, &[STYLE, ASSETS])?;
    let fingerprint = files::hash([code.as_bytes(), look.as_bytes()]);

    let site = workspace.site();
    let stamp = workspace.site_work().join("fingerprint");
    let before = Manifest::read(&site)?;
    let unchanged = fs::read_to_string(&stamp).is_ok_and(|text| text == fingerprint);
    if unchanged && before.as_ref().is_some_and(|it| it.is_whole(&site)) {
        println!("site is up to date");
        return Ok(());
    }

    let bound = wasm::bind(workspace, mode, &module, &code)?;
    let css = |name: &str| package::css(&workspace.root.join(STYLE).join(name), mode);
    let package = Package::new(bound, css("main.scss")?, css("room.scss")?)?;
    let assets = package::assets(&workspace.root.join(ASSETS))?;
    let manifest = Manifest::new(&package, &assets, before.as_ref());
    let sizes = publish::publish(&site, &package, &assets, &manifest, mode)?;
    files::write(&stamp, fingerprint.as_bytes()).context("the build's stamp")?;

    print!("{}", table::layout(&["site", "raw", "brotli"], &sizes));
    println!("packed in {:.1} s", started.elapsed().as_secs_f64());
    Ok(())
}
