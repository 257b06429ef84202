//! What the checks are called, and what each looks at.

use crate::conformance::{Check, Verdict};
use crate::i18n::Texts;

pub fn name(t: Texts, check: Check) -> &'static str {
    match check {
        Check::FieldsListed => t.conformance_runs_fields_listed(),
        Check::KeysUnique => t.conformance_runs_keys_unique(),
        Check::FieldsSane => t.conformance_runs_fields_sane(),
        Check::Texts => t.conformance_runs_texts(),
        Check::ListsComplete => t.conformance_runs_lists_complete(),
        Check::ListItems => t.conformance_runs_list_items(),
        Check::BlankSearch => t.conformance_runs_blank_search(),
        Check::ParentSearch => t.conformance_runs_parent_search(),
        Check::Operators => t.conformance_runs_operators(),
        Check::ActorsAsked => t.conformance_runs_actors_asked(),
        Check::FieldsAsked => t.conformance_runs_fields_asked(),
        Check::UnknownKey => t.conformance_runs_unknown_key(),
        Check::Encodings => t.conformance_runs_encodings(),
        Check::StampsGlobal => t.conformance_runs_stamps_global(),
        Check::StampsHonoured => t.conformance_runs_stamps_honoured(),
        Check::NewestAgain => t.conformance_runs_newest_again(),
        Check::UnknownConnection => t.conformance_runs_unknown_connection(),
        Check::Create => t.conformance_runs_create(),
        Check::Save => t.conformance_runs_save(),
        Check::ResponseState => t.conformance_runs_response_state(),
        Check::Latency => t.conformance_runs_latency(),
    }
}

pub fn about(t: Texts, check: Check) -> &'static str {
    match check {
        Check::FieldsListed => t.conformance_runs_about_fields_listed(),
        Check::KeysUnique => t.conformance_runs_about_keys_unique(),
        Check::FieldsSane => t.conformance_runs_about_fields_sane(),
        Check::Texts => t.conformance_runs_about_texts(),
        Check::ListsComplete => t.conformance_runs_about_lists_complete(),
        Check::ListItems => t.conformance_runs_about_list_items(),
        Check::BlankSearch => t.conformance_runs_about_blank_search(),
        Check::ParentSearch => t.conformance_runs_about_parent_search(),
        Check::Operators => t.conformance_runs_about_operators(),
        Check::ActorsAsked => t.conformance_runs_about_actors_asked(),
        Check::FieldsAsked => t.conformance_runs_about_fields_asked(),
        Check::UnknownKey => t.conformance_runs_about_unknown_key(),
        Check::Encodings => t.conformance_runs_about_encodings(),
        Check::StampsGlobal => t.conformance_runs_about_stamps_global(),
        Check::StampsHonoured => t.conformance_runs_about_stamps_honoured(),
        Check::NewestAgain => t.conformance_runs_about_newest_again(),
        Check::UnknownConnection => t.conformance_runs_about_unknown_connection(),
        Check::Create => t.conformance_runs_about_create(),
        Check::Save => t.conformance_runs_about_save(),
        Check::ResponseState => t.conformance_runs_about_response_state(),
        Check::Latency => t.conformance_runs_about_latency(),
    }
}

/// A word, and the kind of its badge, which has a shape of its own.
pub fn verdict(t: Texts, verdict: Verdict) -> (&'static str, &'static str) {
    match verdict {
        Verdict::Passed => (t.conformance_runs_passed(), "good"),
        Verdict::Remarked => (t.conformance_runs_remarked(), "info"),
        Verdict::Failed => (t.conformance_runs_failed(), "bad"),
        Verdict::NotTried => (t.conformance_runs_not_tried(), "off"),
    }
}
