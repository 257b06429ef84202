//! What can go wrong in the store. "Not found" is no error: it is `None`.

/// See each variant.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A value that must be unique is taken.
    #[error("taken already")]
    Taken,
    /// The row was changed or removed by somebody else in the meantime.
    #[error("somebody else was faster")]
    Overtaken,
    /// The row is still used by others and cannot be deleted.
    #[error("still in use")]
    InUse,
    /// There are as many as there may be.
    #[error("no more of them")]
    Full,
    /// Nobody could administer the portal any more.
    #[error("the last admin must stay")]
    LastAdmin,
    /// All seats of the licence are assigned, or more than a new licence has.
    #[error("no seat is free")]
    NoFreeSeat,
    /// The database is held by another writer for longer than we wait, or all connections are in use.
    #[error("the database is busy")]
    Busy,
    /// A text holds what the database cannot keep: for PostgreSQL, the character NUL.
    #[error("a text that the database cannot keep")]
    Unstorable,
    /// A column holds what this program never writes.
    #[error("{0} holds what this program cannot read")]
    Damaged(String),
    /// A sealed value does not open: wrong key, or it was moved or altered.
    #[error("a sealed value does not open")]
    Sealed,
    /// The operating system gave no random numbers.
    #[error("no random numbers: {0}")]
    Random(String),
    #[error(transparent)]
    Broken(sqlx::Error),
}

impl StoreError {
    /// It is about what was to be written, and not about the database: others may fare better.
    pub fn is_about_a_value(&self) -> bool {
        match self {
            Self::Damaged(_) | Self::Unstorable => true,
            Self::Broken(error) => error.as_database_error().is_some(),
            _ => false,
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        if matches!(error, sqlx::Error::PoolTimedOut) {
            return Self::Busy;
        }
        let Some(database) = error.as_database_error() else { return Self::Broken(error) };
        if database.is_unique_violation() {
            return Self::Taken;
        }
        if database.is_foreign_key_violation() {
            return Self::InUse;
        }
        // SQLITE_BUSY and its extended codes; PostgreSQL's lock_not_available and serialization failures.
        match database.code().as_deref() {
            Some("5" | "261" | "517" | "773" | "6" | "262" | "55P03" | "40001" | "40P01") => {
                Self::Busy
            }
            // character_not_in_repertoire, untranslatable_character.
            Some("22021" | "22P05") => Self::Unstorable,
            _ => Self::Broken(error),
        }
    }
}
