//! The store itself, below HTTP.

mod history;
