//! What the lint claims about ways and people, held to what really happens: to cases led at random
//! by the engine itself, and to every walk of a plan, taken one by one.

mod timely;

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use uuid::Uuid;

use crate::case::command::{Advance, Open, Origin, Way};
use crate::case::{Act, Actor, Case, Command, Commitment, Facts, Held, Meta, decide, evolve};
use crate::code::Code;
use crate::finding::{Finding, Level};
use crate::id::{Digest, FieldName, PersonId, PrincipalId, Revision, RoleName, WorkflowId};
use crate::lint::check;
use crate::lint::random::{ActionPlan, Extent, Plan, ROLES, RulePlan, StepPlan, plans};
use crate::time::Timestamp;
use crate::value::Value;
use crate::workflow::{self, Phase, Workflow};

/// After so many acts at random a case that can be closed has been, whatever the counters.
const ACTS_MAX: usize = 3_000;
/// After so many acts in a trap it is believed to be one.
const TRAPPED_ACTS: usize = 60;
/// A case of a workflow that is not sound is led so far, to see whether it comes into a trap.
const UNSOUND_ACTS: usize = 150;

fn errors(findings: &[Finding]) -> Vec<&Finding> {
    let is_error = |finding: &&Finding| finding.level == Level::Error;
    findings.iter().filter(is_error).collect()
}

/// A case led by people who do whatever they may.
struct Led<'w> {
    workflow: &'w Workflow,
    case: Option<Case>,
    /// The state of a small generator, so that a walk can be told again.
    chance: u64,
}

impl<'w> Led<'w> {
    fn open(workflow: &'w Workflow, chance: u64) -> Self {
        let mut led = Led {
            workflow,
            case: None,
            chance,
        };
        let open = Act::Open(Open {
            origin: Origin::default(),
            customer: None,
            received_at: None,
            reference: None,
            team: None,
            version: None,
            workflow: WorkflowId::new("random").unwrap(),
        });
        assert!(led.send(0, open), "a case can be opened");
        led
    }

    /// Returns a number below another.
    fn below(&mut self, count: usize) -> usize {
        self.chance = self
            .chance
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.chance >> 33).unwrap() % count
    }

    /// Sends what one of four people asks, two of each role. Returns whether it was accepted.
    fn send(&mut self, person: usize, act: Act<Held, Commitment>) -> bool {
        let command = Command {
            act,
            actor: Actor {
                person: PersonId::new(Uuid::from_u128(person as u128 + 1)),
                principal: PrincipalId::new(Uuid::from_u128(9)),
                role: RoleName::new(ROLES[person % 2]).unwrap(),
                via: None,
            },
            at: Timestamp::from_micros(0).unwrap(),
        };
        let facts = Facts::default();
        let Ok(events) = decide(self.workflow, self.case.as_ref(), &facts, &command) else {
            return false;
        };
        let revision = self
            .case
            .as_ref()
            .map_or(Revision(0), Case::revision)
            .next();
        let meta = Meta {
            revision,
            at: command.at,
            actor: &command.actor,
            workflow: self.workflow.reference(),
        };
        for event in &events {
            self.case = Some(evolve(self.case.take(), &meta, event).unwrap());
        }
        true
    }

    /// Returns the step that the case is in, or that it is closed.
    fn step(&self) -> Option<String> {
        self.case.as_ref()?.step().map(ToString::to_string)
    }

    /// Does something that may be done. Returns whether there was anything.
    fn act(&mut self) -> bool {
        let step = self.step().unwrap();
        let (_, compiled) = self.workflow.step(&step).unwrap();
        let tasks = compiled
            .tasks
            .keys()
            .map(|task| (Way::Task(task.clone()), true));
        let own = compiled
            .actions
            .keys()
            .map(|action| (Way::Action(action.clone()), true));
        let anywhere = self.workflow.anywhere().keys();
        let anywhere = anywhere.map(|action| (Way::Action(action.clone()), false));
        let ways: Vec<(Way, bool)> = tasks.chain(own).chain(anywhere).collect();
        let mut tries: Vec<(usize, usize)> = (0..4)
            .flat_map(|person| (0..ways.len()).map(move |way| (person, way)))
            .collect();
        while !tries.is_empty() {
            let pick = self.below(tries.len());
            let (person, way) = tries.swap_remove(pick);
            let (way, is_own) = ways[way].clone();
            let asks_ok = is_own || self.asks_ok(&way);
            let ok = Value::YesNo(self.below(2) == 0);
            let note = Value::Text("Noted".to_owned());
            let answer = |name: &str, value| (FieldName::new(name).unwrap(), Held::Open(value));
            let mut answers = Vec::new();
            if asks_ok {
                answers.push(answer("ok", ok));
            }
            if is_own {
                answers.push(answer("note", note));
            }
            let act = Act::Advance(Advance {
                answers,
                reason: Some(Commitment(Digest([7; 32]))),
                way,
            });
            if self.send(person, act) {
                return true;
            }
        }
        false
    }

    fn asks_ok(&self, way: &Way) -> bool {
        match way {
            Way::Task(_) => false,
            Way::Action(name) => {
                let action = self.workflow.anywhere().get(name);
                action.is_some_and(|action| !action.needs.is_empty())
            }
        }
    }
}

