//! What every store does, whichever it is: the same tests run on each.

use heard_tests::Trial;

pub fn trials() -> Vec<Trial> {
    vec![]
}
