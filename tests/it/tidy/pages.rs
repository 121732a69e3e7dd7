//! Codes and their pages: each has the other.

use heard_engine::code::Code;

use super::{files, none};

pub fn every_code_has_its_page() -> anyhow::Result<()> {
    let mut faults = Vec::new();
    for code in Code::ALL {
        let heading = code.page().lines().next().unwrap_or("");
        let named = heading
            .strip_prefix("# ")
            .and_then(|rest| rest.split([' ', ':']).next());
        if named != Some(code.as_str()) {
            faults.push(format!(
                "the page of {} has the heading {heading:?}",
                code.as_str()
            ));
        }
    }
    none(&faults)
}

pub fn every_page_has_its_code() -> anyhow::Result<()> {
    let mut faults = files("engine/codes")?;
    faults.retain(|path| {
        let name = path.trim_start_matches("engine/codes/");
        !Code::ALL
            .iter()
            .any(|code| name == format!("{}.md", code.as_str()))
    });
    none(&faults)
}
