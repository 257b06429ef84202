//! What the demo starts with. Only the demo uses this; a portal of one's own starts empty.

pub mod crm;
