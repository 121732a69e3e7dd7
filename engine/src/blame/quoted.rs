//! What stands in quotation marks: words of somebody else, which are nobody's blame here.
//!
//! Invariant: marks that do not close within their paragraph quote nothing.

use std::ops::Range;

/// A quotation mark, and what it may do where it stands.
struct Mark {
    at: usize,
    shape: char,
    opens: bool,
    closes: bool,
    /// It closes, or is the apostrophe of an owner: `the agents' room`.
    is_doubtful: bool,
}

/// Words that begin with an apostrophe, which opens nothing.
const SHORTENED: &[&str] = &[
    "tis", "twas", "cause", "cos", "em", "til", "till", "n", "round", "bout", "ne", "nen", "ner",
    "s", "nem",
];
const SHAPES: [char; 12] = ['"', '\'', '‘', '’', '‚', '“', '”', '„', '«', '»', '‹', '›'];

/// Returns the stretches of a text in quotation marks, with the marks, in order and apart.
pub(super) fn quoted(text: &str) -> Vec<Range<usize>> {
    let marks = marks(text);
    let ends = ends(&marks);
    let mut stretches = Vec::new();
    let mut free_from = 0;
    for (mark, end) in marks.iter().zip(ends) {
        super::work::step();
        let Some(end) = end.filter(|_| mark.at >= free_from) else {
            continue;
        };
        stretches.push(mark.at..end);
        free_from = end;
    }
    stretches
}

/// The marks of a text in order. An empty line is a mark that neither opens nor closes.
fn marks(text: &str) -> Vec<Mark> {
    let mut marks = Vec::new();
    let mut before = None;
    let mut newlines = 0;
    for (at, c) in text.char_indices() {
        newlines = match c {
            '\n' => newlines + 1,
            c if c.is_whitespace() => newlines,
            _ => 0,
        };
        let rest = text.get(at + c.len_utf8()..).unwrap_or_default();
        if c == '\n' && newlines == 2 {
            let (opens, closes, is_doubtful) = (false, false, false);
            marks.push(Mark {
                at,
                shape: c,
                opens,
                closes,
                is_doubtful,
            });
        } else if SHAPES.contains(&c) {
            marks.push(mark(at, c, before, rest));
        }
        before = Some(c);
    }
    marks
}

fn mark(at: usize, shape: char, before: Option<char>, rest: &str) -> Mark {
    let after = rest.chars().next();
    let is_inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let is_space = |c: Option<char>| c.is_none_or(char::is_whitespace);
    let may_open = !is_inside(before) && !is_space(after);
    let may_close = !is_space(before) && !is_inside(after);
    let is_single = matches!(shape, '\'' | '’');
    let (opens, closes) = match shape {
        '\'' => (may_open && !is_shortened(rest), may_close),
        '’' => (false, may_close),
        '"' | '”' => (may_open, may_close),
        // French marks stand off from the words they hold.
        '„' | '‚' | '‘' | '“' | '«' | '‹' | '»' | '›' => (true, true),
        _ => (false, false),
    };
    let is_doubtful = is_single && matches!(before, Some('s' | 'S')) && after == Some(' ');
    Mark {
        at,
        shape,
        opens,
        closes,
        is_doubtful,
    }
}

/// Returns whether an apostrophe stands for letters or a century left out: `'em`, `'90s`.
fn is_shortened(rest: &str) -> bool {
    let long = SHORTENED.iter().map(|word| word.len()).max().unwrap_or(0);
    let letters = rest.chars().take_while(|c| c.is_alphabetic());
    let word: String = letters
        .take(long + 1)
        .flat_map(char::to_lowercase)
        .collect();
    rest.starts_with(|c: char| c.is_ascii_digit()) || SHORTENED.contains(&word.as_str())
}

/// Where what each mark opens ends, its closing mark included; none where it opens nothing.
fn ends(marks: &[Mark]) -> Vec<Option<usize>> {
    let mut sure: [Option<usize>; SHAPES.len()] = [None; SHAPES.len()];
    let mut doubtful = sure;
    let mut ends = vec![None; marks.len()];
    for (mark, end) in marks.iter().zip(&mut ends).rev() {
        super::work::step();
        if mark.shape == '\n' {
            (sure, doubtful) = ([None; SHAPES.len()], [None; SHAPES.len()]);
            continue;
        }
        if mark.opens {
            let nearest = |of: &[Option<usize>; SHAPES.len()]| {
                let closers = SHAPES.iter().zip(of);
                let closers = closers.filter(|(shape, _)| closers_of(mark.shape).contains(*shape));
                closers.filter_map(|(_, at)| *at).min()
            };
            *end = nearest(&sure).or_else(|| nearest(&doubtful));
        }
        let place = SHAPES.iter().position(|shape| *shape == mark.shape);
        let slots = place.and_then(|place| sure.get_mut(place).zip(doubtful.get_mut(place)));
        let Some((sure, doubtful)) = slots else {
            continue;
        };
        if mark.closes {
            let end = Some(mark.at + mark.shape.len_utf8());
            *(if mark.is_doubtful { doubtful } else { sure }) = end;
        } else if mark.shape == '\'' && mark.opens {
            // What a later mark closes was opened by the mark before it.
            *sure = None;
        }
    }
    ends
}

fn closers_of(opener: char) -> &'static [char] {
    match opener {
        '"' => &['"', '”'],
        '\'' => &['\''],
        '”' => &['”'],
        '“' => &['”', '"'],
        '„' => &['“', '”', '"'],
        '‘' => &['’', '\''],
        '‚' => &['‘', '’', '\''],
        '«' => &['»'],
        '»' => &['«'],
        '‹' => &['›'],
        '›' => &['‹'],
        _ => &[],
    }
}
