//! One person's events around a signal: days from the first event, no dates, place or traits. One
//! struct gives the picture, its description and the list beside it.

use candour_inspect::{Example, ExampleEvent};
use candour_law::Test;

use crate::html::Html;

/// Where in the record an occasion lies far in, only this many days before it are drawn.
const BEFORE: i64 = 730;
const WIDTH: i64 = 360;
const LEFT: i64 = 30;
const ROW: i64 = 26;
const TOP: i64 = 30;

/// A timeline ready to be shown.
pub(crate) struct Timeline<'e> {
    example: &'e Example,
    id: String,
    title: String,
    from: i64,
    to: i64,
    /// The days that the test looked at.
    looked_at: Option<(i64, i64)>,
}

/// Days before and after the occasion in which a test looks for what would meet it, as its numbers
/// are called in the rulebook. `None` where their names do not say.
pub(crate) fn window(test: &Test) -> Option<(i64, i64)> {
    // A calendar month, near enough for a picture.
    let days = |id: &str, n: i64| {
        if id.ends_with("months") {
            n * 365 / 12
        } else {
            n
        }
    };
    // What is asked on the day the records are taken looks back; a fall is asked what came before it.
    let looks_back = test
        .occasion
        .iter()
        .any(|kind| kind.ends_with("at_as_of") || kind == "known_carer" || kind == "fall");
    let (mut before, mut after) = (0, 0);
    for (id, param) in &test.params {
        match id.as_str() {
            "days" | "months" if looks_back => before = before.max(days(id, param.value)),
            "review_days" | "assessment_days" | "before_days" => before = before.max(param.value),
            "days" | "months" | "after_days" => after = after.max(days(id, param.value)),
            _ => {}
        }
    }
    (before + after > 0).then_some((before, after))
}

