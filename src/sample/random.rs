//! A small, stable source of chance: the same seed gives the same sample for ever.

use jiff::civil::Date;

/// SplitMix64: enough for sample data, and never for secrets.
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from `low` to `high`, both included.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = high.abs_diff(low) + 1;
        low + i64::try_from(self.next() % span).unwrap_or(0)
    }

    /// True about `percent` times in a hundred.
    pub(super) fn chance(&mut self, percent: i64) -> bool {
        self.between(1, 100) <= percent
    }

    pub(super) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        let last = i64::try_from(from.len()).unwrap_or(1) - 1;
        from[usize::try_from(self.between(0, last)).unwrap_or(0)]
    }

    /// Picks by weight.
    pub(super) fn weighted<T: Copy>(&mut self, from: &[(T, i64)]) -> T {
        let mut at = self.between(1, from.iter().map(|(_, weight)| weight).sum());
        for (item, weight) in from {
            at -= weight;
            if at <= 0 {
                return *item;
            }
        }
        from[0].0
    }

    /// `#` becomes a digit, `@` a letter that no country's postcode leaves out.
    pub(super) fn fill(&mut self, pattern: &str) -> String {
        const DIGITS: &[u8] = b"0123456789";
        const LETTERS: &[u8] = b"ABEGHJLNPRTWXZ";
        let pick = |random: &mut Self, from: &[u8]| char::from(random.pick(from));
        pattern
            .chars()
            .map(|c| match c {
                '#' => pick(self, DIGITS),
                '@' => pick(self, LETTERS),
                other => other,
            })
            .collect()
    }

    /// A day in one of the years from `first` to `last`.
    pub(super) fn day(&mut self, first: i64, last: i64) -> Option<Date> {
        let year = i16::try_from(self.between(first, last)).ok()?;
        let month = i8::try_from(self.between(1, 12)).ok()?;
        Date::new(year, month, i8::try_from(self.between(1, 28)).ok()?).ok()
    }
}
