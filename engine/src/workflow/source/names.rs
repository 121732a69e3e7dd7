//! Looks up every name that a file uses, and says which do not exist or are never used.

mod sections;
mod walk;

use std::collections::{BTreeMap, BTreeSet};

use super::reader::{joined, nearest};
use super::{FINDINGS_MAX, Kind, Sp, Workflow};
use crate::code::Code;
use crate::finding::{Finding, Span};
use crate::workflow::CUSTOMER;

/// What a name can stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Sort {
    Calendar,
    Role,
    Field,
    Table,
    Limit,
    Promise,
    Clock,
    Step,
    Outcome,
}

impl Sort {
    const ALL: [Self; 9] = [
        Self::Calendar,
        Self::Role,
        Self::Field,
        Self::Table,
        Self::Limit,
        Self::Promise,
        Self::Clock,
        Self::Step,
        Self::Outcome,
    ];

    const fn a(self) -> &'static str {
        match self {
            Self::Calendar => "a calendar",
            Self::Role => "a role",
            Self::Field => "a field",
            Self::Table => "a table",
            Self::Limit => "a limit",
            Self::Promise => "a promise",
            Self::Clock => "a clock",
            Self::Step => "a step",
            Self::Outcome => "an outcome",
        }
    }
}

/// The names of a file while they are looked up.
struct Names<'a> {
    workflow: &'a Workflow,
    /// The spellings in which a name was declared that cannot be one, reported there.
    misnamed: &'a BTreeMap<String, String>,
    findings: Vec<Finding>,
    used: BTreeSet<(Sort, &'a str)>,
}

/// Looks up every name that the file uses. What nothing uses is looked for only in a file that is
/// `sound`: where a word could not be read, its names would seem to be used by nothing.
pub(super) fn check(
    workflow: &Workflow,
    misnamed: &BTreeMap<String, String>,
    sound: bool,
) -> Vec<Finding> {
    let mut names = Names {
        workflow,
        misnamed,
        findings: Vec::new(),
        used: BTreeSet::new(),
    };
    names.shared();
    names.sections();
    names.ways();
    if sound && names.findings.is_empty() {
        names.unused();
    }
    names.findings
}

impl<'a> Names<'a> {
    fn declared(&self, sort: Sort) -> Vec<(&'a str, Span)> {
        fn of<T>(table: &super::Table<T>) -> Vec<(&str, Span)> {
            table
                .iter()
                .map(|(name, entry)| (name.as_str(), entry.span))
                .collect()
        }
        match sort {
            Sort::Calendar => of(&self.workflow.calendars),
            Sort::Role => of(&self.workflow.roles),
            Sort::Field => of(&self.workflow.fields),
            Sort::Table => of(&self.workflow.tables),
            Sort::Limit => of(&self.workflow.limits),
            Sort::Promise => of(&self.workflow.promises),
            Sort::Clock => of(&self.workflow.clocks),
            Sort::Step => of(&self.workflow.steps),
            Sort::Outcome => of(&self.workflow.outcomes),
        }
    }

    fn exists(&self, sort: Sort, name: &str) -> bool {
        match sort {
            Sort::Calendar => self.workflow.calendars.contains_key(name),
            Sort::Role => name == CUSTOMER || self.workflow.roles.contains_key(name),
            Sort::Field => self.workflow.fields.contains_key(name),
            Sort::Table => self.workflow.tables.contains_key(name),
            Sort::Limit => self.workflow.limits.contains_key(name),
            Sort::Promise => self.workflow.promises.contains_key(name),
            Sort::Clock => self.workflow.clocks.contains_key(name),
            Sort::Step => self.workflow.steps.contains_key(name),
            Sort::Outcome => self.workflow.outcomes.contains_key(name),
        }
    }

    /// Looks up a name that may stand for one of some sorts, or be one of some fixed words.
    fn refer(&mut self, name: &'a Sp<String>, sorts: &[Sort], fixed: &[&str]) -> Option<Sort> {
        // A missing word has been reported where it is missing.
        if name.value.is_empty() || fixed.contains(&name.value.as_str()) {
            return None;
        }
        if let Some(sort) = sorts.iter().find(|sort| self.exists(**sort, &name.value)) {
            self.used.insert((*sort, &name.value));
            return Some(*sort);
        }
        // Where it is declared it has been said how it is to be spelt.
        if self.misnamed.contains_key(&name.value) {
            return None;
        }
        let fixed_words = fixed.iter().map(|word| format!("`{word}`"));
        let wanted = sorts
            .iter()
            .map(|sort| sort.a().to_owned())
            .chain(fixed_words);
        let wanted = joined(&wanted.collect::<Vec<_>>(), "or");
        if let Some(other) = Sort::ALL
            .into_iter()
            .find(|sort| self.exists(*sort, &name.value))
        {
            let message = format!("`{}` is {}, not {wanted}", name.value, other.a());
            let finding = Finding::error(Code::H105, name.span, message);
            self.findings.push(finding.mend(format!("name {wanted}")));
            return None;
        }
        let message = format!("`{}` does not exist; {wanted} is expected here", name.value);
        let finding = Finding::error(Code::H101, name.span, message);
        let finding = match self.near(name, sorts, fixed) {
            Some(near) => finding.replace(near),
            None => finding.mend("declare it, or name another"),
        };
        self.findings.push(finding);
        None
    }

