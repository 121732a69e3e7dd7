//! How a single text is written.

use crate::id::{is_name, is_workflow_id};

/// Words that YAML readers take for a truth value or for nothing; they keep their marks.
const NOT_TEXT: [&str; 9] = ["true", "false", "yes", "no", "on", "off", "y", "n", "null"];

/// Returns how a text is written, from how it stands in the file and what it says.
pub(super) fn written(spelled: &str, value: &str) -> String {
    let is_quoted =
        |mark| spelled.len() > 1 && spelled.starts_with(mark) && spelled.ends_with(mark);
    if spelled.contains('\n') || !(is_quoted('"') || is_quoted('\'')) {
        return spelled.to_owned();
    }
    let is_plain = is_name(value) || is_workflow_id(value);
    if is_plain && !NOT_TEXT.contains(&value) {
        return value.to_owned();
    }
    if is_quoted('\'') && !value.contains(['"', '\\', '\t']) {
        return format!("\"{value}\"");
    }
    spelled.to_owned()
}
