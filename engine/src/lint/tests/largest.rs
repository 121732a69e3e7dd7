//! The largest landing as it is reckoned against what firings do record.

use std::fmt::Write as _;

use proptest::prelude::*;
use uuid::Uuid;

use crate::case::facts::Surveyed;
use crate::case::largest::{LANDING_BYTES_MAX, largest_landing};
use crate::case::tests::desk::{Desk, customer};
use crate::case::{Case, Event, Facts, timekeeper};
use crate::code::Code;
use crate::entry::{ENTRY_BYTES_MAX, Entry, FORMAT, RequestHashes, StreamName, TooLarge};
use crate::id::{CaseId, Digest, NAME_CHARS_MAX, Revision, SurveyName};
use crate::lint::check;
use crate::money::INTEGER_MAX;
use crate::time::Timestamp;
use crate::value::Value;

/// How much there is of everything that a firing may record.
#[derive(Debug, Clone)]
struct Shape {
    /// The length of all names.
    chars: usize,
    roles: usize,
    /// Tasks with a due time in the step that is left, and in the one that is entered.
    left: usize,
    entered: usize,
    /// Fields that the step empties.
    asked: usize,
    clocks: [usize; 4],
    promises: usize,
    surveys: usize,
    follow_ups: usize,
    /// Fields from tables, and the length of their values.
    texts: usize,
    text_chars: usize,
    /// The rungs of each ladder behind the first.
    rungs: usize,
    /// A clock leads away at the very instant at which the step is due.
    is_overtaken: bool,
}

const NOTHING: Shape = Shape {
    chars: NAME_CHARS_MAX,
    roles: 0,
    left: 0,
    entered: 0,
    asked: 0,
    clocks: [0; 4],
    promises: 0,
    surveys: 0,
    follow_ups: 0,
    texts: 0,
    text_chars: 0,
    rungs: 0,
    is_overtaken: false,
};

fn shapes() -> impl Strategy<Value = Shape> {
    let some = |most: usize| prop_oneof![2 => 0..3_usize, 1 => 0..=most];
    let clocks = [some(12), some(12), some(12), some(12)];
    let ladders = (0..4_usize, any::<bool>());
    let steps = (some(25), some(25), some(40));
    let texts = (some(6), 1..2_000_usize);
    let after = (some(15), some(10), some(10));
    let names = (8..=NAME_CHARS_MAX, some(62));
    (clocks, ladders, steps, texts, after, names).prop_map(
        |(clocks, (rungs, is_overtaken), (left, entered, asked), texts, after, names)| Shape {
            chars: names.0,
            roles: names.1,
            left,
            entered,
            asked,
            clocks,
            promises: after.0,
            surveys: after.1,
            follow_ups: after.2,
            texts: texts.0,
            text_chars: texts.1,
            rungs,
            is_overtaken,
        },
    )
}

/// Says how a clock is to be written: what else it does in the firing, beside ending.
const CLOCKS: [&str; 4] = [
    "from: wait, until: work, within: 90 minutes",
    "from: [opened, work], until: [work, gone], within: 30 days, warn_at: 75%",
    "when: {DAY: {at_least: 2026-11-01}}, from: opened, until: gone, within: 8 weeks",
    "from: [DAY, work], until: [work], within: 60 days, warn_at: 50%",
];

impl Shape {
    /// Returns a name of the wanted length: `t7_xxxxx`.
    fn name(&self, kind: &str, number: usize) -> String {
        let begin = format!("{kind}{number}_");
        let rest = self.chars.saturating_sub(begin.len());
        begin + &"x".repeat(rest)
    }

    fn names(&self, kind: &str, count: usize) -> String {
        let names: Vec<String> = (0..count).map(|number| self.name(kind, number)).collect();
        names.join(", ")
    }

    /// Returns a ladder; the first of its kind tells everybody.
    fn late(&self, number: usize, go_to: &str) -> String {
        let tell = if number == 0 && self.roles > 0 {
            self.names("r", self.roles)
        } else {
            "agent".to_owned()
        };
        let mut late = format!("late: [{{tell: [{tell}]{go_to}}}");
        for rung in 1..=self.rungs {
            write!(late, ", {{after: {rung} days, tell: [agent]}}").unwrap();
        }
        late + "]"
    }

