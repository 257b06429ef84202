//! Gleichlauf: the web portal in which a company runs the synchronisation between its CRM and its ERP
//! systems. The modules in reading order; each may use only those above it (see README, "The map").

pub mod clock;

pub mod i18n;

pub mod connections;
pub mod connector;
pub mod crm;
pub mod history;
pub mod host;
pub mod licence;
pub mod links;
pub mod mapping;
pub mod practice;
pub mod sample;
pub mod store;
pub mod sync;
pub mod users;
