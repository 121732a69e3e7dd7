//! Random acts: mostly what fits the case as it is, and now and then anything at all.

use heard_engine::case::command::{Act, PlainAct, RecordCause, ReviewCause, ReviewVerdict, Way};
use heard_engine::id::{ActionName, TaskName};
use heard_tests::desk::{Desk, cause, note, reopen};
use serde_json::Value as Yaml;

use super::naive::Naive;

/// How many people act.
pub const PEOPLE: u8 = 5;
/// Never near the end of the 30 and 60 days within which cases are reopened.
const WAITS: [i64; 4] = [7 * 24 * 60 + 5 * 60, 31 * 24 * 60, 10, 60];

/// One act of a person in a role.
#[derive(Debug, Clone)]
pub struct Op {
    pub person: u8,
    pub role: String,
    /// Minutes that pass before.
    pub wait: i64,
    pub does: Does,
}

type Answers = Vec<(String, String)>;

#[derive(Debug, Clone)]
pub enum Does {
    Open,
    Import {
        step: String,
        answers: Answers,
    },
    Action {
        name: String,
        answers: Answers,
        reason: bool,
    },
    Task {
        name: String,
        answers: Answers,
        reason: bool,
    },
    Correct {
        field: String,
        value: String,
    },
    Note,
    Reopen,
    Cause {
        group: String,
        name: String,
        whys: usize,
    },
    Revise {
        group: String,
        name: String,
        revises: Option<usize>,
        draft: bool,
    },
    Review {
        number: usize,
        returns: bool,
    },
}

impl Op {
    pub fn act(&self, desk: &Desk) -> PlainAct {
        let advance = |way: Way, answers: &Answers, reason: bool| {
            let reason = reason.then_some("the customer asked for it");
            desk.advance(way, &borrowed(answers), reason)
        };
        match &self.does {
            Does::Open => desk.open(),
            Does::Import { step, answers } => desk.import(step, &borrowed(answers)),
            Does::Action {
                name,
                answers,
                reason,
            } => advance(
                Way::Action(ActionName::new(name).unwrap()),
                answers,
                *reason,
            ),
            Does::Task {
                name,
                answers,
                reason,
            } => advance(Way::Task(TaskName::new(name).unwrap()), answers, *reason),
            Does::Correct { field, value } => desk.correct(field, value, "misheard"),
            Does::Note => note("They called again"),
            Does::Reopen => reopen("It broke again"),
            Does::Cause { group, name, whys } => cause(group, name, *whys),
            Does::Revise {
                group,
                name,
                revises,
                draft,
            } => revised(cause(group, name, 3), *revises, *draft),
            Does::Review { number, returns } => review(*number, *returns),
        }
    }
}

fn revised(recorded: PlainAct, revises: Option<usize>, draft: bool) -> PlainAct {
    let Act::RecordCause(record) = recorded else {
        panic!("recording a cause is another act");
    };
    Act::RecordCause(RecordCause {
        draft,
        revises: revises.map(|number| u32::try_from(number).unwrap()),
        ..record
    })
}

fn review(number: usize, returns: bool) -> PlainAct {
    let verdict = if returns {
        ReviewVerdict::Return {
            reason: "The second why is not shown".to_owned(),
        }
    } else {
        ReviewVerdict::Accept { note: None }
    };
    Act::ReviewCause(ReviewCause {
        number: u32::try_from(number).unwrap(),
        verdict,
    })
}

fn borrowed(answers: &Answers) -> Vec<(&str, &str)> {
    let pairs = answers.iter();
    pairs
        .map(|(field, value)| (field.as_str(), value.as_str()))
        .collect()
}

/// Numbers from one, by splitmix64.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % sides as u64).unwrap()
    }

    /// Once in so many.
    fn is_one(&mut self, of: usize) -> bool {
        self.roll(of) == 0
    }

    fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        if items.is_empty() {
            return None;
        }
        items.get(self.roll(items.len()))
    }
}

