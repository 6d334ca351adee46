//! Charts, patterns and measures as they stand on a page: ordinary ones and awkward ones.

#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

use candour_inspect::Figure;
use candour_publish::patterns_page;

mod made_up;

fn county() -> String {
    patterns_page("County", &made_up::county(), &made_up::measures())
}

fn page_of(figures: Vec<Figure>) -> String {
    patterns_page("Figures", &[made_up::pattern("p", "Pattern", figures)], &[])
}

/// What stands between an opening and the next closing piece, everywhere.
fn between<'p>(page: &'p str, open: &'p str, close: &'p str) -> impl Iterator<Item = &'p str> {
    page.split(open)
        .skip(1)
        .filter_map(move |rest| rest.split(close).next())
}

fn sound(page: &str) {
    let ids: Vec<&str> = between(page, " id=\"", "\"").collect();
    let mut sorted = ids.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(sorted.len(), ids.len(), "an id stands twice");
    for target in between(page, "href=\"#", "\"")
        .chain(between(page, "aria-labelledby=\"", "\"").flat_map(|l| l.split(' ')))
        .chain(between(page, "url(#", ")"))
    {
        assert!(ids.contains(&target), "nothing is called {target}");
    }
    for tag in [
        "section",
        "article",
        "div",
        "table",
        "details",
        "ul",
        "ol",
        "li",
        "p",
        "svg",
        "g",
        "text",
        "figure",
        "figcaption",
        "main",
        "tbody",
        "tr",
        "td",
        "span",
        "dl",
        "desc",
    ] {
        let opened =
            page.matches(&format!("<{tag}>")).count() + page.matches(&format!("<{tag} ")).count();
        assert_eq!(opened, page.matches(&format!("</{tag}>")).count(), "{tag}");
    }
    // Every coordinate is a number, and inside the picture or beside it.
    let mut coordinates = 0;
    for attribute in [" x=\"", " y=\"", " width=\"", " height=\""] {
        for value in between(page, attribute, "\"") {
            let value: f64 = value.parse().unwrap();
            assert!((-20.0..2500.0).contains(&value), "{attribute}{value}");
            coordinates += 1;
        }
    }
    assert!(coordinates > 10);
    for d in between(page, " d=\"", "\"") {
        assert!(
            d.chars().all(|c| "MLHVZmlhvaz .-0123456789".contains(c)),
            "{d}"
        );
    }
    for never in ["NaN", "nan", "inf ", "null", "<script", "-0%"] {
        assert!(!page.contains(never), "{never} is on the page");
    }
}

#[test]
fn pages_are_sound() {
    sound(&county());
    sound(&page_of(made_up::awkward()));
    // Each alone: what one draws no other hides.
    for figure in made_up::awkward() {
        let page = page_of(vec![figure]);
        assert_eq!(page.matches("<figure").count(), 1);
        assert_eq!(
            page.matches("<p class=\"no-picture\">").count() + page.matches("role=\"img\"").count(),
            1,
            "a picture, or why there is none"
        );
    }
}

#[test]
fn no_count_from_one_to_four_is_shown() {
    for page in [county(), page_of(made_up::awkward())] {
        let mut counts = 0;
        let cells = between(&page, "<td class=\"r\">", "</td>")
            .chain(between(&page, "data-l=\"Number\" class=\"r\">", "</td>"))
            .chain(between(&page, "data-l=\"People\" class=\"r\">", "</td>"))
            .chain(between(&page, "<tspan class=\"n\">", "</tspan>"));
        for count in cells {
            if let Ok(n) = count.replace(',', "").parse::<u64>() {
                assert!(n == 0 || (n >= 5 && n.is_multiple_of(5)), "{count}");
                counts += 1;
            }
        }
        assert!(counts > 60, "{counts} were looked at");
        assert!(page.contains("fewer than 5"));
    }
}

#[test]
fn figures_without_enough_say_so_in_words() {
    let page = page_of(made_up::awkward());
    for why in [
        "because the returns cover no whole month of it",
        "because only one month has numbers large enough to show",
        "because no month has 20 or more needs assessments",
        "because the returns hold no wait of this kind",
        "because there are fewer than 20 waits",
        "because no step is left to draw",
        "because the returns name no place",
        "because no place has numbers large enough to show",
        "because there is nothing to count",
        "because no group has numbers large enough to compare",
    ] {
        assert!(page.contains(why), "{why}");
    }
}

#[test]
fn what_alarms_is_found_first() {
    let page = county();
    let front = page.find("Is it systemic?").unwrap();
    let patterns = page.find("id=\"patterns\"").unwrap();
    assert!(front < patterns);
    let front = page.get(front..patterns).unwrap();
    assert_eq!(front.matches("<li>").count(), 3, "a line for each alarm");
    assert!(front.contains("href=\"#pattern-threshold_drift\""));
    for said in [
        "It is a signal about practice, not a finding.",
        "We looked for seven patterns",
        "at most 5 of 100 inspections",
        "We cannot tell, because the returns cover 11 months, and 24 are needed.",
        "8.3 points lower",
        "What this cannot show",
        "How we worked it out",
    ] {
        assert!(page.contains(said), "{said}");
    }
    let words = page.split("</style>").nth(1).unwrap();
    for never in [
        "service user",
        "Service user",
        " cut ",
        "systemic failure",
        "breach",
    ] {
        assert!(!words.contains(never), "{never}");
    }
}

#[test]
fn the_same_patterns_give_the_same_bytes() {
    assert_eq!(county(), county());
}
