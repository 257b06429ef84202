//! The engine: keeps linked records equal on both sides.

pub mod choices;
pub mod conflict;
pub mod plan;
pub mod schedule;
