//! The engine, against an ERP in memory that can be told to misbehave.

mod crashes;
mod custom_fields;
mod meanwhile;
mod model;
mod partly;
mod persons;
mod plan;
mod ranks;
mod resyncs;
mod rules;
mod runs;
pub mod setting;
mod stops;
mod wire;
