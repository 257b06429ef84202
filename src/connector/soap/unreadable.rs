//! What is wrong with an answer that cannot be read, and where in it.

use std::fmt::Display;

use crate::connector::failure::Failure;

pub fn not_understood(what: impl Into<String>) -> Failure {
    Failure::NotUnderstood { what: what.into() }
}

pub fn too_large(what: impl Into<String>) -> Failure {
    Failure::TooLarge { what: what.into() }
}

/// Names the place where reading failed.
pub trait At {
    fn at(self, place: impl Display) -> Self;
}

impl<T> At for Result<T, Failure> {
    fn at(self, place: impl Display) -> Self {
        self.map_err(|failure| match failure {
            Failure::NotUnderstood { what } => not_understood(format!("{place}: {what}")),
            Failure::TooLarge { what } => too_large(format!("{place}: {what}")),
            other => other,
        })
    }
}
