//! Words can be read on their ground, in light and in dark.

use super::*;

/// The least contrast of text, and of a border with what it bounds.
///
/// Source: WCAG 2.2, success criteria 1.4.3 and 1.4.11, level AA.
const TEXT_MIN: f64 = 4.5;
const BORDER_MIN: f64 = 3.0;

#[expect(clippy::float_arithmetic, reason = "contrast is defined in fractions")]
fn luminance(colour: &str) -> f64 {
    let part = |at: usize| {
        let part = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
        if part <= 0.040_45 {
            part / 12.92
        } else {
            ((part + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
}

#[expect(clippy::float_arithmetic, reason = "contrast is defined in fractions")]
fn contrast(a: &str, b: &str) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// Returns the value of a property in the last rule that names all of these.
fn colour<'a>(sheet: &'a str, selector: &str, property: &str) -> &'a str {
    let rules = sheet.lines().filter_map(|rule| rule.split_once('{'));
    let named = rules.filter(|(names, _)| names.split(',').any(|name| name == selector));
    let mut found = named.filter_map(|(_, rest)| {
        let mut values = rest.trim_end_matches('}').split(';');
        values.find_map(|value| value.strip_prefix(property)?.strip_prefix(':'))
    });
    found
        .next_back()
        .unwrap_or_else(|| panic!("{selector} has no {property}"))
}

#[test]
fn words_and_borders_stand_out_from_their_ground_in_light_and_dark() {
    let (light, dark) = STYLE
        .split_once("@media (prefers-color-scheme:dark){\n")
        .unwrap();
    let phases = Phase::ALL.into_iter().map(of_phase);
    let kinds: Vec<&str> = phases
        .chain(CountsAs::ALL.into_iter().map(of_outcome))
        .collect();
    for sheet in [light, dark] {
        let ink = |class: &str| colour(sheet, &format!(".heard .{class}"), "fill");
        let page = ink("page");
        let mut grounds = vec![page, colour(sheet, ".heard .anywhere>.box", "fill")];
        for kind in &kinds {
            let ground = colour(sheet, &format!(".heard .{kind}>.box"), "fill");
            let border = colour(sheet, &format!(".heard .{kind}>.box"), "stroke");
            let chip = colour(sheet, &format!(".heard .{kind}>.chip"), "fill");
            assert!(contrast(ink("word"), chip) >= TEXT_MIN, "{kind}: {chip}");
            assert!(contrast(border, page) >= BORDER_MIN, "{kind}: {border}");
            grounds.push(ground);
        }
        for class in ["title", "body", "note"] {
            for ground in &grounds {
                assert!(
                    contrast(ink(class), ground) >= TEXT_MIN,
                    "{class} on {ground}"
                );
            }
        }
        for class in ["heading", "purpose", "name", "detail"] {
            assert!(contrast(ink(class), page) >= TEXT_MIN, "{class}");
        }
        for class in ["action", "deadline"] {
            let line = colour(sheet, &format!(".heard .{class}"), "stroke");
            assert!(contrast(line, page) >= BORDER_MIN, "{class}");
        }
    }
}

#[test]
fn letters_are_as_large_as_they_were_laid_out() {
    let looks = [
        (Look::Heading, "heading"),
        (Look::Purpose, "purpose"),
        (Look::Chip, "word"),
        (Look::Title, "title"),
        (Look::Body, "body"),
        (Look::Note, "note"),
        (Look::LabelName, "name"),
        (Look::LabelDetail, "detail"),
    ];
    for (look, class) in looks {
        let selector = format!(".heard .{class}");
        let (light, _) = STYLE.split_once("@media").unwrap();
        let size = colour(light, &selector, "font-size");
        assert_eq!(size, format!("{}px", look.font().size), "{class}");
        let rules = light.lines().filter_map(|rule| rule.split_once('{'));
        let mut named = rules.filter(|(names, _)| names.split(',').any(|name| name == selector));
        let is_bold = named.any(|(_, rest)| rest.contains("font-weight:700"));
        assert_eq!(is_bold, look.font().is_bold, "{class}");
    }
}
