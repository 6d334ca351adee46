//! Patterns and measures made up for pictures: ordinary ones as a county would have them, and awkward ones.

use candour_inspect::{
    Bar, Bars, ChangeMark, Curve, CurveLine, CurvePoint, Figure, Funnel, FunnelLimit, FunnelPoint,
    Limits, Measure, MeasureGroup, Pattern, Ratio, Ratios, Series, SeriesPoint, Unit,
};

/// A number between 0 and 1 that looks like chance and is the same every time.
pub fn wobble(seed: u64) -> f64 {
    let mut x = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0xD1B5_4A32_D192_ED03;
    x ^= x >> 29;
    x = x.wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x ^= x >> 32;
    (x % 10_000) as f64 / 10_000.0
}

pub fn month(place: usize) -> String {
    format!("{}-{:02}", 2023 + (place + 3) / 12, (place + 3) % 12 + 1)
}

/// So many months of a share that falls from one month on.
pub fn shares(months: usize, of: u64, from: usize) -> Series {
    let points = (0..months)
        .map(|m| {
            let of = of + (wobble(m as u64) * of as f64 * 0.15) as u64;
            let rate = if m >= from { 0.655 } else { 0.74 } + (wobble(m as u64 + 99) - 0.5) * 0.05;
            let count = (of as f64 * rate) as u64;
            SeriesPoint {
                month: month(m),
                count: Some(count),
                of,
                value: Some(count as f64 / of as f64),
                expected: Some(0.742 + (wobble(m as u64 + 7) - 0.5) * 0.012),
                special: match m {
                    _ if m == from => Some("outside_limits"),
                    _ if m > from + 4 => Some("one_side"),
                    _ if m == from + 2 => Some("near_limit"),
                    3 => Some("trend"),
                    _ => None,
                },
            }
        })
        .collect();
    Series {
        id: "eligible_by_month",
        title: "People found to have eligible needs".into(),
        unit: Unit::Share,
        counted: "found eligible",
        of: "needs assessments",
        points,
        limits: Some(Limits {
            centre: 0.718,
            lower: 0.662,
            upper: 0.774,
        }),
        change: Some(ChangeMark {
            at: "2024-08-12".into(),
            from: "2024-07-20".into(),
            to: "2024-09-08".into(),
        }),
    }
}

fn packages() -> Series {
    let points = (0..24)
        .map(|m| SeriesPoint {
            month: month(m),
            count: None,
            of: 60 + (wobble(m as u64) * 30.0) as u64,
            value: Some(432.0 + wobble(m as u64 + 1) * 55.0),
            expected: None,
            special: None,
        })
        .collect();
    Series {
        id: "first_weekly_cost",
        title: "What a new package costs".into(),
        unit: Unit::PoundsAWeek,
        counted: "mean first weekly cost",
        of: "new packages",
        points,
        limits: Some(Limits {
            centre: 460.0,
            lower: 390.0,
            upper: 530.0,
        }),
        change: None,
    }
}

fn waits() -> Curve {
    let line = |label: &str, waits: u64, half: f64| {
        let points = (1..140)
            .map(|i| {
                let day = f64::from(i) * 2.0;
                let waiting = (-(day / half).powf(1.3) * 0.693).exp();
                let spread = 1.96 * (waiting * (1.0 - waiting) / waits as f64).sqrt();
                CurvePoint {
                    day,
                    waiting,
                    low: (waiting - spread).max(0.0),
                    high: (waiting + spread).min(1.0),
                }
            })
            .collect();
        CurveLine {
            label: label.into(),
            waits,
            ended: waits * 9 / 10,
            open: waits - waits * 9 / 10,
            median: Some(half),
            median_interval: Some([Some(half - 2.0), Some(half + 3.0)]),
            ninetieth: Some(half * 2.6),
            points,
        }
    };
    Curve {
        id: "waits",
        title: "How long people wait".into(),
        lines: vec![
            line("Request to the end of the assessment", 2140, 34.0),
            line("Request to the first service", 640, 61.0),
        ],
    }
}

