//! Sends every name in every step, with everything it needs and with nothing.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use anyhow::{Context as _, ensure};
use heard_engine::case::command::{PlainAct, Way};
use heard_engine::case::event::{ActionTaken, Counted};
use heard_engine::case::{Event, Meta, Place, evolve};
use heard_engine::entry::Entry;
use heard_engine::id::{ActionName, TaskName};
use heard_engine::workflow::{
    Action, FieldIndex, FieldKind, Need, Phase, RoleSet, Rule, Step, Target, Workflow,
};
use heard_tests::desk::{Desk, No, actor, cause};

use super::snapshot;
use conditions::tested;

mod conditions;

/// Who brings a case in, does tasks, and takes actions: never the same.
const IMPORTER: u8 = 1;
const TASKS: u8 = 2;
const ACTIONS: u8 = 3;

/// The answer of each field, as people write it.
type Answers = Vec<(String, String)>;

pub fn walk(name: &str, yaml: &str) -> anyhow::Result<()> {
    let desk = Desk::new(yaml.as_bytes());
    let workflow = desk.workflow.clone();
    let mut text = String::new();
    for step in workflow.steps() {
        writeln!(text, "# {} ({})\n", step.name, step.title)?;
        for name in names(&workflow) {
            let shown = name_in_step(&desk, step, &name)
                .with_context(|| format!("{name} in the step {}", step.name))?;
            writeln!(text, "{name}\n{shown}")?;
        }
    }
    for outcome in workflow.outcomes() {
        let shown = closed(&desk, outcome.name.as_str())?;
        writeln!(
            text,
            "# closed as {} ({})\n\n{shown}",
            outcome.name, outcome.title
        )?;
    }
    snapshot(&format!("refusals-{name}"), &text);
    Ok(())
}

/// Every name of an action or a task, each once.
fn names(workflow: &Workflow) -> BTreeSet<String> {
    let mut names: BTreeSet<String> = workflow
        .anywhere()
        .keys()
        .map(ToString::to_string)
        .collect();
    for step in workflow.steps() {
        names.extend(step.actions.keys().map(ToString::to_string));
        names.extend(step.tasks.keys().map(ToString::to_string));
    }
    names
}

fn name_in_step(desk: &Desk, step: &Step, name: &str) -> anyhow::Result<String> {
    let workflow = &desk.workflow;
    let (index, _) = workflow.step(step.name.as_str()).unwrap();
    if step.tasks.contains_key(name) {
        return task_in_step(desk, step, name);
    }
    if let Some(action) = step.actions.get(name) {
        return action_in_step(desk, step, Some(step), action);
    }
    match workflow.anywhere().get(name) {
        Some(action) if !action.not_in.contains(&index) => action_in_step(desk, step, None, action),
        Some(_) | None => {
            let mut ready = enter(desk, step, &Answers::new())?;
            let role = first_role(workflow, step.who);
            let as_action = ready.action_for(name, &[], "why not");
            let refusal = refused(&mut ready, &role, &as_action)?;
            ensure!(refusal.contains("HC004"), "{refusal}");
            let as_task = ready.task(name, &[]);
            let again = refused(&mut ready, &role, &as_task)?;
            ensure!(again == refusal, "as a task: {again}");
            Ok(format!("  as {role}: {refusal}\n"))
        }
    }
}

fn task_in_step(desk: &Desk, step: &Step, name: &str) -> anyhow::Result<String> {
    let task = &step.tasks[name];
    let given = given(
        desk,
        &[&task.needs],
        &[&task.asks],
        &varied(desk, &task.needs)[0],
    );
    let mut text = String::new();
    let act = |desk: &Desk| desk.advance(way(step, name), &borrowed(&given), None);
    let mut ready = enter(desk, step, &Answers::new())?;
    for role in roles_out(&desk.workflow, task.who) {
        let act = act(&ready);
        writeln!(text, "  as {role}: {}", refused(&mut ready, &role, &act)?)?;
    }
    let role = first_role(&desk.workflow, task.who);
    let bare = ready.task(name, &[]);
    if let Err(no) = ready.clone().send(&actor(TASKS, &role), &bare) {
        writeln!(text, "  as {role}, with nothing: {no}")?;
    }
    let act = act(&ready);
    ready
        .send(&actor(TASKS, &role), &act)
        .map_err(|no| anyhow::anyhow!("{no}"))?;
    writeln!(text, "  as {role}: {}", place(&ready))?;
    if ready.case().step() == Some(&step.name) {
        let again = refused(&mut ready, &role, &act)?;
        ensure!(again.contains("HC010"), "{again}");
        writeln!(text, "  as {role}, again: {again}")?;
    }
    Ok(text)
}

