//! Random small workflows for property tests: as data that a test can walk by itself, and as the
//! file that says the same.
//!
//! Targets are numbers, taken round by the count of places, so that every plan is a workflow.

use std::fmt::Write as _;

use proptest::collection::vec;
use proptest::option::{of, weighted};
use proptest::prelude::*;

use crate::workflow::Phase;

/// The outcomes of every plan; the first counts as resolved. Their places follow the steps.
pub(crate) const OUTCOMES: [&str; 2] = ["fine", "failed"];
/// The roles of every plan.
pub(crate) const ROLES: [&str; 2] = ["agent", "lead"];
/// The phases that steps are given, those of the proofs more often than others.
const PHASES: [Phase; 6] = [
    Phase::Hear,
    Phase::Empathize,
    Phase::Apologize,
    Phase::Resolve,
    Phase::Diagnose,
    Phase::Wait,
];

/// Which constructs a plan may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// What a case can be led through by commands alone, with people enough for everything.
    Acts,
    /// Deadlines, promises, giving and reopening as well.
    Deadlines,
    /// No loops and one way on from each step, but `not_by`.
    Chain,
}

/// A workflow.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) steps: Vec<StepPlan>,
    pub(crate) anywhere: Vec<ActionPlan>,
    /// A clock, with where it starts, stops, and leads when it is late.
    pub(crate) clock: Option<ClockPlan>,
    /// Where a broken promise leads.
    pub(crate) promise: Option<usize>,
    /// Into which step a failed case is reopened.
    pub(crate) reopen: Option<usize>,
}

#[derive(Debug, Clone)]
pub(crate) struct ClockPlan {
    /// `None` for `opened`.
    pub(crate) from: Option<usize>,
    pub(crate) until: usize,
    pub(crate) to: usize,
    pub(crate) statutory: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct StepPlan {
    pub(crate) phases: Vec<Phase>,
    /// By role: whether it is in `who`.
    pub(crate) who: [bool; 2],
    pub(crate) not_by: Vec<usize>,
    pub(crate) has_needs: bool,
    /// By task: its roles; all of the step where none is named.
    pub(crate) tasks: Vec<[bool; 2]>,
    pub(crate) actions: Vec<ActionPlan>,
    /// Where its deadline leads, and whether as the normal end.
    pub(crate) due: Option<(usize, bool)>,
}

#[derive(Debug, Clone)]
pub(crate) struct ActionPlan {
    /// Taken under a condition, before the last.
    pub(crate) first: Option<RulePlan>,
    pub(crate) last: RulePlan,
    pub(crate) gives: bool,
    pub(crate) makes: bool,
    pub(crate) keeps: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct RulePlan {
    /// A place; `None` for `stay`.
    pub(crate) to: Option<usize>,
    /// How often, and where it leads after that.
    pub(crate) at_most: Option<(u32, Option<usize>)>,
}

impl ActionPlan {
    pub(crate) fn rules(&self) -> impl Iterator<Item = &RulePlan> {
        self.first.iter().chain([&self.last])
    }
}

impl Plan {
    /// Returns the place that a number stands for: a step, or an outcome behind them.
    pub(crate) fn place(&self, number: usize) -> usize {
        number % (self.steps.len() + OUTCOMES.len())
    }

    /// Returns the step that a number stands for.
    pub(crate) fn step(&self, number: usize) -> usize {
        number % self.steps.len()
    }

    /// Returns the name of a place.
    pub(crate) fn name(&self, place: usize) -> String {
        match place.checked_sub(self.steps.len()) {
            None => format!("s{place}"),
            Some(outcome) => OUTCOMES[outcome].to_owned(),
        }
    }

    /// Returns whether an action of `anywhere` is possible in a step: not in its own targets.
    pub(crate) fn is_offered(&self, action: &ActionPlan, step: usize) -> bool {
        let then = action.rules().filter_map(|rule| rule.at_most?.1);
        let mut targets = action.rules().filter_map(|rule| rule.to).chain(then);
        targets.all(|target| self.place(target) != step)
    }

