//! The store itself, below HTTP.

mod history;
mod sessions;
mod users;
