//! Numbers by chance that can be had once more.

/// The seed of this run, or the one of an earlier run from the environment. A failing test shows it.
pub fn seed() -> u64 {
    const NAME: &str = "GLEICHLAUF_TEST_SEED";
    let seed = std::env::var(NAME).map(|seed| seed.parse().expect("the seed is a number"));
    let seed = seed.unwrap_or_else(|_| {
        let mut bytes = [0; 8];
        getrandom::fill(&mut bytes).unwrap();
        u64::from_le_bytes(bytes)
    });
    println!("{NAME}={seed} repeats the choices of this run");
    seed
}

/// The same numbers for the same seed.
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// From 0 to `end`, without it.
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end
    }
}
