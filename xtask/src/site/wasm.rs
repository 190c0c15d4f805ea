//! From the crate `frontend` to an optimised module and the JavaScript that loads it.

use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

use super::Mode;
use crate::files;
use crate::workspace::{Workspace, must_succeed, program_name};

/// The browser's code, ready to be named and published.
pub struct Bound {
    /// An ES module whose default export takes `{ module_or_path }`.
    pub js: Vec<u8>,
    /// The WebAssembly module.
    pub wasm: Vec<u8>,
}

const NAME: &str = "roundtable";

/// What rustc 1.95 emits for wasm32-unknown-unknown and wasm-opt must therefore accept.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// Lets cargo build the crate, and returns rustc's module.
pub fn compile(workspace: &Workspace, mode: Mode) -> Result<Vec<u8>> {
    let target = "wasm32-unknown-unknown";
    let arguments = ["build", "-p", "frontend", "--target", target, "--profile"];
    let mut cargo = workspace.cargo(&arguments);
    cargo.arg(mode.profile());
    if mode == Mode::Release {
        small_standard_library(&mut cargo);
    }
    must_succeed(&mut cargo)?;
    files::read(&workspace.frontend_wasm(mode.profile()))
}

/// Builds the standard library with the module, for size, and without the texts and paths of panics, which nobody
/// reads in a person's browser. The options are rustc's own and not yet stable; the toolchain is pinned.
fn small_standard_library(cargo: &mut Command) {
    cargo.env("RUSTC_BOOTSTRAP", "1");
    cargo.args(["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"]);
    cargo.env(
        "RUSTFLAGS",
        "--cfg erase_components -Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none -Zfmt-debug=none",
    );
}

/// Runs wasm-bindgen and the optimisers, unless `key` says that it was done for this module.
pub fn bind(workspace: &Workspace, mode: Mode, module: Vec<u8>, key: &str) -> Result<Bound> {
    let work = workspace.site_work().join(mode.profile());
    let done = work.join("done");
    if !fs::read_to_string(&done).is_ok_and(|text| text == key) {
        if work.exists() {
            fs::remove_dir_all(&work).with_context(|| work.display().to_string())?;
        }
        generate(&work, mode, module)?;
        if mode == Mode::Release {
            optimise(workspace, &work)?;
        }
        files::write(&done, key.as_bytes())?;
    }
    Ok(Bound {
        js: files::read(&work.join(format!("{NAME}.js")))?,
        wasm: files::read(&work.join(format!("{NAME}_bg.wasm")))?,
    })
}

fn generate(work: &Path, mode: Mode, module: Vec<u8>) -> Result<()> {
    let release = mode == Mode::Release;
    let mut bindgen = Bindgen::new();
    bindgen
        .input_bytes(NAME, module)
        .web(true)?
        .typescript(false)
        .omit_default_module_path(true)
        .remove_name_section(release)
        .remove_producers_section(release);
    bindgen.generate(work).context("wasm-bindgen failed")?;
    let snippets = files::list(&work.join("snippets"))?;
    if let Some(first) = snippets.first() {
        bail!(
            "a dependency brings its own JavaScript ({}), which the site would serve under a name \
             that does not change with its content: teach xtask to hash it, or drop the dependency",
            first.display()
        );
    }
    Ok(())
}

/// Shrinks the module with wasm-opt and its loader with esbuild (1.7 KB less after brotli).
fn optimise(workspace: &Workspace, work: &Path) -> Result<()> {
    let mut wasm_opt = workspace.node_tool("wasm-opt")?;
    wasm_opt.args(FEATURES).arg("-Oz");
    shrink(wasm_opt, &work.join(format!("{NAME}_bg.wasm")), "-o")?;
    let mut esbuild = workspace.node_tool("esbuild")?;
    esbuild.args(["--minify", "--format=esm", "--log-level=warning"]);
    shrink(esbuild, &work.join(format!("{NAME}.js")), "--outfile")
}

/// Runs a tool on a file and puts what it made, which must be smaller, in its place.
fn shrink(mut tool: Command, path: &Path, output_option: &str) -> Result<()> {
    let mut smaller = path.as_os_str().to_owned();
    smaller.push(".small");
    let mut output = OsString::from(output_option);
    output.push("=");
    output.push(&smaller);
    must_succeed(tool.arg(path).arg(output))?;
    let (before, after) = (files::read(path)?.len(), files::read(smaller.as_ref())?.len());
    if after >= before {
        let name = program_name(&tool);
        bail!("{name} made {} no smaller: {before} bytes, then {after}", path.display());
    }
    fs::rename(&smaller, path).with_context(|| path.display().to_string())
}