/// Everything that counts for what a case may do next, beside who it was.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct At {
    place: usize,
    done: BTreeSet<Phase>,
    clock: Runs,
    promise: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Runs {
    NotYet,
    Running,
    Over,
}

/// What happens on the way from one place to another.
#[derive(Clone, Copy)]
enum Leaving<'a> {
    By(&'a ActionPlan, &'a RulePlan),
    Anywhere(&'a ActionPlan),
    Late,
    Reopened,
}

/// Walks a plan and collects every state that a case can be in.
struct Walker<'a> {
    plan: &'a Plan,
    seen: BTreeSet<At>,
    waiting: Vec<At>,
}

impl Walker<'_> {
    fn all(plan: &Plan) -> BTreeSet<At> {
        let mut walker = Walker {
            plan,
            seen: BTreeSet::new(),
            waiting: Vec::new(),
        };
        let opened = plan
            .clock
            .as_ref()
            .is_some_and(|clock| clock.from.is_none_or(|from| plan.step(from) == 0));
        walker.waiting.push(At {
            place: 0,
            done: BTreeSet::new(),
            clock: if opened { Runs::Running } else { Runs::NotYet },
            promise: false,
        });
        while let Some(at) = walker.waiting.pop() {
            if walker.seen.insert(at.clone()) {
                walker.leave(&at);
            }
        }
        walker.seen
    }

    fn leave(&mut self, at: &At) {
        let plan = self.plan;
        let Some(step) = plan.steps.get(at.place) else {
            if let Some(to) = plan.reopen.filter(|_| at.place == plan.steps.len() + 1) {
                self.go(at, plan.step(to), Leaving::Reopened);
            }
            return;
        };
        for action in &step.actions {
            for rule in action.rules() {
                self.follow(at, rule, Leaving::By(action, rule));
            }
        }
        for action in plan
            .anywhere
            .iter()
            .filter(|action| plan.is_offered(action, at.place))
        {
            for rule in action.rules() {
                self.follow(at, rule, Leaving::Anywhere(action));
            }
        }
        let clock = plan.clock.as_ref().filter(|_| at.clock == Runs::Running);
        let promise = plan.promise.filter(|_| at.promise);
        let late = step
            .due
            .map(|(to, _)| to)
            .into_iter()
            .chain(clock.map(|c| c.to))
            .chain(promise);
        for to in late.map(|to| plan.place(to)).filter(|to| *to != at.place) {
            self.go(at, to, Leaving::Late);
        }
    }

    fn follow(&mut self, at: &At, rule: &RulePlan, leaving: Leaving<'_>) {
        let then = rule.at_most.and_then(|(_, then)| then);
        if rule.to.is_none() {
            let mut stays = at.clone();
            effects(leaving, &mut stays);
            self.waiting.push(stays);
        }
        for to in rule.to.into_iter().chain(then) {
            self.go(at, self.plan.place(to), leaving);
        }
    }

    fn go(&mut self, at: &At, to: usize, leaving: Leaving<'_>) {
        let plan = self.plan;
        let mut next = at.clone();
        if let (Leaving::By(_, rule), Some(step)) = (leaving, plan.steps.get(at.place)) {
            let counts = |phase: &&Phase| **phase != Phase::Diagnose || rule.at_most.is_none();
            next.done.extend(step.phases.iter().filter(counts));
        }
        effects(leaving, &mut next);
        next.place = to;
        let is_closed = to >= plan.steps.len();
        next.promise &= !is_closed && plan.promise.is_some();
        if let Some(clock) = &plan.clock {
            let starts = clock.from.is_some_and(|from| plan.step(from) == to);
            next.clock = match next.clock {
                Runs::Running if plan.place(clock.until) == to => Runs::Over,
                Runs::Running if is_closed && !clock.statutory => Runs::Over,
                Runs::NotYet if starts => Runs::Running,
                same @ (Runs::Running | Runs::NotYet | Runs::Over) => same,
            };
        }
        self.waiting.push(next);
    }
}

