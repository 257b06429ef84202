//! One folder per screen; its templates and tests have the same name. Screens never import each other.

pub mod account;
pub mod codes;
pub mod defaults;
pub mod errors;
pub mod group_deletions;
pub mod groups;
pub mod home;
pub mod licence;
pub mod list_mappings;
pub mod mappings;
pub mod own_passwords;
pub mod own_sessions;
pub mod preferences;
pub mod ranks;
pub mod records;
pub mod seats;
pub mod sign_in;
pub mod sign_out;
pub mod user_codes;
pub mod user_locks;
pub mod user_sessions;
pub mod users;
