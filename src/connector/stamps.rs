//! Times of change: opaque texts of which one thing may be asked, namely which is later.

use std::cmp::Ordering;
use std::str::FromStr;

use rust_decimal::Decimal;

/// Numbers are compared as numbers; everything else, such as ISO times, as text.
pub fn compare(one: &str, other: &str) -> Ordering {
    match (Decimal::from_str(one), Decimal::from_str(other)) {
        (Ok(one), Ok(other)) => one.cmp(&other),
        _ => one.cmp(other),
    }
}

pub fn is_later(one: &str, other: &str) -> bool {
    compare(one, other).is_gt()
}
