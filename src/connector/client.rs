//! One ERP connection on its connector.
