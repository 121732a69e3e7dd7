//! Findings as workflow commands of GitHub Actions, which shows them beside the lines.
//!
//! Source: GitHub Docs, "Workflow commands for GitHub Actions", setting a notice, warning or error
//! message.

use heard_engine::finding::{Finding, Level};

use super::super::check::Checked;
use super::findings::end;

/// Returns one command a line for everything found in a file.
pub(in crate::cli) fn commands(file: &Checked) -> String {
    let findings = &file.report.findings;
    findings
        .iter()
        .map(|finding| command(file, finding))
        .collect()
}

fn command(file: &Checked, finding: &Finding) -> String {
    let level = match finding.level {
        Level::Note => "notice",
        Level::Warning => "warning",
        Level::Error => "error",
    };
    let path = property(&file.path);
    let (end_line, end_column) = end(&file.bytes, &finding.span);
    let (line, column) = (finding.span.line, finding.span.column);
    // GitHub refuses columns of a place that ends on another line.
    let columns = if end_line == line {
        format!(",col={column},endColumn={end_column}")
    } else {
        String::new()
    };
    let title = property(&format!("{} {}", finding.code, finding.code.name()));
    let mut said = vec![finding.message.as_str()];
    said.extend(
        [finding.why.as_str()]
            .into_iter()
            .filter(|why| !why.is_empty()),
    );
    let mend = finding
        .mend
        .as_ref()
        .map(|mend| format!("Mend: {}", mend.text));
    said.extend(mend.as_deref());
    let message = data(&said.join("\n"));
    format!(
        "::{level} file={path},line={line},endLine={end_line}{columns},title={title}::{message}\n"
    )
}

/// Writes out what would end the message.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// Writes out what would end the value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use heard_engine::lint;

    #[test]
    fn a_finding_is_one_command_that_nothing_in_it_can_end() {
        let bytes = b"heard: 1\nwoops: \"100%\\n::error::x\"\n".to_vec();
        let report = lint::check(&bytes);
        let path = "a,b:c%\n.yaml".to_owned();
        let shown = commands(&Checked {
            path,
            bytes,
            report,
        });
        let line = shown.lines().find(|line| line.contains("H002")).unwrap();
        assert!(
            line.starts_with(
                "::error file=a%2Cb%3Ac%25%0A.yaml,line=2,endLine=2,col=1,endColumn=6,\
                 title=H002 unknown-word::`woops` is not a word of a workflow%0A"
            ),
            "{line}"
        );
        assert!(
            shown.lines().all(|line| line.starts_with("::error file=")),
            "{shown}"
        );
    }
}
