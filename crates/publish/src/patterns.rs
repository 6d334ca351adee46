//! What the council does, rather than what happened to one person: each pattern with what it says, since
//! when, where, how large, how sure, and what it cannot show.

use candour_inspect::{Figure, Measure, Pattern, Series, Unit};

use crate::figures;
use crate::html::Html;
use crate::numbers::Shown;
use crate::words;

/// Patterns that are not of time: nothing in them changes, something stands out.
const NOT_OF_TIME: [&str; 2] = ["blanket_cut", "who_bears_it"];

/// The pattern whose dates and sizes are those of one cluster of falls, not estimates.
const CLUSTER: &str = "blanket_cut";

/// The answer in a word.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Answer {
    Changed,
    StandsOut,
    NoChange,
    NothingOut,
    CannotTell,
}

impl Answer {
    pub fn of(pattern: &Pattern) -> Answer {
        if pattern.cannot_tell.is_some() {
            Answer::CannotTell
        } else if pattern.alarm {
            match pattern.since {
                Some(_) => Answer::Changed,
                None => Answer::StandsOut,
            }
        } else if NOT_OF_TIME.contains(&pattern.id) {
            Answer::NothingOut
        } else {
            Answer::NoChange
        }
    }

    pub fn says(self) -> &'static str {
        match self {
            Answer::Changed => "Something changed",
            Answer::StandsOut => "Something stands out",
            Answer::NoChange => "No clear change",
            Answer::NothingOut => "Nothing stands out",
            Answer::CannotTell => "Cannot tell",
        }
    }

    fn class(self) -> &'static str {
        match self {
            Answer::Changed | Answer::StandsOut => "a-yes",
            Answer::NoChange | Answer::NothingOut => "a-no",
            Answer::CannotTell => "a-cannot",
        }
    }
}

pub(crate) fn tag(h: &mut Html, answer: Answer) {
    h.lit("<span class=\"tag ")
        .lit(answer.class())
        .lit("\">")
        .lit(answer.says())
        .lit("</span>");
}

/// The section, whatever was found.
pub(crate) fn write(h: &mut Html, patterns: &[Pattern]) {
    h.lit("<section aria-labelledby=\"patterns\">\n<h2 id=\"patterns\">Patterns: is it systemic?</h2>\n");
    h.lit("<p class=\"lead\">A pattern is in what the council does, not in what happened to one person. It is a signal about practice, not a finding.</p>\n");
    h.lit("<p>We look for a share, an amount or a wait that changed on some date, for differences between places or groups, and for falls in support that land on one day or at one figure more than chance would have it. There may be a good reason, and a change of recording can look like a change of practice.</p>\n");
    if patterns.is_empty() {
        h.lit("<p>No pattern was looked for in this inspection.</p>\n</section>\n");
        return;
    }
    h.lit("<p>").text(&honesty(patterns)).lit("</p>\n");
    summary(h, patterns);
    for pattern in patterns {
        one(h, pattern);
    }
    h.lit("</section>\n");
}

/// How many were looked for, and how often an honest council is called out.
fn honesty(patterns: &[Pattern]) -> String {
    let looked = words::number(patterns.len(), "pattern", "patterns");
    let mut says = format!("We looked for {looked}, each in tests of its own.");
    let level: f64 = patterns
        .iter()
        .filter_map(|p| p.level)
        .filter(|l| l.is_finite() && *l > 0.0)
        .sum();
    if level > 0.0 {
        says.push_str(&format!(
            " The tests are set so that, in a council whose practice did not change, chance alone calls out any of them in {}.",
            at_most(level)
        ));
    }
    says.push_str(" “No clear change” is a normal answer. It is no proof that nothing changed: a small change in a small council cannot be told from chance.");
    says
}

/// `at most 5 of 100 inspections`.
fn at_most(level: f64) -> String {
    let of_100 = level * 100.0;
    if of_100 < 1.0 {
        format!("at most 1 of {:.0} inspections", (1.0 / level).floor())
    } else {
        format!("at most {:.0} of 100 inspections", (of_100 - 1e-9).ceil())
    }
}

