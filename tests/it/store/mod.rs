//! The store itself, below HTTP.

mod codes;
mod history;
mod licence;
mod sent_forms;
mod sessions;
mod sign_in;
mod users;
