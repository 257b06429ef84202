//! Screens, through HTTP. One file per screen, named like it.

mod account;
mod activations;
mod codes;
mod connection_syncs;
mod connections;
mod connections_live;
mod connectors;
mod erp_actors;
mod erp_search;
mod erp_tab;
mod help;
mod history;
mod licence;
mod links;
mod mappings;
mod record_syncs;
mod records;
mod sign_in;
mod sync_engine;
mod sync_log;
mod sync_priority;
mod users;
