//! Findings of a workflow file: with the line, a caret, the reason and the mend.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level as Shown, Patch, Renderer, Snippet};
use heard_engine::finding::{Finding, Level, Mend, Span};
use serde_json::{Value, json};

use crate::escape::escaped;

/// Returns findings for a person.
pub(in crate::cli) fn text(
    path: &str,
    bytes: &[u8],
    findings: &[Finding],
    is_coloured: bool,
) -> String {
    let source = Source::new(path, bytes);
    let renderer = if is_coloured {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let mut text = String::new();
    for finding in findings {
        text.push_str(&renderer.render(&source.groups(finding)));
        text.push_str("\n\n");
    }
    text
}

/// Returns a finding for programs.
pub(in crate::cli) fn json(finding: &Finding) -> Value {
    let labels: Vec<Value> = finding
        .labels
        .iter()
        .map(|label| json!({"span": span(&label.span), "text": label.text}))
        .collect();
    let replacement = finding
        .mend
        .as_ref()
        .and_then(|mend| mend.replacement.as_ref());
    let replacement = replacement.map(|(at, text)| json!({"span": span(at), "text": text}));
    json!({
        "code": finding.code.as_str(),
        "name": finding.code.name(),
        "level": level(finding.level),
        "message": finding.message,
        "span": span(&finding.span),
        "at": finding.at,
        "why": finding.why,
        "mend": finding.mend.as_ref().map_or("", |mend| mend.text.as_str()),
        "labels": labels,
        "replacement": replacement,
    })
}

fn span(span: &Span) -> Value {
    json!({
        "start_byte": span.start,
        "end_byte": span.end,
        "line": span.line,
        "column": span.column,
    })
}

/// Returns the name of a level.
pub(in crate::cli) const fn level(level: Level) -> &'static str {
    match level {
        Level::Note => "note",
        Level::Warning => "warning",
        Level::Error => "error",
    }
}

/// Returns the line and the column behind the last character of a span.
///
/// In a file that is no UTF-8 spans do not fit its text; there it is the beginning of the span.
pub(in crate::cli) fn end(bytes: &[u8], span: &Span) -> (u32, u32) {
    let spanned = bytes.get(span.start..span.end).unwrap_or_default();
    let Ok(spanned) = std::str::from_utf8(spanned) else {
        return (span.line, span.column);
    };
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    match spanned.rsplit_once('\n') {
        None => {
            let columns = number(spanned.chars().count());
            (span.line, span.column.saturating_add(columns))
        }
        Some((before, last)) => {
            let lines = number(before.matches('\n').count() + 1);
            let column = number(last.chars().count() + 1);
            (span.line.saturating_add(lines), column)
        }
    }
}

/// A file in which findings are shown.
struct Source {
    path: String,
    text: String,
    /// Spans count bytes of the file; behind the first that is no UTF-8 they do not fit what can
    /// be shown.
    fitting: usize,
}

impl Source {
    fn new(path: &str, bytes: &[u8]) -> Self {
        Self {
            path: escaped(path),
            text: String::from_utf8_lossy(bytes).into_owned(),
            fitting: match std::str::from_utf8(bytes) {
                Ok(text) => text.len(),
                Err(error) => error.valid_up_to(),
            },
        }
    }

    fn groups<'a>(&'a self, finding: &'a Finding) -> Vec<Group<'a>> {
        let shown = match finding.level {
            Level::Note => Shown::NOTE,
            Level::Warning => Shown::WARNING,
            Level::Error => Shown::ERROR,
        };
        let message = format!("{}: {}", finding.code.name(), escaped(&finding.message));
        let title = shown.primary_title(message).id(finding.code.as_str());
        let mut annotations = vec![
            AnnotationKind::Primary
                .span(self.range(&finding.span))
                .label(label(&finding.at)),
        ];
        annotations.extend(finding.labels.iter().map(|second| {
            AnnotationKind::Context
                .span(self.range(&second.span))
                .label(label(&second.text))
        }));
        let snippet = Snippet::source(self.text.as_str())
            .path(self.path.as_str())
            .annotations(annotations);
        let mut group = title.element(snippet);
        if !finding.why.is_empty() {
            group = group.element(Shown::NOTE.message(escaped(&finding.why)));
        }
        match &finding.mend {
            None => vec![group],
            Some(mend) => self.with_mend(group, mend),
        }
    }