    /// Writes the file.
    pub(crate) fn yaml(&self) -> String {
        let mut file = "heard: 1\nworkflow: random\nversion: 1\ntitle: Random\nroles:\n  agent: \
                        {title: Agent}\n  lead: {title: Lead}\nfields:\n  ok: {type: yes_no, \
                        each_time: yes}\n  note: {type: text}\n  gift: {type: money, currency: \
                        EUR, limit: gift, max: 5 EUR}\nlimits:\n  gift: {agent: 5 EUR}\n"
            .to_owned();
        if let Some(to) = self.promise {
            let to = self.name(self.place(to));
            writeln!(
                file,
                "promises:\n  call: {{text: We call, within: 1 day, late: {{go_to: {to}}}}}"
            )
            .unwrap();
        }
        if let Some(clock) = &self.clock {
            let from = clock
                .from
                .map_or_else(|| "opened".to_owned(), |n| self.name(self.step(n)));
            let (until, to) = (
                self.name(self.place(clock.until)),
                self.name(self.place(clock.to)),
            );
            let statutory = clock.statutory;
            writeln!(
                file,
                "clocks:\n  clock: {{from: {from}, until: {until}, within: 1 day, statutory: \
                 {statutory}, late: {{go_to: {to}}}}}"
            )
            .unwrap();
        }
        file.push_str("start: s0\nsteps:\n");
        for (number, step) in self.steps.iter().enumerate() {
            self.step_yaml(number, step, &mut file);
        }
        let reopen = self.reopen.map_or_else(String::new, |to| {
            format!(
                ", reopen: {{to: {}, within: 30 days}}",
                self.name(self.step(to))
            )
        });
        writeln!(
            file,
            "outcomes:\n  fine: {{counts_as: resolved}}\n  failed: {{counts_as: \
             not_resolved{reopen}}}"
        )
        .unwrap();
        if !self.anywhere.is_empty() {
            file.push_str("anywhere:\n");
        }
        for (number, action) in self.anywhere.iter().enumerate() {
            let action = self.action(action, ", who: [agent, lead]");
            writeln!(file, "  w{number}: {action}").unwrap();
        }
        file
    }

    fn step_yaml(&self, number: usize, step: &StepPlan, file: &mut String) {
        let phases: Vec<_> = step.phases.iter().map(|phase| phase.as_str()).collect();
        let (phases, who) = (phases.join(", "), roles(step.who));
        writeln!(
            file,
            "  s{number}:\n    phase: [{phases}]\n    who: [{who}]"
        )
        .unwrap();
        let not_by: Vec<_> = step
            .not_by
            .iter()
            .map(|n| self.name(self.step(*n)))
            .collect();
        if !not_by.is_empty() {
            writeln!(file, "    not_by: [{}]", not_by.join(", ")).unwrap();
        }
        if step.has_needs {
            file.push_str("    needs: [note]\n");
        }
        file.push_str("    asks: [ok, note]\n");
        if let Some((to, is_end)) = step.due {
            let to = self.name(self.place(to));
            let late = if is_end {
                format!("then: {to}")
            } else {
                format!("late: {{go_to: {to}}}")
            };
            writeln!(file, "    due: {{in: 1 day, {late}}}").unwrap();
        }
        if !step.tasks.is_empty() {
            file.push_str("    tasks:\n");
        }
        for (number, task) in step.tasks.iter().enumerate() {
            writeln!(
                file,
                "      t{number}: {{who: [{}]}}",
                roles(self.task_who(step, *task))
            )
            .unwrap();
        }
        file.push_str("    actions:\n");
        for (number, action) in step.actions.iter().enumerate() {
            writeln!(file, "      a{number}: {}", self.action(action, "")).unwrap();
        }
    }

    /// Returns who does a task of a step.
    #[expect(
        clippy::unused_self,
        reason = "read beside the other questions of a plan"
    )]
    pub(crate) fn task_who(&self, step: &StepPlan, task: [bool; 2]) -> [bool; 2] {
        let both = [0, 1].map(|role| step.who[role] && task[role]);
        if both == [false, false] {
            step.who
        } else {
            both
        }
    }

    fn action(&self, action: &ActionPlan, more: &str) -> String {
        let mut words = more.trim_start_matches(", ").to_owned();
        let mut add = |text: &str| {
            let comma = if words.is_empty() { "" } else { ", " };
            words = format!("{words}{comma}{text}");
        };
        if action.gives {
            add("gives: [gift]");
        }
        if self.promise.is_some() && action.makes {
            add("makes: [call]");
        }
        if self.promise.is_some() && action.keeps {
            add("keeps: [call]");
        }
        match &action.first {
            None => add(&self.rule(&action.last)),
            Some(first) => {
                add("needs: [ok]");
                let (first, last) = (self.rule(first), self.rule(&action.last));
                add(&format!(
                    "rules: [{{when: {{ok: yes}}, {first}}}, {{{last}}}]"
                ));
            }
        }
        format!("{{{words}}}")
    }

    fn rule(&self, rule: &RulePlan) -> String {
        let name = |to: Option<usize>| {
            to.map_or_else(|| "stay".to_owned(), |to| self.name(self.place(to)))
        };
        let mut words = format!("go_to: {}", name(rule.to));
        if let Some((times, then)) = rule.at_most {
            write!(words, ", at_most: {times}").unwrap();
            if then.is_some() {
                write!(words, ", then: {}", name(then)).unwrap();
            }
        }
        words
    }
}