fn effects(leaving: Leaving<'_>, at: &mut At) {
    match leaving {
        Leaving::By(action, _) | Leaving::Anywhere(action) => {
            at.promise = (at.promise && !action.keeps) || action.makes;
        }
        Leaving::Late | Leaving::Reopened => {}
    }
}

/// The codes of the method that a plan deserves.
fn deserved(plan: &Plan) -> BTreeSet<Code> {
    let order = [
        Phase::Hear,
        Phase::Empathize,
        Phase::Apologize,
        Phase::Resolve,
    ];
    let states = Walker::all(plan);
    let step = |at: &At| plan.steps.get(at.place);
    let has = |phase: Phase| plan.steps.iter().any(|step| step.phases.contains(&phase));
    let mut codes = BTreeSet::new();
    for (number, code) in [Code::H211, Code::H212, Code::H213].into_iter().enumerate() {
        let (before, later) = (order[number], &order[number + 1..]);
        let is_early = |step: &StepPlan, done: &BTreeSet<Phase>| {
            let place = |phase| step.phases.iter().position(|served| *served == phase);
            let own = place(later[0]);
            own.is_some_and(|own| place(before).is_none_or(|first| first > own))
                && !done.contains(&before)
        };
        let is_later = |step: &StepPlan| step.phases.iter().any(|phase| later.contains(phase));
        let is_broken = states.iter().any(|at| {
            step(at).is_some_and(|step| {
                if has(before) {
                    is_early(step, &at.done)
                } else {
                    is_later(step)
                }
            })
        });
        if is_broken {
            codes.insert(code);
        }
    }
    let gives_early = states
        .iter()
        .filter(|at| !at.done.contains(&Phase::Apologize))
        .any(|at| {
            let Some(step) = step(at) else { return false };
            let apologises = step.phases.contains(&Phase::Apologize);
            let own = step.actions.iter().any(|action| {
                let stays = action.rules().any(|rule| rule.to.is_none());
                action.gives && (!apologises || stays)
            });
            own || plan
                .anywhere
                .iter()
                .any(|action| action.gives && plan.is_offered(action, at.place))
        });
    if gives_early {
        codes.insert(Code::H214);
    }
    let resolved = plan.steps.len();
    if states
        .iter()
        .any(|at| at.place == resolved && !at.done.contains(&Phase::Diagnose))
    {
        codes.insert(Code::H215);
    }
    codes
}

