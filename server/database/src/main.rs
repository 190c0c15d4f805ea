//! A real SurrealDB server, for tests. It takes the flags of its makers' own program, as in
//! `surreal start --bind 127.0.0.1:8000 memory`, and ends when its standard input does: a test that is killed leaves
//! no server behind.

use std::process::ExitCode;
use std::{io, process, thread};
use surrealdb_server::core::CommunityComposer;

fn main() -> ExitCode {
    thread::spawn(|| {
        // An input that cannot be read has ended too.
        let _ = io::copy(&mut io::stdin(), &mut io::sink());
        process::exit(0);
    });
    surrealdb_server::init(CommunityComposer())
}
