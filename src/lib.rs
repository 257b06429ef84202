//! Gleichlauf: the web portal in which a company runs the synchronisation between its CRM and its ERP
//! systems. The modules in reading order; each may use only those above it (see README, "The map").

pub mod clock;

pub mod i18n;

pub mod connector;

pub mod conformance;

pub mod host;

pub mod sample;

pub mod practice;

pub mod crm;

pub mod connections;

pub mod links;

pub mod mapping;

pub mod runs;

pub mod users;

pub mod history;

pub mod versions;

pub mod licence;

pub mod gates;

pub mod store;

pub mod sync;

pub mod web;

pub mod config;

pub mod app;

pub mod demo;

pub mod cli;
