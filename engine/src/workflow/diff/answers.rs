//! Fields and decision tables.

use super::words;
use super::{Comparison, Weight};
use crate::workflow::source::{Field, Row, Sp, Workflow};

impl Comparison<'_> {
    pub(super) fn fields(&mut self) {
        let (old, new) = (self.old.source, self.new.source);
        let called = |name: &str, field: &Field| match &field.ask {
            Some(ask) => format!("The field `{name}` ({})", ask.value),
            None => format!("The field `{name}`"),
        };
        self.table(
            "fields",
            (&old.fields, &new.fields),
            |c, name, field| c.say(Weight::Gone, format!("{} is gone", called(name, field))),
            |c, name, field| c.say(Weight::Added, format!("{} is new", called(name, field))),
            |c, name, was, is| c.field(name, &called(name, is), was, is),
        );
    }

    fn field(&mut self, name: &str, subject: &str, was: &Field, is: &Field) {
        let (old, new) = (self.old.source, self.new.source);
        let kind = |field: &Field| {
            field
                .kind
                .as_ref()
                .map(|kind| kind.value.as_str().to_owned())
        };
        let value = |source: &Workflow, part: &Option<Sp<String>>| {
            part.as_ref()
                .map(|part| words::value(source, name, &part.value))
        };
        self.word(
            subject,
            "ask",
            words::text(was.ask.as_ref()),
            words::text(is.ask.as_ref()),
        );
        self.word(subject, "type", kind(was), kind(is));
        self.set(
            &words::names(&was.of),
            &words::names(&is.of),
            (Weight::Gone, |option: &str| {
                format!("{subject} no longer has the option {option}")
            }),
            (Weight::Added, |option: &str| {
                format!("{subject} has the new option {option}")
            }),
        );
        self.word(subject, "min", value(old, &was.min), value(new, &is.min));
        self.max(name, subject, was, is);
        self.word(
            subject,
            "currency",
            words::shown(was.currency.as_ref()),
            words::shown(is.currency.as_ref()),
        );
        self.word(
            subject,
            "pattern",
            words::text(was.pattern.as_ref()),
            words::text(is.pattern.as_ref()),
        );
        self.word(
            subject,
            "default",
            value(old, &was.default),
            value(new, &is.default),
        );
        self.word(
            subject,
            "from_table",
            words::shown(was.from_table.as_ref()),
            words::shown(is.from_table.as_ref()),
        );
        self.duties(subject, was, is);
    }

    /// Compares what protects an answer: whether it is sealed, under a limit, asked anew.
    fn duties(&mut self, subject: &str, was: &Field, is: &Field) {
        let is_personal = |field: &Field| field.personal.as_ref().is_some_and(|flag| flag.value);
        match (is_personal(was), is_personal(is)) {
            (true, false) => self.say(
                Weight::ProtectionFell,
                format!("{subject} no longer counts as personal"),
            ),
            (false, true) => self.say(
                Weight::Changed,
                format!(
                    "{subject} now counts as personal: it is sealed, and no condition reads it"
                ),
            ),
            (true, true) | (false, false) => {}
        }
        let limit = |field: &Field| words::shown(field.limit.as_ref());
        if limit(is).is_some_and(|limit| limit == "none") && limit(was) != limit(is) {
            self.say(
                Weight::PowerGrew,
                format!("{subject} is no longer under the limit it was under"),
            );
        } else {
            self.weighed(subject, "limit", (limit(was), limit(is)), Weight::PowerGrew);
            self.moved_limit(limit(was), limit(is));
        }
        // A field that does not say `each_time` says no, unless it is under a limit.
        let each_time = |field: &Field| {
            let is_limited = limit(field).is_some_and(|limit| limit != "none");
            is_limited || field.each_time.as_ref().is_some_and(|flag| flag.value)
        };
        match (each_time(was), each_time(is)) {
            (true, false) => self.say(
                Weight::Changed,
                format!("{subject} is no longer asked anew: an answer counts for the whole case"),
            ),
            (false, true) => {
                self.say(
                    Weight::Changed,
                    format!("{subject} is now asked anew on every visit"),
                );
            }
            (true, true) | (false, false) => {}
        }
    }

    /// Compares what each role may give where a field is under another limit than before.
    fn moved_limit(&mut self, was: Option<String>, is: Option<String>) {
        let (old, new) = (self.old.source, self.new.source);
        let (Some(was), Some(is)) = (was, is) else {
            return;
        };
        let parts = (old.limits.get(&was), new.limits.get(&is));
        if let (true, (Some(before), Some(after))) = (was != is, parts) {
            self.limit(&is, &before.value, &after.value);
        }
    }

    fn max(&mut self, name: &str, subject: &str, was: &Field, is: &Field) {
        let (old, new) = (self.old.source, self.new.source);
        let is_money = is.currency.is_some();
        let amount = |field: &Field| {
            let max = field.max.as_ref()?;
            crate::money::Money::parse(&max.value).ok()
        };
        match (amount(was), amount(is)) {
            (Some(was), Some(is)) if was.currency == is.currency && was.minor < is.minor => self
                .say(
                    Weight::PowerGrew,
                    format!("{subject} may now be up to {is}; it was {was}"),
                ),
            (Some(_) | None, Some(_) | None) => {
                let value = |source: &Workflow, field: &Field| {
                    field
                        .max
                        .as_ref()
                        .map(|max| words::value(source, name, &max.value))
                };
                let gone = if is_money {
                    Weight::PowerGrew
                } else {
                    Weight::Changed
                };
                self.weighed(subject, "max", (value(old, was), value(new, is)), gone);
            }
        }
    }

    pub(super) fn tables(&mut self) {
        let (old, new) = (self.old.source, self.new.source);
        // A table works out the values of the field that names it.
        let rows = |source: &Workflow, table: &str, rows: &[Row]| -> Vec<String> {
            let mut fields = source.fields.iter().filter(|(_, field)| {
                let from = field.value.from_table.as_ref();
                from.is_some_and(|from| from.value == table)
            });
            let field = fields.next().map_or("", |(name, _)| name);
            let row = |row: &Row| {
                let is = words::value(source, field, &row.is.value);
                match &row.when {
                    Some(when) => format!("{is} when {}", words::condition(source, when)),
                    None => format!("{is} otherwise"),
                }
            };
            rows.iter().map(row).collect()
        };
        self.table(
            "tables",
            (&old.tables, &new.tables),
            |c, name, _| c.say(Weight::Gone, format!("The table `{name}` is gone")),
            |c, name, _| c.say(Weight::Added, format!("The table `{name}` is new")),
            |c, name, was, is| {
                let (was, is) = (rows(old, name, was), rows(new, name, is));
                if was != is {
                    let (was, is) = (was.join("; "), is.join("; "));
                    let text = format!("The table `{name}` now says {is}; it said {was}");
                    c.say(Weight::Changed, text);
                }
            },
        );
    }
}
