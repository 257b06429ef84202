//! One folder per screen; its templates and tests have the same name. Screens never import each other.

pub mod errors;
pub mod home;
pub mod records;
pub mod sign_in;
pub mod sign_out;