    fn with_mend<'a>(&'a self, group: Group<'a>, mend: &'a Mend) -> Vec<Group<'a>> {
        let text = escaped(&mend.text);
        let Some((at, with)) = mend.replacement.as_ref() else {
            return vec![group.element(Shown::HELP.message(text))];
        };
        let snippet = Snippet::source(self.text.as_str())
            .path(self.path.as_str())
            .patch(Patch::new(self.range(at), with.as_str()));
        vec![group, Shown::HELP.secondary_title(text).element(snippet)]
    }

    /// Returns a span as the bytes of what is shown, always within it and on whole characters.
    fn range(&self, span: &Span) -> Range<usize> {
        let start = self.text.floor_char_boundary(span.start.min(self.fitting));
        let end = span.end.min(self.fitting).max(start);
        let end = self.text.ceil_char_boundary(end);
        start..end
    }
}

fn label(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| escaped(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use heard_engine::code::Code;

    const FILE: &str = "heard: 1\nsteps:\n  hear: {go_to: emphatize}\n";

    fn span(start: usize, end: usize) -> Span {
        Span {
            start,
            end,
            line: 3,
            column: 1,
        }
    }

    #[test]
    fn a_finding_is_shown_with_its_line_caret_reason_and_mend() {
        let start = FILE.find("emphatize").unwrap();
        let finding = Finding::error(Code::H101, span(start, start + 9), "no step `emphatize`")
            .at("not a step")
            .label(span(9, 14), "the steps")
            .why("a case could go nowhere")
            .replace("empathize");
        let text = text("a.workflow.yaml", FILE.as_bytes(), &[finding], false);
        for part in [
            "error[H101]: unknown-name: no step `emphatize`",
            "--> a.workflow.yaml:3:17",
            "^^^^^^^^^ not a step",
            "the steps",
            "note: a case could go nowhere",
            "help: write `empathize`",
            "empathize",
        ] {
            assert!(text.contains(part), "{part:?} is missing in\n{text}");
        }
    }

    /// What `heard check` prints of every specimen lies beside it, so that its wording is read.
    /// `HEARD_BLESS=1` writes it anew; which faults are found is the matter of the engine's test.
    #[test]
    fn every_specimen_is_shown_as_it_was_read() {
        let is_blessing = std::env::var_os("HEARD_BLESS").is_some();
        let corpus = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/lint");
        let mut wrong = Vec::new();
        for folder in std::fs::read_dir(corpus).unwrap() {
            let folder = folder.unwrap().path();
            let Ok(bytes) = std::fs::read(folder.join("bad.yaml")) else {
                continue;
            };
            // The day on which the engine's test checks them too.
            let today = heard_engine::time::Date::parse("2025-10-05").ok();
            let beside = heard_engine::lint::Beside { today };
            let findings = heard_engine::lint::check_with(&bytes, &beside).findings;
            let shown = text("bad.yaml", &bytes, &findings, false);
            let path = folder.join("shown.txt");
            if is_blessing {
                std::fs::write(&path, shown).unwrap();
            } else if std::fs::read_to_string(&path).ok().as_deref() != Some(&shown) {
                wrong.push(format!("{}:\n{shown}", path.display()));
            }
        }
        let wrong = wrong.join("\n");
        assert!(wrong.is_empty(), "HEARD_BLESS=1 accepts these:\n{wrong}");
    }

    #[test]
    fn a_finding_in_a_strange_file_is_shown_all_the_same() {
        for bytes in [
            &b""[..],
            b"\xff\xfe\x00",
            "a: \u{1b}[2J\u{202e}ä".as_bytes(),
        ] {
            for at in [span(0, 0), span(3, 5), span(10, 999), span(7, 2)] {
                let finding = Finding::error(Code::H001, at, "line\nbreak").replace("x");
                let text = text("\u{1b}p", bytes, &[finding], false);
                assert!(text.contains("error[H001]"), "{text}");
                assert!(
                    !text.contains('\u{1b}') && !text.contains('\u{202e}'),
                    "{text:?}"
                );
            }
        }
    }
}
