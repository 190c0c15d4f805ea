//! From the crate `frontend` to optimised modules and the JavaScript that loads them: the modules that pages start with,
//! and the parts that are fetched when they are first needed.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::thread;

use anyhow::{Context, Result, anyhow, bail};
use wasm_bindgen_cli_support::Bindgen;
use wasm_encoder::RawSection;
use wasmparser::Parser;

use super::Mode;
use super::link::link;
use super::order::order;
use crate::files;
use crate::workspace::{Workspace, must_succeed, program_name};

/// The files that are fetched together when a part is needed, without `.wasm`: the part, and what it shares with others.
pub type Loads = BTreeMap<String, Vec<String>>;

/// The browser's code, ready to be named and published.
pub struct Bound {
    /// An ES module whose default export takes `{ module_or_path }`; before, `link` is told what that module holds.
    pub js: Vec<u8>,
    /// The modules that a first visit starts with, by the name of the start.
    pub starts: BTreeMap<String, Linked>,
    /// The parts that the JavaScript fetches when they are needed, under the names by which it does.
    pub parts: Vec<Part>,
    /// What it fetches together.
    pub loads: Loads,
}

/// A module that a visit starts with.
pub struct Linked {
    /// The module.
    pub wasm: Vec<u8>,
    /// The files that need not be fetched with it.
    pub holds: Vec<String>,
}

/// A part that is split off.
pub struct Part {
    /// The file's name, without `.wasm`.
    pub name: String,
    /// A module that shares the first one's memory.
    pub wasm: Vec<u8>,
}

const NAME: &str = "roundtable";

/// What a release links the first module with, by where a visit starts: a page is there after one module, and does not
/// wait for the pages that it is not. The server chooses (`app::shell::Start`); a browser that has been here before has
/// a service worker, which keeps the one that `package::KEPT` names, and all parts.
const STARTS: [(&str, &[&str]); 3] = [("draft", &["report"]), ("board", &["board"]), ("room", &["projector"])];

/// What the splitter said of the parts, for a build that finds its work done.
const LOADS: &str = "loads.json";

/// The script that fetches the parts.
const LOADERS: &str = "./__wasm_split.js";

/// The script by which it does.
const PARTS: &str = include_str!("parts.js");

/// What rustc 1.95 emits for wasm32-unknown-unknown and wasm-opt must therefore accept.
pub const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// Similar functions and what is known of every value: half a per cent less after brotli than `-Oz` alone.
const PASSES: [&str; 6] =
    ["--strip-producers", "--strip-target-features", "--merge-similar-functions", "--gufa", "-Oz", "-Oz"];

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
            for (name, parts) in STARTS {
                let parts: Vec<PathBuf> = held(&loads, parts)?.iter().map(|part| file(&work, part)).collect();
                link(workspace, &main_module(&work), &parts, &start_module(&work, name))?;
            }
            fs::remove_file(main_module(&work)).context("the module that nothing is linked with")?;
            shrink_all(workspace, modules(&work)?)?;
        }
        files::write(&work.join(LOADS), &serde_json::to_vec(&loads)?)?;
        files::write(&done, key.as_bytes())?;
    }
    read(&work, mode)
}

/// Reads what was made.
fn read(work: &Path, mode: Mode) -> Result<Bound> {
    let loads: Loads = serde_json::from_slice(&files::read(&work.join(LOADS))?).context(LOADS)?;
    let mut starts = BTreeMap::new();
    for (name, parts) in STARTS {
        let linked = match mode {
            Mode::Dev => Linked { wasm: files::read(&main_module(work))?, holds: Vec::new() },
            Mode::Release => Linked { wasm: files::read(&start_module(work, name))?, holds: held(&loads, parts)? },
        };
        starts.insert(name.to_owned(), linked);
    }
    let mut parts = Vec::new();
    let first =
        |path: &PathBuf| *path == main_module(work) || STARTS.iter().any(|(name, _)| *path == start_module(work, name));
    for path in modules(work)?.into_iter().filter(|path| !first(path)) {
        let name = path.file_stem().and_then(|name| name.to_str()).context("a part's name is not UTF-8")?.to_owned();
        parts.push(Part { name, wasm: files::read(&path)? });
    }
    Ok(Bound { js: files::read(&work.join(format!("{NAME}.js")))?, starts, parts, loads })
}

/// The files that some parts need, each once.
fn held(loads: &Loads, parts: &[&str]) -> Result<Vec<String>> {
    let mut held: Vec<String> = Vec::new();
    for part in parts {
        for name in loads.get(*part).with_context(|| format!("there is no part {part}"))? {
            if !held.contains(name) {
                held.push(name.clone());
            }
        }
    }
    Ok(held)
}

fn file(work: &Path, name: &str) -> PathBuf {
    work.join(format!("{name}.wasm"))
}

fn main_module(work: &Path) -> PathBuf {
    file(work, &format!("{NAME}_bg"))
}

