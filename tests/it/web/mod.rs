//! Screens, through HTTP. One file per screen, named like it.

mod account;
mod codes;
mod mappings;
mod records;
mod sign_in;
