//! What is learnt from cases: causes, surveys, follow-ups, standards; and moves between versions.

use serde_json::{Value, json};

use super::form::{
    defined, flag, may, must, names, one_of, one_or_list, pattern, percent, table, text, whole,
    words,
};
use crate::workflow::CauseNeed;
use crate::workflow::source::{SCALE_MAX, SYSTEMIC_CASES_MAX, VERSION_MAX, WHYS_MAX};

pub(super) fn causes() -> Value {
    let review = review();
    let except = words(vec![must(
        "override",
        "The roles that may record, with a reason, what reads as blame.",
        names(),
    )]);
    let check = words(vec![must(
        "after",
        "How long after the mend it is asked whether it worked.",
        defined("length"),
    )]);
    let systemic = words(vec![
        must(
            "cases",
            "How many cases with one cause make a systemic issue.",
            whole(2, SYSTEMIC_CASES_MAX),
        ),
        must("within", "Within which time.", defined("length")),
        may("same", "The fields that must be alike in them.", names()),
        may(
            "by",
            "The roles that confirm it; without it those that diagnose.",
            names(),
        ),
    ]);
    words(vec![
        may(
            "whys",
            "How many times at least to ask why before a cause may be chosen.",
            whole(0, WHYS_MAX),
        ),
        may(
            "blame_free",
            "Yes: a cause is never a person. Or who may record, with a reason, what reads so: \
             `{override: [team_lead]}`.",
            json!({"anyOf": [flag(), except]}),
        ),
        may(
            "review",
            "Who looks at recorded causes, and at how many.",
            review,
        ),
        may(
            "effectiveness_check",
            "When it is asked whether the mend worked.",
            check,
        ),
        may(
            "failures",
            "What failed for the customer, each with its title.",
            table("What failed.", text()),
        ),
        may(
            "reporting",
            "A regulator's own codes, each with its title; apart from the cause.",
            table("A code of the regulator.", text()),
        ),
        may(
            "systemic",
            "When equal causes are a fault of the system rather than of one case.",
            systemic,
        ),
        must(
            "categories",
            "The causes to choose from, in groups. A group of the rest helps: `unknown: \
             {not_found: Not found after review}`.",
            categories(),
        ),
    ])
}

fn review() -> Value {
    words(vec![
        must("by", "The role that reviews causes.", text()),
        may(
            "sample",
            "The share of causes that is looked at, such as 20%.",
            percent(),
        ),
        may(
            "always_when",
            "Which cases are always reviewed.",
            defined("condition"),
        ),
    ])
}

fn categories() -> Value {
    let need = one_of(&CauseNeed::ALL.map(CauseNeed::as_str));
    let long = words(vec![
        must("title", "What the cause is called.", text()),
        may(
            "needs",
            "What must be given with the cause: the id of the policy, the day of another look.",
            one_or_list(&need),
        ),
    ]);
    let cause = json!({"anyOf": [text(), long]});
    let group = table("A cause: its title, or its title and what it needs.", cause);
    table("A group of causes.", group)
}

pub(super) fn follow_ups() -> Value {
    let follow_up = words(vec![
        must("after", "How long after closing.", defined("length")),
        must("of", "After which outcomes.", names()),
        must("task", "What is to be done.", text()),
        must("who", "The roles that do it.", names()),
        may("calendar", "The calendar that counts.", text()),
    ]);
    table("Something to do some time after closing.", follow_up)
}

pub(super) fn surveys() -> Value {
    let scale = pattern(
        "[0-9]-([1-9]|10)",
        "a scale looks like `1-5`, from 0 to 10 at the widest",
        &["1-5", "0-10"],
    );
    let at_most = pattern(
        "([1-9][0-9]?|100) per customer in .+",
        "it looks like `1 per customer in 30 days`",
        &["1 per customer in 30 days"],
    );
    let question = words(vec![
        must("ask", "The question as the customer sees it.", text()),
        must(
            "scale",
            "The lowest and the highest answer, such as 1-5.",
            scale,
        ),
    ]);
    let survey = words(vec![
        must("after", "How long after closing.", defined("length")),
        must("of", "After which outcomes.", names()),
        may(
            "at_most",
            "So many for each customer in so long, so that nobody is asked too often.",
            at_most,
        ),
        may(
            "closes_after",
            "How long answers are taken.",
            defined("length"),
        ),
        must(
            "questions",
            "What is asked.",
            table("A question.", question),
        ),
        may(
            "reopen_when",
            "Which answers reopen the case, such as `{satisfaction: {at_most: 2}}`.",
            defined("condition"),
        ),
        may("calendar", "The calendar that counts.", text()),
    ]);
    table("A survey.", survey)
}

pub(super) fn standards() -> Value {
    let standard = words(vec![
        must(
            "metric",
            "What is measured: first_reply, resolution, any clock, satisfaction, effort, \
             promises_kept, reopened or resolved_share.",
            text(),
        ),
        must(
            "target",
            "The share that must be reached, such as 95%.",
            percent(),
        ),
        may(
            "at_least",
            "For scales: which answer counts as good, such as 5.",
            whole(0, SCALE_MAX),
        ),
        must(
            "window",
            "Over which time it is measured.",
            defined("length"),
        ),
        must("owner", "The role that answers for it.", text()),
    ]);
    table("A service standard that can be measured.", standard)
}

pub(super) fn moves() -> Value {
    words(vec![
        must(
            "from",
            "Which earlier version they come from.",
            whole(1, VERSION_MAX),
        ),
        may(
            "steps",
            "Where cases go that are in a step which this version does not have, such as {assess: \
             senior_assess}.",
            table("The step of this version.", text()),
        ),
    ])
}
