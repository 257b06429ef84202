//! Screens, through HTTP. One file per screen, named like it.

mod mappings;
mod records;
mod sign_in;
