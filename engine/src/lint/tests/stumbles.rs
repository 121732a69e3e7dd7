//! What supervisors wrote who had only ever read a policy, and the way to write it that each is
//! told.

use crate::code::Code;
use crate::lint::check;

/// A workflow in which each stumble can stand.
const FILE: &str = "\
heard: 1
workflow: stumbles
version: 1
title: Stumbles
model: custom
roles:
  agent: {title: Agent}
  supervisor: {title: Supervisor}
fields:
  story: {type: long_text, personal: yes}
  passengers: {type: number, min: 1, max: 9}
  booked: {type: date}
  cabin: {type: choice, of: [basic economy, economy, business]}
  confirmed: {type: yes_no, each_time: yes}
  owed: {type: money, currency: USD, limit: none, from_table: owed}
  certificate: {type: money, currency: USD, limit: certificate, max: 500 USD}
tables:
  owed: [{when: {passengers: 1}, is: 100 USD}, {is: 200 USD}]
limits:
  certificate: {agent: 250 USD, supervisor: 500 USD}
start: hear
steps:
  hear:
    phase: hear
    who: [agent]
    needs: [story, passengers, booked, cabin]
    next: apologize
  apologize: {phase: apologize, who: [agent, supervisor], next: resolve}
  resolve:
    phase: resolve
    who: [agent, supervisor]
    needs: [confirmed, certificate]
    actions:
      offer:
        - when: {cabin: business, owed: 200 USD, booked: 2026-10-05}
          go_to: resolved
          gives: [certificate]
        - {when: {certificate: {over: limit}}, go_to: approve}
        - {when: {any: [{passengers: 2}, {confirmed: no}]}, go_to: unresolved}
        - {go_to: resolved}
  approve:
    phase: approve
    who: [supervisor]
    not_by: [resolve]
    actions:
      agree: {go_to: resolved, approves: [certificate], gives: [certificate]}
      refuse: unresolved
outcomes:
  resolved: {counts_as: resolved, reopen: {to: hear, within: 30 days}}
  unresolved: {counts_as: not_resolved}
";

/// What stands there, what is written instead, the code and the mend that are told.
const STUMBLES: [(&str, &str, Code, &str); 29] = [
    (
        "{certificate: {over: limit}}",
        "{certificate: > $0}",
        Code::H001,
        "write `{above: 0 USD}`",
    ),
    (
        "{over: limit}",
        "\"> $0\"",
        Code::H302,
        "write `{above: 0 USD}`",
    ),
    (
        "{over: limit}",
        "above 0 USD",
        Code::H302,
        "write `{above: 0 USD}`",
    ),
    (
        "{over: limit}",
        "over limit",
        Code::H302,
        "write `{over: limit}`",
    ),
    (
        "{passengers: 2}",
        "{passengers: at most 24}",
        Code::H302,
        "write `{at_most: 24}`",
    ),
    (
        "{passengers: 2}",
        "{passengers: <= 4}",
        Code::H302,
        "write `{at_most: 4}`",
    ),
    (
        "cabin: business",
        "cabin: not basic economy",
        Code::H303,
        "write `not: {cabin: basic economy}`, or a list of the others",
    ),
    (
        "cabin: business",
        "cabin: {not: basic economy}",
        Code::H002,
        "write `not: {cabin: basic economy}`",
    ),
    (
        "  certificate: {agent: 250 USD, supervisor: 500 USD}",
        "  certificate: $250",
        Code::H004,
        "write it like `goodwill: {agent: 50 EUR, team_lead: 250 EUR}`",
    ),
    (
        "supervisor: 500 USD",
        "supervisor: $500",
        Code::H011,
        "write `500 USD`",
    ),
    (
        "supervisor: 500 USD",
        "supervisor: unlimited",
        Code::H011,
        "write an amount that is never reached, such as `1000000 EUR`; a field that needs \
         nobody's agreement says `limit: none`",
    ),
    (
        "is: 100 USD",
        "is: $100 * passengers",
        Code::H011,
        "nothing is calculated: write one row for each number, such as \
         `{when: {passengers: 2}, is: 200 EUR}`",
    ),
    ("is: 100 USD", "is: $100", Code::H011, "write `100 USD`"),
    (
        "booked: 2026-10-05",
        "booked: {within: 24 hours}",
        Code::H002,
        "the age of a date cannot be compared; ask for a number instead, such as \
         `hours_since: {type: number}`",
    ),
    (
        "booked: 2026-10-05",
        "booked: {at_most: 24 hours}",
        Code::H302,
        "the age of a date cannot be compared; ask for a number instead, such as \
         `hours_since: {type: number}`",
    ),
    (
        "needs: [confirmed,",
        "needs: [confirmed = yes,",
        Code::H011,
        "write `{confirmed: yes}`",
    ),
    (
        "    who: [agent, supervisor]\n    needs: [confirmed, certificate]",
        "    who: agent, supervisor\n    needs: [confirmed, certificate]",
        Code::H004,
        "write `[agent, supervisor]`",
    ),
    (
        "    who: [agent, supervisor]\n    needs: [confirmed, certificate]",
        "    who: agent or supervisor\n    needs: [confirmed, certificate]",
        Code::H004,
        "write `[agent, supervisor]`",
    ),
    (
        "    needs: [story, passengers, booked, cabin]",
        "    needs: story, passengers, booked, cabin",
        Code::H004,
        "write `[story, passengers, booked, cabin]`",
    ),
    (
        "{phase: apologize, who: [agent, supervisor], next",
        "{phase: apologize, who: agent, supervisor, next",
        Code::H002,
        "if it belongs to `who`, write `who: [agent, supervisor]`",
    ),
    (
        "any: [{passengers",
        "or: [{passengers",
        Code::H002,
        "write `any`",
    ),
    ("{when: {any", "{if: {any", Code::H002, "write `when`"),
    (
        "go_to: unresolved}",
        "then: unresolved}",
        Code::H015,
        "write `go_to`",
    ),
    (
        "within: 30 days",
        "within: 7 business days",
        Code::H011,
        "write `7 working days`",
    ),
    (
        "  agent: {title",
        "  Agent: {title",
        Code::H009,
        "write `agent`",
    ),
    (
        "  passengers: {type",
        "  Passengers: {type",
        Code::H009,
        "write `passengers`",
    ),
    (
        "type: money, currency: USD, limit: none, from_table",
        "currency: USD, limit: none, from_table",
        Code::H005,
        "add `type:`",
    ),
    (
        "type: choice, of:",
        "type: choice, options:",
        Code::H002,
        "write `of`",
    ),
    (
        "needs: [confirmed, certificate]",
        "needs: [confirmed: yes, certificate]",
        Code::H106,
        "to ask it too, write `needs: [confirmed, {confirmed: yes}]`",
    ),
];

#[test]
fn a_stumble_is_told_once_and_with_the_way_to_write_it() {
    let clean = check(FILE.as_bytes());
    assert!(clean.findings.is_empty(), "{:#?}", clean.findings);
    let mut wrong = Vec::new();
    for (right, written, code, mend) in STUMBLES {
        assert!(FILE.contains(right), "{right:?} does not stand there");
        let report = check(FILE.replacen(right, written, 1).as_bytes());
        let told: Vec<_> = report
            .findings
            .iter()
            .map(|finding| {
                (
                    finding.code,
                    finding.mend.as_ref().map(|mend| mend.text.as_str()),
                )
            })
            .collect();
        let is_told = told == [(code, Some(mend))];
        if !is_told {
            wrong.push(format!("{written:?} {told:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
