//! Pictures as browsers and other readers see them: well-formed, and nothing clipped.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, ensure};
use heard_engine::workflow::draw::{Format, draw};
use heard_engine::workflow::{load, source};
use heard_tests::{Trial, skippable, skipped, trial};

/// What Chromium is called by those who pack it.
const BROWSERS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];
/// What the page says between which its findings stand.
const FOUND: (&str, &str) = ("FOUND[", "]FOUND");

/// The name of a picture with a fault.
const WRONG: &str = "wrong-on-purpose";

pub fn trials() -> Vec<Trial> {
    vec![
        trial("pictures::small_ones_are_as_they_were", small),
        trial("pictures::every_svg_is_well_formed", well_formed),
        skippable(
            "pictures::no_word_is_clipped_or_covered_in_a_browser",
            in_browser,
        ),
    ]
}

const SMALL: &str = r#"heard: 1
workflow: lamp
version: 2
title: A lamp & its "customer"
model: custom
roles: {agent: {title: Agent}, lead: {title: Lead}}
fields:
  broken: {ask: "Is it broken?", type: yes_no}
start: hear
steps:
  hear:
    phase: [hear, empathize]
    title: Hear the customer out
    who: [agent]
    due: {in: 2 hours, late: {tell: [lead], go_to: mend}}
    actions:
      told:
        needs: [broken]
        rules:
          - {when: {broken: yes}, go_to: mend}
          - {go_to: well}
      again: {go_to: hear, at_most: 2, then: mend}
  mend:
    phase: resolve
    title: Mend the lamp
    tasks:
      screw: {title: Tighten the screws, who: [agent, lead]}
    next: well
outcomes:
  well:  {title: Well again, counts_as: resolved, reopen: {to: hear, within: 30 days}}
  given_up: {title: Given up, counts_as: withdrawn}
anywhere:
  give_up: {who: [agent], go_to: given_up}
"#;

fn drawn(bytes: &[u8], format: Format) -> anyhow::Result<String> {
    let (source, findings) = source::read(bytes);
    let source = source.with_context(|| format!("{findings:?}"))?;
    let compiled = load(bytes).map_err(|found| anyhow::anyhow!("{found:?}"))?;
    Ok(draw(&source, &compiled, format))
}

fn small() -> anyhow::Result<()> {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_snapshot_path("snapshots");
    for (name, format) in [
        ("picture-svg", Format::Svg),
        ("picture-mermaid", Format::Mermaid),
        ("picture-dot", Format::Dot),
    ] {
        let picture = drawn(SMALL.as_bytes(), format)?;
        settings.bind(|| insta::assert_snapshot!(name, picture));
    }
    Ok(())
}

/// Returns the name and the picture of every workflow of the project.
fn pictures() -> anyhow::Result<Vec<(String, String)>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut pictures = vec![("small".to_owned(), drawn(SMALL.as_bytes(), Format::Svg)?)];
    for folder in ["../workflows", "workflows"] {
        for file in fs::read_dir(root.join(folder))? {
            let path = file?.path();
            let name = path.to_string_lossy().into_owned();
            if name.ends_with(".workflow.yaml") {
                let picture = drawn(&fs::read(&path)?, Format::Svg).context(name.clone())?;
                pictures.push((name, picture));
            }
        }
    }
    ensure!(pictures.len() > 4, "no workflow was found");
    pictures.sort();
    Ok(pictures)
}

fn well_formed() -> anyhow::Result<()> {
    for (name, picture) in pictures()? {
        let read = roxmltree::Document::parse(&picture).with_context(|| name.clone())?;
        let root = read.root_element();
        ensure!(root.attribute("role") == Some("img"), "{name} is no image");
        let named = root.attribute("aria-labelledby").unwrap_or_default();
        for id in named.split(' ') {
            let mut all = read.descendants();
            let found = all.find(|node| node.attribute("id") == Some(id));
            let text = found.and_then(|node| node.text()).unwrap_or_default();
            ensure!(!text.trim().is_empty(), "{name}: `{id}` names nothing");
        }
        for node in read.descendants().filter(roxmltree::Node::is_element) {
            let tag = node.tag_name().name();
            let known = ["svg", "title", "desc", "style", "g", "rect", "path", "text"];
            ensure!(known.contains(&tag), "{name} has <{tag}>");
            let may_not = |name: &str| name == "style" || name == "href" || name.starts_with("on");
            ensure!(
                !node.attributes().any(|it| may_not(it.name())),
                "{name}: {tag}"
            );
        }
    }
    Ok(())
}

fn browser() -> Option<&'static str> {
    let runs = |name: &&&str| {
        let asked = Command::new(name)
            .arg("--version")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        asked.is_ok_and(|status| status.success())
    };
    BROWSERS.iter().find(runs).copied()
}

