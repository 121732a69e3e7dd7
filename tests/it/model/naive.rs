//! A naive model of a case, written from the language page alone: it reads the YAML as it stands,
//! keeps every value as text, and does one thing after the other on a copy.
//!
//! The numbers in the comments are those of "Semantics, exactly".

mod causes;
mod file;
mod promises;
mod till;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value as Yaml;

use causes::{Cause, How};
use file::{File, Holds, text};
pub use file::{list, names_field, read};
use till::{Approval, Booking};

use super::op::{Does, Op};

/// What was said of the last act.
pub type Said = Result<(), &'static str>;

/// An answer (1).
#[derive(Debug, Clone)]
pub struct Answer {
    /// None of a sealed field.
    pub value: Option<String>,
    pub recording: u32,
    pub person: u8,
    pub role: String,
    pub step: String,
    pub visit: u32,
}

/// A case (1).
#[derive(Debug, Clone)]
pub struct Naive {
    pub file: File,
    /// Which workflow of the list.
    pub place: usize,
    pub said: Said,
    /// Minutes since the first act could happen.
    pub minutes: i64,
    /// The step or outcome; empty before opening.
    pub at: String,
    closed: Option<i64>,
    pub visit: u32,
    pub opening: u32,
    pub notes: u32,
    pub causes: Vec<Cause>,
    tasks_done: BTreeSet<String>,
    pub answers: BTreeMap<String, Answer>,
    recordings: u32,
    pub counters: BTreeMap<String, u32>,
    acted: BTreeMap<String, BTreeSet<u8>>,
    entered_by: Option<u8>,
    pub bookings: Vec<Booking>,
    approvals: BTreeMap<String, Approval>,
    /// Every promise that was made: `owed`, `kept`, `broken` or `released`.
    pub promises: BTreeMap<String, &'static str>,
}

impl Naive {
    pub fn new(yaml: Arc<Yaml>, place: usize) -> Self {
        Self {
            file: File(yaml),
            place,
            said: Ok(()),
            minutes: 0,
            at: String::new(),
            closed: None,
            visit: 0,
            opening: 1,
            notes: 0,
            causes: Vec::new(),
            tasks_done: BTreeSet::new(),
            answers: BTreeMap::new(),
            recordings: 0,
            counters: BTreeMap::new(),
            acted: BTreeMap::new(),
            entered_by: None,
            bookings: Vec::new(),
            approvals: BTreeMap::new(),
            promises: BTreeMap::new(),
        }
    }

    pub fn is_unopened(&self) -> bool {
        self.at.is_empty()
    }

    pub fn is_closed(&self) -> bool {
        self.closed.is_some()
    }

    pub fn tasks_open(&self) -> Vec<&str> {
        if self.is_closed() || self.is_unopened() {
            return Vec::new();
        }
        let tasks = self.file.step(&self.at)["tasks"].as_object();
        let names = tasks.into_iter().flatten().map(|(name, _)| name.as_str());
        names
            .filter(|name| !self.tasks_done.contains(*name))
            .collect()
    }

    pub fn steps(&self) -> Vec<String> {
        self.file.names("steps")
    }

    pub fn has_acted(&self, step: &str, person: u8) -> bool {
        self.acted
            .get(step)
            .is_some_and(|people| people.contains(&person))
    }

