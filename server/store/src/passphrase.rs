//! Passphrases: argon2id with the parameters that the crate recommends (19 MiB, two passes), in PHC form.
//!
//! The memory it works in is kept and used again, one piece for each processor: the allocator does not give blocks of that
//! size back once it has seen some (50 people signing in took 480 MB for good), and a stranger decides how many come at once.

use crate::error::StoreError;
use argon2::password_hash::{Error, Ident, Output, ParamsString, PasswordHash, SaltString};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

/// Hashes a passphrase. Takes tens of milliseconds of a processor: not for an async thread.
///
/// # Errors
/// When the passphrase cannot be hashed (it is absurdly long).
pub fn hash(passphrase: &str) -> Result<String, StoreError> {
    hashed(passphrase).map_err(StoreError::Passphrase)
}

fn hashed(passphrase: &str) -> Result<String, Error> {
    let salt = SaltString::encode_b64(&rand::random::<[u8; 16]>())?;
    let mut hash = PasswordHash {
        algorithm: Ident::from(Algorithm::default()),
        version: Some(Version::default().into()),
        params: ParamsString::try_from(&Params::default())?,
        salt: Some(salt.as_salt()),
        hash: None,
    };
    hash.hash = Some(output(passphrase, &hash)?);
    Ok(hash.to_string())
}

/// Whether the passphrase is the one that was hashed. With no hash (nobody has this address) the same work is
/// done, so that the time taken does not tell who has an account.
#[must_use]
pub fn verify(passphrase: &str, hash: Option<&str>) -> bool {
    static NOBODY: LazyLock<String> = LazyLock::new(|| self::hash("nobody").unwrap_or_default());
    let known = hash.is_some();
    let Ok(stored) = PasswordHash::new(hash.unwrap_or(&NOBODY)) else { return false };
    // Outputs are compared in constant time.
    output(passphrase, &stored).is_ok_and(|output| stored.hash == Some(output)) && known
}

/// What a passphrase gives with the salt and the parameters of a hash.
fn output(passphrase: &str, of: &PasswordHash<'_>) -> Result<Output, Error> {
    let version = of.version.map_or(Ok(Version::default()), Version::try_from)?;
    let (algorithm, params) = (Algorithm::try_from(of.algorithm)?, Params::try_from(of)?);
    let mut salt = [0; 64];
    let salt = of.salt.ok_or(Error::PhcStringField)?.decode_b64(&mut salt)?;
    let (blocks, length) = (params.block_count(), params.output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN));
    let mut memory = memory();
    if memory.len() < blocks {
        memory.resize(blocks, Block::default());
    }
    let argon2 = Argon2::new(algorithm, version, params);
    Output::init_with(length, |out| {
        Ok(argon2.hash_password_into_with_memory(passphrase.as_bytes(), salt, out, memory.as_mut_slice())?)
    })
}

/// A piece that is free, or else the next one in turn.
fn memory() -> MutexGuard<'static, Vec<Block>> {
    static MEMORY: LazyLock<Vec<Mutex<Vec<Block>>>> = LazyLock::new(|| {
        let processors = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        (0..processors).map(|_| Mutex::default()).collect()
    });
    static TURN: AtomicUsize = AtomicUsize::new(0);
    MEMORY.iter().find_map(|piece| piece.try_lock().ok()).unwrap_or_else(|| {
        let turn = TURN.fetch_add(1, Ordering::Relaxed) % MEMORY.len();
        MEMORY[turn].lock().unwrap_or_else(PoisonError::into_inner)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_passphrase_of_somebody_is_right() {
        let stored = hash("correct horse").expect("a hash");
        assert!(stored.starts_with("$argon2id$"));
        assert!(verify("correct horse", Some(&stored)));
        assert!(!verify("wrong horse", Some(&stored)));
        assert!(!verify("nobody", None), "the stand-in opens nothing");
        assert!(!verify("x", Some("not a hash")));
    }

    #[test]
    fn a_hash_of_the_crate_itself_and_of_other_parameters_opens() {
        use argon2::password_hash::PasswordHasher;
        let salt = SaltString::encode_b64(&[7; 16]).expect("a salt");
        for params in [Params::default(), Params::new(32 << 10, 1, 1, None).expect("parameters")] {
            let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
            let stored = argon2.hash_password(b"correct horse", &salt).expect("a hash").to_string();
            assert!(verify("correct horse", Some(&stored)));
            assert!(!verify("wrong horse", Some(&stored)));
        }
        let ours = hash("correct horse").expect("a hash");
        let parsed = PasswordHash::new(&ours).expect("PHC");
        assert!(parsed.verify_password(&[&Argon2::default()], b"correct horse").is_ok());
    }
}
