//! From the crate `frontend` to optimised modules and the JavaScript that loads them: the module that every page
//! starts with, and the parts that are fetched when they are first needed.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, anyhow, bail};
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
    /// The parts that the JavaScript fetches when they are needed, under the names by which it does.
    pub parts: Vec<Part>,
    /// What the JavaScript fetches together when a part is needed: the part, and what it shares with others.
    pub loads: Vec<Vec<String>>,
}

/// A part that is split off.
pub struct Part {
    /// The file's name, without `.wasm`.
    pub name: String,
    /// A module that shares the first one's memory.
    pub wasm: Vec<u8>,
}

const NAME: &str = "roundtable";

/// What the splitter said of the parts, for a build that finds its work done.
const LOADS: &str = "loads.json";

/// The script that fetches the parts.
const LOADERS: &str = "./__wasm_split.js";

/// What rustc 1.95 emits for wasm32-unknown-unknown and wasm-opt must therefore accept.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// Half a per cent less after brotli than `-Oz` alone.
const PASSES: [&str; 4] = ["--merge-similar-functions", "--gufa", "-Oz", "-Oz"];

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
        "--cfg erase_components -Clink-arg=--emit-relocs -Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none -Zfmt-debug=none",
    );
}

/// Runs the splitter, wasm-bindgen and the optimisers, unless `key` says that it was done for this module.
pub fn bind(workspace: &Workspace, mode: Mode, module: &[u8], key: &str) -> Result<Bound> {
    let work = workspace.site_work().join(mode.profile());
    let done = work.join("done");
    if !fs::read_to_string(&done).is_ok_and(|text| text == key) {
        if work.exists() {
            fs::remove_dir_all(&work).with_context(|| work.display().to_string())?;
        }
        let whole = work.join("whole.wasm");
        let loads = split(&work, &whole, module)?;
        generate(&work, mode, files::read(&whole)?)?;
        fs::remove_file(&whole).with_context(|| whole.display().to_string())?;
        join_scripts(workspace, &work, mode)?;
        if mode == Mode::Release {
            for module in modules(&work)? {
                let mut wasm_opt = workspace.node_tool("wasm-opt")?;
                wasm_opt.args(FEATURES).args(PASSES);
                shrink(wasm_opt, &module, "-o")?;
            }
        }
        files::write(&work.join(LOADS), &serde_json::to_vec(&loads)?)?;
        files::write(&done, key.as_bytes())?;
    }
    let main = main_module(&work);
    let mut parts = Vec::new();
    for path in modules(&work)?.into_iter().filter(|path| *path != main) {
        let name = path.file_stem().and_then(|name| name.to_str()).context("a part's name is not UTF-8")?.to_owned();
        parts.push(Part { name, wasm: files::read(&path)? });
    }
    let js = files::read(&work.join(format!("{NAME}.js")))?;
    let loads = serde_json::from_slice(&files::read(&work.join(LOADS))?).context(LOADS)?;
    Ok(Bound { js, wasm: files::read(&main)?, parts, loads })
}

fn main_module(work: &Path) -> PathBuf {
    work.join(format!("{NAME}_bg.wasm"))
}

fn modules(work: &Path) -> Result<Vec<PathBuf>> {
    let mut all = files::list(work)?;
    all.retain(|path| path.extension().is_some_and(|extension| extension == "wasm"));
    Ok(all)
}

/// Takes the functions that are marked as parts, and what only they use, out of the module.
fn split(work: &Path, main: &Path, module: &[u8]) -> Result<Vec<Vec<String>>> {
    let main_script = format!("./{NAME}.js");
    let mut options = wasm_split_cli_support::Options::new(module);
    options.output_dir = work;
    options.main_out_path = main;
    options.link_name = LOADERS;
    options.main_module = &main_script;
    let split = wasm_split_cli_support::transform(options);
    let split = split.map_err(|error| anyhow!("splitting the module: {error:#}"))?;
    let mut loads: Vec<Vec<String>> = split.prefetch_map.into_values().collect();
    loads.sort();
    loads.dedup();
    Ok(loads)
}

/// Puts the loaders of the parts, which import the loader of the module and are imported by it, into one file with it.
fn join_scripts(workspace: &Workspace, work: &Path, mode: Mode) -> Result<()> {
    let script = work.join(format!("{NAME}.js"));
    let joined = work.join("joined.js");
    let mut esbuild = workspace.node_tool("esbuild")?;
    esbuild.args(["--bundle", "--format=esm", "--target=es2022", "--log-level=warning"]);
    if mode == Mode::Release {
        esbuild.arg("--minify");
    }
    let mut output = OsString::from("--outfile=");
    output.push(&joined);
    must_succeed(esbuild.arg(&script).arg(output))?;
    fs::remove_file(work.join(LOADERS)).context("the parts' loaders")?;
    fs::rename(&joined, &script).with_context(|| script.display().to_string())
}

fn generate(work: &Path, mode: Mode, module: Vec<u8>) -> Result<()> {
    let release = mode == Mode::Release;
    let mut bindgen = Bindgen::new();
    bindgen
        .input_bytes(NAME, module)
        .web(true)?
        .typescript(false)
        // The parts share the memory and the table of functions.
        .keep_lld_exports(true)
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
