//! Hashing and checking passwords with argon2id, at most two at once: each takes 19 MiB and a core.
//!
//! The memory is reserved here, since the C library keeps what the crate reserves: hundreds of megabytes
//! after a hundred sign-ins on changing threads.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::password_hash::try_generate_salt;
use argon2::{Algorithm, Argon2, Block, Params, Version};
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use super::password::{LONGEST, NewPassword};

const AT_ONCE: usize = 2;
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const OUTPUT: usize = 32;
/// Requests over 32 MiB go straight back to the system when freed. Pages that are not touched cost nothing.
const GIVEN_BACK: usize = 33 * 1024 * 1024;
/// Checked when there is nothing to check against, so that the answer takes as long. Fits no password.
const NOBODYS: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGlzIGhlcmU$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Hashes and checks passwords. Cheap to clone; clones share the limit.
#[derive(Clone)]
pub struct Hasher {
    argon2: Argon2<'static>,
    free: Arc<Semaphore>,
    turns: Arc<AtomicU64>,
}

/// What a check of a password found.
#[derive(Clone, PartialEq, Eq)]
pub enum Check {
    Wrong,
    Right {
        /// The password hashed anew, when the stored hash was made with older settings.
        rehashed: Option<String>,
    },
}

/// A password could not be hashed: no memory, no randomness, or the program is ending.
#[derive(Debug, thiserror::Error)]
#[error("hashing failed: {0}")]
pub struct HashError(String);

impl Hasher {
    pub fn new() -> Result<Self, HashError> {
        let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(failed)?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        Ok(Self { argon2, free: Arc::new(Semaphore::new(AT_ONCE)), turns: Arc::default() })
    }

    /// How many hashes and checks were paid for since the start.
    pub fn turns(&self) -> u64 {
        self.turns.load(Ordering::Relaxed)
    }

    /// The hash to store, as a PHC string.
    pub async fn hash(&self, password: NewPassword) -> Result<String, HashError> {
        self.in_turn(move |argon2| hash(argon2, password.text())).await
    }

    /// Checks a typed password against the stored hash. Takes as long when there is none.
    pub async fn check(
        &self,
        stored: Option<String>,
        typed: Zeroizing<String>,
    ) -> Result<Check, HashError> {
        if typed.chars().take(LONGEST + 1).count() > LONGEST {
            return Ok(Check::Wrong);
        }
        self.in_turn(move |argon2| {
            let stored = PasswordHash::new(stored.as_deref().unwrap_or(NOBODYS)).map_err(failed)?;
            let made_with = settings_of(&stored)?;
            let salt = stored.salt.ok_or_else(|| failed("no salt"))?;
            if Some(output(&made_with, &typed, &salt)?) != stored.hash {
                return Ok(Check::Wrong);
            }
            let is_current = stored.algorithm == Algorithm::Argon2id.ident()
                && costs(made_with.params()) == costs(argon2.params());
            let rehashed = if is_current { None } else { Some(hash(argon2, &typed)?) };
            Ok(Check::Right { rehashed })
        })
        .await
    }

    /// Runs the job on a thread of its own once one of the few places is free. A visitor who leaves does
    /// not free the place before the job is done.
    async fn in_turn<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Argon2<'static>) -> Result<T, HashError> + Send + 'static,
    ) -> Result<T, HashError> {
        let place = Arc::clone(&self.free).acquire_owned().await.map_err(failed)?;
        self.turns.fetch_add(1, Ordering::Relaxed);
        let argon2 = self.argon2.clone();
        let work = move || {
            let done = job(&argon2);
            drop(place);
            done
        };
        tokio::task::spawn_blocking(work).await.map_err(failed)?
    }
}

fn hash(argon2: &Argon2<'_>, password: &str) -> Result<String, HashError> {
    let salt = Salt::new(&try_generate_salt().map_err(failed)?).map_err(failed)?;
    let made = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(argon2.params()).map_err(failed)?,
        hash: Some(output(argon2, password, &salt)?),
        salt: Some(salt),
    };
    Ok(made.to_string())
}

fn output(argon2: &Argon2<'_>, password: &str, salt: &Salt) -> Result<Output, HashError> {
    let blocks = argon2.params().block_count();
    let mut memory: Vec<Block> = Vec::new();
    memory.try_reserve_exact(blocks.max(GIVEN_BACK / Block::SIZE)).map_err(failed)?;
    memory.resize_with(blocks, Block::default);
    let mut out = Zeroizing::new([0u8; OUTPUT]);
    argon2
        .hash_password_into_with_memory(password.as_bytes(), salt, &mut *out, &mut memory)
        .map_err(failed)?;
    Output::new(&*out).map_err(failed)
}

/// The settings a stored hash was made with.
fn settings_of(stored: &PasswordHash) -> Result<Argon2<'static>, HashError> {
    let algorithm = Algorithm::try_from(stored.algorithm.as_str()).map_err(failed)?;
    let version = stored.version.map_or(Ok(Version::V0x13), Version::try_from).map_err(failed)?;
    Ok(Argon2::new(algorithm, version, Params::try_from(stored).map_err(failed)?))
}

