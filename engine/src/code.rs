//! Every stable code, with its short name and its page.
//!
//! Invariant: a code is never reused or renumbered; its page lies in `engine/codes/`.

use std::fmt;

/// What a code stands for; decides who is told and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// `H...`: a fault of a workflow file.
    Finding,
    /// `HC...`: a command that was refused.
    Refusal,
    /// `HB...`: a malformed request.
    BadRequest,
    /// `HS...`: the world failed.
    Failure,
    /// `HX...`: our bug, or damaged data.
    Damage,
}

macro_rules! codes {
    ($($code:ident $name:literal,)+) => {
        /// A stable code.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = concat!("`", stringify!($code), "`: ", $name, ". See its page.")] $code,)+
        }

        impl Code {
            /// Every code, in order.
            pub const ALL: &[Self] = &[$(Self::$code,)+];

            /// Returns the code as text: `HC004`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$code => stringify!($code),)+ }
            }

            /// Returns the short name: `no_such_action` of a refusal, `unreachable-step` of a
            /// finding.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$code => $name,)+ }
            }

            /// Returns the page: what happened, why, what to do. Markdown.
            #[must_use]
            pub const fn page(self) -> &'static str {
                match self {
                    $(Self::$code => include_str!(concat!("../codes/", stringify!($code), ".md")),)+
                }
            }
        }
    };
}