    /// Does what is asked on a copy, or says why not.
    pub fn tried(mut self, op: &Op) -> Result<Self, &'static str> {
        if self.file.role(&op.role)["reads_only"] == true && !self.may_review(op) {
            return Err("the role only reads");
        }
        match (&op.does, self.is_unopened()) {
            (Does::Open, true) => {
                let start = text(&self.file.0["start"]);
                self.enter(&start);
                self.compute(op);
                return Ok(self);
            }
            (Does::Import { step, answers }, true) => {
                if self.file.step(step).is_null() {
                    return Err("no such step");
                }
                if answers
                    .iter()
                    .any(|(field, _)| self.file.is_computed(field))
                {
                    return Err("not asked here");
                }
                self.enter(step);
                self.record(op, answers)?;
                self.compute(op);
                return Ok(self);
            }
            (_, true) => return Err("no case"),
            (_, false) => {}
        }
        match &op.does {
            Does::Open | Does::Import { .. } => return Err("a case is there"),
            Does::Note => self.notes += 1,
            Does::Reopen => self.reopen(op)?,
            Does::Cause { group, name, whys } => {
                let how = How::Proposed { revises: None };
                self.cause(op, (group, name), *whys, how)?;
            }
            Does::Revise {
                group,
                name,
                revises,
                draft,
            } => {
                let how = if *draft {
                    How::Drafted { revises: *revises }
                } else {
                    How::Proposed { revises: *revises }
                };
                self.cause(op, (group, name), 3, how)?;
            }
            Does::Review { number, returns } => self.review(op, *number, *returns)?,
            Does::Action { .. } | Does::Task { .. } | Does::Correct { .. } if self.is_closed() => {
                return Err("closed");
            }
            Does::Action {
                name,
                answers,
                reason,
            } => self.action(op, name, answers, *reason)?,
            Does::Task {
                name,
                answers,
                reason,
            } => self.task(op, name, answers, *reason)?,
            Does::Correct { field, value } => self.correct(op, field, value)?,
        }
        if !self.is_closed() {
            self.compute(op);
        }
        Ok(self)
    }

    /// 3: a new visit; what is asked each time is empty, all tasks are open.
    fn enter(&mut self, step: &str) {
        self.at = step.to_owned();
        self.closed = None;
        self.visit += 1;
        self.tasks_done.clear();
        let file = self.file.clone();
        self.answers
            .retain(|field, _| !(file.is_each_time(field) && file.is_named(step, field)));
    }

    /// 8: each a new recording, also of an equal value. `max` may name another field.
    fn record(&mut self, op: &Op, answers: &[(String, String)]) -> Said {
        for (field, value) in answers {
            self.put(op, field, value);
        }
        for (field, value) in answers {
            let limit = text(&self.file.field(field)["max"]);
            let limit = self
                .answers
                .get(&limit)
                .and_then(|answer| answer.value.clone());
            if limit.is_some_and(|limit| file::compare(value, &limit).is_gt()) {
                return Err("above the field that limits it");
            }
        }
        Ok(())
    }

    fn put(&mut self, op: &Op, field: &str, value: &str) {
        self.recordings += 1;
        let answer = Answer {
            value: (!self.file.is_sealed(field)).then(|| value.to_owned()),
            recording: self.recordings,
            person: op.person,
            role: op.role.clone(),
            step: self.at.clone(),
            visit: self.visit,
        };
        self.answers.insert(field.to_owned(), answer);
    }

    /// 9: a needed field takes its default; then all must hold.
    fn fulfil(&mut self, op: &Op, needs: &[Yaml]) -> Said {
        for need in needs.iter().filter_map(Yaml::as_str) {
            let field = self.file.field(need).clone();
            let has_default = !field["default"].is_null() && !self.file.is_sealed(need);
            if has_default && !self.answers.contains_key(need) {
                self.put(op, need, &text(&field["default"]));
            }
        }
        self.compute(op);
        let holds = |need: &Yaml| match need.as_str() {
            Some(field) => self.answers.contains_key(field),
            None => self.holds(op, need),
        };
        if needs.iter().all(holds) {
            Ok(())
        } else {
            Err("a need does not hold")
        }
    }

    fn holds(&self, op: &Op, condition: &Yaml) -> bool {
        let seen = |field: &str| self.answers.get(field).map(|answer| answer.value.clone());
        Holds(&seen, &|field: &str| self.is_over(op, field)).all(condition)
    }

    /// 5: whoever acted in one of these steps; integrations are ignored.
    fn is_kept_out(&self, op: &Op, steps: &Yaml) -> bool {
        let acted = list(steps)
            .iter()
            .any(|step| self.has_acted(step, op.person));
        acted && self.file.role(&op.role)["system"] != true
    }

    fn action(&mut self, op: &Op, name: &str, answers: &[(String, String)], reason: bool) -> Said {
        let step = self.file.step(&self.at).clone();
        let own = self.file.action(&self.at, name);
        let is_own = own.is_some();
        let Some(action) = own.or_else(|| self.file.anywhere(&self.at, name)) else {
            return Err("no such action here");
        };
        let who = if is_own {
            self.file.who_of_action(&step, &action)
        } else {
            list(&action["who"])
        };
        if !who.contains(&op.role) {
            return Err("not in who");
        }
        if is_own && self.is_kept_out(op, &step["not_by"]) {
            return Err("not by this person");
        }
        let prefix = if is_own {
            self.at.clone()
        } else {
            "anywhere".to_owned()
        };
        let step = if is_own { step } else { Yaml::Null };
        self.take(
            op,
            &step,
            &action,
            &format!("{prefix}/{name}"),
            answers,
            reason,
        )
    }

    /// 9 to 13. `step` is nothing for an action possible anywhere (12).
    fn take(
        &mut self,
        op: &Op,
        step: &Yaml,
        action: &Yaml,
        counter: &str,
        answers: &[(String, String)],
        reason: bool,
    ) -> Said {
        let needs = [file::items(&step["needs"]), file::items(&action["needs"])].concat();
        let asked = [needs.clone(), file::items(&step["asks"])].concat();
        if !self.are_asked(answers, &asked) {
            return Err("not asked here");
        }
        self.record(op, answers)?;
        self.fulfil(op, &needs)?;
        let rules = file::items(&action["rules"]);
        let fits = |rule: &&Yaml| rule["when"].is_null() || self.holds(op, &rule["when"]);
        let place = rules
            .iter()
            .position(|rule| fits(&rule))
            .ok_or("no rule fits")?;
        let rule = &rules[place];
        let counter = format!("{counter}/{}", place + 1);
        let mut target = text(&rule["go_to"]);
        let mut counted = None;
        if let Some(at_most) = rule["at_most"].as_u64() {
            let taken = self.counters.get(&counter).copied().unwrap_or(0);
            if u64::from(taken) < at_most {
                counted = Some((counter, taken + 1));
            } else if rule["then"].is_null() {
                return Err("used up");
            } else {
                target = text(&rule["then"]);
            }
        }
        let leaves = target != "stay" && !step.is_null();
        if leaves && !self.tasks_open().is_empty() {
            return Err("tasks are open");
        }
        let diagnoses = list(&step["phase"]).contains(&"diagnose".to_owned());
        let has_causes = !self.file.0["causes"].is_null();
        if leaves && diagnoses && has_causes && rule["at_most"].is_null() && !self.has_cause() {
            return Err("no cause");
        }
        let outcome = self.file.outcome(&target).clone();
        if !outcome.is_null() {
            self.fulfil(op, &file::items(&outcome["needs"]))?;
            let who = list(&outcome["who"]);
            if !who.is_empty() && !who.contains(&op.role) {
                return Err("not in who of the outcome");
            }
            if outcome["counts_as"] != "resolved" && !reason {
                return Err("no reason");
            }
        }
        self.effects(op, action, rule)?;
        self.promise(action, rule, &outcome)?;
        self.acts(op.person);
        if target != "stay" {
            self.entered_by = Some(op.person);
        }
        self.counters.extend(counted);
        if !outcome.is_null() {
            self.at = target;
            self.closed = Some(self.minutes);
            self.tasks_done.clear();
        } else if target != "stay" {
            self.enter(&target);
        }
        Ok(())
    }

    fn acts(&mut self, person: u8) {
        self.acted
            .entry(self.at.clone())
            .or_default()
            .insert(person);
    }

    fn are_asked(&self, answers: &[(String, String)], asked: &[Yaml]) -> bool {
        let is_asked = |field: &str| asked.iter().any(|need| need.as_str() == Some(field));
        let mut fields = answers.iter().map(|(field, _)| field);
        fields.all(|field| is_asked(field) && !self.file.is_computed(field))
    }

    /// 6.
    fn task(&mut self, op: &Op, name: &str, answers: &[(String, String)], reason: bool) -> Said {
        let step = self.file.step(&self.at).clone();
        let task = step["tasks"][name].clone();
        if task.is_null() {
            return Err("no such task here");
        }
        if !self.file.who_of_task(&step, &task).contains(&op.role) {
            return Err("not in who");
        }
        if self.is_kept_out(op, &step["not_by"]) || self.is_kept_out(op, &task["not_by"]) {
            return Err("not by this person");
        }
        let needs = file::items(&task["needs"]);
        let asked = [&task["needs"], &task["asks"], &step["needs"], &step["asks"]];
        if !self.are_asked(answers, &asked.map(file::items).concat()) {
            return Err("not asked here");
        }
        self.record(op, answers)?;
        self.fulfil(op, &needs)?;
        if !self.tasks_done.insert(name.to_owned()) {
            return Err("done already");
        }
        self.acts(op.person);
        if !step["next"].is_null() && self.tasks_open().is_empty() {
            let next = self.file.action(&self.at, "done").ok_or("no next")?;
            let counter = format!("{}/done", self.at);
            let mut after = self.clone();
            if after.take(op, &step, &next, &counter, &[], reason).is_ok() {
                *self = after;
            }
        }
        Ok(())
    }

    /// 8: by a role of a step that names the field, and by nobody whom that step keeps out.
    fn correct(&mut self, op: &Op, field: &str, value: &str) -> Said {
        if self.file.is_computed(field) {
            return Err("it comes from a table");
        }
        let may = |name: &String| {
            let step = self.file.step(name);
            let tasks = step["tasks"].as_object().into_iter().flatten();
            let mut tasks = tasks.filter(|(_, task)| names_field(task, field));
            self.file.is_named(name, field)
                && self.file.who_of_step(step).contains(&op.role)
                && !self.is_kept_out(op, &step["not_by"])
                && !tasks.any(|(_, task)| self.is_kept_out(op, &task["not_by"]))
        };
        let steps: Vec<String> = self.steps().into_iter().filter(may).collect();
        if steps.is_empty() {
            return Err("no step lets this person");
        }
        let Some(answer) = self.answers.get(field) else {
            return Err("nothing to correct");
        };
        let step = answer.step.clone();
        self.record(op, &[(field.to_owned(), value.to_owned())])?;
        if let Some(answer) = self.answers.get_mut(field) {
            answer.step = step;
        }
        for step in steps {
            self.acted.entry(step).or_default().insert(op.person);
        }
        Ok(())
    }

    /// 23.
    fn reopen(&mut self, op: &Op) -> Said {
        let closed = self.closed.ok_or("not closed")?;
        let reopen = self.file.outcome(&self.at)["reopen"].clone();
        if reopen.is_null() {
            return Err("stays closed");
        }
        let days: i64 = text(&reopen["within"])
            .trim_end_matches(" days")
            .parse()
            .unwrap();
        let to = text(&reopen["to"]);
        let who = self.file.who_of_step(self.file.step(&to));
        if !who.contains(&op.role) && op.role != "customer" {
            return Err("not in who");
        }
        if self.minutes - closed >= days * 24 * 60 {
            return Err("too late");
        }
        self.opening += 1;
        self.counters.clear();
        self.approvals.clear();
        self.entered_by = None;
        self.enter(&to);
        Ok(())
    }
}
