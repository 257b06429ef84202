//! The contract over SOAP 1.1: operation → envelope → HTTP → answer.

pub mod data;
pub mod envelope;
pub mod exchange;
pub mod fault;
pub mod http;
pub mod input;
pub mod payload;
pub mod unreadable;
pub mod wire;
pub mod writer;
pub mod wsdl;
pub mod xml;

mod operations;

use std::sync::Arc;

use exchange::Endpoint;

use super::patience::Patience;

/// A connector reached over SOAP. Several of them may share an [`Endpoint`].
#[derive(Clone)]
pub struct SoapConnector {
    endpoint: Arc<Endpoint>,
    patience: Patience,
}

impl SoapConnector {
    pub fn new(endpoint: Arc<Endpoint>, patience: Patience) -> Self {
        Self { endpoint, patience }
    }
}
