//! What the tests share: databases, a portal, a browser, connectors.

pub mod chromium;
pub mod configured;
pub mod connections;
pub mod custom_fields;
pub mod database;
pub mod fake_connector;
pub mod fault_proxy;
pub mod faulty_connector;
pub mod filled;
pub mod licences;
pub mod linking;
pub mod peer;
pub mod people;
pub mod portal;
pub mod program;
pub mod psql;
pub mod records;
pub mod tls;
pub mod unruly_erp;
pub mod wcf;
pub mod xml;