/// Walks every rule of an action that can fit. `within` is its step, none for `anywhere`.
fn action_in_step(
    desk: &Desk,
    step: &Step,
    within: Option<&Step>,
    action: &Action,
) -> anyhow::Result<String> {
    let name = action.name.as_str();
    let needs = [within.map_or(&[][..], |step| &step.needs), &action.needs].concat();
    let asks = within.map_or(&[][..], |step| &step.asks);
    let role = first_role(&desk.workflow, action.who);
    let mut text = String::new();
    let mut fresh = enter(desk, step, &Answers::new())?;
    let bare = fresh.action(name, &[]);
    for role in roles_out(&desk.workflow, action.who) {
        writeln!(
            text,
            "  as {role}, with nothing: {}",
            refused(&mut fresh, &role, &bare)?
        )?;
    }
    if let Err(no) = fresh.send(&actor(ACTIONS, &role), &bare) {
        writeln!(text, "  as {role}, with nothing: {no}")?;
    }
    if within.is_some() && step.has_next && !step.tasks.is_empty() {
        writeln!(text, "  is taken with the last task")?;
        return Ok(text);
    }
    let mut lines = BTreeSet::new();
    let mut walked = BTreeSet::new();
    let conditions: Vec<Need> = needs
        .iter()
        .cloned()
        .chain(
            action
                .rules
                .iter()
                .filter_map(|rule| rule.when.clone().map(Need::Condition)),
        )
        .collect();
    for choice in varied(desk, &conditions) {
        let mut ready = enter(desk, step, &choice)?;
        make_ready(&mut ready, step, within, &choice)?;
        let given = given(&ready, &[&needs], &[asks], &choice);
        let act = ready.action_for(name, &borrowed(&given), "the customer asked for it");
        let mut used_up = ready.clone();
        let rule = match ready.send(&actor(ACTIONS, &role), &act) {
            Ok(_) => rule_taken(&ready, action)?,
            Err(no) => {
                lines.insert(format!("  as {role}: {no}"));
                continue;
            }
        };
        leads_where_declared(&ready, step, rule.go_to)?;
        walked.insert(rule.number);
        lines.insert(format!(
            "  as {role}, by rule {}: {}",
            rule.number,
            place(&ready)
        ));
        if let Some(at_most) = &rule.at_most {
            count(&mut used_up, action, rule)?;
            let result = used_up.send(&actor(ACTIONS, &role), &act).cloned();
            let shown = match (result, at_most.then) {
                (Ok(_), Some(then)) => {
                    leads_where_declared(&used_up, step, then)?;
                    place(&used_up)
                }
                (Err(No::Refused(refusal)), None) => format!("{} {refusal}", refusal.code()),
                (result, then) => anyhow::bail!("used up, with {then:?}: {result:?}"),
            };
            let times = at_most.times;
            let number = rule.number;
            lines.insert(format!(
                "  as {role}, by rule {number} after {times}: {shown}"
            ));
        }
    }
    for rule in &action.rules {
        ensure!(
            walked.contains(&rule.number),
            "rule {} of {name}",
            rule.number
        );
    }
    text.extend(lines.into_iter().map(|line| line + "\n"));
    Ok(text)
}

/// A closed case refuses every name with the same words.
fn closed(desk: &Desk, outcome: &str) -> anyhow::Result<String> {
    let mut desk = close(desk, outcome)?;
    let mut texts = BTreeSet::new();
    let role = first_role(&desk.workflow, desk.workflow.start().who);
    for name in names(&desk.workflow) {
        for act in [
            desk.action_for(&name, &[], "why not"),
            desk.task(&name, &[]),
        ] {
            let text = refused(&mut desk, &role, &act)?;
            ensure!(text.contains("HC003"), "{text}");
            texts.insert(text);
        }
    }
    ensure!(texts.len() == 1, "{texts:?}");
    Ok(format!("as {role}: {}\n", texts.pop_first().unwrap()))
}

/// Closes a case by an event: how a case comes there is not the matter here.
fn close(desk: &Desk, outcome: &str) -> anyhow::Result<Desk> {
    use heard_engine::case::event::CaseClosed;
    let mut desk = enter(desk, desk.workflow.start(), &Answers::new())?;
    let known = desk.workflow.outcome(outcome).unwrap();
    let month = 30 * 24 * 60 * heard_tests::desk::MINUTE;
    let until = heard_engine::time::Timestamp::from_micros(desk.now.micros() + month)?;
    let event = Event::CaseClosed(CaseClosed {
        counts_as: known.counts_as,
        outcome: known.name.clone(),
        owes_cause: false,
        reopen_until: known.reopen.map(|_| until),
    });
    happen(&mut desk, &event)?;
    Ok(desk)
}

