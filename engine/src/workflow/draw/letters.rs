//! How wide text is at most, and where its lines break, without asking any font.
//!
//! Widths are thousandths of the size of the letters: the larger of `DejaVu Sans` and
//! `Liberation Sans`, which are wider than what most machines use, so that text never runs out of
//! its place.
//!
//! Invariant: a line is not wider than it was allowed, unless it is one single character.

/// The size and weight of letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Font {
    /// In pixels.
    pub(super) size: i32,
    pub(super) is_bold: bool,
}

/// The widths of the characters from the space to the tilde.
#[rustfmt::skip]
const PLAIN: [i32; 95] = [
    318, 401, 460, 838, 637, 951, 780, 275, 391, 391, 500, 838, 318, 361, 318, 337,
    637, 637, 637, 637, 637, 637, 637, 637, 637, 637, 337, 337, 838, 838, 838, 557,
    1016, 685, 687, 723, 771, 667, 611, 778, 752, 295, 500, 667, 558, 863, 749, 788,
    667, 788, 723, 667, 611, 732, 685, 989, 686, 667, 686, 391, 337, 391, 838, 557,
    500, 613, 635, 550, 635, 616, 353, 635, 634, 278, 278, 580, 278, 975, 634, 612,
    635, 635, 412, 521, 393, 634, 592, 818, 592, 592, 525, 637, 337, 637, 838,
];
#[rustfmt::skip]
const BOLD: [i32; 95] = [
    349, 457, 521, 838, 696, 1002, 873, 307, 458, 458, 523, 838, 380, 416, 380, 366,
    696, 696, 696, 696, 696, 696, 696, 696, 696, 696, 400, 400, 838, 838, 838, 611,
    1000, 774, 763, 734, 831, 684, 684, 821, 837, 373, 557, 775, 638, 996, 837, 851,
    733, 851, 771, 721, 683, 813, 774, 1104, 771, 725, 726, 458, 366, 458, 838, 557,
    500, 675, 716, 593, 716, 679, 436, 716, 712, 343, 343, 666, 343, 1042, 712, 688,
    716, 716, 494, 596, 479, 712, 652, 924, 646, 652, 583, 712, 366, 712, 838,
];

/// Returns the width of a text in pixels, rounded up.
pub(super) fn width(text: &str, font: Font) -> i32 {
    let thousandths: i32 = text.chars().map(|c| of_char(c, font)).sum();
    (thousandths * font.size + 999) / 1_000
}

fn of_char(c: char, font: Font) -> i32 {
    let table = if font.is_bold { &BOLD } else { &PLAIN };
    let index = u32::from(c)
        .checked_sub(32)
        .and_then(|n| usize::try_from(n).ok());
    if let Some(width) = index.and_then(|index| table.get(index)) {
        return *width;
    }
    match c {
        _ if is_mark(c) => 0,
        '–' | '·' | '’' | '‘' => 600,
        'Æ' | 'Œ' | 'æ' | 'œ' | 'Ŵ' | 'ŵ' | '©' | '®' | '¼'..='¾' => 1_170,
        '\u{a0}'..='\u{24f}' if c.is_lowercase() => 740,
        '\u{a0}'..='\u{24f}' => 980,
        // Pictures are wider than the letters beside them.
        '\u{1f000}'.. | '\u{2190}'..='\u{2bff}' => 1_400,
        // Other scripts: as wide as a Chinese character, which is as wide as the size.
        _ => 1_100,
    }
}

/// Returns whether a character stands on, or joins, the one before it.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0100}'..='\u{e01ef}')
}

/// Breaks a text into lines no wider than `width_max` pixels, at most `lines_max` of them; the
/// last ends with an ellipsis where something is left out.
pub(super) fn wrap(text: &str, font: Font, width_max: i32, lines_max: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let longer = if line.is_empty() {
            word.to_owned()
        } else {
            format!("{line} {word}")
        };
        if width(&longer, font) <= width_max {
            line = longer;
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        line = broken(word, font, width_max, lines_max, &mut lines);
        if lines.len() > lines_max {
            break;
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    if lines.len() > lines_max {
        lines.truncate(lines_max);
        if let Some(last) = lines.last_mut() {
            *last = shortened(last, font, width_max);
        }
    }
    lines
}

/// Breaks a word that may be too wide between its characters; returns what is left of it.
fn broken(
    word: &str,
    font: Font,
    width_max: i32,
    lines_max: usize,
    lines: &mut Vec<String>,
) -> String {
    let mut line = String::new();
    let mut wide = 0;
    for c in word.chars() {
        let more = of_char(c, font);
        if !line.is_empty() && (wide + more) * font.size > width_max * 1_000 {
            lines.push(std::mem::take(&mut line));
            wide = 0;
            if lines.len() > lines_max {
                return String::new();
            }
        }
        line.push(c);
        wide += more;
    }
    line
}

fn shortened(line: &str, font: Font, width_max: i32) -> String {
    let mut kept = line.to_owned();
    while !kept.is_empty() && width(&format!("{kept}…"), font) > width_max {
        kept.pop();
    }
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    const FONT: Font = Font {
        size: 10,
        is_bold: false,
    };

    #[test]
    fn lines_break_at_spaces_and_keep_to_their_width() {
        let lines = wrap("Hear the customer out, please", FONT, 80, 9);
        assert_eq!(lines, ["Hear the", "customer out,", "please"]);
        assert!(lines.iter().all(|line| width(line, FONT) <= 80));
    }

    #[test]
    fn a_word_that_is_too_wide_breaks_between_characters() {
        let lines = wrap("日本語日本語日本語 ok", FONT, 40, 9);
        assert_eq!(lines, ["日本語", "日本語", "日本語", "ok"]);
    }

    #[test]
    fn what_is_too_much_ends_with_an_ellipsis() {
        let lines = wrap(&"word ".repeat(10_000), FONT, 80, 3);
        assert_eq!(lines.len(), 3);
        assert!(lines[2].ends_with('…') && width(&lines[2], FONT) <= 80);
        assert_eq!(wrap(&"x".repeat(10_000), FONT, 80, 2).len(), 2);
    }
}