/// Measures the words as a browser sets them, in its usual font and in the widest that is common,
/// and says which leave their place, the page, or their room beside other words and lines.
const MEASURE: &str = r#"
const found = [];
for (const font of ["", "'DejaVu Sans', sans-serif", "Verdana, sans-serif"]) {
  for (const svg of document.querySelectorAll("svg")) {
    const name = svg.dataset.name + " in " + (font || "its font");
    if (font) svg.style.fontFamily = font;
    const page = svg.viewBox.baseVal;
    const inside = (a, b) => a.x >= b.x - 0.5 && a.y >= b.y - 0.5 &&
      a.x + a.width <= b.x + b.width + 0.5 && a.y + a.height <= b.y + b.height + 0.5;
    const apart = (a, b) => a.x + a.width <= b.x + 0.5 || b.x + b.width <= a.x + 0.5 ||
      a.y + a.height <= b.y + 0.5 || b.y + b.height <= a.y + 0.5;
    // The room of a letter reaches above and below its ink: neighbouring lines may share it.
    const inked = t => { const b = t.getBBox(); const cut = b.height / 6;
      return {x: b.x, y: b.y + cut, width: b.width, height: b.height - 2 * cut, t}; };
    const words = [...svg.querySelectorAll("text")].map(inked);
    const boxes = [...svg.querySelectorAll("rect.box")].map(r => r.getBBox());
    for (const [i, a] of words.entries()) {
      const said = JSON.stringify(a.t.textContent);
      if (!inside(a, page)) found.push(`${name}: ${said} is clipped`);
      const before = a.t.previousElementSibling;
      const ground = a.t.classList.contains("word") ? before.getBBox() :
        (a.t.parentNode.querySelector(":scope > rect.box") || {getBBox: () => null}).getBBox();
      if (ground && !inside(a, ground)) found.push(`${name}: ${said} leaves its place`);
      if (!ground && !boxes.every(b => apart(a, b))) found.push(`${name}: ${said} is on a place`);
      for (const b of words.slice(i + 1))
        if (!apart(a, b)) found.push(`${name}: ${said} covers ${JSON.stringify(b.t.textContent)}`);
    }
    for (const path of svg.querySelectorAll("path.line")) {
      const length = path.getTotalLength();
      for (let at = 0; at <= length; at += 2) {
        const p = path.getPointAtLength(at);
        const on = words.find(a => p.x > a.x && p.x < a.x + a.width &&
          p.y > a.y && p.y < a.y + a.height);
        if (on) { found.push(`${name}: a line crosses ${on.t.textContent}`); break; }
      }
    }
  }
}
const words = document.querySelectorAll("text").length;
document.title = "";
document.body.textContent = "FOUND[" + words + " words;" + found.join("\n") + "]FOUND";
"#;

fn in_browser() -> anyhow::Result<Option<String>> {
    let Some(browser) = browser() else {
        return skipped("chromium", "Chromium cannot be run here");
    };
    let folder = tempfile::tempdir()?;
    let mut page = String::from("<!doctype html><meta charset=\"utf-8\"><body>");
    for (name, picture) in pictures()? {
        let name = Path::new(&name)
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy();
        page.push_str(&picture.replacen("<svg ", &format!("<svg data-name=\"{name}\" "), 1));
    }
    // One that is wrong on purpose: whoever finds nothing there does not look.
    let wrong = drawn(SMALL.as_bytes(), Format::Svg)?;
    let wrong = wrong.replacen(
        ">at most 2 times<",
        ">at most 2 times, and far too long for its room<",
        1,
    );
    page.push_str(&wrong.replacen("<svg ", &format!("<svg data-name=\"{WRONG}\" "), 1));
    page.push_str(&format!("<script>{MEASURE}</script>"));
    let file: PathBuf = folder.path().join("pictures.html");
    fs::write(&file, page)?;
    let done = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"])
        .arg(format!(
            "--user-data-dir={}",
            folder.path().join("profile").display()
        ))
        .arg(format!("file://{}", file.display()))
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()?;
    let said = String::from_utf8(done.stdout)?;
    let (_, found) = said
        .split_once(FOUND.0)
        .context("the page did not measure")?;
    let (found, _) = found.split_once(FOUND.1).context("the page did not end")?;
    let (words, faults) = found.split_once(';').context("the page did not count")?;
    let words: usize = words.trim_end_matches(" words").parse()?;
    ensure!(words > 100, "only {words} words were measured");
    let (wrong, faults): (Vec<&str>, Vec<&str>) =
        faults.lines().partition(|fault| fault.starts_with(WRONG));
    ensure!(faults.is_empty(), "{}", faults.join("\n"));
    ensure!(!wrong.is_empty(), "a label that is too long was not found");
    Ok(None)
}
