//! The security rows of the quality bar that are walked over the whole portal: each test says what is tried,
//! and can fail. Rows that one part can show alone are tested beside that part (`store`, `connector`, `web`).

mod addresses;
mod audit;
mod authorisation;
mod axe;
mod concurrency;
mod crawl;
mod csrf;
mod explained;
mod eyes;
mod form_fields;
mod headers;
mod injection;
mod parameters;
mod payloads;
mod script;
mod secrets;
mod seldom;
mod sessions;
mod sign_in;
mod stage;
mod tampering;