fn start_module(work: &Path, name: &str) -> PathBuf {
    file(work, &format!("start_{name}"))
}

fn modules(work: &Path) -> Result<Vec<PathBuf>> {
    let mut all = files::list(work)?;
    all.retain(|path| path.extension().is_some_and(|extension| extension == "wasm"));
    Ok(all)
}

/// A module that is smaller gains less than the start of the optimiser costs: most are.
const SMALL: u64 = 4_000;

/// A module that is smaller fits into what a compressor has just seen, in whatever order its functions stand.
const NEAR: u64 = 16_000;

/// Optimises modules, as many at once as there are processors, the longest first.
fn shrink_all(workspace: &Workspace, mut modules: Vec<PathBuf>) -> Result<()> {
    let size = |path: &Path| fs::metadata(path).map_or(0, |data| data.len());
    modules.retain(|path| size(path) >= SMALL);
    modules.sort_by_key(|path| size(path));
    let waiting = Mutex::new(modules);
    let next = || waiting.lock().ok().and_then(|mut waiting| waiting.pop());
    let work = || {
        while let Some(module) = next() {
            let mut wasm_opt = workspace.node_tool("wasm-opt")?;
            wasm_opt.args(FEATURES).args(PASSES);
            shrink(wasm_opt, &module, "-o")?;
            if size(&module) >= NEAR {
                order(workspace, &module)?;
            }
        }
        Ok(())
    };
    let workers = thread::available_parallelism().map_or(1, NonZero::get);
    thread::scope(|scope| {
        let started: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        started
            .into_iter()
            .try_for_each(|worker| worker.join().map_err(|_| anyhow!("an optimiser's thread stopped"))?)
    })
}

/// Takes the functions that are marked as parts, and what only they use, out of the module.
fn split(work: &Path, main: &Path, module: &[u8]) -> Result<Loads> {
    let main_script = format!("./{NAME}.js");
    let mut options = wasm_split_cli_support::Options::new(module);
    options.output_dir = work;
    options.main_out_path = main;
    options.link_name = LOADERS;
    options.main_module = &main_script;
    let split = wasm_split_cli_support::transform(options);
    let split = split.map_err(|error| anyhow!("splitting the module: {error:#}"))?;
    for part in modules(work)?.iter().filter(|path| *path != main) {
        files::write(part, &bare(&files::read(part)?)?)?;
    }
    Ok(split.prefetch_map.into_iter().collect())
}

/// The module without names and other notes, which the tools that follow complain of.
fn bare(module: &[u8]) -> Result<Vec<u8>> {
    let mut bare = wasm_encoder::Module::new();
    for payload in Parser::new(0).parse_all(module) {
        if let Some((id, range)) = payload?.as_section().filter(|(id, _)| *id != 0) {
            let (start, end) = (usize::try_from(range.start)?, usize::try_from(range.end)?);
            bare.section(&RawSection { id, data: &module[start..end] });
        }
    }
    Ok(bare.finish())
}

/// Puts the loaders of the parts, which import the loader of the module and are imported by it, into one file with it.
fn join_scripts(workspace: &Workspace, work: &Path, mode: Mode) -> Result<()> {
    let script = work.join(format!("{NAME}.js"));
    let (loaders, parts, entry) = (work.join(LOADERS), work.join("parts.js"), work.join("entry.js"));
    files::write(&loaders, by_parts(&files::read(&loaders)?)?.as_bytes())?;
    files::write(&parts, PARTS.as_bytes())?;
    let both = format!("export {{ default }} from \"./{NAME}.js\";\nexport {{ link }} from \"./parts.js\";\n");
    files::write(&entry, both.as_bytes())?;
    let joined = work.join("joined.js");
    let mut esbuild = workspace.node_tool("esbuild")?;
    esbuild.args(["--bundle", "--format=esm", "--target=es2022", "--log-level=warning"]);
    if mode == Mode::Release {
        esbuild.arg("--minify");
    }
    let mut output = OsString::from("--outfile=");
    output.push(&joined);
    must_succeed(esbuild.arg(&entry).arg(output))?;
    for path in [&loaders, &parts, &entry] {
        fs::remove_file(path).with_context(|| path.display().to_string())?;
    }
    fs::rename(&joined, &script).with_context(|| script.display().to_string())
}

/// The splitter's loaders, with what they fetch and start going through ours.
fn by_parts(loaders: &[u8]) -> Result<String> {
    let loaders = std::str::from_utf8(loaders).context("the parts' loaders are not UTF-8")?;
    let (fetch, start) = ("fetch(new URL(", "WebAssembly.instantiateStreaming(");
    if loaders.matches(fetch).count() == 0 || loaders.matches(fetch).count() != loaders.matches(start).count() {
        bail!("the splitter's loaders are not written as they were: teach xtask their new form");
    }
    let ours = loaders.replace(fetch, "part(new URL(").replace(start, "start(");
    Ok(format!("import {{ part, start }} from \"./parts.js\";\n{ours}"))
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
