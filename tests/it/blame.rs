//! The blame rule over what a thousand customers wrote, as a rough measure.
//!
//! Customers do blame, and may: nobody refuses their words. What is counted is how often the rule
//! speaks up in text it was not written for. Names are blotted out in these stories, so a name
//! that is found there is an ordinary word taken for one.
//!
//! Data: CFPB Consumer Complaint Database (US government work, public domain), read from beside
//! the project, skipped where it is not there.

use std::collections::BTreeMap;

use anyhow::{Context as _, ensure};
use heard_engine::blame::{Blame, Names, Place, find};
use heard_tests::server::shared_data;
use heard_tests::{Trial, skippable, skipped};

const RULE: &str = include_str!("../../engine/src/blame/rule.md");
const NARRATIVES: &str = "cfpb-complaints/cfpb-narratives-1000.csv";
/// The most sentences of a thousand in which the rule may speak up.
const REFUSED_PER_MILLE_MAX: usize = 20;
/// The most sentences of ten thousand in which an ordinary word may pass for a name.
const NAMED_PER_10_000_MAX: usize = 10;
const FOUND_SHOWN_MAX: usize = 10;
/// Staff whose names are words that complaints are full of.
const STAFF: [&str; 12] = [
    "Will Banks",
    "Mark Cash",
    "Grace Price",
    "Rose Bill",
    "Hope Case",
    "May Park",
    "April Major",
    "Frank Wells",
    "Grant Long",
    "Dean Law",
    "Sue Power",
    "Miles Order",
];

pub fn trials() -> Vec<Trial> {
    vec![skippable(
        "blame::the_rule_seldom_speaks_up_in_what_customers_write",
        || match shared_data(NARRATIVES) {
            Ok(bytes) => seldom(&bytes).map(|()| None),
            Err(reason) => skipped("shared", reason),
        },
    )]
}

fn seldom(bytes: &[u8]) -> anyhow::Result<()> {
    let staff = Names::new(STAFF);
    let mut reader = csv::Reader::from_reader(bytes);
    let headers = reader.headers()?.clone();
    let column = headers.iter().position(|header| header == "narrative");
    let column = column.context("a column")?;
    let mut sentences = 0;
    let mut found: BTreeMap<Blame, Vec<String>> = BTreeMap::new();
    for row in reader.records() {
        let row = row?;
        for sentence in row[column].split_inclusive(['.', '!', '?', '\n']) {
            let sentence = sentence.trim();
            // What is shorter is an abbreviation or a heading.
            if sentence.split(' ').count() < 4 {
                continue;
            }
            sentences += 1;
            let mut findings = find(sentence, &staff, Place::Why { is_last: true });
            findings.dedup_by_key(|finding| finding.kind);
            for finding in findings {
                let shown = format!("{} in: {sentence}", finding.words);
                found.entry(finding.kind).or_default().push(shown);
            }
        }
    }
    let count = |kind| found.get(&kind).map_or(0, Vec::len);
    println!("{sentences} sentences of customers:");
    for kind in Blame::ALL {
        println!("{} in {}", kind.kind(), count(kind));
        let shown = found.get(&kind).into_iter().flatten().take(FOUND_SHOWN_MAX);
        shown.for_each(|shown| println!("  {shown}"));
    }
    ensure!(sentences > 5_000, "the file is another one");
    let refused = count(Blame::Word) + count(Blame::EndsInHumanError);
    let named = count(Blame::Name);
    let told = format!(
        "of {sentences} sentences of customers, {refused} for their words and {named} for a name"
    );
    ensure!(
        RULE.replace('\n', " ").contains(&told),
        "the page is to say: {told}"
    );
    ensure!(
        refused * 1_000 <= sentences * REFUSED_PER_MILLE_MAX,
        "words in {refused}"
    );
    ensure!(
        named * 10_000 <= sentences * NAMED_PER_10_000_MAX,
        "names in {named}"
    );
    Ok(())
}
