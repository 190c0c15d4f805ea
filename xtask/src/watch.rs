//! `cargo xtask watch`: rebuilds and restarts on every change, and survives what does not compile.

use std::collections::BTreeMap;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, Result};
use rustix::process::{Pid, Signal, kill_process};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

use crate::site::Mode;
use crate::workspace::{Workspace, must_succeed};
use crate::{files, site};

const WATCHED: [&str; 4] = ["app", "server", "frontend", "style"];
const POLL: Duration = Duration::from_millis(500);
/// How long the server may take to finish its open requests.
const PATIENCE: Duration = Duration::from_secs(10);

type Snapshot = BTreeMap<PathBuf, SystemTime>;

/// Runs until Ctrl-C; `arguments` are the server's.
pub fn run(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM, SIGHUP] {
        signal_hook::flag::register(signal, Arc::clone(&stop)).context("no signal handler")?;
    }
    let mut server: Option<Child> = None;
    let mut seen = Snapshot::new();
    while !stop.load(Ordering::Relaxed) {
        let now = settled(workspace)?;
        if now != seen {
            seen = now;
            rebuild(workspace, arguments, &mut server, &stop)?;
            println!("watch: waiting for changes under {}", WATCHED.join(", "));
        }
        report_exit(&mut server)?;
        sleep(POLL);
    }
    println!("watch: stopping");
    finish(server.take())
}

/// A failed build leaves the running server alone.
fn rebuild(workspace: &Workspace, arguments: &[String], server: &mut Option<Child>, stop: &AtomicBool) -> Result<()> {
    let started = Instant::now();
    println!("watch: building");
    let built =
        site::run(workspace, Mode::Dev).and_then(|()| must_succeed(&mut workspace.cargo(&["build", "-p", "server"])));
    if stop.load(Ordering::Relaxed) {
        return Ok(());
    }
    if let Err(error) = built {
        eprintln!("watch: {error:#}");
        return Ok(());
    }
    println!("watch: built in {:.1} s", started.elapsed().as_secs_f64());
    finish(server.take())?;
    *server = Some(start(workspace, arguments)?);
    Ok(())
}

/// The server gets its own process group, so that Ctrl-C reaches it once, from us.
fn start(workspace: &Workspace, arguments: &[String]) -> Result<Child> {
    println!("watch: starting the server");
    Command::new(workspace.server_binary())
        .args(arguments)
        .current_dir(&workspace.root)
        .process_group(0)
        .spawn()
        .context("the server cannot be started")
}

fn report_exit(server: &mut Option<Child>) -> Result<()> {
    if let Some(child) = server
        && let Some(status) = child.try_wait().context("the server cannot be waited for")?
    {
        println!("watch: the server ended ({status}); the next change starts it again");
        *server = None;
    }
    Ok(())
}

/// Asks the server to end, and ends it when it does not.
fn finish(server: Option<Child>) -> Result<()> {
    let Some(mut child) = server else {
        return Ok(());
    };
    let asked = Instant::now();
    // It may be gone already: then there is nobody to signal, and the wait below says so.
    let signalled = kill_process(Pid::from_child(&child), Signal::TERM).is_ok();
    while signalled && asked.elapsed() < PATIENCE {
        if child.try_wait().context("waiting for the server")?.is_some() {
            return Ok(());
        }
        sleep(Duration::from_millis(20));
    }
    child.kill().context("the server cannot be killed")?;
    child.wait().context("waiting for the server")?;
    Ok(())
}

/// A snapshot taken when nothing has changed for one poll: editors write in several steps.
fn settled(workspace: &Workspace) -> Result<Snapshot> {
    let mut last = snapshot(workspace)?;
    loop {
        sleep(POLL / 5);
        let next = snapshot(workspace)?;
        if next == last {
            return Ok(next);
        }
        last = next;
    }
}

fn snapshot(workspace: &Workspace) -> Result<Snapshot> {
    let mut snapshot = Snapshot::new();
    for folder in WATCHED {
        for path in files::list(&workspace.root.join(folder))? {
            // A file may vanish between the listing and the look at it.
            if let Ok(modified) = path.metadata().and_then(|meta| meta.modified()) {
                snapshot.insert(path, modified);
            }
        }
    }
    Ok(snapshot)
}
