//! Searches for classes of answers that make formulas true.
//!
//! Invariant: every split halves what is open of a field, and there are only so many splits.

use super::Tangled;

/// A condition without `not`, over the classes of each field.
#[derive(Debug)]
pub(super) enum Formula {
    All(Vec<Self>),
    Any(Vec<Self>),
    /// The answer of the field at this place is in one of these classes.
    Within {
        place: usize,
        mask: u128,
    },
}

/// What is known of a formula while some classes are still open.
enum Known {
    Holds,
    Fails,
    /// It depends on so many comparisons, of which this is the first.
    Depends {
        count: usize,
        place: usize,
        mask: u128,
    },
}

/// Narrows the open classes until all parts hold whichever of them is taken. `None`: they never do.
pub(super) fn solve(
    parts: &[&Formula],
    mut open: Vec<u128>,
    splits: &mut u32,
) -> Result<Option<Vec<u128>>, Tangled> {
    loop {
        if open.contains(&0) {
            return Ok(None);
        }
        // The part with the fewest open comparisons has the fewest ways to become true.
        let mut tightest: Option<(usize, usize, u128)> = None;
        for part in parts {
            match part.known(&open) {
                Known::Holds => {}
                Known::Fails => return Ok(None),
                Known::Depends { count, place, mask } => {
                    if tightest.is_none_or(|(fewest, _, _)| count < fewest) {
                        tightest = Some((count, place, mask));
                    }
                }
            }
        }
        let Some((count, place, mask)) = tightest else {
            return Ok(Some(open));
        };
        if count > 1 {
            *splits = splits.checked_sub(1).ok_or(Tangled)?;
            let found = solve(parts, narrowed(&open, place, mask), splits)?;
            if found.is_some() {
                return Ok(found);
            }
            open = narrowed(&open, place, !mask);
        } else {
            // There is no `not` in a formula, so its only open comparison has to be true.
            open = narrowed(&open, place, mask);
        }
    }
}

fn narrowed(open: &[u128], place: usize, mask: u128) -> Vec<u128> {
    let mut open = open.to_vec();
    if let Some(classes) = open.get_mut(place) {
        *classes &= mask;
    }
    open
}

impl Formula {
    fn known(&self, open: &[u128]) -> Known {
        match self {
            Self::All(parts) => Self::fold(parts, open, true),
            Self::Any(parts) => Self::fold(parts, open, false),
            Self::Within { place, mask } => {
                let classes = open.get(*place).copied().unwrap_or(0);
                if classes & mask == 0 {
                    Known::Fails
                } else if classes & !mask == 0 {
                    Known::Holds
                } else {
                    Known::Depends {
                        count: 1,
                        place: *place,
                        mask: *mask,
                    }
                }
            }
        }
    }

    /// Looks at the parts of `All` or `Any`.
    fn fold(parts: &[Self], open: &[u128], is_all: bool) -> Known {
        let mut depends: Option<(usize, usize, u128)> = None;
        for part in parts {
            match part.known(open) {
                Known::Holds if is_all => {}
                Known::Fails if !is_all => {}
                Known::Holds => return Known::Holds,
                Known::Fails => return Known::Fails,
                Known::Depends { count, place, mask } => {
                    let (before, place, mask) = depends.unwrap_or((0, place, mask));
                    depends = Some((before + count, place, mask));
                }
            }
        }
        match depends {
            Some((count, place, mask)) => Known::Depends { count, place, mask },
            None if is_all => Known::Holds,
            None => Known::Fails,
        }
    }
}