/// Brings a case in at a step, with all that is filled there on every way and what is chosen.
fn enter(desk: &Desk, step: &Step, choice: &Answers) -> anyhow::Result<Desk> {
    let mut desk = desk.clone();
    let mut answers: Answers = Vec::new();
    for index in &step.filled {
        let (name, _) = desk.workflow.field_at(*index);
        answers.push((name.to_string(), chosen(&desk, *index, choice)));
    }
    // What conditions of its tasks read is there too, so that the tasks can be done.
    for index in step.tasks.values().flat_map(|task| tested(&task.needs)) {
        let (name, _) = desk.workflow.field_at(index);
        answers.push((name.to_string(), chosen(&desk, index, choice)));
    }
    let is_emptied = |name: &str| {
        let mut empties = step.empties.iter();
        empties.any(|index| desk.workflow.field_at(*index).0.as_str() == name)
    };
    answers.extend(choice.iter().filter(|(name, _)| !is_emptied(name)).cloned());
    answers.sort();
    answers.dedup_by(|a, b| a.0 == b.0);
    let act = desk.import(step.name.as_str(), &borrowed(&answers));
    let role = first_role(&desk.workflow, desk.workflow.start().who);
    desk.send(&actor(IMPORTER, &role), &act)
        .map_err(|no| anyhow::anyhow!("import: {no}"))?;
    Ok(desk)
}

/// Does the tasks and records the cause that an action of the step waits for.
fn make_ready(
    desk: &mut Desk,
    step: &Step,
    within: Option<&Step>,
    choice: &Answers,
) -> anyhow::Result<()> {
    let Some(step) = within.filter(|within| within.name == step.name) else {
        return Ok(());
    };
    for (name, task) in &step.tasks {
        let given = given(desk, &[&task.needs], &[&task.asks], choice);
        let act = desk.advance(way(step, name.as_str()), &borrowed(&given), None);
        let role = first_role(&desk.workflow, task.who);
        desk.send(&actor(TASKS, &role), &act)
            .map_err(|no| anyhow::anyhow!("{name}: {no}"))?;
    }
    if step.phases.contains(&Phase::Diagnose) {
        let causes = desk.workflow.causes().unwrap();
        let (group, names) = causes.categories.first().unwrap();
        let name = names.first().unwrap().0;
        let act = cause(group.as_str(), name.as_str(), causes.whys as usize);
        let role = first_role(&desk.workflow, step.who);
        desk.send(&actor(TASKS, &role), &act)
            .map_err(|no| anyhow::anyhow!("cause: {no}"))?;
    }
    Ok(())
}

/// Answers of all fields that needs and asks name and that have none, each once.
fn given(desk: &Desk, needs: &[&[Need]], asks: &[&[FieldIndex]], choice: &Answers) -> Answers {
    let named = needs
        .iter()
        .flat_map(|needs| needs.iter())
        .filter_map(|need| match need {
            Need::Field(field) => Some(*field),
            Need::Condition(_) => None,
        });
    let mut given: Answers = Vec::new();
    for index in named.chain(asks.iter().flat_map(|asks| asks.iter().copied())) {
        let (name, _) = desk.workflow.field_at(index);
        let is_filled = desk
            .case
            .as_ref()
            .is_some_and(|case| case.answers().contains_key(name));
        if !is_filled && given.iter().all(|(known, _)| known != name.as_str()) {
            given.push((name.to_string(), chosen(desk, index, choice)));
        }
    }
    given
}

fn chosen(desk: &Desk, index: FieldIndex, choice: &Answers) -> String {
    let (name, _) = desk.workflow.field_at(index);
    let chosen = choice.iter().find(|(field, _)| field == name.as_str());
    chosen.map_or_else(
        || domain(desk, index)[0].clone(),
        |(_, value)| value.clone(),
    )
}

/// Values that tell apart what conditions ask of a field.
fn domain(desk: &Desk, index: FieldIndex) -> Vec<String> {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    match &desk.workflow.field_at(index).1.kind {
        FieldKind::Text { pattern } => {
            let fits = |text: &&&str| pattern.as_ref().is_none_or(|p| p.matches(text));
            let text = ["a text", "AB12CD", "AB123"].iter().find(fits).unwrap();
            words(&[*text])
        }
        FieldKind::LongText => words(&["Many words"]),
        FieldKind::YesNo => words(&["yes", "no"]),
        FieldKind::Choice { of } => of.clone(),
        FieldKind::Number { .. } => words(&["2", "7", "9"]),
        FieldKind::Money { .. } => words(&["50 EUR", "200 EUR", "600 EUR"]),
        FieldKind::Date => words(&["2026-09-01"]),
        FieldKind::Document => words(&["receipt.pdf"]),
        FieldKind::List => words(&["shade, plug"]),
    }
}