codes! {
    H001 "unreadable",
    H002 "unknown-word",
    H003 "duplicate-word",
    H004 "wrong-kind",
    H005 "missing-word",
    H006 "too-large",
    H007 "tag-or-alias",
    H008 "reserved-name",
    H009 "bad-name",
    H010 "cut-sentence",
    H011 "bad-value",
    H012 "other-language",
    H013 "not-yet",
    H014 "not-acted-on",
    H015 "words-that-clash",
    H016 "excuse-refused",
    H101 "unknown-name",
    H102 "unused-name",
    H103 "name-taken",
    H104 "actor-who-cannot-act",
    H105 "name-of-another-kind",
    H106 "never-asked",
    H107 "never-reopened",
    H201 "unreachable-step",
    H202 "dead-end",
    H203 "trap",
    H204 "uncounted-loop",
    H205 "nothing-resolved",
    H206 "refusal-leads-where-agreement-leads",
    H207 "two-actions-alike",
    H208 "back-to-itself",
    H209 "too-many-steps",
    H210 "needs-never-answered",
    H211 "empathize-before-hear",
    H212 "apologize-before-empathize",
    H213 "resolve-before-apology",
    H214 "given-before-apology",
    H215 "resolved-without-diagnosis",
    H301 "missing-last-rule",
    H302 "wrong-comparison",
    H303 "value-outside",
    H304 "misplaced-limit",
    H305 "too-much-to-read",
    H306 "rule-never-reached",
    H307 "always-true",
    H308 "maybe-empty",
    H309 "stale-answer",
    H310 "table-gap",
    H311 "needs-never-hold",
    H312 "table-in-a-circle",
    H401 "nobody-may-act",
    H402 "limit-not-said",
    H403 "nobody-left",
    H404 "nobody-can-approve",
    H405 "approval-without-other-eyes",
    H406 "limit-falls-with-seniority",
    H407 "never-meet",
    H408 "given-without-limit",
    H409 "approved-and-not-given",
    H501 "warning-after-limit",
    H502 "escalation-in-a-circle",
    H503 "limit-outside-working-hours",
    H504 "longer-than-limit",
    H505 "step-without-limit",
    H506 "pause-without-clock",
    H507 "told-who-cannot-act",
    H508 "deadline-cannot-close",
    H601 "resolved-with-promise-owed",
    H602 "kept-and-never-made",
    H603 "made-and-never-kept",
    H604 "broken-without-consequence",
    H701 "personal-not-said",
    H702 "condition-on-sealed-value",
    H703 "personal-in-text",
    H704 "asked-twice",
    H705 "looks-personal",
    H801 "causes-nobody-records",
    H802 "cause-names-a-role",
    H803 "causes-without-rest",
    H804 "survey-reaches-nobody",
    H805 "vague-standard",
    H806 "survey-too-often",
    H807 "follow-up-of-nothing",
    H904 "calendar-ends",
    H905 "rule-not-walked",
    H907 "impossible-line",
    HC001 "no_such_case",
    HC002 "already_open",
    HC003 "closed",
    HC004 "no_such_action",
    HC005 "not_yours",
    HC006 "not_by",
    HC007 "answers_missing",
    HC008 "needs_not_met",
    HC009 "tasks_open",
    HC010 "task_done",
    HC011 "used_up",
    HC012 "not_asked",
    HC013 "cause_missing",
    HC014 "reason_missing",
    HC015 "nothing_to_correct",
    HC016 "not_reopenable",
    HC017 "reopen_too_late",
    HC018 "not_closed",
    HC019 "cause_not_now",
    HC020 "no_such_cause",
    HC021 "too_few_whys",
    HC022 "import_incomplete",
    HC023 "history_full",
    HC024 "no_such_workflow",
    HC025 "no_such_step",
    HC026 "read_only_role",
    HC027 "version_taken",
    HC028 "over_max",
    HC029 "over_limit",
    HC030 "not_the_approver",
    HC031 "nothing_to_approve",
    HC032 "from_table",
    HC033 "promise_owed",
    HC034 "promise_not_owed",
    HC035 "due_outside",
    HC036 "survey_not_open",
    HC037 "no_such_question",
    HC038 "outside_scale",
    HC039 "follow_up_not_due",
    HC040 "clock_not_running",
    HC041 "no_extension",
    HC042 "already_extended",
    HC043 "already_late",
    HC044 "no_such_deadline",
    HC045 "diagnosis_incomplete",
    HC046 "not_listed",
    HC047 "no_such_diagnosis",
    HC048 "diagnosis_not_now",
    HC049 "other_eyes_diagnose",
    HC050 "blames_a_person",
    HC051 "nothing_to_override",
    HC052 "no_such_cause_action",
    HC053 "cause_action_not_now",
    HC054 "day_past",
    HC055 "cause_named_twice",
    HC056 "no_issue",
    HC057 "issue_confirmed",
    HC058 "nothing_to_link",
    HC059 "merged",
    HC060 "duplicate_of_itself",
    HC061 "no_such_duplicate",
    HC062 "duplicate_not_open",
    HC063 "other_workflow",
    HC064 "other_customer",
    HC065 "given_in_duplicate",
    HC066 "duplicate_holds",
    HC067 "deadline_unknown_here",
    HC068 "too_many_merged",
    HC069 "undetermined",
    HB001 "malformed",
    HB002 "request_id_reused",
    HB003 "no_such_field",
    HB004 "unsuitable_value",
    HB005 "no_such_role",
    HB006 "wrong_page_token",
    HB007 "faulty_workflow",
    HS001 "revision_differs",
    HS002 "kept_changing",
    HS003 "too_many_waiting",
    HS004 "disk_full",
    HS005 "store_out_of_reach",
    HS006 "outcome_unknown",
    HS007 "stopping",
    HS008 "deadline_passed",
    HS009 "newer_entry",
    HS010 "time_held",
    HS011 "clock_not_virtual",
    HX001 "damaged",
    HX002 "fault_of_ours",
}

impl Code {
    /// Finds a code by its text, in any case.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|code| code.as_str().eq_ignore_ascii_case(text))
    }

    /// Returns what the code stands for.
    #[must_use]
    pub fn kind(self) -> Kind {
        match self.as_str().as_bytes() {
            [_, b'C', ..] => Kind::Refusal,
            [_, b'B', ..] => Kind::BadRequest,
            [_, b'S', ..] => Kind::Failure,
            [_, b'X', ..] => Kind::Damage,
            _ => Kind::Finding,
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
