//! Finds rules and rows that can never fit.

use super::reasoning::{Act, Choice, begin};
use super::{File, Rule, Scope};
use crate::code::Code;
use crate::finding::{Finding, Span};
use crate::workflow::logic::{Claim, Tangled};
use crate::workflow::source;

pub(super) struct RuleNeverReached;

/// Rules of an action, or rows of a table.
struct Listed<'a> {
    /// "rule of `offer`", "row of the table `owed`".
    what: String,
    /// Where each stands, and its condition.
    parts: Vec<(Span, Option<&'a source::Condition>)>,
    /// What must hold before they are tried.
    needs: Option<Span>,
    is_table: bool,
}

/// Why a rule never fits.
enum Why {
    Itself,
    /// What it wants empty is always filled there.
    Filled,
    Needs,
    /// These take all of its cases before.
    Earlier(Vec<usize>),
}

impl Rule for RuleNeverReached {
    fn code(&self) -> Code {
        Code::H306
    }

    fn scope(&self) -> Scope {
        Scope::Decided
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        for act in file.facts.acts() {
            if let Ok(choice) = file.facts.choice(act, &[]) {
                self.look(file, &of_action(act), &choice, found);
            }
        }
        for (name, rows) in &file.source.tables {
            let parts = rows
                .value
                .iter()
                .map(|row| (row.is.span, row.when.as_ref()));
            let listed = Listed {
                what: format!("row of the table `{name}`"),
                parts: parts.collect(),
                needs: None,
                is_table: true,
            };
            if let Ok(choice) = file
                .facts
                .table(&rows.value, std::collections::BTreeSet::new())
            {
                self.look(file, &listed, &choice, found);
            }
        }
    }
}

fn of_action(act: Act<'_>) -> Listed<'_> {
    let rules = act.action.value.rules.iter();
    let of_step = act.step.map_or(&[][..], |(_, step)| &step.value.needs);
    let mut needs = act.action.value.needs.iter().chain(of_step);
    let first = needs.find_map(|need| match need {
        source::Need::Field(_) => None,
        source::Need::Condition(condition) => begin(condition),
    });
    Listed {
        what: format!("rule of `{}`", act.name),
        parts: rules.map(|rule| (rule.span, rule.when.as_ref())).collect(),
        needs: first,
        is_table: false,
    }
}

impl RuleNeverReached {
    fn look(
        &self,
        file: &File<'_>,
        listed: &Listed<'_>,
        choice: &Choice,
        found: &mut Vec<Finding>,
    ) {
        // Where the needs can never hold, that is the fault.
        if choice.space.can(&choice.needed()) != Ok(true) {
            return;
        }
        for (number, (span, when)) in listed.parts.iter().enumerate() {
            if choice.fits(number) != Ok(None) {
                continue;
            }
            if let Ok(why) = why(file, choice, number, *when) {
                found.extend(self.finding(listed, *span, when.is_none(), &why, choice));
            }
        }
    }

    fn finding(
        &self,
        listed: &Listed<'_>,
        span: Span,
        is_plain: bool,
        why: &Why,
        choice: &Choice,
    ) -> Option<Finding> {
        let what = &listed.what;
        let error = |message: String| Finding::error(self.code(), span, message);
        let finding = match why {
            Why::Itself => error(format!("this {what} can never fit"))
                .at("its own condition contradicts itself")
                .why("no answers can be everything at once that it asks")
                .mend("change its `when` so that some answer fits, or delete it"),
            Why::Filled => error(format!("this {what} can never fit"))
                .at("it wants empty what is always answered by then")
                .why("every way to it asks for that answer before")
                .mend("delete it, or ask for the answer later"),
            Why::Needs => {
                let finding = error(format!("this {what} can never fit"))
                    .at("its condition contradicts what must hold before")
                    .why("the rules are tried only when everything in `needs` holds")
                    .mend("change its `when` or `needs`, or delete it");
                match listed.needs {
                    Some(needs) => finding.label(needs, "this must hold before"),
                    None => finding,
                }
            }
            Why::Earlier(earlier) => {
                let before = |number: &usize| listed.parts.get(*number).copied();
                let earlier: Vec<_> = earlier.iter().filter_map(before).collect();
                let is_always =
                    |number| !choice.space.can(&choice.passing([number])).unwrap_or(true);
                let all_have_when = earlier.iter().all(|(_, when)| when.is_some());
                if is_plain && all_have_when && !listed.is_table {
                    // Where one condition alone always holds, H307 says so.
                    if (0..listed.parts.len() - 1).any(is_always) {
                        return None;
                    }
                    return Some(self.nothing_left(listed, span, &earlier));
                }
                let is_row = if listed.is_table { "row" } else { "rule" };
                let mut finding = error(format!("this {what} can never fit")).why(format!(
                    "{is_row}s are tried from top to bottom, and the first that fits is taken"
                ));
                let is_one = earlier.len() == 1;
                for (span, when) in &earlier {
                    finding = finding.label(
                        *span,
                        match (when, is_one) {
                            (None, _) => format!("this {is_row} has no `when` and always fits"),
                            (Some(_), true) => format!("this {is_row} takes every such case first"),
                            (Some(_), false) => {
                                format!("this {is_row} takes some of its cases first")
                            }
                        },
                    );
                }
                finding.mend(if all_have_when {
                    format!("put it before the {is_row} that takes its cases, or delete it")
                } else {
                    format!("put the {is_row} without `when` last, or delete this one")
                })
            }
        };
        Some(finding)
    }

    /// The language asks for a last rule without a condition, so an idle one is no fault.
    fn nothing_left(
        &self,
        listed: &Listed<'_>,
        span: Span,
        earlier: &[(Span, Option<&source::Condition>)],
    ) -> Finding {
        let message = format!("nothing is left for this last {}", listed.what);
        let mut finding = Finding::warning(self.code(), span, message)
            .why("the rules before it take every case between them")
            .mend(match earlier.last() {
                Some((last, _)) => format!(
                    "delete this rule, and the `when` of the rule in line {}, which is then the \
                     last",
                    last.line
                ),
                None => "delete this rule".to_owned(),
            });
        for (span, _) in earlier {
            finding = finding.label(*span, "this rule takes some of the cases");
        }
        finding
    }
}

fn why(
    file: &File<'_>,
    choice: &Choice,
    number: usize,
    when: Option<&source::Condition>,
) -> Result<Why, Tangled> {
    let holds = Claim::Holds(choice.rule(number));
    if !choice.space.can(&[holds])? {
        let alone = when.is_some_and(|when| file.facts.can_hold(when));
        return Ok(if alone { Why::Filled } else { Why::Itself });
    }
    let with = |earlier: &[usize]| {
        let mut claims = choice.passing(earlier.iter().copied());
        claims.push(holds);
        choice.space.can(&claims)
    };
    if !with(&[])? {
        return Ok(Why::Needs);
    }
    // Each rule that can be left out is, the last first, so that few are left to be named.
    let mut earlier: Vec<usize> = (0..number).collect();
    for rule in (0..number).rev() {
        let others: Vec<usize> = earlier.iter().copied().filter(|one| *one != rule).collect();
        if !with(&others)? {
            earlier = others;
        }
    }
    Ok(Why::Earlier(earlier))
}
