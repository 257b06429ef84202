//! Ids of rows, made by the program, since the two databases have no way in common to make them.
//!
//! 63 bits: milliseconds in the upper 42, a random start that counts up in the lower 21. So they rise
//! with time (good for indexes and keyset pages), fit a BIGINT, and two processes meet on one only by a
//! chance of one in two million within the same millisecond, which the primary key then refuses.

use std::sync::atomic::{AtomicI64, Ordering};

const COUNTER_BITS: u32 = 21;
static LAST: AtomicI64 = AtomicI64::new(0);

/// A fresh id, larger than every one this process made before.
pub fn fresh(now: crate::clock::Millis) -> i64 {
    let mut random = [0u8; 4];
    // Without randomness the counter alone still keeps this process' ids apart.
    let _ = getrandom::fill(&mut random);
    let low = i64::from(u32::from_le_bytes(random)) & ((1 << (COUNTER_BITS - 1)) - 1);
    let candidate = (now << COUNTER_BITS) | low;
    let mut made = candidate;
    let _ = LAST.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |last| {
        made = candidate.max(last + 1);
        Some(made)
    });
    made
}

#[cfg(test)]
mod tests {
    #[test]
    fn ids_rise_even_when_the_clock_does_not() {
        let ids: Vec<i64> = (0..10_000).map(|i| super::fresh(1_795_000_000_000 - i)).collect();
        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
