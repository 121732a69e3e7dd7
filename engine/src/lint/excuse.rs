//! Excuses: a comment on the line of a finding that says why it may stand.
//!
//! `# heard: allow H102, used from next month on`. Errors cannot be excused.

use super::Excused;
use crate::code::Code;
use crate::finding::{Finding, Level, Span};

const BEGIN: &str = "# heard: allow ";

/// Takes away and returns what the file excuses, and reports excuses that are none.
pub(super) fn apply(bytes: &[u8], findings: &mut Vec<Finding>) -> Vec<Excused> {
    let mut excused = Vec::new();
    let text = str::from_utf8(bytes).unwrap_or_default();
    let mut start = 0;
    for (number, line) in (1_u32..).zip(text.split_inclusive('\n')) {
        if let Some(at) = line.find(BEGIN) {
            let said = line.get(at..).unwrap_or_default().trim_end();
            let column = line.get(..at).unwrap_or_default().chars().count() + 1;
            let span = Span {
                start: start + at,
                end: start + at + said.len(),
                line: number,
                column: u32::try_from(column).unwrap_or(u32::MAX),
            };
            excuse(said, span, findings, &mut excused);
        }
        start += line.len();
    }
    excused
}

fn excuse(said: &str, span: Span, findings: &mut Vec<Finding>, excused: &mut Vec<Excused>) {
    let rest = said.trim_start_matches(BEGIN);
    let (code, reason) = rest.split_once(',').unwrap_or((rest, ""));
    let refused = |message: String| {
        Finding::warning(Code::H016, span, message)
            .why("an excuse names one finding of its own line, which is no error, and its reason")
            .mend("write it like `# heard: allow H102, used from next month on`")
    };
    let Some(code) = Code::parse(code.trim()) else {
        return findings.push(refused(format!("`{}` is not a code", code.trim())));
    };
    if reason.trim().is_empty() {
        return findings.push(refused(format!("the excuse of {code} gives no reason")));
    }
    let is_meant = |finding: &Finding| finding.code == code && finding.span.line == span.line;
    if findings
        .iter()
        .any(|finding| is_meant(finding) && finding.level == Level::Error)
    {
        return findings.push(refused(format!("{code} is an error and cannot be excused")));
    }
    let before = excused.len();
    let meant = findings.extract_if(.., |finding| is_meant(finding));
    excused.extend(meant.map(|finding| Excused {
        finding,
        reason: reason.trim().to_owned(),
    }));
    if excused.len() == before && !comes_with_time(code) {
        findings.push(refused(format!(
            "there is no {code} on this line to excuse"
        )));
    }
}

/// Returns whether what is found depends on the day: on another day its excuse excuses nothing, and
/// is still none too many.
fn comes_with_time(code: Code) -> bool {
    code == Code::H904
}