fn summary(h: &mut Html, patterns: &[Pattern]) {
    h.lit("<table class=\"overview\" role=\"table\" aria-labelledby=\"patterns\"><thead role=\"rowgroup\"><tr role=\"row\"><th role=\"columnheader\" scope=\"col\">Pattern</th><th role=\"columnheader\" scope=\"col\">Answer</th><th role=\"columnheader\" scope=\"col\">Since</th><th role=\"columnheader\" scope=\"col\">How large</th><th role=\"columnheader\" scope=\"col\" class=\"r\">People</th></tr></thead><tbody role=\"rowgroup\">\n");
    for pattern in patterns {
        let alarm = pattern.alarm && pattern.cannot_tell.is_none();
        h.lit("<tr role=\"row\"><th role=\"rowheader\" scope=\"row\"><a href=\"#pattern-")
            .text(pattern.id)
            .lit("\">")
            .text(pattern.title)
            .lit("</a></th><td role=\"cell\" data-l=\"Answer\">");
        tag(h, Answer::of(pattern));
        h.lit("</td>");
        let since = pattern.since.as_ref().map(|s| words::date(s));
        cell(h, "Since", since.filter(|_| alarm));
        cell(h, "How large", size(pattern).map(|s| s.0).filter(|_| alarm));
        let people = pattern.people.map(|n| Shown::new(n).to_string());
        cell(h, "People", people.filter(|_| alarm));
        h.lit("</tr>\n");
    }
    h.lit("</tbody></table>\n");
}

/// A cell, which a telephone leaves out where it is empty.
fn cell(h: &mut Html, head: &'static str, says: Option<String>) {
    h.lit("<td role=\"cell\" data-l=\"")
        .lit(head)
        .lit("\" class=\"")
        .lit(match head {
            "People" => "r",
            "Since" => "when",
            _ => "",
        })
        .lit(if says.is_none() { " none\">" } else { "\">" })
        .text(says.as_deref().unwrap_or("–"))
        .lit("</td>");
}

fn one(h: &mut Html, pattern: &Pattern) {
    let answer = Answer::of(pattern);
    h.lit("<article class=\"pattern ")
        .lit(answer.class())
        .lit("-box\" aria-labelledby=\"pattern-")
        .text(pattern.id)
        .lit("\">\n<h3 id=\"pattern-")
        .text(pattern.id)
        .lit("\">")
        .text(pattern.title)
        .lit("</h3>\n<p class=\"verdict\">");
    tag(h, answer);
    h.lit(" ").text(&says(pattern)).lit("</p>\n");
    if pattern.alarm && pattern.cannot_tell.is_none() {
        facts(h, pattern);
    }
    for (place, figure) in pattern.figures.iter().enumerate() {
        figures::write(
            h,
            figure,
            &format!("fig-{}-{place}", pattern.id),
            pattern.title,
            pattern.alarm,
        );
    }
    if !pattern.limits.is_empty() {
        h.lit("<h4>What this cannot show</h4>\n<ul>\n");
        for limit in &pattern.limits {
            h.lit("<li>").text(limit).lit("</li>\n");
        }
        h.lit("</ul>\n");
    }
    h.lit("<details><summary>How we worked it out<span class=\"vh\">: ")
        .text(pattern.title)
        .lit("</span></summary><div>\n")
        .paragraphs(&pattern.method);
    if let Some(chance) = chance(pattern) {
        h.lit("<p>").text(&chance).lit("</p>\n");
    }
    h.lit("</div></details>\n</article>\n");
}

/// What the pattern says, and why where it says nothing.
pub(crate) fn says(pattern: &Pattern) -> String {
    match &pattern.cannot_tell {
        Some(why) if !pattern.sentence.contains(why.as_str()) => {
            let because = match why.strip_prefix("because ") {
                Some(rest) => rest,
                None => why.as_str(),
            };
            let text = format!("We cannot tell, because {because}");
            ended(&text)
        }
        _ => ended(&pattern.sentence),
    }
}

