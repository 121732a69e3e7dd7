//! What surveys and follow-ups begin with: the outcomes that a case can end with.

use super::File;
use crate::workflow::source::Sp;

/// Returns the outcomes of a list with which no case can end.
pub(super) fn never_ended<'a>(file: &File<'_>, of: &'a [Sp<String>]) -> Vec<&'a Sp<String>> {
    let reached = file.ways.reached();
    let is_reached = |name: &str| {
        let place = file.ways.place(name);
        place.is_some_and(|place| reached.contains(&place))
    };
    of.iter().filter(|name| !is_reached(&name.value)).collect()
}