    fn near(&self, name: &Sp<String>, sorts: &[Sort], fixed: &[&str]) -> Option<String> {
        if self.findings.len() >= FINDINGS_MAX {
            return None;
        }
        let declared = sorts.iter().flat_map(|sort| self.declared(*sort));
        let known = declared.map(|(name, _)| name).chain(fixed.iter().copied());
        nearest(&name.value, known).map(str::to_owned)
    }

    fn refer_all(&mut self, names: &'a [Sp<String>], sorts: &[Sort], fixed: &[&str]) {
        for name in names {
            self.refer(name, sorts, fixed);
        }
    }

    /// Looks up roles that are to act, which a role that only reads cannot.
    fn actors(&mut self, names: &'a [Sp<String>]) {
        for name in names {
            let known = self.refer(name, &[Sort::Role], &[]);
            let role = self
                .workflow
                .roles
                .get(&name.value)
                .filter(|_| known.is_some());
            if let Some(role) = role.filter(|role| role.value.reads_only) {
                let message = format!("`{}` only reads and cannot act here", name.value);
                let finding = Finding::error(Code::H104, name.span, message)
                    .label(role.span, "this role says `reads_only: true`")
                    .why("whoever audits the work does not do it")
                    .mend("name another role, or delete `reads_only` from this one");
                self.findings.push(finding);
            }
        }
    }

    /// Looks up a field that must be of a kind.
    fn field_of(&mut self, name: &'a Sp<String>, kind: Kind) {
        if self.refer(name, &[Sort::Field], &[]).is_none() {
            return;
        }
        let found = self
            .workflow
            .fields
            .get(&name.value)
            .and_then(|f| f.value.kind.as_ref());
        if let Some(found) = found.filter(|found| found.value != kind) {
            let (found_kind, wanted) = (found.value.as_str(), kind.as_str());
            let message = format!(
                "`{}` is a field of type `{found_kind}`, not `{wanted}`",
                name.value
            );
            let finding = Finding::error(Code::H105, name.span, message)
                .label(found.span, "its type stands here")
                .mend(format!("name a field of type `{wanted}`"));
            self.findings.push(finding);
        }
    }

    /// Looks up the `{names}` in a text that people will read.
    fn placeholders(&mut self, text: Option<&'a Sp<String>>) {
        let Some(text) = text else { return };
        let fixed = ["due", "case", "role"];
        for part in text.value.split('{').skip(1) {
            let Some((name, _)) = part.split_once('}') else {
                continue;
            };
            if fixed.contains(&name) {
                continue;
            }
            if let Some((name, _)) = self.workflow.fields.get_key_value(name) {
                self.used.insert((Sort::Field, name));
            } else if !self.misnamed.contains_key(name) {
                let message = format!("`{{{name}}}` in this text does not exist");
                let finding = Finding::error(Code::H101, text.span, message)
                    .why("a text may use `{due}`, `{case}`, `{role}` and the names of fields");
                self.findings
                    .push(finding.mend("name a field, or write it without `{` and `}`"));
            }
        }
    }

    /// Says which names are declared and never used.
    fn unused(&mut self) {
        let sorts = [
            Sort::Calendar,
            Sort::Role,
            Sort::Field,
            Sort::Table,
            Sort::Limit,
            Sort::Promise,
            Sort::Outcome,
        ];
        for sort in sorts {
            for (name, span) in self.declared(sort) {
                let is_default = sort == Sort::Calendar && name == "default";
                if is_default || self.used.contains(&(sort, name)) {
                    continue;
                }
                let message = format!("{} `{name}` is declared and never used", sort.a());
                let message = message.trim_start_matches("a ").trim_start_matches("an ");
                let finding = Finding::warning(Code::H102, span, format!("the {message}"))
                    .why("what nothing uses is either forgotten or left over");
                self.findings.push(finding.mend(match sort {
                    Sort::Table => format!("give a field `from_table: {name}`, or delete it"),
                    Sort::Limit => format!("give a field of money `limit: {name}`, or delete it"),
                    Sort::Promise => format!("write `makes: [{name}]` in an action, or delete it"),
                    Sort::Outcome => format!("write `go_to: {name}` in an action, or delete it"),
                    Sort::Calendar | Sort::Role | Sort::Field | Sort::Clock | Sort::Step => {
                        "use it, or delete it".to_owned()
                    }
                }));
            }
        }
    }

    /// Steps, outcomes and date fields share one name space, and an action has one meaning.
    fn shared(&mut self) {
        let workflow = self.workflow;
        for (name, outcome) in &workflow.outcomes {
            if let Some(step) = workflow.steps.get(name) {
                self.twice(name, outcome.span, step.span, "a step");
            }
        }
        for (name, field) in &workflow.fields {
            let is_date = field
                .value
                .kind
                .as_ref()
                .is_some_and(|k| k.value == Kind::Date);
            let step = workflow.steps.get(name).map(|step| (step.span, "a step"));
            let outcome = workflow.outcomes.get(name).map(|o| (o.span, "an outcome"));
            if let Some((first, what)) = step.or(outcome).filter(|_| is_date) {
                self.twice(name, field.span, first, what);
            }
        }
        for step in workflow.steps.values() {
            for (name, action) in &step.value.actions {
                if let Some(first) = workflow.anywhere.get(name) {
                    self.twice(name, action.span, first.span, "an action of `anywhere`");
                }
            }
        }
    }

    fn twice(&mut self, name: &str, span: Span, first: Span, what: &str) {
        let finding = Finding::error(Code::H103, span, format!("`{name}` is also {what}"))
            .label(first, "here the name is taken")
            .why("where the name is used nobody could tell which of the two is meant")
            .mend("give one of them another name");
        self.findings.push(finding);
    }
}
