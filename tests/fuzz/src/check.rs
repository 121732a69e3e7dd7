//! Feeds any bytes to the lint: it neither panics nor says anything about places outside of them.

#![no_main]

use heard_engine::finding::Finding;
use heard_engine::lint;
use heard_engine::workflow::source::FINDINGS_MAX;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let report = lint::check(bytes);
    let lines = bytes.split(|byte| *byte == b'\n').count();
    assert!(report.findings.len() <= FINDINGS_MAX);
    assert_eq!(
        report.workflow.is_none(),
        Finding::any_error(&report.findings)
    );
    for finding in &report.findings {
        let labels = finding.labels.iter().map(|label| label.span);
        for span in labels.chain([finding.span]) {
            assert!(
                span.start <= span.end && span.end <= bytes.len(),
                "{finding:?}"
            );
            assert!((1..=lines).contains(&(span.line as usize)), "{finding:?}");
        }
    }
});
