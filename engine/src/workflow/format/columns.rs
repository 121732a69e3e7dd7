//! Which spaces after a colon line up the values of neighbouring lines.

use std::collections::BTreeMap;

use super::Leaf;

/// The first words of lines, by where in the file they end: how many spaces follow their colon.
#[derive(Debug)]
pub(super) struct Columns(BTreeMap<usize, usize>);

/// A line that begins with a word, a colon and a value.
struct Line {
    number: usize,
    /// Where the word ends in the file.
    end: usize,
    spaces: usize,
    /// In which column its value stands, once the word is written evenly.
    value: usize,
}

impl Columns {
    pub(super) fn of(text: &str, leaves: &[Leaf]) -> Self {
        let mut lines: Vec<Line> = Vec::new();
        let (mut number, mut counted) = (0, 0);
        for leaf in leaves {
            let passed = text.get(counted..leaf.start).unwrap_or_default();
            number += passed.matches('\n').count();
            counted = leaf.start.max(counted);
            lines.extend(line(text, leaf, number));
        }
        let kept = lines.iter().enumerate().map(|(index, line)| {
            let before = index.checked_sub(1).and_then(|index| lines.get(index));
            let is_near = |other: &&Line| other.number.abs_diff(line.number) == 1;
            let others = [before, lines.get(index + 1)];
            let others = others.into_iter().flatten().filter(is_near);
            let lines_up = others.into_iter().any(|other| other.value == line.value);
            (line.end, if lines_up { line.spaces } else { 1 })
        });
        Self(kept.collect())
    }

    /// Returns how many spaces follow the colon of the text that ends at this byte.
    pub(super) fn spaces_after(&self, end: usize) -> usize {
        self.0.get(&end).copied().unwrap_or(1)
    }
}

/// Returns the line that begins with this text, where the text is a word with a value behind it.
fn line(text: &str, leaf: &Leaf, number: usize) -> Option<Line> {
    let before = text.get(..leaf.start)?;
    let indent = before.rsplit('\n').next()?;
    let behind = text.get(leaf.end..)?.strip_prefix(':')?;
    let spaces = behind.len() - behind.trim_start_matches(' ').len();
    let has_value = behind
        .get(spaces..)?
        .starts_with(|c: char| !c.is_whitespace() && c != '#');
    let is_first = indent.chars().all(|c| matches!(c, ' ' | '-'));
    (is_first && has_value && spaces > 0).then(|| Line {
        number,
        end: leaf.end,
        spaces,
        value: indent.len() + leaf.written.chars().count() + 1 + spaces,
    })
}
