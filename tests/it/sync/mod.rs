//! The engine, against an ERP in memory that can be told to misbehave.

mod crashes;
mod model;
mod persons;
mod plan;
mod runs;
pub mod setting;
