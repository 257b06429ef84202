//! The contract over SOAP 1.1.
