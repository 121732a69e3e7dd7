//! What stands against merging two cases.

use super::*;
use crate::case::Reason;
use crate::case::refusal::Unmerged;

fn no(said: Said) -> Vec<Code> {
    codes(&said.unwrap_err())
}

#[test]
fn a_case_is_no_duplicate_of_itself_and_there_must_be_one() {
    let mut survivor = opened(5);
    let mut asked = ask(None);
    assert_eq!(no(survivor.send("agent", asked.clone())), [Code::HC061]);
    if let Act::Merge(merge) = &mut asked {
        merge.duplicate = SURVIVOR;
    }
    assert_eq!(no(survivor.send("agent", asked)), [Code::HC060]);
}

#[test]
fn only_open_cases_are_merged() {
    let closed = || {
        let mut desk = opened(5);
        desk.take("go", &[]).unwrap();
        desk.take("refuse", &[]).unwrap();
        desk
    };
    assert_eq!(no(take_over(&mut opened(5), &closed())), [Code::HC062]);
    assert_eq!(no(take_over(&mut closed(), &opened(5))), [Code::HC003]);
    assert_eq!(no(rest(&opened(5), &mut closed())), [Code::HC003]);
    let (mut other, mut merged) = (opened(5), opened(5));
    merge(&mut other, &mut merged, 6);
    let said = take_over(&mut opened(5), &merged).unwrap_err();
    assert!(
        matches!(
            said.as_slice(),
            [Reason::Merge(Unmerged::DuplicateMerged { into, .. })] if *into == SURVIVOR
        ),
        "{said:?}"
    );
}

#[test]
fn only_cases_of_one_workflow_are_merged() {
    let other = Desk::opened(&YAML.replace("workflow: twice", "workflow: other"), None);
    assert_eq!(no(take_over(&mut opened(5), &other)), [Code::HC063]);
}

#[test]
fn two_customers_have_two_complaints() {
    let other = CustomerId::new(Uuid::from_u128(7));
    let mut survivor = Desk::opened(YAML, Some(other));
    let duplicate = Desk::opened(YAML, Some(customer()));
    assert_eq!(no(take_over(&mut survivor, &duplicate)), [Code::HC064]);
    take_over(&mut survivor, &opened(5)).unwrap();
    assert_eq!(survivor.case().customer(), Some(other));
}

#[test]
fn what_was_given_in_the_duplicate_keeps_it() {
    let giving = YAML.replace(
        "  urgent:",
        "  back:   {ask: Back, type: money, currency: EUR, limit: small, max: 90 EUR}\n  urgent:",
    );
    let giving = giving.replace(
        "\npromises:",
        "\nlimits: {small: {agent: [50 EUR per case]}}\npromises:",
    );
    let giving = giving.replace("asks: [agreed, seen", "asks: [back, agreed, seen");
    let giving = giving.replace(
        "      go:    work\n",
        "      go:    {go_to: work, gives: [back]}\n",
    );
    let mut duplicate = Desk::opened(&giving, None);
    let back = crate::money::Money {
        currency: crate::money::Currency::parse("EUR").unwrap(),
        minor: 1_000,
    };
    duplicate
        .take("go", &[("back", Value::Money(back))])
        .unwrap();
    let mut survivor = Desk::opened(&giving, None);
    let said = take_over(&mut survivor, &duplicate).unwrap_err();
    assert_eq!(codes(&said), [Code::HC065]);
    assert!(said[0].to_string().contains("`back`"), "{}", said[0]);
    take_over(&mut duplicate, &survivor).unwrap();
}

#[test]
fn the_case_of_an_issue_keeps_its_children() {
    let duplicate = opened(5);
    let mut asked = ask(Some(duplicate.case()));
    if let Act::Merge(merge) = &mut asked {
        merge.is_parent = true;
    }
    assert_eq!(no(opened(5).send("agent", asked)), [Code::HC066]);
}

#[test]
fn no_promise_is_dropped_where_this_version_does_not_know_it() {
    let mut duplicate = opened(5);
    duplicate.take("call", &[]).unwrap();
    let older = YAML.replace("      call:  {go_to: stay, makes: [call]}\n", "");
    let older = older.replace("      called: {go_to: stay, keeps: [call]}\n", "");
    let older = older.replace("keeps: [call, letter]", "keeps: [letter]");
    let call = older
        .lines()
        .find(|line| line.starts_with("  call:"))
        .unwrap();
    let older = older.replace(&format!("{call}\n"), "");
    let said = take_over(&mut Desk::opened(&older, None), &duplicate).unwrap_err();
    assert_eq!(codes(&said), [Code::HC067]);
    let words = said[0].to_string();
    assert!(words.contains("`promise/call`"), "{words}");
}

#[test]
fn so_many_and_no_more_are_merged_into_one() {
    let mut survivor = opened(5);
    let duplicate = opened(5);
    let ask_for = |number: usize| {
        let mut asked = ask(Some(duplicate.case()));
        if let Act::Merge(merge) = &mut asked {
            merge.duplicate = CaseId::new(Uuid::from_u128(0x1000 + number as u128));
        }
        asked
    };
    for number in 1..=crate::case::MERGED_MAX {
        survivor.send("agent", ask_for(number)).unwrap();
    }
    let again = survivor.send("agent", ask_for(1));
    assert!(again.is_ok(), "it is one of them: {again:?}");
    let more = survivor.send("agent", ask_for(crate::case::MERGED_MAX + 1));
    assert_eq!(no(more), [Code::HC068]);
}

#[test]
fn who_only_reads_and_the_customer_merge_nothing() {
    let duplicate = opened(5);
    let said = opened(5).send("auditor", ask(Some(duplicate.case())));
    assert_eq!(no(said), [Code::HC026]);
    let said = opened(5).send("customer", ask(Some(duplicate.case())));
    assert_eq!(no(said), [Code::HC005]);
    opened(5).send("lead", ask(Some(duplicate.case()))).unwrap();
}