    fn tasks(&self, kind: &str, count: usize, due: &str) -> String {
        let mut tasks = format!("    tasks:\n      {kind}: {{who: [agent]}}\n");
        for number in 0..count {
            let (name, late) = (self.name(kind, number), self.late(number, ""));
            writeln!(
                tasks,
                "      {name}: {{who: [agent], due: {{{due}, {late}}}}}"
            )
            .unwrap();
        }
        tasks
    }

    /// A workflow in which a deadline leads from `wait` to `work`, and another closes the case.
    fn yaml(&self) -> String {
        let mut yaml = "heard: 1\nworkflow: large\nversion: 1\ntitle: Large\nmodel: custom\n\
                        roles:\n  agent: {title: Agent}\n"
            .to_owned();
        for number in 0..self.roles {
            writeln!(yaml, "  {}: {{title: Role}}", self.name("r", number)).unwrap();
        }
        let calendar = self.name("c", 0);
        writeln!(yaml, "calendars:").unwrap();
        for name in ["default", &calendar] {
            let hours = "{mon-sun: [\"00:00-24:00\"]}";
            writeln!(yaml, "  {name}: {{time_zone: UTC, hours: {hours}}}").unwrap();
        }
        self.fields(&mut yaml);
        self.clocks(&mut yaml, &calendar);
        self.afterwards(&mut yaml, &calendar);
        self.steps(&mut yaml);
        yaml
    }

    fn fields(&self, yaml: &mut String) {
        let day = self.name("day", 0);
        yaml.push_str("fields:\n  began: {type: yes_no}\n  lit: {type: yes_no, each_time: true}\n");
        writeln!(yaml, "  {day}: {{type: date, from_table: days}}").unwrap();
        for number in 0..self.asked {
            let name = self.name("a", number);
            writeln!(yaml, "  {name}: {{type: yes_no, each_time: true}}").unwrap();
        }
        for number in 0..self.texts {
            let name = self.name("text", number);
            writeln!(yaml, "  {name}: {{type: text, from_table: t{number}}}").unwrap();
        }
        let rows = |one: &str, other: &str| {
            format!(
                "[{{when: {{lit: filled}}, is: {one}}}, {{when: {{began: filled}}, is: {other}}}]"
            )
        };
        let days = rows("2026-10-01", "2026-11-01");
        writeln!(yaml, "tables:\n  days: {days}").unwrap();
        for number in 0..self.texts {
            let rows = rows("short", &"é".repeat(self.text_chars));
            writeln!(yaml, "  t{number}: {rows}").unwrap();
        }
    }

    fn clocks(&self, yaml: &mut String, calendar: &str) {
        yaml.push_str("clocks:\n");
        if self.is_overtaken {
            let late = self.late(0, ", go_to: gone");
            let clock = format!("from: wait, until: work, within: 1 hour, statutory: true, {late}");
            writeln!(yaml, "  lead: {{{clock}}}").unwrap();
        }
        let day = self.name("day", 0);
        for (kind, count) in self.clocks.iter().enumerate() {
            let words = CLOCKS[kind].replace("DAY", &day);
            for number in 0..*count {
                let name = self.name(["ca", "cb", "cc", "cd"][kind], number);
                let late = self.late(number, "");
                writeln!(yaml, "  {name}: {{{words}, calendar: {calendar}, {late}}}").unwrap();
            }
        }
        writeln!(
            yaml,
            "  last: {{from: opened, until: gone, within: 1 year, {}}}",
            self.late(1, "")
        )
        .unwrap();
    }

    fn afterwards(&self, yaml: &mut String, calendar: &str) {
        yaml.push_str("promises:\n  kept: {text: Soon, within: 1 day}\n");
        for number in 0..self.promises {
            let (name, late) = (self.name("p", number), self.late(number, ""));
            writeln!(yaml, "  {name}: {{text: Soon, within: 40 days, {late}}}").unwrap();
        }
        yaml.push_str("surveys:\n");
        for number in 0..self.surveys {
            let questions = "questions: {effort: {ask: How, scale: 1-5}}";
            let words = format!("after: 1 day, of: [gone], calendar: {calendar}, {questions}");
            writeln!(yaml, "  {}: {{{words}}}", self.name("s", number)).unwrap();
        }
        yaml.push_str("follow_ups:\n");
        for number in 0..self.follow_ups {
            let words = format!("after: 1 day, of: [gone], calendar: {calendar}, task: Call");
            writeln!(
                yaml,
                "  {}: {{{words}, who: [agent]}}",
                self.name("f", number)
            )
            .unwrap();
        }
    }

