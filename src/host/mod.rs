//! Serves our connectors to others over the SOAP contract.
