//! What people write for the words of the language, by the place where they write it.

/// What is written, and the word that is meant by it.
type Meant = &'static [(&'static str, &'static str)];
/// A place, as the reader calls it, and what is written there.
type Places = &'static [(&'static str, Meant)];

/// Words for "in every other case".
pub(super) const OTHERWISE: [&str; 4] = ["else", "otherwise", "if_not", "default"];

const RULE: Meant = &[
    ("if", "when"),
    ("where", "when"),
    ("condition", "when"),
    ("next", "go_to"),
    ("goto", "go_to"),
    ("to", "go_to"),
    ("go", "go_to"),
    ("target", "go_to"),
    ("leads_to", "go_to"),
    ("step", "go_to"),
    ("outcome", "go_to"),
    ("give", "gives"),
    ("pays", "gives"),
    ("refunds", "gives"),
    ("approve", "approves"),
    ("promise", "makes"),
    ("promises", "makes"),
    ("max_times", "at_most"),
    ("times", "at_most"),
    ("role", "who"),
    ("roles", "who"),
    ("by", "who"),
    ("requires", "needs"),
    ("required", "needs"),
    ("notify", "tell"),
    ("tells", "tell"),
    ("conditions", "rules"),
    ("choices", "rules"),
];

const WORK: Meant = &[
    ("name", "title"),
    ("label", "title"),
    ("description", "say"),
    ("script", "say"),
    ("text", "say"),
    ("role", "who"),
    ("roles", "who"),
    ("by", "who"),
    ("assignee", "who"),
    ("requires", "needs"),
    ("required", "needs"),
    ("fields", "asks"),
    ("questions", "asks"),
    ("ask", "asks"),
    ("deadline", "due"),
    ("stage", "phase"),
    ("type", "phase"),
    ("ways", "actions"),
    ("options", "actions"),
    ("choices", "actions"),
    ("buttons", "actions"),
    ("rules", "actions"),
    ("go_to", "next"),
    ("goto", "next"),
    ("then", "next"),
];

/// Words for a word of a map.
pub(super) const WORDS: Places = &[
    ("a rule", RULE),
    ("an action", RULE),
    ("a step", WORK),
    ("a task", WORK),
    (
        "a row of a table",
        &[
            ("if", "when"),
            ("where", "when"),
            ("condition", "when"),
            ("then", "is"),
            ("value", "is"),
            ("result", "is"),
            ("gives", "is"),
        ],
    ),
    (
        "a field",
        &[
            ("question", "ask"),
            ("label", "ask"),
            ("title", "ask"),
            ("description", "ask"),
            ("text", "ask"),
            ("prompt", "ask"),
            ("options", "of"),
            ("values", "of"),
            ("choices", "of"),
            ("one_of", "of"),
            ("kind", "type"),
            ("minimum", "min"),
            ("at_least", "min"),
            ("maximum", "max"),
            ("at_most", "max"),
            ("sensitive", "personal"),
            ("private", "personal"),
            ("sealed", "personal"),
            ("format", "pattern"),
            ("table", "from_table"),
        ],
    ),
    (
        "a role",
        &[
            ("name", "title"),
            ("label", "title"),
            ("description", "title"),
        ],
    ),
    (
        "an outcome",
        &[
            ("name", "title"),
            ("label", "title"),
            ("description", "title"),
            ("result", "counts_as"),
            ("status", "counts_as"),
            ("type", "counts_as"),
            ("notify", "tell"),
            ("requires", "needs"),
        ],
    ),
    (
        "a promise",
        &[
            ("say", "text"),
            ("label", "text"),
            ("title", "text"),
            ("description", "text"),
            ("in", "within"),
            ("due", "within"),
            ("deadline", "within"),
        ],
    ),
    (
        "a clock",
        &[
            ("if", "when"),
            ("start", "from"),
            ("starts", "from"),
            ("since", "from"),
            ("to", "until"),
            ("end", "until"),
            ("ends", "until"),
            ("stops", "until"),
            ("in", "within"),
            ("length", "within"),
            ("time", "within"),
        ],
    ),
    (
        "a calendar",
        &[
            ("timezone", "time_zone"),
            ("zone", "time_zone"),
            ("open", "hours"),
            ("opening_hours", "hours"),
            ("holidays", "closed_on"),
            ("closed", "closed_on"),
        ],
    ),
    (
        "`due`",
        &[
            ("within", "in"),
            ("after", "in"),
            ("go_to", "then"),
            ("next", "then"),
        ],
    ),
    (
        "`late`",
        &[
            ("notify", "tell"),
            ("in", "after"),
            ("next", "go_to"),
            ("to", "go_to"),
        ],
    ),
    (
        "`reopen`",
        &[
            ("go_to", "to"),
            ("step", "to"),
            ("in", "within"),
            ("for", "within"),
        ],
    ),
    (
        "a comparison",
        &[
            ("more_than", "above"),
            ("greater_than", "above"),
            ("min", "at_least"),
            ("less_than", "below"),
            ("under", "below"),
            ("max", "at_most"),
        ],
    ),
    (
        "a workflow",
        &[
            ("id", "workflow"),
            ("name", "title"),
            ("description", "purpose"),
            ("states", "steps"),
            ("stages", "steps"),
            ("phases", "steps"),
            ("ends", "outcomes"),
            ("endings", "outcomes"),
            ("results", "outcomes"),
            ("questions", "fields"),
            ("data", "fields"),
            ("form", "fields"),
            ("people", "roles"),
            ("actors", "roles"),
            ("begin", "start"),
            ("first", "start"),
            ("deadlines", "clocks"),
            ("authority", "limits"),
        ],
    ),
];

