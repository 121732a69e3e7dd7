//! Reads `roles`.

#![expect(
    clippy::unnecessary_wraps,
    reason = "the readers of words have one shape, so that `opt` and `must` take them by name"
)]

use super::node::Node;
use super::reader::Reader;
use super::{Role, Table};
use crate::code::Code;
use crate::finding::Finding;
use crate::workflow::ROLES_MAX;

/// Reads `roles`.
pub(super) fn roles(r: &mut Reader, node: &Node) -> Option<Table<Role>> {
    let roles = r.table(node, "a role", |r, name, node| {
        let words = r.words(
            node,
            "a role",
            name.span,
            &["title", "reads_only", "system"],
        );
        r.not_both(&words, "reads_only", "system");
        Some(Role {
            title: r.opt(&words, "title", Reader::text),
            reads_only: r
                .opt(&words, "reads_only", Reader::flag)
                .is_some_and(|flag| flag.value),
            system: r
                .opt(&words, "system", Reader::flag)
                .is_some_and(|flag| flag.value),
        })
    });
    if roles.len() > ROLES_MAX {
        let message = format!("there are more than {ROLES_MAX} roles");
        r.report(Finding::error(Code::H006, node.span, message).mend("use fewer roles"));
    }
    Some(roles)
}