fn ended(text: &str) -> String {
    let text = text.trim();
    if text.ends_with(['.', '!', '?', '”']) {
        text.to_owned()
    } else {
        format!("{text}.")
    }
}

fn facts(h: &mut Html, pattern: &Pattern) {
    h.lit("<dl class=\"facts\">\n");
    if let Some(since) = &pattern.since {
        h.lit("<div><dt>Since</dt><dd>").text(&words::date(since));
        match &pattern.since_interval {
            // The days of a cluster, each of which is known.
            Some([from, to]) if pattern.id == CLUSTER && from != to => {
                h.lit(" <span class=\"ci\">(to ")
                    .text(&words::date(to))
                    .lit(")</span>");
            }
            Some([from, to]) if pattern.id != CLUSTER => {
                h.lit(" <span class=\"ci\">(95% interval ")
                    .text(&words::date(from))
                    .lit(" to ")
                    .text(&words::date(to))
                    .lit(")</span>");
            }
            _ => {}
        }
        h.lit("</dd></div>\n");
    }
    if let Some(place) = &pattern.place {
        h.lit("<div><dt>Where it is clearest</dt><dd>")
            .text(&words::sentence(place))
            .lit("</dd></div>\n");
    }
    if let Some((size, interval)) = size(pattern) {
        h.lit("<div><dt>How large</dt><dd>").text(&size);
        if let Some(interval) = interval {
            h.lit(" <span class=\"ci\">(")
                .lit(if pattern.id == CLUSTER {
                    "for eight in ten of them "
                } else {
                    "95% interval "
                })
                .text(&interval)
                .lit(")</span>");
        }
        h.lit("</dd></div>\n");
    }
    if let Some(people) = pattern.people {
        h.lit("<div><dt>People, or decisions about them</dt><dd>")
            .text(&Shown::new(people).about())
            .lit("</dd></div>\n");
    }
    h.lit("</dl>\n");
}

/// What the size of a pattern is a size of, where its unit alone does not say.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Size {
    /// A difference between two numbers of the unit.
    Difference,
    /// A part of what there was: -0.15 is 15% less.
    OfWhatWas,
    /// A share of people.
    OfPeople,
}

impl Size {
    fn of(pattern: &Pattern) -> Size {
        let of_money = matches!(
            pattern.figures.first(),
            Some(Figure::Series(Series {
                unit: Unit::PoundsAWeek,
                ..
            }))
        );
        match pattern.id {
            "blanket_cut" => Size::OfWhatWas,
            "slow_cut" => Size::OfPeople,
            // The size of packages changed, not the share found eligible.
            "threshold_drift" if of_money => Size::OfWhatWas,
            _ => Size::Difference,
        }
    }
}