impl<'e> Timeline<'e> {
    pub fn new(
        example: &'e Example,
        id: String,
        title: String,
        window: Option<(i64, i64)>,
    ) -> Timeline<'e> {
        let looked_at =
            window.map(|(before, after)| (example.occasion - before, example.occasion + after));
        let from = (example.occasion - BEFORE).max(0);
        let last = looked_at.map_or(0, |(_, end)| end);
        let to = example.days.max(example.occasion).max(last).max(from + 7);
        Timeline {
            looked_at,
            example,
            id,
            title,
            from,
            to,
        }
    }

    /// The picture and the list.
    pub fn write(&self, h: &mut Html) {
        h.lit("<div class=\"timeline\">\n");
        self.svg(h);
        self.list(h);
        h.lit("</div>\n");
    }

    /// Where a day lies in the picture.
    fn x(&self, day: i64) -> i64 {
        let day = day.clamp(self.from, self.to);
        LEFT + (day - self.from) * (WIDTH - LEFT - 10) / (self.to - self.from).max(1)
    }

    fn svg(&self, h: &mut Html) {
        let rows = self.example.events.len() as i64;
        let bottom = TOP + rows * ROW;
        h.lit("<svg class=\"line\" role=\"img\" viewBox=\"0 0 ")
            .num(WIDTH)
            .lit(" ")
            .num(bottom + 24);
        h.lit("\" aria-labelledby=\"")
            .text(&self.id)
            .lit("-t ")
            .text(&self.id)
            .lit("-d\"><title id=\"")
            .text(&self.id)
            .lit("-t\">")
            .text(&self.title);
        h.lit("</title><desc id=\"")
            .text(&self.id)
            .lit("-d\">")
            .text(&self.text())
            .lit("</desc>");
        if let Some((start, end)) = self.looked_at {
            let (x, end) = (self.x(start), self.x(end));
            h.lit("<rect class=\"looked\" x=\"")
                .num(x)
                .lit("\" y=\"")
                .num(TOP - 6)
                .lit("\" width=\"")
                .num(end - x);
            h.lit("\" height=\"").num(bottom - TOP + 6).lit("\"/>");
        }
        self.axis(h, bottom);
        let x = self.x(self.example.occasion);
        h.lit("<path class=\"when\" d=\"M")
            .num(x)
            .lit(" 18V")
            .num(bottom)
            .lit("\"/>");
        let anchor = if x > WIDTH * 2 / 3 {
            "end"
        } else if x < WIDTH / 3 {
            "start"
        } else {
            "middle"
        };
        h.lit("<text class=\"at\" x=\"")
            .num(x)
            .lit("\" y=\"12\" text-anchor=\"")
            .text(anchor)
            .lit("\">day ")
            .num(self.example.occasion)
            .lit("</text>");
        for (place, event) in self.example.events.iter().enumerate() {
            self.event(h, place as i64, event);
        }
        h.lit("</svg>\n");
    }

    fn axis(&self, h: &mut Html, bottom: i64) {
        const STEPS: [i64; 8] = [7, 14, 28, 50, 100, 200, 500, 1000];
        let length = self.to - self.from;
        let step = STEPS.into_iter().find(|s| length / s <= 4).unwrap_or(2000);
        let mut day = (self.from + step - 1) / step * step;
        while day <= self.to {
            let x = self.x(day);
            h.lit("<path class=\"tick\" d=\"M")
                .num(x)
                .lit(" ")
                .num(TOP - 6)
                .lit("V")
                .num(bottom)
                .lit("\"/>");
            // The last label stays inside the picture.
            let anchor = if x > WIDTH - 30 { "end" } else { "middle" };
            h.lit("<text class=\"day\" x=\"")
                .num(x)
                .lit("\" y=\"")
                .num(bottom + 16)
                .lit("\" text-anchor=\"")
                .text(anchor)
                .lit("\">")
                .num(day)
                .lit("</text>");
            day += step;
        }
    }

    fn event(&self, h: &mut Html, place: i64, event: &ExampleEvent) {
        let middle = TOP + place * ROW + ROW / 2;
        h.lit("<text class=\"no\" x=\"20\" text-anchor=\"end\" y=\"")
            .num(middle + 5)
            .lit("\">")
            .num(place + 1)
            .lit("</text>");
        let (start, end) = (self.x(event.start), self.x(event.end.unwrap_or(self.to)));
        let service = event.kind == "service";
        let half = if service { 6 } else { 2 };
        let class = match (service, event.evidence) {
            (true, true) => "ev sv",
            (true, false) => "sv",
            (false, true) => "ev",
            (false, false) => "ot",
        };
        h.lit("<path class=\"")
            .lit(class)
            .lit("\" d=\"M")
            .num(start)
            .lit(" ")
            .num(middle - half);
        h.lit("H")
            .num(end.max(start + 2))
            .lit("v")
            .num(half * 2)
            .lit("H")
            .num(start)
            .lit("z\"/>");
        if !service {
            // What it came to stands at its end: that is the day on which it counts as done.
            let at = if event.kind == "request" { start } else { end };
            h.lit("<circle class=\"")
                .lit(class)
                .lit("\" r=\"6\" cx=\"")
                .num(at)
                .lit("\" cy=\"")
                .num(middle)
                .lit("\"/>");
        }
        if event.start < self.from {
            // It began before the picture does.
            h.lit("<path class=\"on\" d=\"M")
                .num(LEFT)
                .lit(" ")
                .num(middle - 9)
                .lit("l-7 9 7 9z\"/>");
        }
        if service && event.end.is_none() {
            h.lit("<path class=\"on\" d=\"M")
                .num(end)
                .lit(" ")
                .num(middle - 9)
                .lit("l9 9-9 9z\"/>");
        }
    }

    fn list(&self, h: &mut Html) {
        h.lit("<ol>");
        for event in &self.example.events {
            h.lit(if event.evidence {
                "<li class=\"ev\">"
            } else {
                "<li>"
            });
            h.text(&name(event))
                .lit(" <span class=\"days\">")
                .text(&days(event))
                .lit("</span></li>");
        }
        h.lit("</ol>\n");
    }

    /// The picture in words.
    fn text(&self) -> String {
        let events: Vec<String> = self
            .example
            .events
            .iter()
            .enumerate()
            .map(|(i, e)| format!("{}, {}, {}", i + 1, name(e), days(e)))
            .collect();
        let looked = match self.looked_at {
            Some((start, end)) => format!(" We looked from day {} to day {end}.", start.max(0)),
            None => String::new(),
        };
        format!(
            "The occasion is day {}.{looked} {}.",
            self.example.occasion,
            events.join(". ")
        )
    }
}

