//! Passwords of the ERP's clients: only salted argon2id hashes are kept.

use argon2::Argon2;
use secrecy::{ExposeSecret, SecretString};

use super::data::PracticeError;

/// The hash of a password under a client's salt; computed aside, since it takes its time.
pub async fn hash(password: SecretString, salt: Vec<u8>) -> Result<Vec<u8>, PracticeError> {
    let broken = |why: String| PracticeError::Hashing(why);
    let work = tokio::task::spawn_blocking(move || {
        let mut hash = vec![0; 32];
        let password = password.expose_secret().as_bytes();
        Argon2::default().hash_password_into(password, &salt, &mut hash).map(|()| hash)
    });
    work.await.map_err(|e| broken(e.to_string()))?.map_err(|e| broken(e.to_string()))
}

/// A fresh random salt.
pub fn salt() -> Result<Vec<u8>, PracticeError> {
    let mut salt = vec![0; 16];
    getrandom::fill(&mut salt).map_err(|e| PracticeError::Hashing(e.to_string()))?;
    Ok(salt)
}