/// How large, and its interval, in words: `8.1 points lower`, `4.9 to 11.2 points lower`.
fn size(pattern: &Pattern) -> Option<(String, Option<String>)> {
    let size = pattern.size.filter(|s| s.is_finite())?;
    let interval = pattern
        .interval
        .filter(|[low, high]| low.is_finite() && high.is_finite());
    let (less, more) = match (pattern.unit, Size::of(pattern)) {
        (Unit::Share, Size::OfWhatWas) => ("less", "more"),
        (Unit::Days, _) => ("shorter", "longer"),
        _ => ("lower", "higher"),
    };
    Some(match (pattern.unit, Size::of(pattern)) {
        (Unit::Ratio, _) => (
            format!("{size:.2} times as often"),
            interval.map(|[low, high]| format!("{low:.2} to {high:.2} times")),
        ),
        (Unit::People, _) => (
            format!(
                "{} people",
                Shown::new(size.max(0.0).round() as u64).about()
            ),
            interval.map(|[low, high]| {
                let count = |v: f64| Shown::new(v.max(0.0).round() as u64);
                format!("{} to {}", count(low), count(high))
            }),
        ),
        (Unit::Share, Size::OfPeople) => (
            format!("{} of people", figures::percent(size)),
            interval.map(|[low, high]| {
                format!("{} to {}", figures::percent(low), figures::percent(high))
            }),
        ),
        (unit, kind) => {
            let way = |v: f64| if v < 0.0 { less } else { more };
            let says = |v: f64| format!("{} {}", amount(unit, kind, v), way(v));
            let interval = interval.map(|[low, high]| {
                if low < 0.0 && high > 0.0 {
                    format!("from {} to {}", says(low), says(high))
                } else {
                    // Nearest to nothing first, one direction for both.
                    let (near, far) = if high <= 0.0 {
                        (high, low)
                    } else {
                        (low, high)
                    };
                    let way = if high <= 0.0 { less } else { more };
                    format!(
                        "{} to {} {way}",
                        bare(unit, kind, near),
                        amount(unit, kind, far)
                    )
                }
            });
            (says(size), interval)
        }
    })
}

/// Without a sign.
fn amount(unit: Unit, kind: Size, value: f64) -> String {
    let value = value.abs();
    match (unit, kind) {
        (Unit::Share, Size::OfWhatWas) => figures::percent(value),
        (Unit::Share, _) => match bare(unit, kind, value).as_str() {
            "1" => "1 point".to_owned(),
            points => format!("{points} points"),
        },
        (Unit::PoundsAWeek, _) => format!("{} a week", figures::pounds(value)),
        (unit, _) => figures::say(unit, value),
    }
}

/// Without a noun, where another amount that has one follows.
fn bare(unit: Unit, kind: Size, value: f64) -> String {
    let value = value.abs();
    match (unit, kind) {
        (Unit::Share, Size::OfWhatWas) => figures::percent(value),
        // To a tenth of a point, as the sentence says it.
        (Unit::Share, _) => {
            let points = format!("{:.1}", value * 100.0);
            points.strip_suffix(".0").unwrap_or(&points).to_owned()
        }
        (Unit::PoundsAWeek, _) => figures::pounds(value),
        _ => format!("{value:.0}"),
    }
}

