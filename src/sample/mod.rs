//! Believable sample names, addresses and projects, for the demo and the practice ERP. Pure.