/// Returns whether a chain with `not_by` can be gone through by two people of each role, trying
/// every choice of them.
fn can_be_gone_through(plan: &Plan) -> bool {
    // By step: who acted in it.
    let mut states = BTreeSet::from([BTreeMap::<usize, BTreeSet<usize>>::new()]);
    for (number, step) in plan.steps.iter().enumerate() {
        // The tasks, then the action; any order of the tasks comes to the same, as all of them
        // keep out the same people.
        let tasks = step.tasks.iter().map(|task| plan.task_who(step, *task));
        for who in tasks.chain([step.who]) {
            let mut next = BTreeSet::new();
            for state in &states {
                for person in (0..4).filter(|person| who[person % 2]) {
                    let acted = |other: &usize| {
                        state
                            .get(&plan.step(*other))
                            .is_some_and(|who| who.contains(&person))
                    };
                    if !step.not_by.iter().any(acted) {
                        let mut after = state.clone();
                        after.entry(number).or_default().insert(person);
                        next.insert(after);
                    }
                }
            }
            states = next;
        }
    }
    !states.is_empty()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn sound_workflows_end_and_traps_do_not(plan in plans(Extent::Acts), chance in any::<u64>()) {
        let yaml = format!("model: custom\n{}", plan.yaml());
        let findings = check(yaml.as_bytes()).findings;
        let errors = errors(&findings);
        let Ok(workflow) = workflow::load(yaml.as_bytes()) else {
            prop_assert!(!errors.is_empty());
            return Ok(());
        };
        let of_trap = errors.iter().filter(|finding| finding.code == Code::H203);
        let spans = of_trap.flat_map(|finding| {
            [finding.span].into_iter().chain(finding.labels.iter().map(|label| label.span))
        });
        let lines: Vec<&str> = yaml.lines().collect();
        let name = |line: u32| lines[line as usize - 1].trim().trim_end_matches(':').to_owned();
        let traps: BTreeSet<String> = spans.map(|span| name(span.line)).collect();
        let mut led = Led::open(&workflow, chance);
        let mut trapped = 0;
        let acts = if errors.is_empty() { ACTS_MAX } else { UNSOUND_ACTS };
        for _ in 0..acts {
            let Some(step) = led.step() else { break };
            if traps.contains(&step) {
                trapped += 1;
            } else {
                prop_assert_eq!(trapped, 0, "no way leads out of a trap");
            }
            let acted = led.act();
            prop_assert!(acted || !errors.is_empty(), "nothing may be done in `{}`", step);
            if !acted || trapped > TRAPPED_ACTS {
                break;
            }
        }
        let is_closed = led.step().is_none();
        prop_assert!(trapped == 0 || !is_closed, "a trap led to an outcome");
        prop_assert!(is_closed || !errors.is_empty(), "a sound workflow did not end:\n{}", yaml);
    }

    #[test]
    fn verdicts_on_the_method_are_those_of_every_walk(plan in plans(Extent::Deadlines)) {
        let yaml = plan.yaml();
        let findings = check(yaml.as_bytes()).findings;
        let of_method = Code::H211..=Code::H215;
        let found: BTreeSet<Code> =
            findings.iter().map(|finding| finding.code).filter(|c| of_method.contains(c)).collect();
        let read = errors(&findings).iter().all(|finding| finding.code > Code::H106);
        prop_assert!(read, "{}\n{:?}", yaml, errors(&findings));
        prop_assert_eq!(found, deserved(&plan), "{}", yaml);
    }

    #[test]
    fn nobody_is_left_only_where_no_choice_of_people_goes_through(plan in plans(Extent::Chain)) {
        let yaml = format!("model: custom\n{}", plan.yaml());
        let findings = check(yaml.as_bytes()).findings;
        let is_found = findings.iter().any(|finding| finding.code == Code::H403);
        let told = errors(&findings);
        // Acts that no `not_by` ties to the step are not looked at, so the converse may fail.
        prop_assert!(!is_found || !can_be_gone_through(&plan), "{}\n{:?}", yaml, told);
    }
}

#[test]
fn random_workflows_are_sound_often_enough() {
    use proptest::strategy::ValueTree as _;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let plans = plans(Extent::Acts);
    let sound = (0..200).filter(|_| {
        let plan = plans.new_tree(&mut runner).unwrap().current();
        let yaml = format!("model: custom\n{}", plan.yaml());
        errors(&check(yaml.as_bytes()).findings).is_empty()
    });
    let sound = sound.count();
    assert!(
        sound >= 10,
        "only {sound} of 200 are sound, so the property says little"
    );
}
