//! What the demo starts with.

mod crm;
mod plugin;
