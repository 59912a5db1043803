//! Chance that can be had again: the same seed throws the same numbers.

use std::time::Duration;

/// Splitmix64.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn throw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to `end - 1`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.throw() % end
    }

    /// A moment within a span of time.
    pub fn within(&mut self, span: Duration) -> Duration {
        let milliseconds = u64::try_from(span.as_millis()).unwrap().max(1);
        Duration::from_millis(self.below(milliseconds))
    }
}