pub fn roll(state: &Naive, seed: u64) -> Op {
    let mut dice = Dice(seed);
    let does = if state.is_unopened() {
        begin(state, &mut dice)
    } else if state.is_closed() && !dice.is_one(3) {
        after_closing(state, &mut dice)
    } else {
        go_on(state, &mut dice)
    };
    let fitting = fitting(state, &does);
    let mut all = state.file.names("roles");
    all.push("customer".to_owned());
    let among = if fitting.is_empty() || dice.is_one(8) {
        &all
    } else {
        &fitting
    };
    let role = dice.pick(among).unwrap().clone();
    let wait = if dice.is_one(12) {
        *dice.pick(&WAITS).unwrap()
    } else {
        0
    };
    let person = u8::try_from(dice.roll(usize::from(PEOPLE)) + 1).unwrap();
    Op {
        person,
        role,
        wait,
        does,
    }
}

/// The roles that may well do it.
fn fitting(state: &Naive, does: &Does) -> Vec<String> {
    let file = &state.file;
    let step = file.step(&state.at);
    match does {
        Does::Action { name, .. } => match file.action(&state.at, name) {
            Some(action) => file.who_of_action(step, &action),
            None => super::naive::list(&file.0["anywhere"][name.as_str()]["who"]),
        },
        Does::Task { name, .. } => file.who_of_task(step, &step["tasks"][name.as_str()]),
        Does::Cause { .. } | Does::Revise { .. } => file.who_of_step(step),
        Does::Review { .. } => super::naive::list(&file.0["causes"]["review"]["by"]),
        Does::Correct { field, .. } => {
            let steps = state.steps();
            let naming = steps.iter().filter(|name| file.is_named(name, field));
            naming
                .flat_map(|name| file.who_of_step(file.step(name)))
                .collect()
        }
        Does::Open | Does::Import { .. } | Does::Note | Does::Reopen => Vec::new(),
    }
}

fn begin(state: &Naive, dice: &mut Dice) -> Does {
    match dice.roll(8) {
        0 => Does::Note,
        1 | 2 => {
            // All that a case can hold is surely all that it holds there.
            let fields = state.file.names("fields").into_iter();
            let fields = fields.filter(|field| !state.file.is_computed(field));
            let answers = fields.map(|field| {
                let value = value(state, &field, dice);
                (field, value)
            });
            let answers: Answers = answers.filter(|(field, _)| field != "refund").collect();
            let steps = state.steps();
            let step = dice.pick(&steps).unwrap().clone();
            let step = if dice.is_one(8) {
                "attic".to_owned()
            } else {
                step
            };
            Does::Import { step, answers }
        }
        _ => Does::Open,
    }
}

fn after_closing(state: &Naive, dice: &mut Dice) -> Does {
    match dice.roll(4) {
        0 => root_cause(state, dice),
        1 => Does::Note,
        _ => Does::Reopen,
    }
}

fn go_on(state: &Naive, dice: &mut Dice) -> Does {
    match dice.roll(20) {
        0 => Does::Note,
        1 => Does::Reopen,
        2 => Does::Open,
        3..=5 => {
            let fields = state.file.names("fields");
            let answered: Vec<String> = state.answers.keys().cloned().collect();
            let among = if answered.is_empty() || dice.is_one(4) {
                &fields
            } else {
                &answered
            };
            let field = dice.pick(among).unwrap().clone();
            let value = value(state, &field, dice);
            Does::Correct { field, value }
        }
        6 | 7 => root_cause(state, dice),
        _ => advance(state, dice),
    }
}

