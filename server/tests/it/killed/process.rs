//! The program on a folder of its own, killed and started again on the same port.

use crate::support::{Server, fixture_site};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A council that outlives its server's processes.
pub struct Process {
    site: TempDir,
    data: TempDir,
    running: Option<Child>,
    pub server: Server,
}

impl Process {
    pub fn new() -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let server = Server { address: port.local_addr().expect("an address") };
        Self { site: fixture_site(), data: tempfile::tempdir().expect("a folder"), running: None, server }
    }

    /// Where its database is: with what is the default, a flush to the disk for each commit.
    pub fn database(&self) -> String {
        format!("surrealkv://{}", self.data.path().join("data").display())
    }

    /// Starts it and waits until it answers. Says how long that took.
    pub async fn start(&mut self) -> Duration {
        let started = Instant::now();
        let mut command = Command::new(env!("CARGO_BIN_EXE_roundtable"));
        command.args(["--demo", "--log-level", "error", "--sign-in-per-minute", "1000"]);
        command.args(["--database", &self.database(), "--address", &self.server.address.to_string()]);
        command.arg("--site").arg(self.site.path()).stdin(Stdio::null()).stdout(Stdio::null());
        let running = self.running.insert(command.spawn().expect("the program"));
        let nobody = self.server.nobody();
        while !nobody.get("/readyz").send().await.is_ok_and(|answer| answer.status().is_success()) {
            assert_eq!(running.try_wait().expect("a process"), None, "it does not start on what the kill left");
            assert!(started.elapsed() < Duration::from_secs(120), "it is not ready");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        started.elapsed()
    }

    /// SIGKILL.
    pub fn kill(&mut self) {
        if let Some(mut running) = self.running.take() {
            running.kill().expect("a kill");
            running.wait().expect("an end");
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}
