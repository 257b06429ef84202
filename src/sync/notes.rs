//! What is worth knowing of work that was done all the same: what the ERP had to say, and what of its answers
//! could not be read.

use std::sync::{Mutex, PoisonError};

use crate::links::StoredReason;

/// Notes kept of one run; what is said again and again fills them once.
const MOST: usize = 50;

#[derive(Default)]
pub(super) struct Notes(Mutex<Vec<StoredReason>>);

impl Notes {
    pub fn add(&self, note: StoredReason) {
        let mut notes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if notes.len() < MOST && !notes.contains(&note) {
            notes.push(note);
        }
    }

    pub fn take(&self) -> Vec<StoredReason> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
