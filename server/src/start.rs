//! Starting and stopping the program.

use crate::config::{Config, LogFormat, PublicUrl};
use crate::connection::{Caps, raise_limit};
use crate::site::Site;
use crate::{Settings, control, logging, serve};
use anyhow::Context;
use app::shell::Start;
use domain::language::Language;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::time::Duration;
use store::{Accounts, DEMO_PASSPHRASE, DemoLoaded, Store};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// `SurrealDB`'s parser and executor need more than the usual two megabytes.
const STACK: usize = 10 << 20;
/// How often to look whether a disk that was full has room again.
const ROOM: Duration = Duration::from_secs(1);
/// How long tasks may take to end when everything has been answered.
const LAST_TASKS: Duration = Duration::from_secs(2);

/// Prints the shell, for whoever weighs it.
///
/// # Errors
/// When the site cannot be read.
pub fn print_shell(config: &Config, language: Language) -> anyhow::Result<()> {
    let site = Site::read(&config.site)?;
    io::stdout().write_all(site.shell(language, Start::Draft).text.as_bytes())?;
    Ok(())
}

/// Serves until Ctrl-C or SIGTERM. After a disk that was full it begins anew instead, and does not return.
///
/// # Errors
/// When the site, the database or the address cannot be had.
pub fn run(config: &Config) -> anyhow::Result<()> {
    logging::start(config)?;
    let site = Site::read(&config.site)?;
    match on_a_runtime(serve_until_told(config.clone(), site)).context("serving")? {
        Ended::Told => say(config, "Stopped. / Arrêté."),
        Ended::RoomAgain => {
            tracing::warn!("the disk has room again; starting anew");
            return Err(begin_again()).context("starting anew");
        }
    }
    Ok(())
}

/// Why it serves no more.
enum Ended {
    /// It was told to stop.
    Told,
    /// The database is to be opened anew, after a disk that was full.
    RoomAgain,
}

/// Becomes the program anew, in the same process and with what it was told at first; returns only when that fails.
/// Nothing else closes the engine for certain. A loss is accepted once and not by habit.
fn begin_again() -> io::Error {
    let told = std::env::args_os().skip(1).filter(|told| told != "--accept-loss");
    std::env::current_exe().map_or_else(|error| error, |program| Command::new(program).args(told).exec())
}

/// Carries out a command that ends by itself, or at Ctrl-C.
///
/// # Errors
/// The command's own, and when it was broken off.
pub fn at_the_terminal(
    config: &Config,
    command: impl Future<Output = anyhow::Result<()>> + Send + 'static,
) -> anyhow::Result<()> {
    logging::start(config)?;
    on_a_runtime(async {
        let stop = told_to_stop().context("listening for signals")?;
        tokio::select! {
            done = command => done,
            () = stop => anyhow::bail!("broken off"),
        }
    })
}

fn on_a_runtime<T: Send + 'static>(
    work: impl Future<Output = anyhow::Result<T>> + Send + 'static,
) -> anyhow::Result<T> {
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = runtime.enable_all().thread_stack_size(STACK).build().context("starting the runtime")?;
    // On a thread of the runtime, for the size of its stack.
    let done = runtime.block_on(runtime.spawn(work));
    runtime.shutdown_timeout(LAST_TASKS);
    done.context("the work ended before its end")?
}

async fn serve_until_told(config: Config, site: Site) -> anyhow::Result<Ended> {
    let listener = TcpListener::bind(config.address);
    let listener = listener.await.with_context(|| format!("cannot listen on {}", config.address))?;
    let address = listener.local_addr().context("reading the address")?;
    let options = config.options()?;
    let store = Store::open_with(&config.database, &options);
    let store = store.await.with_context(|| format!("cannot open the database {}", config.database))?;
    check_accounts(&config, store.accounts().await.context("reading the accounts")?)?;
    let demo = if config.demo { Some(store.load_demo().await.context("loading the demonstration")?) } else { None };
    let control = control::path(&config.database).map(|path| control::listen(path, store.clone()));
    // Without it the server serves all the same; a backup then waits until it has stopped.
    let _control =
        control.transpose().inspect_err(|error| tracing::error!(%error, "no control socket: no backups")).ok();
    let told = told_to_stop().context("listening for signals")?;
    let (tell, ended) = oneshot::channel();
    let reopening = wants_reopening(store.clone());
    let stop = async move {
        let why = tokio::select! {
            () = told => Ended::Told,
            () = reopening => Ended::RoomAgain,
        };
        let _ = tell.send(why);
    };
    say(&config, &greeting(&config, address, demo));
    let files = raise_limit();
    tracing::info!(%address, database = scheme(&config.database), ?demo, open_files = files, "serving");
    let caps = Caps::for_files(files);
    serve(listener, store, Settings::new(&config, site, caps), stop).await;
    Ok(ended.await.unwrap_or(Ended::Told))
}

