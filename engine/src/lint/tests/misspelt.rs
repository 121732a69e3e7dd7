//! What people mistype, and the word that is offered for it.

use crate::code::Code;
use crate::lint::check;

/// A workflow in which each typo can stand.
const FILE: &str = "\
heard: 1
workflow: misspelt
version: 1
title: Misspelt
purpose: To be misspelt
owner: team_lead
model: custom
calendars:
  default: {time_zone: Europe/Lisbon, hours: {mon-fri: [\"08:00-20:00\"]}}
roles:
  agent: {title: Agent}
  team_lead: {title: Team lead}
fields:
  story: {type: long_text, personal: yes}
  happy: {type: yes_no, each_time: yes}
  refund: {type: money, currency: EUR, limit: goodwill, max: 50 EUR}
limits:
  goodwill: {agent: 20 EUR, team_lead: 50 EUR}
promises:
  call_back: {text: \"By {due}.\", within: 1 day, late: {tell: [team_lead]}}
clocks:
  answer: {from: [opened, reopened], until: closed, within: 9 days, late: {tell: [team_lead]}}
start: hear
steps:
  hear: {phase: hear, who: [agent], needs: [story], next: empathize}
  empathize: {phase: empathize, who: [agent], next: apologize}
  apologize: {phase: apologize, who: [agent], next: {go_to: resolve, makes: [call_back]}}
  resolve:
    phase: resolve
    who: [agent, team_lead]
    needs: [happy, refund]
    due: {in: 1 day, late: {tell: [team_lead]}}
    actions:
      offer:
        - {when: {happy: yes}, go_to: resolved, gives: [refund], keeps: [call_back]}
        - {go_to: resolve, at_most: 2, then: unresolved, keeps: [call_back]}
outcomes:
  resolved: {counts_as: resolved, reopen: {to: hear, within: 30 days}}
  unresolved: {counts_as: not_resolved}
";

/// What is written and what is typed instead.
const TYPOS: [(&str, &str); 51] = [
    ("title: Misspelt", "titel: Misspelt"),
    ("purpose:", "purpouse:"),
    ("calendars:", "calender:"),
    ("roles:", "role:"),
    ("fields:", "feilds:"),
    ("limits:", "limit:"),
    ("promises:", "promisses:"),
    ("steps:", "stpes:"),
    ("outcomes:", "outcome:"),
    ("start:", "strat:"),
    ("time_zone:", "timezone:"),
    ("personal:", "personnal:"),
    ("each_time:", "eachtime:"),
    ("currency:", "curency:"),
    ("type: money", "type: mony"),
    ("type: yes_no", "type: yesno"),
    ("type: long_text", "type: longtext"),
    ("phase: hear, ", "phase: heer, "),
    ("phase: empathize", "phase: emphatize"),
    ("phase: apologize", "phase: apologise"),
    ("phase: resolve", "phase: resove"),
    ("model: custom", "model: costum"),
    ("counts_as: resolved", "count_as: resolved"),
    ("counts_as: not_resolved", "counts_as: notresolved"),
    ("go_to: resolved", "goto: resolved"),
    ("go_to: resolve, at", "go_to: resovle, at"),
    ("at_most:", "atmost:"),
    ("gives: [refund]", "give: [refund]"),
    ("makes: [call_back]", "makes: [callback]"),
    ("keeps: [call_back]", "keeps: [call_bakc]"),
    ("limit: goodwill", "limit: godwill"),
    ("owner: team_lead", "owner: teamlead"),
    (
        "tell: [team_lead]}}\n    actions",
        "tell: [team-lead]}}\n    actions",
    ),
    ("needs: [story]", "needs: [stroy]"),
    ("to: hear", "to: haer"),
    ("reopen:", "re_open:"),
    ("counts_as: not_resolved", "counts_as: unresolved"),
    ("counts_as: not_resolved", "counts_as: refused"),
    ("counts_as: not_resolved", "counts_as: not resolved"),
    ("when: {happy", "if: {happy"),
    ("go_to: resolved, gives", "next: resolved, gives"),
    ("go_to: resolve, at", "to: resolve, at"),
    ("go_to: resolved, gives", "then: resolved, gives"),
    ("{text:", "{say:"),
    ("type: money", "type: amount"),
    ("type: yes_no", "type: boolean"),
    ("phase: hear, ", "phase: verify, "),
    ("[\"08:00-20:00\"]", "[8-20]"),
    ("[\"08:00-20:00\"]", "[8.00 - 20:00]"),
    ("- {go_to: resolve, at", "- {else: resolve, at"),
    ("who: [agent, team_lead]", "roles: [agent, team_lead]"),
];

/// What is written instead, the code of the one fault that is found, and its mend.
const MISREAD: [(&str, &str, Code, &str); 11] = [
    (
        "{text: \"By {due}.\", within: 1 day, late: {tell: [team_lead]}}",
        "\"By {due}.\"",
        Code::H004,
        "write it like `call_back: {text: \"We call by {due}.\", within: 1 day}`",
    ),
    (
        "{title: Agent}",
        "Agent",
        Code::H004,
        "write it like `agent: {title: Agent}`",
    ),
    (
        "type: yes_no, each",
        "type: multiple_choice, each",
        Code::H002,
        "write `choice` where one of a few answers is right, or `list` where several may be",
    ),
    (
        "type: yes_no, each",
        "type: yes_no, required: yes, each",
        Code::H002,
        "delete it, and name the field in `needs` of the step that must not end without an answer",
    ),
    (
        "when: {happy: yes}, go_to: resolved",
        "when: {happy: yes}, if: {happy: yes}, go_to: resolved",
        Code::H002,
        "delete it: `when` stands here already",
    ),
    (
        "gives: [refund], keeps: [call_back]}\n        - {go_to: resolve, at_most: 2, then: \
         unresolved, keeps: [call_back]}",
        "gives: [refund], keeps: [call_back], else: unresolved}",
        Code::H002,
        "write a last rule of its own: `- {go_to: unresolved}`",
    ),
    (
        "- {go_to: resolve, at_most: 2, then: unresolved, keeps: [call_back]}",
        "- {otherwise: {go_to: unresolved, keeps: [call_back]}}",
        Code::H002,
        "write the last rule with only `go_to`: `- {go_to: ...}`",
    ),
    (
        "mon-fri: [\"08:00-20:00\"]",
        "mon-fri: all day",
        Code::H011,
        "write them in this form, each span after the one before it",
    ),
    (
        "{type: yes_no, each_time: yes}",
        "{type: choice, options: [yes, no], each_time: yes}",
        Code::H002,
        "write `of`",
    ),
    (
        "{time_zone: Europe/Lisbon, hours: {mon-fri: [\"08:00-20:00\"]}}",
        "always",
        Code::H004,
        "write it like `default: {time_zone: Europe/Lisbon, hours: {mon-fri: [\"08:00-20:00\"]}}`",
    ),
    (
        "{counts_as: not_resolved}",
        "not_resolved",
        Code::H004,
        "write it like `resolved: {counts_as: resolved}`",
    ),
];

#[test]
fn for_a_part_written_in_another_way_one_fault_is_found_with_the_form_that_is_meant() {
    for (right, written, code, mend) in MISREAD {
        assert!(FILE.contains(right), "{right:?} does not stand there");
        let mut faults = check(FILE.replacen(right, written, 1).as_bytes()).findings;
        faults.retain(|fault| fault.code != Code::H014);
        let [fault] = faults.as_slice() else {
            panic!("{written:?}: {faults:#?}");
        };
        let said = fault.mend.as_ref().map(|mend| mend.text.as_str());
        assert_eq!((fault.code, said), (code, Some(mend)), "{written:?}");
    }
}

#[test]
fn for_a_typo_one_fault_is_found_and_the_right_word_offered() {
    let clean = check(FILE.as_bytes());
    assert!(clean.workflow.is_some(), "{:#?}", clean.findings);
    for (right, typed) in TYPOS {
        let at = FILE
            .find(right)
            .unwrap_or_else(|| panic!("{right:?} does not stand there"));
        let typo = FILE.replacen(right, typed, 1);
        let mut faults = check(typo.as_bytes()).findings;
        faults.retain(|fault| fault.code != Code::H014);
        let [fault] = faults.as_slice() else {
            panic!("{typed:?}: {faults:#?}");
        };
        let mend = fault
            .mend
            .as_ref()
            .and_then(|mend| mend.replacement.as_ref());
        let (span, with) = mend.unwrap_or_else(|| panic!("{typed:?}: {fault:#?}"));
        let mut mended = typo.clone();
        mended.replace_range(span.start..span.end, with);
        assert_eq!(mended, FILE, "{typed:?}");
        assert!(span.start >= at, "{typed:?}");
    }
}