/// Places about one share, two of them far from it.
pub fn places(number: usize) -> Funnel {
    let centre = 0.31;
    let points: Vec<FunnelPoint> = (0..number)
        .map(|i| {
            let of = 8 + (wobble(i as u64 + 5).powi(2) * 420.0) as u64;
            let (rate, outside) = match i {
                4 => (0.55, Some("above")),
                9 => (0.12, Some("below")),
                11 => (0.48, Some("above")),
                _ => (
                    centre + (wobble(i as u64 + 50) - 0.5) * 2.4 / (of as f64).sqrt(),
                    None,
                ),
            };
            let of = if outside.is_some() { of + 160 } else { of };
            let count = (of as f64 * rate.max(0.01)) as u64;
            FunnelPoint {
                group: format!("NR{}", i + 1),
                count,
                of,
                rate: count as f64 / of as f64,
                outside,
            }
        })
        .collect();
    Funnel {
        id: "falls_by_district",
        title: "Reviews followed by a fall, by postcode district".into(),
        counted: "followed by a fall",
        of: "care reviews",
        centre,
        points,
        limits: (1..=120)
            .map(|i| {
                let of = f64::from(i) * 5.0;
                let error = (centre * (1.0 - centre) / of + 0.0005).sqrt();
                FunnelLimit {
                    of,
                    low95: centre - 1.96 * error,
                    high95: centre + 1.96 * error,
                    low998: centre - 3.09 * error,
                    high998: centre + 3.09 * error,
                }
            })
            .collect(),
    }
}

/// Shares left of support that fell, piled up at one of them.
fn left() -> Bars {
    Bars {
        id: "share_left",
        title: "What was left of support that fell".into(),
        labels: "Support that was left, of what there was",
        counted: "falls in support",
        bars: (0..18)
            .map(|i| Bar {
                label: format!("{}%", i * 5),
                count: if i == 17 {
                    214
                } else {
                    (wobble(i) * 34.0) as u64 + i / 2
                },
                expected: Some(14.0 + i as f64 * 1.3),
                marked: i == 17,
            })
            .collect(),
    }
}

fn codes() -> Bars {
    Bars {
        id: "closing_codes",
        title: "How requests were closed".into(),
        labels: "What came of the request",
        counted: "requests",
        bars: [
            ("Progress to assessment", 2210),
            ("Information and advice only", 1630),
            ("No services provided: other reason", 412),
            ("Self-funded", 120),
            ("Declined", 3),
        ]
        .map(|(label, count)| Bar {
            label: label.into(),
            count,
            expected: None,
            marked: count == 1630,
        })
        .to_vec(),
    }
}

pub fn groups() -> Ratios {
    let kinds: [(&str, &str, &[&str]); 4] = [
        ("sex", "found eligible", &["female", "male"]),
        ("age_band", "found eligible", &["18-64", "65-84", "85+"]),
        (
            "ethnic_group",
            "falls in support",
            &[
                "white",
                "mixed",
                "Asian or Asian British",
                "Black, Black British, Caribbean or African",
                "unknown",
            ],
        ),
        (
            "district",
            "falls in support",
            &[
                "NR1", "NR2", "NR3", "NR4", "NR5", "NR6", "NR7", "NR8", "NR9", "NR10",
            ],
        ),
    ];
    let mut rows = Vec::new();
    for (dimension, rate, groups) in kinds {
        for group in groups {
            let seed = rows.len() as u64;
            let of = 15 + (wobble(seed) * 600.0) as u64;
            let clear = seed == 3 || seed == 8;
            let ratio = if clear {
                1.9 - seed as f64 * 0.16
            } else {
                0.85 + wobble(seed + 3) * 0.3
            };
            let wide = if clear {
                0.12
            } else {
                3.0 / (of as f64).sqrt()
            };
            rows.push(Ratio {
                rate: rate.into(),
                dimension,
                group: (*group).into(),
                count: of / 4,
                of,
                ratio,
                low: ratio * (-wide).exp(),
                high: ratio * wide.exp(),
                clear,
            });
        }
    }
    Ratios {
        id: "who",
        title: "Who is found eligible, and whose support falls".into(),
        rows,
    }
}

pub fn pattern(id: &'static str, title: &'static str, figures: Vec<Figure>) -> Pattern {
    Pattern {
        id,
        title,
        alarm: false,
        cannot_tell: None,
        since: None,
        since_interval: None,
        place: None,
        size: None,
        interval: None,
        unit: Unit::Share,
        people: None,
        sentence: "Nothing changed beyond what chance and ordinary variation make.".into(),
        p: Some(0.43),
        level: Some(0.007),
        method: "Each month is compared with what a logistic regression expects of its people, by age band, support reason and route of access; one test over every date at which a change could begin, its level set by re-drawing.".into(),
        limits: vec![
            "Why it is so. A change of recording looks like a change of practice.".into(),
            "People who never reached this point.".into(),
        ],
        figures,
    }
}

