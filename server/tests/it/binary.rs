//! The program itself: what it says, and how it starts and stops.

use crate::support::fixture_site;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

fn roundtable(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_roundtable"));
    command.args(arguments).stdin(Stdio::null());
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("ROUNDTABLE_")) {
        command.env_remove(name);
    }
    command
}

fn output(command: &mut Command) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } = command.output().expect("the program");
    let text = |bytes| String::from_utf8(bytes).expect("text");
    (status.code(), text(stdout), text(stderr))
}

#[test]
fn help_names_every_setting() {
    let (code, help, _) = output(&mut roundtable(&["--help"]));
    assert_eq!(code, Some(0));
    for name in ["address", "database", "site", "log-level", "log-format", "demo", "public-url"] {
        assert!(help.contains(&format!("--{name}")), "{name}");
        assert!(help.contains(&format!("ROUNDTABLE_{}", name.to_uppercase().replace('-', "_"))), "{name}");
    }
}

#[test]
fn a_wrong_value_is_one_clear_error() {
    let cases = [
        ("address", "here", "--address"),
        ("database", "mysql://x", "surrealkv://folder"),
        ("log-level", "loud", "off, error, warn"),
        ("log-format", "xml", "text, json"),
        ("public-url", "council", "https://council.example"),
    ];
    for (name, value, told) in cases {
        let (code, _, by_flag) = output(&mut roundtable(&[&format!("--{name}"), value]));
        let variable = format!("ROUNDTABLE_{}", name.to_uppercase().replace('-', "_"));
        let (code_by_variable, _, by_variable) = output(roundtable(&[]).env(variable, value));
        assert_eq!((code, code_by_variable), (Some(2), Some(2)), "{name}");
        assert!(by_flag.contains(told) && by_variable.contains(told), "{by_flag}\n{by_variable}");
    }
}

#[test]
fn what_cannot_be_had_is_said_in_one_line() {
    let site = fixture_site();
    let folder = site.path().to_str().expect("text");
    let nothing = tempfile::tempdir().expect("a folder");
    let nothing = nothing.path().to_str().expect("text");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let demo_in_public: &[&str] = &[
        "--site",
        folder,
        "--database",
        "mem://",
        "--address",
        "127.0.0.1:0",
        "--demo",
        "--public-url",
        "https://a.example",
    ];
    let cases: [(&[&str], &str); 4] = [
        (demo_in_public, "everybody knows the passphrase"),
        (&["--site", nothing], "make run"),
        (&["--site", folder, "--database", "mem://", "--address", &address], "cannot listen on"),
        (
            &["--site", folder, "--database", "surrealkv:///dev/null/data", "--address", "127.0.0.1:0"],
            "cannot open the database",
        ),
    ];
    for (arguments, told) in cases {
        let (code, _, error) = output(roundtable(arguments).args(["--log-level", "off"]));
        assert_eq!(code, Some(1), "{error}");
        assert!(error.contains(told) && error.trim_end().lines().count() == 1, "{error}");
        assert!(!error.contains("panicked"));
    }
}

#[test]
fn the_shell_is_printed_in_either_language() {
    let site = fixture_site();
    for language in ["en", "fr"] {
        let (code, html, _) = output(roundtable(&["shell", "--language", language, "--site"]).arg(site.path()));
        assert_eq!(code, Some(0));
        assert!(html.starts_with("<!DOCTYPE html>") && html.contains(&format!("<html lang=\"{language}\">")), "{html}");
    }
}

fn started(arguments: &[&str]) -> (Child, BufReader<std::process::ChildStdout>) {
    let mut child = roundtable(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program");
    let words = BufReader::new(child.stdout.take().expect("its words"));
    (child, words)
}

fn terminate(child: &Child) {
    let told = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().expect("kill");
    assert!(told.success());
}

#[test]
fn it_says_where_it_is_and_how_to_sign_in_and_stops_cleanly() {
    let site = fixture_site();
    let folder = site.path().to_str().expect("text");
    let (mut child, mut words) =
        started(&["--database", "mem://", "--site", folder, "--address", "127.0.0.1:0", "--demo"]);
    let mut said = String::new();
    while !said.contains("Ctrl-C") {
        assert_ne!(words.read_line(&mut said).expect("words"), 0, "{said}");
    }
    for part in ["http://127.0.0.1:", "65 members", "federal@demo.example", store::DEMO_PASSPHRASE] {
        assert!(said.contains(part), "{part} in {said}");
    }
    terminate(&child);
    words.read_to_string(&mut said).expect("words");
    assert_eq!(child.wait().expect("an end").code(), Some(0), "{said}");
    assert!(said.trim_end().ends_with("Stopped. / Arrêté."), "{said}");
}

#[test]
fn the_log_can_be_json_and_a_database_on_disk_is_found_again() {
    let (site, data) = (fixture_site(), tempfile::tempdir().expect("a folder"));
    let database = format!("surrealkv://{}", data.path().join("data").display());
    for _ in 0..2 {
        let folder = site.path().to_str().expect("text");
        let (mut child, _words) =
            started(&["--database", &database, "--site", folder, "--address", "127.0.0.1:0", "--log-format", "json"]);
        let mut log = BufReader::new(child.stderr.take().expect("its log"));
        let mut line = String::new();
        while !line.contains("\"serving\"") {
            line.clear();
            assert_ne!(log.read_line(&mut line).expect("a log"), 0);
            let entry: serde_json::Value = serde_json::from_str(&line).expect("JSON");
            assert!(entry["level"].is_string());
        }
        terminate(&child);
        assert_eq!(child.wait().expect("an end").code(), Some(0));
        private(&data.path().join("data"));
    }
}

/// Nobody but the owner gets at a folder or a file in it.
fn private(path: &Path) {
    let mode = path.metadata().expect("a mode").permissions().mode();
    assert_eq!(mode & 0o077, 0, "{}: {mode:o}", path.display());
    for entry in path.read_dir().into_iter().flatten() {
        private(&entry.expect("an entry").path());
    }
}