    fn steps(&self, yaml: &mut String) {
        let asked = self.names("a", self.asked);
        let promises = self.names("p", self.promises);
        yaml.push_str("start: hear\nsteps:\n  hear:\n    phase: hear\n    who: [agent]\n");
        writeln!(yaml, "    asks: [began, lit, {asked}]").unwrap();
        let go = format!("go_to: wait, makes: [kept, {promises}], keeps: [kept]");
        writeln!(yaml, "    actions: {{go: {{{go}}}}}").unwrap();

        yaml.push_str("  wait:\n    phase: wait\n    pauses: true\n");
        let due = if self.is_overtaken {
            self.late(0, "")
        } else {
            "then: work".to_owned()
        };
        writeln!(yaml, "    due: {{in: 1 hour, {due}}}").unwrap();
        yaml.push_str(&self.tasks("t", self.left, "in: 1 hour"));
        yaml.push_str("    next: work\n");

        yaml.push_str("  work:\n    phase: resolve\n");
        writeln!(yaml, "    asks: [lit, {asked}]").unwrap();
        let late = self.late(0, ", go_to: gone");
        writeln!(yaml, "    due: {{in: 5 days, {late}}}").unwrap();
        yaml.push_str(&self.tasks("u", self.entered, "in: 2 days, warn_at: 75%"));
        yaml.push_str("    next: fine\noutcomes:\n  fine: {counts_as: resolved}\n");
        writeln!(yaml, "  gone: {{counts_as: not_resolved, tell: [agent]}}").unwrap();
    }

    /// Returns all that fires in a case that nobody looks after, firing by firing.
    fn fired(&self) -> (Desk, Vec<Vec<Event>>) {
        let yes = |name: String| (name, Value::YesNo(true));
        let asked = (0..self.asked).map(|number| self.name("a", number));
        let asked = ["began", "lit"].map(str::to_owned).into_iter().chain(asked);
        let answers: Vec<(String, Value)> = asked.map(yes).collect();
        let answers = answers
            .iter()
            .map(|(name, value)| (name.as_str(), value.clone()));
        let answers: Vec<(&str, Value)> = answers.collect();

        let mut desk = Desk::opened(&self.yaml(), Some(customer()));
        desk.take("go", &answers).unwrap();
        let mut firings: Vec<Vec<Event>> = Vec::new();
        for event in desk.at("2027-12-31 00:00") {
            if let Event::DeadlineFired(_) = event {
                firings.push(Vec::new());
            }
            firings
                .last_mut()
                .expect("a firing begins with its mark")
                .push(event);
        }
        (desk, firings)
    }
}

/// Returns the bytes of the entry of a firing, where all else in it is as large as it may be.
fn entry_bytes(desk: &Desk, events: Vec<Event>) -> usize {
    let surveyed = Surveyed {
        customer: customer(),
        since: Timestamp::FIRST,
        survey: SurveyName::new(&"s".repeat(NAME_CHARS_MAX)).unwrap(),
        times: u32::MAX,
    };
    let mut workflow = Case::workflow(desk.case()).clone();
    workflow.id = crate::id::WorkflowId::new(&"w".repeat(64)).unwrap();
    let entry = Entry {
        act: "fire".to_owned(),
        actor: timekeeper(),
        at: Timestamp::FIRST,
        events,
        facts: Facts {
            surveyed: vec![surveyed],
            ..Facts::default()
        },
        held: true,
        log: format!("heard.invalid/{}", Uuid::nil().simple()),
        prev: Some(Digest([7; 32])),
        request: RequestHashes {
            body: Digest([7; 32]),
            id: Digest([7; 32]),
        },
        revision: Revision(INTEGER_MAX.unsigned_abs()),
        stream: StreamName::Case(CaseId::new(Uuid::nil())),
        v: FORMAT,
        workflow: Some(workflow),
    };
    match entry.encode() {
        Ok(bytes) => bytes.len(),
        Err(TooLarge { bytes }) => bytes,
    }
}