/// What a county might show.
pub fn county() -> Vec<Pattern> {
    let alarm = |p: Pattern| Pattern {
        alarm: true,
        p: Some(0.0003),
        ..p
    };
    vec![
        pattern("front_door", "The front door: who reaches an assessment", vec![Figure::Bars(codes())]),
        alarm(Pattern {
            since: Some("2024-08-12".into()),
            since_interval: Some(["2024-07-20".into(), "2024-09-08".into()]),
            place: Some("the whole council".into()),
            size: Some(-0.083),
            interval: Some([-0.108, -0.058]),
            people: Some(342),
            sentence: "Since about August 2024 the share of needs assessments that find eligible needs is 8 points lower than the same kinds of people had before: 66% against 74%.".into(),
            ..pattern(
                "threshold_drift",
                "The threshold: who is found eligible",
                vec![Figure::Series(shares(24, 380, 16)), Figure::Series(packages())],
            )
        }),
        Pattern {
            place: Some("NR5".into()),
            size: Some(0.24),
            interval: Some([0.15, 0.33]),
            people: Some(95),
            sentence: "In NR5 55% of care reviews were followed by a fall within 28 days, against 31% elsewhere.".into(),
            ..alarm(pattern(
                "review_used_to_cut",
                "Falls that follow a care review",
                vec![Figure::Funnel(places(34))],
            ))
        },
        Pattern {
            since: Some("2025-02-03".into()),
            since_interval: Some(["2025-02-03".into(), "2025-02-05".into()]),
            size: Some(-0.15),
            interval: Some([-0.16, -0.14]),
            people: Some(214),
            sentence: "The support of about 215 people fell to 85% of what it was, far more than the neighbouring shares would have it.".into(),
            ..alarm(pattern("blanket_cut", "Many falls alike", vec![Figure::Bars(left())]))
        },
        Pattern {
            cannot_tell: Some("the returns cover 11 months, and 24 are needed".into()),
            sentence: String::new(),
            p: None,
            level: None,
            ..pattern("slow_cut", "Slow falls in small steps", vec![Figure::Series(Series { points: Vec::new(), limits: None, change: None, title: "Packages a tenth smaller than a year before".into(), ..shares(0, 0, 0) })])
        },
        pattern("waiting", "Waiting", vec![Figure::Curve(waits())]),
        pattern("who_bears_it", "Who bears it", vec![Figure::Ratios(groups())]),
    ]
}

pub fn measures() -> Vec<Measure> {
    let measure = |id, title, numerator, denominator: Option<u64>, unit| Measure {
        id,
        title,
        method: "NHS England’s published method (May 2024).",
        period: ["2025-04-01".into(), "2026-03-31".into()],
        numerator: Some(numerator),
        denominator,
        value: Some(denominator.map_or(numerator as f64, |d| numerator as f64 / d as f64)),
        percentile_90: None,
        unit,
        cannot_tell: None,
        note: "May be a little higher: national figures drop people whose identifiers clash.",
        groups: Vec::new(),
    };
    let mut long_term = measure(
        "lts001b",
        "People in long-term support at the end of the year",
        8123,
        None,
        "people",
    );
    long_term.groups = [
        ("nursing", 812),
        ("residential", 2104),
        ("community", 5204),
        ("prison", 3),
    ]
    .map(|(group, n)| MeasureGroup {
        by: "setting",
        percentile_90: None,
        group: group.into(),
        numerator: Some(n),
        denominator: None,
        value: Some(n as f64),
    })
    .to_vec();
    vec![
        long_term,
        measure(
            "lts002b",
            "Of people supported for a year, reviewed in it",
            3310,
            Some(5620),
            "share",
        ),
        Measure {
            cannot_tell: Some("the returns do not cover 91 days after the year".into()),
            numerator: None,
            value: None,
            ..measure(
                "ascof_2a",
                "Short-term help that left no need of more",
                1,
                Some(1),
                "share",
            )
        },
    ]
}

