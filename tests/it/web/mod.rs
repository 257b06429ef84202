//! Screens, through HTTP. One file per screen, named like it.

mod account;
mod activations;
mod codes;
mod connection_syncs;
mod connections;
mod connections_live;
mod connectors;
mod help;
mod history;
mod licence;
mod mappings;
mod records;
mod sign_in;
mod sync_log;
mod users;
