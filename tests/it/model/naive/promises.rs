//! What the customer is owed (20, 21). The naive model has no clock: it knows that a promise was
//! kept, not whether in time.

use serde_json::Value as Yaml;

use super::file::{list, text};
use super::{Naive, Said};

impl Naive {
    /// 20: `keeps` before `makes`; 21: what closing does to what is owed.
    pub(super) fn promise(&mut self, action: &Yaml, rule: &Yaml, outcome: &Yaml) -> Said {
        let named = |word: &str| [list(&action[word]), list(&rule[word])].concat();
        for name in named("keeps") {
            if self.is_owed(&name) {
                self.promises.insert(name, "kept");
            }
        }
        for name in named("makes") {
            let by = text(&self.file.0["promises"][&name]["by"]);
            if self.is_owed(&name) {
                continue;
            }
            if !by.is_empty() && !self.answers.contains_key(&by) {
                return Err("the day is missing");
            }
            self.promises.insert(name, "owed");
        }
        let is_owing = self.promises.values().any(|is| *is == "owed");
        let ends = match text(&outcome["counts_as"]).as_str() {
            "resolved" if is_owing => return Err("a promise is owed"),
            "not_resolved" => "broken",
            "withdrawn" | "referred" => "released",
            _ => return Ok(()),
        };
        for is in self.promises.values_mut() {
            if *is == "owed" {
                *is = ends;
            }
        }
        Ok(())
    }

    fn is_owed(&self, promise: &str) -> bool {
        self.promises.get(promise) == Some(&"owed")
    }
}
