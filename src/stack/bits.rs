//! Small sets of places in a list, as two machine words: the resolver's questions are intersections of them.

use std::ops::{BitAnd, BitOr};

/// A set of places below [`Bits::CAPACITY`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Bits(u128, u128);

impl Bits {
    /// How many places there are.
    pub(super) const CAPACITY: usize = 256;

    /// The empty set.
    pub(super) const NONE: Self = Self(0, 0);

    /// The places that a predicate admits, of the first `count`.
    pub(super) fn of(count: usize, admits: impl Fn(usize) -> bool) -> Self {
        let mut set = Self::NONE;
        for at in (0..count).filter(|at| admits(*at)) {
            set.insert(at);
        }
        set
    }

    /// Adds a place.
    pub(super) fn insert(&mut self, at: usize) {
        if at < 128 {
            self.0 |= 1 << at;
        } else {
            self.1 |= 1 << (at - 128);
        }
    }

    /// Whether a place is in the set.
    pub(super) fn holds(self, at: usize) -> bool {
        if at < 128 { self.0 >> at & 1 == 1 } else { self.1 >> (at - 128) & 1 == 1 }
    }

    /// What is in this set and not in the other.
    pub(super) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0, self.1 & !other.1)
    }

    /// Whether there is nothing in it.
    pub(super) fn is_empty(self) -> bool {
        self.0 == 0 && self.1 == 0
    }

    /// The lowest place.
    pub(super) fn first(self) -> Option<usize> {
        match self {
            Self(0, 0) => None,
            Self(0, high) => Some(128 + high.trailing_zeros() as usize),
            Self(low, _) => Some(low.trailing_zeros() as usize),
        }
    }

    /// The highest place.
    pub(super) fn last(self) -> Option<usize> {
        match self {
            Self(0, 0) => None,
            Self(low, 0) => Some(127 - low.leading_zeros() as usize),
            Self(_, high) => Some(255 - high.leading_zeros() as usize),
        }
    }
}

impl IntoIterator for Bits {
    type Item = usize;
    type IntoIter = Places;

    fn into_iter(self) -> Places {
        Places(self)
    }
}

/// The places of a set, the lowest first.
#[derive(Debug, Clone)]
pub(super) struct Places(Bits);

impl Iterator for Places {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let first = self.0.first()?;
        let Bits(low, high) = &mut self.0;
        if first < 128 {
            *low &= *low - 1;
        } else {
            *high &= *high - 1;
        }
        Some(first)
    }
}

impl BitAnd for Bits {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0, self.1 & other.1)
    }
}

impl BitOr for Bits {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0, self.1 | other.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_read_from_the_lowest_place_on() {
        let even = Bits::of(256, |at| at % 2 == 0);
        let high = Bits::of(256, |at| at > 130);
        assert_eq!((even & high).into_iter().take(2).collect::<Vec<_>>(), [132, 134]);
        assert_eq!((even.without(high).last(), (even | high).last(), Bits::NONE.first()), (Some(130), Some(255), None));
        assert!(even.holds(200) && !even.holds(201) && even.into_iter().count() == 128);
    }
}
