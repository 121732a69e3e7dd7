//! Pictures of real workflows, small ones byte for byte.

use super::*;

fn drawn(bytes: &[u8], format: Format) -> String {
    let (source, _) = source::read(bytes);
    let source = source.unwrap();
    let compiled = super::super::load(bytes).unwrap();
    draw(&source, &compiled, format)
}

#[test]
fn tmp_write() {
    for (p, b) in [
        (
            "classic",
            &include_bytes!("../../../../workflows/classic-heard.workflow.yaml")[..],
        ),
        (
            "airline",
            &include_bytes!("../../../../workflows/airline-compensation.workflow.yaml")[..],
        ),
        (
            "every",
            &include_bytes!("../../../../tests/workflows/every-construct.workflow.yaml")[..],
        ),
    ] {
        std::fs::write(format!("/tmp/pic/{p}.svg"), drawn(b, Format::Svg)).unwrap();
        std::fs::write(format!("/tmp/pic/{p}.mmd"), drawn(b, Format::Mermaid)).unwrap();
        std::fs::write(format!("/tmp/pic/{p}.dot"), drawn(b, Format::Dot)).unwrap();
    }
}
