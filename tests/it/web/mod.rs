//! Screens, through HTTP. One file per screen, named like it.

mod account;
mod codes;
mod licence;
mod mappings;
mod records;
mod sign_in;
mod users;