/// The passphrase of the demonstration's accounts is in this program's source: no council may rely on them.
fn check_accounts(config: &Config, Accounts { demo, others }: Accounts) -> anyhow::Result<()> {
    if config.demo {
        anyhow::ensure!(
            !config.public_url.as_ref().is_some_and(PublicUrl::is_https),
            "--demo with a public address in https: everybody knows the passphrase of the demonstration. Leave one of the \
             two out"
        );
        anyhow::ensure!(
            others == 0,
            "--demo on a database with {others} accounts that are not the demonstration's: everybody knows the passphrase of \
             those. Start without --demo, or with another database"
        );
    }
    if demo > 0 {
        tracing::warn!(
            demo,
            others,
            "this database has accounts of the demonstration: everybody knows their passphrase"
        );
    }
    Ok(())
}

/// Done when the database is to be opened anew.
async fn wants_reopening(store: Store) {
    while !store.wants_reopening() {
        tokio::time::sleep(ROOM).await;
    }
}

/// The log gets the scheme of an address, not where it is.
fn scheme(url: &str) -> &str {
    url.split("://").next().unwrap_or_default()
}

/// Words for the person at the terminal; not where a machine reads the log.
fn say(config: &Config, words: &str) {
    if config.log_format == LogFormat::Text {
        // A closed standard output is no reason to stop.
        let _ = writeln!(io::stdout(), "{words}");
    }
}

fn greeting(config: &Config, address: SocketAddr, demo: Option<DemoLoaded>) -> String {
    let open = config.public_url.as_ref().map_or_else(|| format!("http://{address}"), |url| url.origin().to_owned());
    let words = format!("Roundtable · Tour de table: {open}");
    let Some(demo) = demo else { return words };
    let loaded = match demo {
        DemoLoaded::Loaded { members, reports, items } => {
            format!("Demonstration council loaded: {members} members, {reports} reports, {items} items.")
        }
        DemoLoaded::NotEmpty => "The database already holds a council; nothing was loaded into it.".to_owned(),
    };
    let people = format!(
        "Sign in to the demonstration with the passphrase {DEMO_PASSPHRASE} as\n\
         \x20 federal@demo.example, on@demo.example, qc@demo.example, …   a member, who drafts a report\n\
         \x20 council@demo.example                                        the council, who reads the board\n\
         \x20 secretariat@demo.example, observer@demo.example             who read the board too\n\
         Ctrl-C stops the server."
    );
    [words, loaded, people].join("\n")
}

/// Done at Ctrl-C, or at the SIGTERM by which services are stopped.
fn told_to_stop() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Cli;
    use clap::Parser;

    #[test]
    fn the_demonstration_is_for_nobodys_council() {
        let config = |arguments: &[&str]| {
            Cli::try_parse_from([&["roundtable"], arguments].concat()).expect("a command line").config
        };
        let none = Accounts::default();
        let (demo, both) = (Accounts { demo: 68, others: 0 }, Accounts { demo: 68, others: 1 });
        let cases: [(&[&str], Accounts, bool); 7] = [
            (&["--demo"], none, true),
            (&["--demo"], demo, true),
            (&["--demo", "--public-url", "http://council.example"], demo, true),
            (&["--demo", "--public-url", "https://council.example"], none, false),
            (&["--demo"], both, false),
            (&[], both, true),
            (&["--public-url", "https://council.example"], demo, true),
        ];
        for (arguments, accounts, starts) in cases {
            assert_eq!(check_accounts(&config(arguments), accounts).is_ok(), starts, "{arguments:?} {accounts:?}");
        }
    }
}
