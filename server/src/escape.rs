//! Makes text that came from others safe to show on one line of a terminal or a log.
//!
//! Invariant: what comes out has no control character, and none that reorders or hides text.

/// Returns a text with every control, reordering and invisible character written out, so that it
/// stays on one line: `\n`, `\u{202e}`.
#[must_use]
pub(crate) fn escaped(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            c if is_hidden(c) => shown.extend(c.escape_unicode()),
            c => shown.push(c),
        }
    }
    shown
}

/// Returns whether a character would move the cursor, reorder what is around it, or not be seen.
///
/// Source: Unicode 16, general categories Cc and Cf as far as they are not visible marks of a
/// script, and the separators of lines and paragraphs.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_text_of_any_script_stays_as_it_is() {
        for text in ["", "Grüße, 50 €", "日本語", "שלום", "नमस्ते", "a\\nb"]
        {
            assert_eq!(escaped(text), text);
        }
    }

    #[test]
    fn what_moves_reorders_or_hides_is_written_out() {
        for (text, shown) in [
            ("a\nb\r\tc", "a\\nb\\r\\tc"),
            ("\u{1b}[31mred", "\\u{1b}[31mred"),
            ("\u{9b}2J", "\\u{9b}2J"),
            ("fee \u{202e}RUE 05", "fee \\u{202e}RUE 05"),
            (
                "a\u{200b}b\u{feff}\u{2066}",
                "a\\u{200b}b\\u{feff}\\u{2066}",
            ),
            ("x\0", "x\\u{0}"),
        ] {
            assert_eq!(escaped(text), shown);
        }
    }
}