/// The chance that it is nothing, and the level, in words.
fn chance(pattern: &Pattern) -> Option<String> {
    let known = |v: Option<f64>| v.filter(|v| (0.0..=1.0).contains(v));
    let mut parts = Vec::new();
    if let Some(p) = known(pattern.p) {
        parts.push(format!(
            "Had nothing changed, chance alone would show as much in {} such councils, after every date or group that was tried.",
            odds(p)
        ));
    }
    if let Some(level) = known(pattern.level).filter(|l| *l > 0.0) {
        parts.push(format!(
            "It is called out only where that is fewer than 1 in {:.0}.",
            (1.0 / level).floor()
        ));
        if !pattern.alarm && known(pattern.p).is_some_and(|p| p <= level) {
            parts.push("Here it is, but what it shows is too small to be called out.".to_owned());
        }
    }
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// `about 1 in 40`.
fn odds(p: f64) -> String {
    if p < 0.001 {
        "fewer than 1 in 1,000".to_owned()
    } else if p < 0.1 {
        format!("about 1 in {:.0}", (1.0 / p).round())
    } else {
        format!("about {:.0} in 100", p * 100.0)
    }
}

/// One line for each alarm, first on the page; where there is none, that.
pub(crate) fn front(h: &mut Html, patterns: &[Pattern]) {
    if patterns.is_empty() {
        return;
    }
    h.lit("<section class=\"systemic\" aria-labelledby=\"systemic\"><h2 id=\"systemic\">Is it systemic?</h2>\n");
    let alarms: Vec<&Pattern> = patterns
        .iter()
        .filter(|p| p.alarm && p.cannot_tell.is_none())
        .collect();
    let cannot = patterns.iter().filter(|p| p.cannot_tell.is_some()).count();
    let looked = patterns.len() - cannot;
    if alarms.is_empty() {
        let all = match (looked, cannot) {
            (0, _) => {
                "These returns cannot tell, on any of the patterns that we look for".to_owned()
            }
            (1, 0) => "The one pattern that we looked for shows no change, and no group that stands out, beyond chance".to_owned(),
            (_, 0) => format!(
                "None of the {} that we looked for shows a change, or a group that stands out, beyond chance",
                words::number(looked, "pattern", "patterns")
            ),
            _ => format!(
                "None of the {} that could be looked for shows a change, or a group that stands out, beyond chance. On {} these returns cannot tell",
                words::number(looked, "pattern", "patterns"),
                words::number(cannot, "more", "more")
            ),
        };
        h.lit("<p>").text(&all).lit(". That is no proof that nothing changed. <a href=\"#patterns\">What was looked for</a></p>\n</section>\n");
        return;
    }
    h.lit("<ul>\n");
    for pattern in &alarms {
        h.lit("<li>");
        tag(h, Answer::of(pattern));
        h.lit(" <a href=\"#pattern-")
            .text(pattern.id)
            .lit("\">")
            .text(pattern.title)
            .lit("</a>: ")
            .text(&says(pattern))
            .lit("</li>\n");
    }
    h.lit("</ul>\n<p class=\"small\">")
        .text(&words::sentence(&words::number(patterns.len(), "pattern was", "patterns were")))
        .lit(" looked for. Each is a signal about practice, not a finding. <a href=\"#patterns\">All patterns, with charts</a></p>\n</section>\n");
}

/// The line of "How sure is that?" that sends an analyst to the measures.
pub(crate) fn check_us(h: &mut Html, measures: &[Measure]) {
    let known = measures.iter().filter(|m| m.value.is_some()).count();
    if known > 0 {
        h.lit("<li><a href=\"#measures\">Check us first</a>: ")
            .text(&words::number(known, "published measure", "published measures"))
            .lit(" worked out of the same returns, to hold against the council’s own figures.</li>\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern() -> Pattern {
        Pattern {
            id: "threshold_drift",
            title: "Fewer people found eligible",
            alarm: true,
            cannot_tell: None,
            since: Some("2025-06-12".into()),
            since_interval: Some(["2025-05-20".into(), "2025-07-03".into()]),
            place: Some("the whole council".into()),
            size: Some(-0.081),
            interval: Some([-0.112, -0.049]),
            unit: Unit::Share,
            people: Some(342),
            sentence: "The share found eligible fell".into(),
            p: Some(0.0004),
            level: Some(0.007),
            method: "A change-point test.".into(),
            limits: vec!["Why.".into()],
            figures: Vec::new(),
        }
    }

    #[test]
    fn sizes_are_in_words() {
        let of = |unit, value, interval| {
            let pattern = Pattern {
                unit,
                size: Some(value),
                interval,
                ..pattern()
            };
            let (size, interval) = size(&pattern).unwrap();
            (size, interval.unwrap_or_default())
        };
        let says = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(
            of(Unit::Share, -0.081, Some([-0.112, -0.049])),
            says("8.1 points lower", "4.9 to 11.2 points lower")
        );
        assert_eq!(
            of(Unit::PoundsAWeek, 12.4, Some([-3.0, 27.6])),
            says(
                "£12 a week higher",
                "from £3 a week lower to £28 a week higher"
            )
        );
        assert_eq!(
            of(Unit::Days, 9.0, Some([4.0, 14.0])),
            says("9 days longer", "4 to 14 days longer")
        );
        assert_eq!(
            of(Unit::Ratio, 1.336, Some([1.1, 1.6])),
            says("1.34 times as often", "1.10 to 1.60 times")
        );
        assert_eq!(of(Unit::People, 3.0, None), says("fewer than 5 people", ""));
        assert_eq!(of(Unit::Share, -0.002, None), says("0.2 points lower", ""));
    }

    #[test]
    fn a_size_says_of_what_it_is() {
        let of = |id, figures| {
            let pattern = Pattern {
                id,
                figures,
                ..pattern()
            };
            size(&pattern).unwrap().0
        };
        assert_eq!(of("blanket_cut", Vec::new()), "8% less");
        let packages = Figure::Series(Series {
            id: "packages",
            title: String::new(),
            unit: Unit::PoundsAWeek,
            counted: "",
            of: "",
            points: Vec::new(),
            limits: None,
            change: None,
        });
        assert_eq!(of("threshold_drift", vec![packages]), "8% less");
        assert_eq!(of("threshold_drift", Vec::new()), "8.1 points lower");
        let slow = Pattern {
            id: "slow_cut",
            size: Some(0.064),
            interval: Some([0.051, 0.08]),
            ..pattern()
        };
        assert_eq!(
            size(&slow).unwrap(),
            ("6% of people".into(), Some("5% to 8%".into()))
        );
    }

    #[test]
    fn a_size_that_is_no_number_is_not_said() {
        let none = Pattern {
            size: Some(f64::NAN),
            ..pattern()
        };
        assert_eq!(size(&none), None);
        let half = Pattern {
            interval: Some([f64::NEG_INFINITY, 1.0]),
            ..pattern()
        };
        assert_eq!(size(&half), Some(("8.1 points lower".into(), None)));
    }

    #[test]
    fn every_answer_is_one_of_the_words() {
        assert_eq!(Answer::of(&pattern()), Answer::Changed);
        let cannot = Pattern {
            cannot_tell: Some("there are too few months".into()),
            sentence: String::new(),
            ..pattern()
        };
        assert_eq!(
            Answer::of(&cannot),
            Answer::CannotTell,
            "cannot tell is never an alarm"
        );
        assert_eq!(
            says(&cannot),
            "We cannot tell, because there are too few months."
        );
        let quiet = |id| Pattern {
            alarm: false,
            since: None,
            id,
            ..pattern()
        };
        assert_eq!(Answer::of(&quiet("waiting")), Answer::NoChange);
        assert_eq!(Answer::of(&quiet("who_bears_it")), Answer::NothingOut);
    }

    #[test]
    fn chance_is_in_words() {
        assert_eq!(
            chance(&pattern()).unwrap(),
            "Had nothing changed, chance alone would show as much in fewer than 1 in 1,000 such councils, after every date or group that was tried. It is called out only where that is fewer than 1 in 142."
        );
        assert_eq!(odds(0.024), "about 1 in 42");
        assert_eq!(odds(0.63), "about 63 in 100");
        assert_eq!(at_most(0.049), "at most 5 of 100 inspections");
        assert_eq!(at_most(0.005), "at most 1 of 200 inspections");
    }

    #[test]
    fn the_front_has_a_line_for_each_alarm_and_one_for_none() {
        let front = |patterns: &[Pattern]| {
            let mut h = Html::default();
            super::front(&mut h, patterns);
            h.finish()
        };
        let quiet = Pattern {
            alarm: false,
            id: "waiting",
            ..pattern()
        };
        let page = front(&[pattern(), quiet.clone()]);
        assert_eq!(page.matches("<li>").count(), 1);
        assert!(page.contains("Something changed"), "{page}");
        assert!(front(&[quiet]).contains("The one pattern that we looked for shows no change"));
        assert_eq!(front(&[]), "");
    }

    #[test]
    fn people_are_rounded_and_few_are_hidden() {
        let page = |people| {
            let mut h = Html::default();
            write(
                &mut h,
                &[Pattern {
                    people: Some(people),
                    ..pattern()
                }],
            );
            h.finish()
        };
        assert!(page(342).contains("about 340") && !page(342).contains("342"));
        assert!(page(3).contains("fewer than 5"));
    }
}
