//! What conditions read.

use heard_engine::workflow::condition::Condition;
use heard_engine::workflow::{FieldIndex, Need};

/// Returns the fields that conditions among these needs test, each once.
pub fn tested(needs: &[Need]) -> Vec<FieldIndex> {
    let mut fields = Vec::new();
    for need in needs {
        if let Need::Condition(condition) = need {
            gather(condition, &mut fields);
        }
    }
    fields.sort_unstable();
    fields.dedup();
    fields
}

fn gather(condition: &Condition, fields: &mut Vec<FieldIndex>) {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => {
            parts.iter().for_each(|part| gather(part, fields));
        }
        Condition::Not(part) => gather(part, fields),
        Condition::Field(field, _) => fields.push(*field),
    }
}