/// Every choice of answers for the fields that the conditions among these needs read.
fn varied(desk: &Desk, needs: &[Need]) -> Vec<Answers> {
    let mut choices = vec![Answers::new()];
    for index in tested(needs) {
        let name = desk.workflow.field_at(index).0.to_string();
        let values = domain(desk, index);
        let longer = choices.iter().flat_map(|choice| {
            values.iter().map(|value| {
                let mut choice = choice.clone();
                choice.push((name.clone(), value.clone()));
                choice
            })
        });
        choices = longer.collect();
    }
    choices
}

fn borrowed(answers: &Answers) -> Vec<(&str, &str)> {
    answers
        .iter()
        .map(|(field, value)| (field.as_str(), value.as_str()))
        .collect()
}

fn way(step: &Step, name: &str) -> Way {
    if step.tasks.contains_key(name) {
        Way::Task(TaskName::new(name).unwrap())
    } else {
        Way::Action(ActionName::new(name).unwrap())
    }
}

fn refused(desk: &mut Desk, role: &str, act: &PlainAct) -> anyhow::Result<String> {
    let before = desk.case.clone();
    match desk.send(&actor(ACTIONS, role), act).cloned() {
        Ok(case) => anyhow::bail!("accepted: {:?}", case.place()),
        Err(no) => {
            ensure!(desk.case == before, "a refusal changes nothing");
            Ok(no.to_string())
        }
    }
}

fn first_role(workflow: &Workflow, who: RoleSet) -> String {
    workflow
        .role_names(who)
        .next()
        .expect("somebody may")
        .to_string()
}

fn roles_out(workflow: &Workflow, who: RoleSet) -> Vec<String> {
    let all = workflow.roles().keys();
    let is_out = |name: &&_| !workflow.role_names(who).any(|role| role == *name);
    all.filter(is_out).map(ToString::to_string).collect()
}

fn rule_taken<'a>(desk: &Desk, action: &'a Action) -> anyhow::Result<&'a Rule> {
    let entry = Entry::decode(desk.entries.last().unwrap())?;
    let number = entry.events.iter().find_map(|event| {
        let Event::ActionTaken(taken) = event else {
            return None;
        };
        (taken.action == action.name).then_some(taken.rule)
    });
    let number = number.context("no action was taken")?;
    action
        .rules
        .iter()
        .find(|rule| rule.number == number)
        .context("no such rule")
}

fn leads_where_declared(desk: &Desk, from: &Step, target: Target) -> anyhow::Result<()> {
    let case = desk.case();
    let is_there = match target {
        Target::Stay => case.step() == Some(&from.name) && case.visit() == 1,
        Target::Step(step) => {
            case.step() == Some(&desk.workflow.step_at(step).name) && case.visit() == 2
        }
        Target::Outcome(outcome) => case
            .closing()
            .is_some_and(|closing| closing.outcome == desk.workflow.outcome_at(outcome).name),
    };
    ensure!(is_there, "it led to {}", place(desk));
    Ok(())
}

fn place(desk: &Desk) -> String {
    match desk.case().place() {
        Place::Step(step) => step.to_string(),
        Place::Outcome(closing) => format!("closed as {}", closing.outcome),
        Place::Merged(merging) => format!("merged into {}", merging.into),
    }
}

/// Makes a rule used up, as if it had been taken as often as it may be.
fn count(desk: &mut Desk, action: &Action, rule: &Rule) -> anyhow::Result<()> {
    let at_most = rule.at_most.as_ref().unwrap();
    for times in 1..=at_most.times {
        let event = Event::ActionTaken(ActionTaken {
            action: action.name.clone(),
            counted: Some(Counted {
                counter: at_most.counter.to_string(),
                times,
            }),
            reason: None,
            rule: rule.number,
            stays: true,
            used_up: false,
        });
        happen(desk, &event)?;
    }
    Ok(())
}

fn happen(desk: &mut Desk, event: &Event) -> anyhow::Result<()> {
    let case = desk.case.take().unwrap();
    let workflow = case.workflow().clone();
    let meta = Meta {
        revision: case.revision(),
        at: case.updated_at(),
        actor: &actor(IMPORTER, "agent"),
        workflow: &workflow,
    };
    desk.case = Some(evolve(Some(case), &meta, event)?);
    Ok(())
}