/// Figures that trip a careless drawing.
pub fn awkward() -> Vec<Figure> {
    let nothing = SeriesPoint {
        month: "2025-04".into(),
        count: None,
        of: 0,
        value: None,
        expected: None,
        special: None,
    };
    let point = |m: usize, count: u64, of: u64| SeriesPoint {
        month: month(m),
        count: Some(count),
        of,
        value: (of > 0).then(|| count as f64 / of as f64),
        ..nothing.clone()
    };
    let series = |title: &str, points: Vec<SeriesPoint>| Series {
        title: title.into(),
        points,
        limits: None,
        change: None,
        ..shares(0, 0, 0)
    };
    let nan = f64::NAN;
    let script = "<script>alert('a')</script> & \"quoted\"";
    let long = "A very long name of a place that nobody would print on a chart but that a council has put into its file all the same, twice over";
    let mut figures = vec![
        Figure::Series(series("No months", vec![])),
        Figure::Series(series("One month", vec![point(0, 30, 60)])),
        Figure::Series(series(
            "Two months",
            vec![point(0, 30, 60), point(1, 40, 60)],
        )),
        Figure::Series(series(
            "All alike",
            (0..24).map(|m| point(m, 150, 200)).collect(),
        )),
        Figure::Series(series(
            "All of them",
            (0..12).map(|m| point(m, 200, 200)).collect(),
        )),
        Figure::Series(series(
            "None of them",
            (0..12).map(|m| point(m, 0, 200)).collect(),
        )),
        Figure::Series(series(
            "Small and missing",
            (0..24)
                .map(|m| match m % 4 {
                    0 => point(m, 3, 90),
                    1 => point(m, 2, 11),
                    2 => point(m, 40, 100),
                    _ => point(m, 0, 0),
                })
                .collect(),
        )),
        Figure::Series(series(
            "All too small",
            (0..24).map(|m| point(m, 3, 19)).collect(),
        )),
        Figure::Series(Series {
            title: "Thirty-six months".into(),
            ..shares(36, 700, 30)
        }),
        Figure::Series(Series {
            title: "No numbers".into(),
            unit: Unit::PoundsAWeek,
            limits: Some(Limits {
                centre: nan,
                lower: nan,
                upper: f64::INFINITY,
            }),
            points: (0..12)
                .map(|m| SeriesPoint {
                    value: Some(if m < 6 { nan } else { f64::NEG_INFINITY }),
                    expected: Some(nan),
                    ..point(m, 50, 100)
                })
                .collect(),
            change: Some(ChangeMark {
                at: "never".into(),
                from: "2025".into(),
                to: String::new(),
            }),
            ..shares(0, 0, 0)
        }),
        Figure::Series(Series {
            title: "A change before the first month and known to the day".into(),
            change: Some(ChangeMark {
                at: "2020-01-01".into(),
                from: "2020-01-01".into(),
                to: "2020-01-01".into(),
            }),
            ..series(
                "",
                (0..14).map(|m| point(m, 150 + m as u64 * 3, 200)).collect(),
            )
        }),
        Figure::Series(Series {
            title: "A change at the very end, of people".into(),
            unit: Unit::People,
            counted: "people waiting",
            points: (0..14)
                .map(|m| SeriesPoint {
                    value: Some(m as f64 * 1.5),
                    ..point(m, 0, 0)
                })
                .collect(),
            change: Some(ChangeMark {
                at: "2024-05-30".into(),
                from: "2024-02-01".into(),
                to: "2026-05-31".into(),
            }),
            ..shares(0, 0, 0)
        }),
        Figure::Series(Series {
            title: script.into(),
            points: vec![
                SeriesPoint {
                    month: script.into(),
                    ..point(0, 30, 60)
                },
                SeriesPoint {
                    month: script.into(),
                    ..point(0, 40, 60)
                },
            ],
            change: None,
            ..shares(0, 0, 0)
        }),
    ];
    let line = |label: &str, waits: u64, points: Vec<CurvePoint>| CurveLine {
        label: label.into(),
        waits,
        ended: waits,
        open: 0,
        median: Some(nan),
        median_interval: Some([None, Some(nan)]),
        ninetieth: None,
        points,
    };
    let step = |day: f64, waiting: f64| CurvePoint {
        day,
        waiting,
        low: waiting * 0.9,
        high: waiting * 1.1,
    };
    let curve = |title: &str, lines: Vec<CurveLine>| {
        Figure::Curve(Curve {
            id: "c",
            title: title.into(),
            lines,
        })
    };
    figures.extend([
        curve("No lines", vec![]),
        curve("Too few waits", vec![line("few", 7, vec![step(3.0, 0.5)])]),
        curve("No steps", vec![line("none", 70, vec![])]),
        curve(
            "All end on day 0",
            vec![line("at once", 70, vec![step(0.0, 0.0)])],
        ),
        curve(
            "Days that are no numbers",
            vec![
                line(
                    script,
                    500,
                    vec![step(nan, 0.5), step(20.0, nan), step(30.0, 0.5)],
                ),
                line("few", 4, vec![]),
            ],
        ),
        curve(
            "Six lines alike",
            (0..6)
                .map(|_| {
                    line(
                        long,
                        500,
                        vec![step(10.0, 0.7), step(40.0, 0.3), step(700.0, 0.02)],
                    )
                })
                .collect(),
        ),
    ]);
    let funnel = |title: &str, points: Vec<FunnelPoint>, centre: f64| {
        Figure::Funnel(Funnel {
            title: title.into(),
            points,
            centre,
            ..places(0)
        })
    };
    let place = |group: &str, count: u64, of: u64, outside: Option<&'static str>| FunnelPoint {
        group: group.into(),
        count,
        of,
        rate: count as f64 / of as f64,
        outside,
    };
    figures.extend([
        funnel("No places", vec![], 0.3),
        funnel("One place", vec![place("NR1", 40, 100, None)], 0.3),
        funnel(
            "Small places",
            vec![
                place("NR1", 4, 10, Some("above")),
                place("NR2", 3, 60, Some("below")),
            ],
            0.3,
        ),
        funnel(
            "All places alike",
            (0..20).map(|_| place("NR1", 30, 100, None)).collect(),
            0.3,
        ),
        funnel(
            "No average",
            vec![
                place(script, 90, 100, Some("above")),
                place(long, 95, 100, Some("above")),
            ],
            nan,
        ),
        Figure::Funnel(Funnel {
            title: "Sixty places".into(),
            ..places(60)
        }),
        funnel(
            "Twenty outside, close together",
            (0..20)
                .map(|i| place(&format!("PE{i}"), 80 + i, 100 + i * 2, Some("above")))
                .collect(),
            0.3,
        ),
    ]);
    let bars = |title: &str, bars: Vec<Bar>| {
        Figure::Bars(Bars {
            title: title.into(),
            bars,
            ..codes()
        })
    };
    let bar = |label: &str, count: u64, expected: Option<f64>| Bar {
        label: label.into(),
        count,
        expected,
        marked: count % 2 == 1,
    };
    figures.extend([
        bars("No bars", vec![]),
        bars(
            "Nothing counted",
            vec![bar("a", 0, None), bar("b", 0, Some(0.0))],
        ),
        bars("Few", vec![bar("three", 3, Some(nan)), bar("one", 1, None)]),
        bars(
            "Long labels",
            vec![bar(long, 40, Some(12.0)), bar(script, 25, Some(90.0))],
        ),
        bars(
            "Sixty bars",
            (0..60)
                .map(|i| {
                    bar(
                        &format!("{i}%"),
                        i * 7 % 40,
                        Some(f64::from(i as u32) / 2.0),
                    )
                })
                .collect(),
        ),
        bars(
            "Sixty long bars",
            (0..60)
                .map(|i| bar(&format!("A label that is long {i}"), i * 7 % 40, None))
                .collect(),
        ),
    ]);
    let ratio = |group: &str, count: u64, of: u64, ratio: f64, low: f64, high: f64| Ratio {
        rate: "falls in support".into(),
        dimension: "district",
        group: group.into(),
        count,
        of,
        ratio,
        low,
        high,
        clear: true,
    };
    let ratios = |title: &str, rows: Vec<Ratio>| {
        Figure::Ratios(Ratios {
            id: "r",
            title: title.into(),
            rows,
        })
    };
    figures.extend([
        ratios("No groups", vec![]),
        ratios("One group", vec![ratio("NR1", 30, 60, 1.2, 1.1, 1.3)]),
        ratios(
            "Small groups",
            vec![
                ratio("NR1", 3, 60, 1.2, 1.1, 1.3),
                ratio("NR2", 9, 12, 1.2, 1.1, 1.3),
            ],
        ),
        ratios(
            "Far and none",
            vec![
                ratio("NR1", 30, 60, 40.0, 0.0, f64::INFINITY),
                ratio("NR2", 30, 60, 90.0, 0.01, 900.0),
                ratio("NR3", 30, 60, nan, 1.0, 2.0),
                ratio("NR4", 30, 60, 0.0, 0.0, 0.0),
            ],
        ),
        ratios(
            "No width",
            vec![
                ratio(script, 30, 60, 1.0, 1.0, 1.0),
                ratio(long, 30, 60, 1.0, 1.0, 1.0),
            ],
        ),
        ratios(
            "Sixty groups",
            (0..60)
                .map(|i| Ratio {
                    clear: i % 30 == 3,
                    ..ratio(
                        &format!("PE{i}"),
                        30 + i,
                        60 + i * 2,
                        0.8 + wobble(i) * 0.5,
                        0.6 + wobble(i) * 0.5,
                        1.1 + wobble(i) * 0.6,
                    )
                })
                .collect(),
        ),
    ]);
    figures
}
