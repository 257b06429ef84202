//! The engine, against an ERP in memory that can be told to misbehave.

mod plan;
mod runs;
mod setting;