fn roles(who: [bool; 2]) -> String {
    let named = ROLES.iter().zip(who).filter(|(_, is_in)| *is_in);
    named.map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
}

/// Makes plans.
pub(crate) fn plans(extent: Extent) -> BoxedStrategy<Plan> {
    let is_full = extent == Extent::Deadlines;
    let anywhere = match extent {
        Extent::Chain => 0,
        Extent::Acts | Extent::Deadlines => 1,
    };
    let clock = (of(0..8_usize), 0..8_usize, 0..8_usize, any::<bool>()).prop_map(
        |(from, until, to, statutory)| ClockPlan {
            from,
            until,
            to,
            statutory,
        },
    );
    let plan = (
        vec(step(extent), 1..=5),
        vec(action(extent), 0..=anywhere),
        any::<bool>(),
        only_if(is_full, clock),
        only_if(is_full, 0..8_usize),
        only_if(is_full, 0..8_usize),
    );
    plan.prop_map(
        move |(steps, anywhere, is_mended, clock, promise, reopen)| {
            let mut plan = Plan {
                steps,
                anywhere,
                clock,
                promise,
                reopen,
            };
            match extent {
                Extent::Chain => straighten(&mut plan),
                Extent::Acts if is_mended => mend(&mut plan),
                Extent::Acts | Extent::Deadlines => {}
            }
            plan
        },
    )
    .boxed()
}

fn only_if<S: Strategy>(may_be: bool, strategy: S) -> impl Strategy<Value = Option<S::Value>> {
    of(strategy).prop_map(move |value| value.filter(|_| may_be))
}

/// Lets every step lead on, and counts what leads back, so that most plans are sound.
fn mend(plan: &mut Plan) {
    let places = plan.steps.len() + OUTCOMES.len();
    for (number, step) in plan.steps.iter_mut().enumerate() {
        let actions = step.actions.iter_mut();
        for rule in actions.flat_map(|action| action.first.iter_mut().chain([&mut action.last])) {
            let leads_back = rule.to.is_some_and(|to| to % places <= number);
            rule.at_most = match rule.at_most {
                Some((times, _)) => Some((times, Some(number + 1))),
                None => leads_back.then_some((2, Some(number + 1))),
            };
        }
        if let Some(action) = step.actions.first_mut() {
            action.last = RulePlan {
                to: Some(number + 1),
                at_most: None,
            };
        }
    }
    for action in &mut plan.anywhere {
        for rule in action.first.iter_mut().chain([&mut action.last]) {
            rule.at_most = Some((1, Some(places - 1)));
        }
    }
}

/// Lets every step lead to the one after it, and keep out only who acted before.
fn straighten(plan: &mut Plan) {
    for (number, step) in plan.steps.iter_mut().enumerate() {
        step.actions.truncate(1);
        for action in &mut step.actions {
            action.first = None;
            action.last = RulePlan {
                to: Some(number + 1),
                at_most: None,
            };
        }
        step.not_by.retain(|other| *other <= number);
        step.not_by.sort_unstable();
        step.not_by.dedup();
    }
}

fn step(extent: Extent) -> impl Strategy<Value = StepPlan> {
    let is_full = extent == Extent::Deadlines;
    let not_by = match extent {
        Extent::Chain => 3,
        Extent::Acts | Extent::Deadlines => 0,
    };
    let who = prop_oneof![Just([true, false]), Just([false, true]), Just([true, true])];
    let plan = (
        vec(proptest::sample::select(&PHASES[..]), 1..=2),
        who,
        vec(0..5_usize, 0..=not_by),
        any::<bool>(),
        vec(any::<[bool; 2]>(), 0..=2),
        vec(action(extent), 1..=3),
        only_if(is_full, (0..8_usize, any::<bool>())),
    );
    plan.prop_map(
        |(phases, who, not_by, has_needs, tasks, actions, due)| StepPlan {
            phases,
            who,
            not_by,
            has_needs,
            tasks,
            actions,
            due,
        },
    )
}

fn action(extent: Extent) -> impl Strategy<Value = ActionPlan> {
    let is_full = extent == Extent::Deadlines;
    let flags = (any::<bool>(), any::<bool>(), any::<bool>());
    (weighted(0.3, rule()), rule(), flags).prop_map(move |(first, last, (gives, makes, keeps))| {
        ActionPlan {
            first,
            last,
            gives: is_full && gives,
            makes: is_full && makes,
            keeps: is_full && keeps,
        }
    })
}

fn rule() -> impl Strategy<Value = RulePlan> {
    let counted = weighted(0.4, (1..4_u32, weighted(0.7, 0..8_usize)));
    (weighted(0.9, 0..8_usize), counted).prop_map(|(to, at_most)| RulePlan { to, at_most })
}