/// Words for one of a few values.
pub(super) const VALUES: Places = &[
    (
        "a way to count",
        &[
            ("unresolved", "not_resolved"),
            ("not resolved", "not_resolved"),
            ("failed", "not_resolved"),
            ("refused", "not_resolved"),
            ("rejected", "not_resolved"),
            ("denied", "not_resolved"),
            ("declined", "not_resolved"),
            ("cancelled", "withdrawn"),
            ("canceled", "withdrawn"),
            ("abandoned", "withdrawn"),
            ("escalated", "referred"),
            ("forwarded", "referred"),
            ("transferred", "referred"),
            ("solved", "resolved"),
            ("settled", "resolved"),
            ("success", "resolved"),
        ],
    ),
    (
        "a type of field",
        &[
            ("email", "text"),
            ("phone", "text"),
            ("string", "text"),
            ("textarea", "long_text"),
            ("integer", "number"),
            ("int", "number"),
            ("decimal", "number"),
            ("boolean", "yes_no"),
            ("bool", "yes_no"),
            ("yes/no", "yes_no"),
            ("checkbox", "yes_no"),
            ("amount", "money"),
            ("currency", "money"),
            ("price", "money"),
            ("datetime", "date"),
            ("file", "document"),
            ("attachment", "document"),
            ("photo", "document"),
            ("enum", "choice"),
            ("select", "choice"),
            ("dropdown", "choice"),
        ],
    ),
    (
        "a phase",
        &[
            ("verify", "hear"),
            ("identify", "hear"),
            ("listen", "hear"),
            ("intake", "hear"),
            ("greet", "hear"),
            ("acknowledge", "empathize"),
            ("apology", "apologize"),
            ("solve", "resolve"),
            ("fix", "resolve"),
            ("refund", "resolve"),
            ("investigate", "diagnose"),
            ("approval", "approve"),
            ("review", "approve"),
            ("hold", "wait"),
        ],
    ),
];

/// What to do where no word of the place is meant.
pub(super) const ADVICE: Places = &[
    (
        "a field",
        &[
            ("required", NAME_IN_NEEDS),
            ("mandatory", NAME_IN_NEEDS),
            (
                "optional",
                "delete it: whoever need not answer is asked in `asks`, not in `needs`",
            ),
        ],
    ),
    (
        "a type of field",
        &[(
            "multiple_choice",
            "write `choice` where one of a few answers is right, or `list` where several may be",
        )],
    ),
];

const NAME_IN_NEEDS: &str = "delete it, and name the field in `needs` of the step that must not \
                             end without an answer";

/// What the values of a place are for, where their words alone do not say it.
pub(super) const PURPOSE: Meant = &[(
    "a phase",
    "a phase says what the step is for: `hear` listens and checks who the customer is, \
     `empathize` shows that they are understood, `apologize` says sorry, `resolve` puts it right, \
     `explain` says what happened, `thank` thanks them, `diagnose` finds the cause, `follow_up` \
     asks afterwards, `approve` lets somebody else agree, `wait` waits",
)];

/// Returns what is said of a word in a place.
pub(super) fn find(places: Places, place: &str, word: &str) -> Option<&'static str> {
    let (_, meant) = places.iter().find(|(known, _)| *known == place)?;
    let word = word.to_lowercase();
    let found = meant.iter().find(|(written, _)| *written == word);
    found.map(|(_, meant)| *meant)
}
