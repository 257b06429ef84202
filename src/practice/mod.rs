//! The practice ERP: an ERP of our own to learn and test with, over its own SQLite file.
