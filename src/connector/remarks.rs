//! What a connector says although it did its work: its states `OkWithInfo` and `Warning` come with a text for
//! people, which must reach them.

use std::sync::{Arc, Mutex, PoisonError};

use super::types::{Reply, State};

/// Kept of one piece of work.
const MOST: usize = 20;

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// Done, but not quite as wanted.
    pub is_warning: bool,
    /// May be multi-language text.
    pub text: String,
}

/// Remarks in the order they came, each once. Clones are the same.
#[derive(Clone, Debug, Default)]
pub struct Remarks(Arc<Mutex<Vec<Remark>>>);

impl Remarks {
    /// Notes what a reply says besides its value. Technical texts stand in where there is none for people.
    pub fn note<T>(&self, reply: &Reply<T>) {
        let technical = reply.tech_text.lines().next().unwrap_or_default();
        let texts = [reply.user_text.trim(), technical.trim()];
        let text = texts.into_iter().find(|text| !text.is_empty());
        let (Some(text), true) = (text, reply.state != State::Ok) else { return };
        let remark = Remark { is_warning: reply.state == State::Warning, text: text.to_owned() };
        let mut remarks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if remarks.len() < MOST && !remarks.contains(&remark) {
            remarks.push(remark);
        }
    }

    pub fn take(&self) -> Vec<Remark> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_text_is_kept_once_and_only_of_work_that_was_done_with_one() {
        let remarks = Remarks::default();
        let said = |state, user: &str, technical: &str| Reply {
            state,
            user_text: user.to_owned(),
            tech_text: technical.to_owned(),
            ..Reply::ok(())
        };
        for reply in [
            said(State::Ok, "nothing", ""),
            said(State::OkWithInfo, "Credit checked", "x"),
            said(State::OkWithInfo, "Credit checked", "y"),
            said(State::Warning, " ", "code 7\nat Foo()"),
            said(State::Warning, "", ""),
        ] {
            remarks.note(&reply);
        }
        let expected = [(false, "Credit checked"), (true, "code 7")]
            .map(|(is_warning, text)| Remark { is_warning, text: text.to_owned() });
        assert_eq!(remarks.take(), expected);
        assert_eq!(remarks.take(), []);
    }
}