fn root_cause(state: &Naive, dice: &mut Dice) -> Does {
    let categories = state.file.0["causes"]["categories"].as_object();
    let all: Vec<(&String, &String)> = categories
        .into_iter()
        .flatten()
        .flat_map(|(group, names)| {
            let names = names.as_object().into_iter().flatten();
            names.map(move |(name, _)| (group, name))
        })
        .collect();
    let (group, name) = dice.pick(&all).unwrap();
    let name = if dice.is_one(10) {
        "magic"
    } else {
        name.as_str()
    };
    // A number that is there, or the first that is not.
    let number = dice.roll(state.causes.len() + 1) + 1;
    match dice.roll(4) {
        0 => {
            return Does::Review {
                number,
                returns: dice.is_one(2),
            };
        }
        1 => {
            return Does::Revise {
                group: (*group).clone(),
                name: name.to_owned(),
                revises: (!dice.is_one(3)).then_some(number),
                draft: dice.is_one(2),
            };
        }
        _ => {}
    }
    Does::Cause {
        group: (*group).clone(),
        name: name.to_owned(),
        whys: if dice.is_one(6) { 0 } else { 3 },
    }
}

fn advance(state: &Naive, dice: &mut Dice) -> Does {
    let keys = |value: &Yaml| -> Vec<String> {
        let map = value.as_object().into_iter().flatten();
        map.map(|(name, _)| name.clone()).collect()
    };
    let here = if dice.is_one(10) {
        let steps = state.steps();
        dice.pick(&steps).unwrap().clone()
    } else {
        state.at.clone()
    };
    let step = state.file.step(&here).clone();
    let reason = !dice.is_one(4);
    let tasks = keys(&step["tasks"]);
    if let Some(name) = dice.pick(&tasks).filter(|_| !dice.is_one(4)).cloned() {
        let parts = [&step["tasks"][name.as_str()], &step];
        let answers = answers(state, &parts, dice);
        return Does::Task {
            name,
            answers,
            reason,
        };
    }
    let mut names = keys(&step["actions"]);
    names.push("done".to_owned());
    if dice.is_one(25) {
        names = state.file.names("anywhere");
    }
    let name = dice.pick(&names).unwrap().clone();
    let own = state.file.action(&here, &name);
    let anywhere = state.file.0["anywhere"][name.as_str()].clone();
    let answers = match own {
        Some(action) => answers(state, &[&action, &step], dice),
        None => answers(state, &[&anywhere], dice),
    };
    Does::Action {
        name,
        answers,
        reason,
    }
}

/// Answers of most fields that these parts name, and now and then of another.
fn answers(state: &Naive, parts: &[&Yaml], dice: &mut Dice) -> Answers {
    let fields = state.file.names("fields");
    let mut answers = Answers::new();
    for field in fields {
        let is_named = parts
            .iter()
            .any(|part| super::naive::names_field(part, &field));
        let comes = if is_named {
            !dice.is_one(7)
        } else {
            dice.is_one(80)
        };
        if comes {
            let value = value(state, &field, dice);
            answers.push((field, value));
        }
    }
    answers
}

/// A value that suits the field by itself.
fn value(state: &Naive, name: &str, dice: &mut Dice) -> String {
    let field = state.file.field(name);
    let all: Vec<String> = match field["type"].as_str() {
        Some("yes_no") => ["yes", "yes", "no"].map(str::to_owned).into(),
        Some("choice") => super::naive::list(&field["of"]),
        Some("number") => ["0", "3", "4", "9"].map(str::to_owned).into(),
        Some("money") => {
            let max = field["max"].as_str().and_then(euros).unwrap_or(i64::MAX);
            let suits = [0, 50, 100, 200, 500, 600].into_iter();
            let suits = suits.filter(|amount| *amount <= max);
            suits.map(|amount| format!("{amount} EUR")).collect()
        }
        Some("date") => ["2026-01-31", "2026-09-01"].map(str::to_owned).into(),
        Some("text") if field["pattern"] == "[A-Z0-9]{6}" => vec!["AB12CD".to_owned()],
        Some("text") if !field["pattern"].is_null() => vec!["AB123".to_owned()],
        _ => ["some words", "other words"].map(str::to_owned).into(),
    };
    dice.pick(&all).unwrap().clone()
}

/// An amount written out; another field's name is none.
fn euros(text: &str) -> Option<i64> {
    text.strip_suffix(" EUR")?.parse().ok()
}
