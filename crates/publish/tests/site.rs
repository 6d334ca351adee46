//! The rulebook's pages: everything is there, every link arrives, nothing gets out.

#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

use std::collections::{BTreeMap, BTreeSet};

use candour_law::{Force, Plain, Rulebook, Strength};
use candour_publish::site;

fn pages(rulebook: &Rulebook) -> BTreeMap<String, String> {
    let files = site(rulebook);
    let count = files.len();
    let pages: BTreeMap<String, String> = files.into_iter().collect();
    assert_eq!(pages.len(), count, "two files have one path");
    pages
}

/// The tags of a page in order: the name, whether it closes, and its attributes as written.
fn tags(page: &str) -> Vec<(&str, bool, &str)> {
    let mut found = Vec::new();
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        let (inside, after) = rest[at + 1..].split_once('>').unwrap();
        rest = after;
        let closes = inside.starts_with('/');
        let inside = inside.trim_start_matches('/');
        let (name, attributes) = inside.split_once([' ', '\n']).unwrap_or((inside, ""));
        found.push((name, closes, attributes));
        if name == "script" && !closes {
            rest = &rest[rest.find("</script>").unwrap()..];
        }
    }
    found
}

fn attribute<'a>(attributes: &'a str, name: &str) -> Option<&'a str> {
    let start = format!("{name}=\"");
    let padded = attributes.split_once(&start)?;
    (padded.0.is_empty() || padded.0.ends_with(' ')).then_some(())?;
    Some(padded.1.split_once('"')?.0)
}

fn ids(page: &str) -> Vec<&str> {
    tags(page)
        .into_iter()
        .filter_map(|(_, _, attributes)| attribute(attributes, "id"))
        .collect()
}

#[test]
fn every_duty_test_example_number_fact_and_reason_has_its_anchor() {
    let rulebook = Rulebook::built_in().unwrap();
    let pages = pages(&rulebook);
    let anchors: BTreeMap<&str, BTreeSet<&str>> = pages
        .iter()
        .map(|(path, page)| (path.as_str(), ids(page).into_iter().collect()))
        .collect();
    let has = |path: &str, id: &str| {
        assert!(anchors[path].contains(id), "{path} has no #{id}");
    };
    for duty in &rulebook.duties {
        let path = format!("duties/{}.html", duty.id);
        has("index.html", &format!("duty-{}", duty.id));
        for heading in [
            "law",
            "owed-to",
            "tested",
            "cannot-show",
            "if-not-met",
            "for-the-council",
            "for-the-person",
            "remedy",
            "cases",
            "history",
        ] {
            has(&path, heading);
        }
        for test in &duty.tests {
            has(&path, &format!("test-{}", test.id));
            for place in 1..=test.examples.len() {
                has(&path, &format!("test-{}-example-{place}", test.id));
            }
            for number in test.params.keys() {
                has(&path, &format!("test-{}-number-{number}", test.id));
            }
        }
    }
    for fact in rulebook.facts.keys() {
        has("facts.html", &format!("fact-{fact}"));
    }
    for reason in rulebook.reasons.keys() {
        has(
            "reasons.html",
            &format!("reason-{}", reason.replace(':', "-")),
        );
    }
    for modifier in rulebook.modifiers.keys() {
        has("about.html", &format!("modifier-{modifier}"));
    }
    for number in rulebook.record.keys() {
        has("numbers.html", &format!("record-{number}"));
    }
    assert!(pages["about.html"].contains(&rulebook.sha256));
}

#[test]
fn every_link_arrives_and_none_leads_out() {
    let rulebook = Rulebook::built_in().unwrap();
    let pages = pages(&rulebook);
    let anchors: BTreeMap<&str, BTreeSet<&str>> = pages
        .iter()
        .map(|(path, page)| {
            let all = ids(page);
            let set: BTreeSet<&str> = all.iter().copied().collect();
            assert_eq!(all.len(), set.len(), "{path} has an id twice");
            (path.as_str(), set)
        })
        .collect();
    for (from, page) in pages.iter().filter(|(path, _)| path.ends_with("html")) {
        assert!(
            !page.contains("http://") && !page.contains("https://"),
            "{from}"
        );
        for (name, _, attributes) in tags(page) {
            assert!(!attributes.contains("src="), "{from}: {name} {attributes}");
            for needed in ["aria-labelledby", "aria-describedby", "for"] {
                if let Some(id) = attribute(attributes, needed) {
                    assert!(anchors[from.as_str()].contains(id), "{from}: {needed} {id}");
                }
            }
            let Some(link) = attribute(attributes, "href") else {
                continue;
            };
            let (path, id) = link.split_once('#').unwrap_or((link, ""));
            let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
            let path = match (path, path.strip_prefix("../")) {
                ("", _) => from.clone(),
                (_, Some(up)) => {
                    assert!(!folder.is_empty(), "{from} leads out: {link}");
                    up.to_owned()
                }
                (path, None) if folder.is_empty() => path.to_owned(),
                (path, None) => format!("{folder}/{path}"),
            };
            let there = anchors.get(path.as_str());
            assert!(there.is_some(), "{from}: {link}");
            assert!(
                id.is_empty() || there.unwrap().contains(id),
                "{from}: {link}"
            );
        }
    }
}

