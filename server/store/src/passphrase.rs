//! Passphrases: argon2id with the parameters that the crate recommends (19 MiB, two passes), in PHC form.

use crate::error::StoreError;
use argon2::Argon2;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use std::sync::LazyLock;

/// Hashes a passphrase. Takes tens of milliseconds of a processor: not for an async thread.
///
/// # Errors
/// When the passphrase cannot be hashed (it is absurdly long).
pub fn hash(passphrase: &str) -> Result<String, StoreError> {
    let salt = SaltString::encode_b64(&rand::random::<[u8; 16]>()).map_err(StoreError::Passphrase)?;
    let hash = Argon2::default().hash_password(passphrase.as_bytes(), &salt).map_err(StoreError::Passphrase)?;
    Ok(hash.to_string())
}

/// Whether the passphrase is the one that was hashed. With no hash (nobody has this address) the same work is
/// done, so that the time taken does not tell who has an account.
#[must_use]
pub fn verify(passphrase: &str, hash: Option<&str>) -> bool {
    static NOBODY: LazyLock<String> = LazyLock::new(|| self::hash("nobody").unwrap_or_default());
    let known = hash.is_some();
    let Ok(parsed) = PasswordHash::new(hash.unwrap_or(&NOBODY)) else { return false };
    Argon2::default().verify_password(passphrase.as_bytes(), &parsed).is_ok() && known
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
}
