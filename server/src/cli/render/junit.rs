//! Results of scenarios as `JUnit` XML, which build servers read.
//!
//! Source: the elements that Jenkins and GitLab read: `testsuites`, `testsuite`, `testcase`,
//! `failure` and `error`. Times are left out: stories run in virtual time.

use super::put;
use super::scenarios::{failure, not_run};
use crate::cli::test::Tested;

/// Returns the results as one XML document.
pub(in crate::cli) fn text(tested: &[Tested]) -> String {
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
    for one in tested {
        suite(&mut xml, one);
    }
    xml.push_str("</testsuites>\n");
    xml
}

fn suite(xml: &mut String, tested: &Tested) {
    let workflow = tested.workflow.as_ref().map(|workflow| {
        let reference = workflow.reference();
        format!("{}@{}", reference.id, reference.version)
    });
    let name = workflow.unwrap_or_else(|| tested.pair.workflow.path.clone());
    let failures = tested.results.iter();
    let failures = failures.filter(|(_, outcome)| outcome.failure.is_some());
    let why = not_run(tested);
    put(
        xml,
        format_args!(
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\">\n",
            quoted(&name),
            tested.results.len() + usize::from(why.is_some()),
            failures.count(),
            usize::from(why.is_some()),
        ),
    );
    let file = quoted(&tested.pair.scenarios_path());
    let bytes = tested
        .pair
        .scenarios
        .as_ref()
        .map(|file| file.bytes.as_slice());
    for (scenario, outcome) in &tested.results {
        put(
            xml,
            format_args!(
                "    <testcase classname=\"{}\" name=\"{}\" file=\"{file}\" line=\"{}\"",
                quoted(&name),
                quoted(&scenario.name),
                scenario.span.line
            ),
        );
        match &outcome.failure {
            None => xml.push_str("/>\n"),
            Some(why) => {
                let told = failure(bytes.unwrap_or_default(), outcome, why);
                let message = format!("line {}: expected {}", why.span.line, why.expected);
                put(
                    xml,
                    format_args!(
                        ">\n      <failure message=\"{}\">{}</failure>\n    </testcase>\n",
                        quoted(&message),
                        quoted(&told)
                    ),
                );
            }
        }
    }
    if let Some(why) = why {
        let findings = tested.workflow_findings.iter();
        let findings = findings.chain(&tested.scenarios_findings);
        let told: Vec<String> = findings
            .map(|f| format!("line {}: {} {}", f.span.line, f.code, f.message))
            .collect();
        put(
            xml,
            format_args!(
                "    <testcase classname=\"{}\" name=\"read\" file=\"{file}\">\n      \
                 <error message=\"{}\">{}</error>\n    </testcase>\n",
                quoted(&name),
                quoted(&why),
                quoted(&told.join("\n"))
            ),
        );
    }
    xml.push_str("  </testsuite>\n");
}

/// Returns a text for an attribute or between tags. Characters that XML does not allow are
/// replaced.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => quoted.push_str("&amp;"),
            '<' => quoted.push_str("&lt;"),
            '>' => quoted.push_str("&gt;"),
            '"' => quoted.push_str("&quot;"),
            '\n' | '\t' => quoted.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {
                quoted.push('\u{fffd}');
            }
            c => quoted.push(c),
        }
    }
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xml_does_not_allow_is_written_otherwise() {
        let shown = quoted("a<b> & \"c\"\n\u{1b}[31m\u{0}ü");
        assert_eq!(
            shown,
            "a&lt;b&gt; &amp; &quot;c&quot;\n\u{fffd}[31m\u{fffd}ü"
        );
    }
}
