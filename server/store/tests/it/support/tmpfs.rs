//! A disk that can be filled: a small tmpfs, mounted by the test. Without the right to mount, the test says so and ends.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A disk of a few megabytes, unmounted at the end.
pub struct Disk {
    root: tempfile::TempDir,
}

impl Disk {
    /// None, and why, where this user may not mount one.
    pub fn mounted(megabytes: u32) -> Option<Self> {
        let root = tempfile::tempdir().expect("a folder");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={megabytes}m"), "tmpfs"]).arg(root.path());
        if mount.output().is_ok_and(|done| done.status.success()) {
            return Some(Self { root });
        }
        eprintln!("not tried: this user may not mount a disk");
        None
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.root.path()
    }

    /// Takes everything but so many bytes.
    pub fn fill(&self, but: u64) {
        let mut filling = fs::File::options().append(true).create(true).open(self.filling()).expect("a file");
        let mut page = vec![1; 64 << 10];
        while page.len() >= 4_096 {
            while filling.write_all(&page).is_ok() {}
            page.truncate(page.len() / 2);
        }
        let size = filling.metadata().expect("a file").len();
        filling.set_len(size - but).expect("a size");
    }

    /// Gives the room back.
    pub fn free(&self) {
        fs::remove_file(self.filling()).expect("a file");
    }

    fn filling(&self) -> PathBuf {
        self.path().join("filling")
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.path()).output();
    }
}
