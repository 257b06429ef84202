//! All integration tests, in one binary so that they link once.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod access;
mod architecture;
mod conformance;
mod connector;
mod demo;
mod durability;
mod host;
mod journey;
mod parts;
mod practice;
mod quality;
mod store;
mod support;
mod sync;
mod texts;
mod web;

// Templates of the frame name languages by this path.
use gleichlauf::i18n;
