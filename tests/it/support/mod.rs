//! What the tests share: databases, a portal, a browser, connectors.

pub mod database;
pub mod people;
pub mod peer;
pub mod wcf;
pub mod xml;