fn costs(params: &Params) -> (u32, u32, u32) {
    (params.m_cost(), params.t_cost(), params.p_cost())
}

fn failed(error: impl std::fmt::Display) -> HashError {
    HashError(error.to_string())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn typed(text: &str) -> Zeroizing<String> {
        Zeroizing::new(text.to_owned())
    }

    fn chosen(text: &str) -> NewPassword {
        NewPassword::check(text, "anna").unwrap()
    }

    fn is_right(check: &Check) -> bool {
        matches!(check, Check::Right { .. })
    }

    #[tokio::test]
    async fn a_password_is_checked_whole_and_exactly() {
        let hasher = Hasher::new().unwrap();
        let long = "x".repeat(71) + "yz-tail-A";
        let stored = hasher.hash(chosen(&long)).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        // Any argon2 implementation reads it.
        let parsed = PasswordHash::new(&stored).unwrap();
        argon2::PasswordVerifier::verify_password(&Argon2::default(), long.as_bytes(), &parsed)
            .unwrap();
        let check = |text: &str| hasher.check(Some(stored.clone()), typed(text));
        assert!(is_right(&check(&long).await.unwrap()));
        for wrong in [&long[..79], &long.replace("-A", "-B"), &format!("{long} "), "", "\0"] {
            assert!(!is_right(&check(wrong).await.unwrap()), "{wrong}");
        }
    }

    #[tokio::test]
    async fn nobodys_hash_costs_as_much_and_fits_nothing() {
        let hasher = Hasher::new().unwrap();
        let parsed = PasswordHash::new(NOBODYS).unwrap();
        let params = Params::try_from(&parsed).unwrap();
        assert_eq!((params.m_cost(), params.t_cost(), params.p_cost()), (19_456, 2, 1));
        assert_eq!(parsed.hash.unwrap().len(), 32);
        assert!(!is_right(&hasher.check(None, typed("anything")).await.unwrap()));
    }

    #[tokio::test]
    async fn an_older_hash_is_made_anew_when_the_password_fits() {
        let hasher = Hasher::new().unwrap();
        let weak = Argon2::new(
            Algorithm::Argon2id,
            Version::V0x13,
            Params::new(8 * 1024, 1, 1, None).unwrap(),
        );
        let old = hash(&weak, "correct horse").unwrap();
        let Check::Right { rehashed: Some(new) } =
            hasher.check(Some(old.clone()), typed("correct horse")).await.unwrap()
        else {
            panic!("not made anew");
        };
        assert!(hasher.check(Some(old), typed("wrong horse")).await.unwrap() == Check::Wrong);
        let again = hasher.check(Some(new), typed("correct horse")).await.unwrap();
        assert!(again == Check::Right { rehashed: None });
    }

    #[tokio::test]
    async fn an_overlong_password_is_wrong_without_hashing() {
        let hasher = Hasher::new().unwrap();
        let places = Arc::clone(&hasher.free).acquire_many_owned(2).await.unwrap();
        // All places are taken, so an answer shows that none was needed.
        assert!(hasher.check(None, typed(&"x".repeat(1 << 20))).await.unwrap() == Check::Wrong);
        drop(places);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn no_more_than_two_hash_at_once() {
        use std::sync::atomic::AtomicUsize;
        let hasher = Hasher::new().unwrap();
        let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let jobs = (0..12).map(|_| {
            let (running, most, hasher) = (running.clone(), most.clone(), hasher.clone());
            tokio::spawn(async move {
                hasher
                    .in_turn(move |_| {
                        most.fetch_max(
                            running.fetch_add(1, Ordering::SeqCst) + 1,
                            Ordering::SeqCst,
                        );
                        std::thread::sleep(std::time::Duration::from_millis(5));
                        running.fetch_sub(1, Ordering::SeqCst);
                        Ok(())
                    })
                    .await
            })
        });
        for job in jobs.collect::<Vec<_>>() {
            job.await.unwrap().unwrap();
        }
        assert_eq!(most.load(Ordering::SeqCst), 2);
    }

    #[test]
    fn memory_goes_back_after_many_checks_on_many_threads() {
        let hasher = Hasher::new().unwrap();
        let before = resident_mib();
        // One runtime per thread, as the web server's workers have them.
        let worker = |hasher: Hasher| {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            runtime.block_on(async {
                let checks: Vec<_> = (0..15)
                    .map(|_| {
                        let hasher = hasher.clone();
                        tokio::spawn(async move { hasher.check(None, typed("some words")).await })
                    })
                    .collect();
                for check in checks {
                    check.await.unwrap().unwrap();
                }
                // Before the threads end, which would give everything back.
                resident_mib()
            })
        };
        let workers: Vec<_> =
            (0..4).map(|_| hasher.clone()).map(|h| std::thread::spawn(move || worker(h))).collect();
        for worker in workers {
            let grown = worker.join().unwrap().saturating_sub(before);
            assert!(grown < 120, "grown by {grown} MiB");
        }
    }

    fn resident_mib() -> u64 {
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
    }
}