/// Tags close in order, headings leave no level out, and every page has its landmarks.
#[test]
fn pages_are_well_formed() {
    let rulebook = Rulebook::built_in().unwrap();
    for (path, page) in pages(&rulebook) {
        if !path.ends_with("html") {
            continue;
        }
        assert!(page.starts_with("<!DOCTYPE html>\n<html lang=\"en-GB\">"));
        let mut open = Vec::new();
        let mut level = 0;
        let mut first = 0;
        for (name, closes, _) in tags(&page) {
            if ["!DOCTYPE", "meta", "link", "input", "br"].contains(&name) {
                continue;
            }
            if closes {
                assert_eq!(open.pop(), Some(name), "{path}");
                continue;
            }
            open.push(name);
            if let Some(number) = name.strip_prefix('h').and_then(|n| n.parse::<usize>().ok()) {
                assert!(number <= level + 1, "{path}: h{number} after h{level}");
                level = number;
                first += usize::from(number == 1);
            }
        }
        assert!(open.is_empty(), "{path}: {open:?}");
        assert_eq!(first, 1, "{path}");
        for landmark in [
            "<main ",
            "<header ",
            "<nav ",
            "<footer ",
            "class=\"skip\"",
            "<title>",
        ] {
            assert!(page.contains(landmark), "{path} has no {landmark}");
        }
        let body = page.split_once("<script>").map_or(&*page, |(body, _)| body);
        assert!(!body.contains('{'), "{path}: a number was not filled in");
    }
}

#[test]
fn what_a_rulebook_says_is_never_markup() {
    let mut rulebook = Rulebook::built_in().unwrap();
    let evil = "</script><script>alert(1)</script>\"'&<img src=x onerror=y>";
    let duty = rulebook
        .duties
        .iter_mut()
        .find(|duty| duty.tests.iter().any(|test| !test.examples.is_empty()))
        .unwrap();
    duty.title = evil.into();
    duty.plain = evil.into();
    duty.page.law = evil.into();
    duty.ask_for.push(evil.into());
    duty.decided.push(evil.into());
    duty.switched_off = Some(evil.into());
    for authority in &mut duty.authorities {
        authority.cite = evil.into();
        authority.source = evil.into();
    }
    for test in &mut duty.tests {
        test.title = evil.into();
        test.met = evil.into();
        test.owed = Some(format!("{evil} == \"<b>\""));
        for example in &mut test.examples {
            example.name = evil.into();
            example.facts.insert(evil.into(), Plain::Text(evil.into()));
            example.unknown.insert(evil.into(), evil.into());
            example.reason = Some(evil.into());
        }
    }
    for fact in rulebook.facts.values_mut() {
        fact.question = evil.into();
        fact.values.push(evil.into());
        fact.aliases.push(evil.into());
    }
    for reason in rulebook.reasons.values_mut() {
        reason.sentence = evil.into();
    }
    rulebook.duties.last_mut().unwrap().id = "../../<evil> #?".into();
    for (path, page) in site(&rulebook) {
        assert!(!path.contains("..") && !path.starts_with('/'), "{path}");
        assert!(
            !page.contains("<img") && !page.contains("alert(1)</"),
            "{path}"
        );
        let scripts = page.matches("<script").count();
        assert_eq!(scripts, usize::from(page.contains("data-find=")), "{path}");
        assert_eq!(scripts == 1, page.contains("script-src"), "{path}");
    }
}

#[test]
fn breach_signal_is_said_only_of_tests_of_statute_and_strong() {
    let rulebook = Rulebook::built_in().unwrap();
    let pages = pages(&rulebook);
    for duty in &rulebook.duties {
        let can = duty
            .tests
            .iter()
            .any(|t| t.force == Force::Statute && t.strength == Strength::Strong);
        let said = pages[&format!("duties/{}.html", duty.id)].contains(">Breach signal<");
        assert_eq!(said, can, "{}", duty.id);
    }
}

#[test]
fn the_same_rulebook_gives_the_same_bytes() {
    let make = || site(&Rulebook::built_in().unwrap());
    assert!(make() == make());
}