fn is_too_large(shape: &Shape) -> bool {
    let findings = check(shape.yaml().as_bytes()).findings;
    findings.iter().any(|finding| finding.code == Code::H006)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_firing_records_more_than_is_reckoned(shape in shapes()) {
        let (desk, firings) = shape.fired();
        let reckoned = largest_landing(&desk.workflow).bytes;
        prop_assert!(desk.case().is_closed());
        for events in firings {
            let taken = entry_bytes(&desk, events);
            prop_assert!(taken <= reckoned, "{taken} bytes of {reckoned}");
        }
    }
}

/// Shapes in which one thing alone is large, so that nothing else makes up for what is forgotten.
fn alone() -> [Shape; 11] {
    let clocks = |kind: usize| {
        let mut clocks = [0; 4];
        clocks[kind] = 20;
        Shape { clocks, ..NOTHING }
    };
    let told = Shape {
        roles: 62,
        promises: 1,
        is_overtaken: true,
        ..NOTHING
    };
    let texts = Shape {
        texts: 6,
        text_chars: 2_000,
        ..NOTHING
    };
    [
        clocks(0),
        clocks(1),
        clocks(2),
        clocks(3),
        told,
        texts,
        Shape {
            left: 60,
            ..NOTHING
        },
        Shape {
            entered: 40,
            rungs: 3,
            ..NOTHING
        },
        Shape {
            asked: 60,
            ..NOTHING
        },
        Shape {
            promises: 40,
            ..NOTHING
        },
        Shape {
            surveys: 20,
            follow_ups: 20,
            ..NOTHING
        },
    ]
}

#[test]
fn what_is_large_alone_is_reckoned() {
    for shape in alone() {
        let (desk, firings) = shape.fired();
        let reckoned = largest_landing(&desk.workflow).bytes;
        let taken = firings.into_iter().map(|events| entry_bytes(&desk, events));
        let taken = taken.max().unwrap();
        assert!(taken <= reckoned, "{taken} of {reckoned}: {shape:?}");
    }
}

#[test]
fn the_largest_workflow_that_may_be_published_fits_into_an_entry_and_is_not_kept_small() {
    // Of each shape as much as may be published: then a firing takes about what is reckoned.
    let shapes: [fn(usize) -> Shape; 3] = [
        |entered| Shape {
            entered,
            rungs: 3,
            ..NOTHING
        },
        |follow_ups| Shape {
            follow_ups,
            surveys: follow_ups,
            ..NOTHING
        },
        |count| Shape {
            texts: count,
            text_chars: 900,
            ..NOTHING
        },
    ];
    for shape in shapes {
        let most = (1..64).take_while(|count| !is_too_large(&shape(*count)));
        let most = most.last().expect("a small one may be published");
        let (desk, firings) = shape(most).fired();
        let reckoned = largest_landing(&desk.workflow).bytes;
        let taken = firings.into_iter().map(|events| entry_bytes(&desk, events));
        let taken = taken.max().unwrap();
        assert!(
            taken <= reckoned && reckoned <= LANDING_BYTES_MAX,
            "{most}: {taken}, {reckoned}"
        );
        assert!(
            taken > LANDING_BYTES_MAX / 2,
            "{most}: {taken} of {reckoned}"
        );
        assert!(
            shape(64)
                .fired()
                .1
                .into_iter()
                .any(|events| { entry_bytes(&desk, events) > ENTRY_BYTES_MAX })
        );
    }
}

#[test]
fn the_place_to_which_too_much_comes_is_named() {
    let found = |shape: &Shape| {
        let findings = check(shape.yaml().as_bytes()).findings;
        let mut found = findings
            .into_iter()
            .filter(|finding| finding.code == Code::H006);
        found.next().expect("it is found").message
    };
    let tasks = Shape {
        entered: 60,
        ..NOTHING
    };
    assert!(found(&tasks).contains("comes to `work`"));
    let after = Shape {
        follow_ups: 60,
        ..NOTHING
    };
    assert!(found(&after).contains("comes to `gone`"));
}
