//! The whole page of a small council whose file is full of traps.

#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

use std::fmt::Write;

use candour_inspect::{Inspector, Key, Labels, LocalFacts, document};
use candour_law::Rulebook;
use candour_returns::{Reader, join};

/// A return in which requests go unanswered, in groups of every size from one up.
fn rows() -> String {
    let mut text = String::from(
        "LA Code,Reporting Period Start Date,Reporting Period End Date,LA Person Unique Identifier,Gender,Ethnicity,Date of Birth,Client Type,Primary Support Reason,Postcode,Event Type,Event Start Date,Event End Date,Event Outcome,Assessment Type,Service Type,Service Component,Delivery Mechanism,Other <b>column</b>\n",
    );
    let districts = [
        "NR1 1AA", "NR2 1AA", "NR3 1AA", "NR4 1AA", "NR5 1AA", "NR6 1AA", "NR7 1AA",
    ];
    let mut row = |person: usize,
                   kind: &str,
                   start: &str,
                   end: &str,
                   outcome: &str,
                   assessment: &str,
                   service: &str| {
        // Districts of one, three, five... people.
        let district = districts
            .get(((person as f64).sqrt() as usize).min(districts.len() - 1))
            .unwrap();
        let sex = if person.is_multiple_of(17) {
            "Male"
        } else {
            "Female"
        };
        let mechanism = if service.is_empty() {
            ""
        } else {
            "Direct Payment"
        };
        writeln!(
            text,
            "999,01/04/2024,31/03/2025,<script>secret{person}</script>,{sex},,12/03/1950,Service User,,{district},{kind},{start},{end},{outcome},{assessment},{service},Direct Payment,{mechanism},x"
        )
        .unwrap();
    };
    for person in 0..140 {
        let progress = "Progress to Assessment";
        row(
            person,
            "Request",
            "02/05/2024",
            "03/05/2024",
            progress,
            "",
            "",
        );
        if person % 3 == 0 {
            row(
                person,
                "Assessment",
                "10/05/2024",
                "20/05/2024",
                "Progress to Support Planning / Services",
                "Long Term Assessment",
                "",
            );
        }
        if person % 9 == 0 {
            row(
                person,
                "Service",
                "01/06/2024",
                "",
                "",
                "",
                "Long Term Support: Community",
            );
        }
        if person % 61 == 0 {
            row(person, "Request", "no date", "03/05/2024", progress, "", "");
        }
    }
    text
}

fn page() -> String {
    let folder = std::env::temp_dir().join(format!(
        "candour-page-{}-{:?}",
        std::process::id(),
        std::thread::current().id()
    ));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("it's <i>a return.csv");
    std::fs::write(&path, rows()).unwrap();
    let rulebook = Rulebook::built_in().unwrap();
    let inspector = Inspector::new(&rulebook).unwrap();
    let mut reader = Reader::new(inspector.settings);
    let file = reader.read(&path, &|_| {}).unwrap();
    let joined = join(&reader, vec![file], None);
    let labels = Labels::new(&joined.record, Some(&Key::from_bytes(b"key")));
    let local = LocalFacts::default();
    let inspection = inspector
        .inspect(&joined.record, &labels, &local, &|_| {})
        .unwrap();
    let document = document(&inspector, &joined, &inspection, &labels, &local, false);
    std::fs::remove_dir_all(folder).unwrap();
    candour_publish::report(&inspector, &joined, &inspection, &document)
}

/// What stands between an opening and the next closing piece, everywhere.
fn between<'p>(page: &'p str, open: &'p str, close: &'p str) -> impl Iterator<Item = &'p str> {
    page.split(open)
        .skip(1)
        .filter_map(move |rest| rest.split(close).next())
}

#[test]
fn no_small_count_is_shown_anywhere() {
    let page = page();
    let mut cells = 0;
    let counts = between(&page, "<td class=\"r\">", "</td>")
        .chain(between(&page, "<tspan class=\"n\">", "</tspan>"))
        .chain(between(&page, "class=\"equation\"><span><b>", "</b>"))
        .chain(between(&page, "<dd>", "</dd>"));
    for count in counts {
        let plain = count.replace(',', "");
        if let Ok(n) = plain.parse::<u64>() {
            assert!(
                n == 0 || (n >= 5 && n.is_multiple_of(5)),
                "{count} is shown"
            );
            cells += 1;
        }
    }
    assert!(cells > 60, "{cells} counts were looked at");
    assert!(
        page.contains("fewer than 5"),
        "something small is in this council"
    );
}

#[test]
fn nobody_is_named_and_nothing_is_fetched() {
    let page = page();
    for never in [
        "secret",
        "<script",
        "<i>",
        "Other <b>",
        "http:",
        "https:",
        "src=",
        "@import",
        "1950",
        "NR1 1AA",
    ] {
        assert!(!page.contains(never), "{never} is on the page");
    }
    assert!(
        page.contains("it&#39;s &lt;i&gt;a return.csv"),
        "the file's name is there, escaped"
    );
    assert!(page.starts_with("<!DOCTYPE html>\n<html lang=\"en-GB\">"));
}

#[test]
fn ids_are_unique_links_arrive_and_tags_close() {
    let page = page();
    let ids: Vec<&str> = between(&page, " id=\"", "\"").collect();
    let mut sorted = ids.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(sorted.len(), ids.len(), "an id stands twice");
    for target in between(&page, "href=\"#", "\"")
        .chain(between(&page, "aria-labelledby=\"", "\"").flat_map(|l| l.split(' ')))
    {
        assert!(ids.contains(&target), "nothing is called {target}");
    }
    for tag in [
        "section", "div", "table", "details", "ul", "ol", "li", "p", "svg", "main", "nav", "tbody",
        "tr", "td", "span",
    ] {
        let opened =
            page.matches(&format!("<{tag}>")).count() + page.matches(&format!("<{tag} ")).count();
        assert_eq!(opened, page.matches(&format!("</{tag}>")).count(), "{tag}");
    }
}

#[test]
fn the_same_inputs_give_the_same_bytes() {
    assert_eq!(page(), page());
}

#[test]
fn words_are_those_of_the_design() {
    let page = page();
    // The checks name the return's own codes.
    let ours = page.split("id=\"quality\"").next().unwrap();
    for never in [
        "service user",
        "Service user",
        "RAG",
        "compliant",
        "Outstanding",
        "Requires improvement",
        "Inadequate",
    ] {
        assert!(!ours.contains(never), "{never}");
    }
    assert!(page.contains("A signal is not a finding."));
    assert!(page.contains("People who were never let in are invisible here."));
    assert!(page.contains("Breach signal"));
}
