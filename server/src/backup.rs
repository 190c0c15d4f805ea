//! `roundtable backup`, `restore` and `verify`: what they ask for, and what they say at the terminal.

use crate::config::Config;
use crate::control::{self, Answer, Question};
use anyhow::{Context, bail};
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use store::Store;
use store::backup::{self, Manifest, Progress};

/// Writes a backup: by the server that runs on the database, or else by this process.
///
/// # Errors
/// When it cannot be made; then there is no file.
pub async fn back_up(config: Config, file: PathBuf) -> anyhow::Result<()> {
    // The server may stand in another folder.
    let file = std::path::absolute(&file).context("naming the file")?;
    let manifest = match by_the_server(&config, &file).await? {
        Some(manifest) => manifest,
        None => by_this_process(&config, &file).await?,
    };
    say(&format!("Made and read back: {}, {}.", file.display(), words(&manifest)));
    Ok(())
}

async fn by_the_server(config: &Config, file: &Path) -> anyhow::Result<Option<Manifest>> {
    let Some(socket) = control::path(&config.database) else { return Ok(None) };
    let question = Question::Backup { file: file.to_owned() };
    let asked = control::ask(&socket, &question, progress).await;
    match asked.with_context(|| format!("asking the server at {}", socket.display()))? {
        None => Ok(None),
        Some(Answer::Made(manifest)) => Ok(Some(manifest)),
        Some(Answer::Refused(why)) => bail!(why),
        Some(Answer::Progress(_)) => bail!("the server ended before it had answered"),
    }
}

async fn by_this_process(config: &Config, file: &Path) -> anyhow::Result<Manifest> {
    // Opening would make an empty one.
    if let Some(folder) = store::disk::folder_of(&config.database).filter(|folder| !folder.exists()) {
        bail!("there is no database at {}", folder.display());
    }
    let store = Store::open_with(&config.database, &config.options()?).await.context("opening the database")?;
    Ok(store.back_up(file, progress).await?)
}

/// Brings a backup back into an empty database.
///
/// # Errors
/// When the backup is not whole, or the database is not empty.
pub async fn restore(config: Config, file: PathBuf) -> anyhow::Result<()> {
    let restored = backup::restore(&config.database, &file, &config.options()?, progress).await?;
    say(&format!(
        "Restored, under the new instance {}: {}. Start the server; people sign in again, and every device offers again what it \
         wrote since.",
        restored.instance,
        words(&restored.manifest)
    ));
    Ok(())
}

/// Reads a backup and holds it against itself.
///
/// # Errors
/// When it is not whole.
pub async fn verify(file: PathBuf) -> anyhow::Result<()> {
    let name = file.display().to_string();
    let manifest = tokio::task::spawn_blocking(move || backup::verify(&file)).await.context("reading the file")??;
    say(&format!("Whole: {name}, {}.", words(&manifest)));
    Ok(())
}

fn words(manifest: &Manifest) -> String {
    let Manifest { batch, seq, hash, counts, .. } = manifest;
    format!("{}, {batch} batches of the log up to change {seq}, chain {:.8}", counts.words(), hash.to_string())
}

/// One line that is written over, for a person who watches.
fn progress(Progress { done, of }: Progress) {
    let mut out = io::stderr();
    if out.is_terminal() {
        let end = if done == of { "\n" } else { "" };
        let _ = write!(out, "\r{done} of {of} batches{end}");
        let _ = out.flush();
    }
}

fn say(words: &str) {
    // A closed standard output is no reason to fail.
    let _ = writeln!(io::stdout(), "{words}");
}
