//! The engine: keeps linked records equal on both sides.

pub mod conflict;
pub mod plan;