/// A label read aloud well.
fn name(event: &ExampleEvent) -> String {
    event.label.replace(" → ", ": ")
}

fn days(event: &ExampleEvent) -> String {
    match event.end {
        Some(end) if end == event.start => format!("day {end}"),
        Some(end) => format!("day {} to day {end}", event.start),
        None => format!("from day {}, still going on", event.start),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> Example {
        let event = |start, end, label: &str, kind, evidence| ExampleEvent {
            start,
            end,
            label: label.into(),
            kind,
            evidence,
        };
        Example {
            occasion: 900,
            because: "Support fell.".into(),
            events: vec![
                event(
                    0,
                    Some(899),
                    "Support at home, 14 hours a week",
                    "service",
                    true,
                ),
                event(
                    700,
                    Some(740),
                    "Needs assessment → support planning",
                    "assessment",
                    false,
                ),
                event(
                    900,
                    None,
                    "Support at home, 7 hours a week",
                    "service",
                    true,
                ),
            ],
            days: 1000,
        }
    }

    #[test]
    fn picture_and_list_say_the_same() {
        let example = example();
        let timeline = Timeline::new(&example, "t1".into(), "An example".into(), Some((182, 0)));
        let (mut svg, mut list) = (Html::default(), Html::default());
        timeline.svg(&mut svg);
        timeline.list(&mut list);
        let (svg, list) = (svg.finish(), list.finish());
        for event in &example.events {
            assert!(svg.contains(&days(event)) && list.contains(&days(event)));
            assert!(svg.contains(&name(event)) && list.contains(&name(event)));
        }
        assert!(svg.contains("The occasion is day 900. We looked from day 718 to day 900."));
        assert_eq!(
            svg.matches("class=\"no\"").count(),
            list.matches("<li").count()
        );
    }

    #[test]
    fn windows_are_those_of_the_rulebook() {
        let rulebook = candour_law::Rulebook::built_in().unwrap();
        let of = |duty, test| window(rulebook.test(duty, test).unwrap().1);
        assert_eq!(
            of("s9-1-assess-on-appearance", "ever_assessed"),
            Some((0, 182))
        );
        assert_eq!(
            of("s9-3-regardless-of-level-or-means", "self_funder_assessed"),
            Some((182, 84))
        );
        assert_eq!(
            of(
                "s27-4-revise-only-on-change",
                "fall_without_review_or_assessment"
            ),
            Some((182, 0))
        );
        assert_eq!(of("s27-1a-keep-under-review", "annual"), Some((365, 0)));
        assert_eq!(
            of("s33-dp-review-6-then-12-months", "first_6_months"),
            Some((0, 182))
        );
        assert_eq!(of("s13-1-determine-eligibility", "recorded"), None);
    }

    #[test]
    fn nothing_is_drawn_outside_the_picture() {
        let example = example();
        let timeline = Timeline::new(&example, "t1".into(), "An example".into(), Some((182, 0)));
        for day in [-5, 0, 170, 171, 900, 1000, 9999] {
            assert!((LEFT..=WIDTH - 10).contains(&timeline.x(day)));
        }
        assert_eq!(timeline.x(170), LEFT, "two years before the occasion");
    }
}
