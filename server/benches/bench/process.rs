//! The server as a process of its own.

use anyhow::{Context, Result, bail};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A running server.
pub struct Process {
    child: Child,
    /// `http://127.0.0.1:port`.
    pub base: String,
    /// From the start of the process to the first 200 of `/readyz`.
    pub ready_after: Duration,
}

impl Process {
    /// Starts the server on a database in `folder` and waits until it is ready.
    pub async fn start(folder: &Path, flags: &[&str]) -> Result<Self> {
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let site = site(folder)?;
        let started = Instant::now();
        let child = Command::new(env!("CARGO_BIN_EXE_roundtable"))
            .args(["--address", &format!("127.0.0.1:{port}"), "--log-level", "error"])
            .args(["--database", &format!("surrealkv://{}", folder.join("db").display())])
            .args(["--site", &site, "--sign-in-per-minute", "100000", "--streams-per-person", "100000"])
            .args(flags)
            .stdout(Stdio::null())
            .spawn()
            .context("the server")?;
        let mut process = Self { child, base: format!("http://127.0.0.1:{port}"), ready_after: Duration::ZERO };
        while started.elapsed() < Duration::from_secs(120) {
            if let Ok(answer) = reqwest::get(format!("{}/readyz", process.base)).await
                && answer.status().is_success()
            {
                process.ready_after = started.elapsed();
                return Ok(process);
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        bail!("the server was not ready in two minutes")
    }

    /// Resident set size.
    pub fn resident_mib(&self) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("VmRSS")?;
        let kib: u64 = line.trim().trim_end_matches("kB").trim().parse()?;
        Ok(kib / 1_024)
    }

    /// Processor time so far, user and system.
    pub fn cpu(&self) -> Result<Duration> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        let after_name = stat.rsplit(')').next().context("stat")?;
        let ticks = after_name.split_whitespace().skip(11).take(2).map(str::parse::<u64>).sum::<Result<u64, _>>()?;
        Ok(Duration::from_millis(ticks * 10))
    }

    /// Asks it to stop, and waits.
    pub async fn stop(mut self) -> Result<()> {
        let told = Command::new("kill").arg(self.child.id().to_string()).status()?;
        if !told.success() {
            bail!("the server was gone");
        }
        tokio::task::spawn_blocking(move || self.child.wait()).await??;
        Ok(())
    }
}

/// A site with nothing in it: the bench loads no page.
fn site(folder: &Path) -> Result<String> {
    let site = folder.join("site");
    std::fs::create_dir_all(&site)?;
    std::fs::write(site.join("sw.js"), "")?;
    std::fs::write(site.join("site.json"), include_str!("../../tests/site.json"))?;
    Ok(site.display().to_string())
}
