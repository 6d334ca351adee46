//! What staff's time goes on, drawn from a made-up diary: chart, table and text say the same.

use candour_inspect::staff::{Diary, Staff, Standards, time_report};
use candour_law::Rulebook;
use candour_publish::TimeChart;
use candour_synth::{DiaryOptions, diary};

#[test]
fn shares_of_time_drawn_in_a_table_and_in_words() {
    let dir = std::env::temp_dir().join(format!("candour-time-{}", std::process::id()));
    diary(&DiaryOptions::default(), &dir).unwrap();
    let rulebook = Rulebook::built_in().unwrap();
    let time = rulebook.staff_time.as_ref().unwrap();
    let standards = Standards::of_rulebook(rulebook.remedies.as_ref().unwrap(), time);
    let staff = Staff::read(&dir.join("staff.csv")).unwrap();
    let diary = Diary::read(&[dir.join("diary.csv")], &staff, time, &[]).unwrap();
    let report = time_report(&staff, &diary, time, standards.year(), None);
    let _ = std::fs::remove_dir_all(&dir);
    let shares = report.shares.unwrap();
    let chart = TimeChart {
        id: "time".into(),
        shares: &shares,
    };
    let (html, text) = (chart.html(), chart.text());
    // For looking at: `KEEP=file cargo test -p candour-publish --test staff_time`.
    if let Some(keep) = std::env::var_os("KEEP") {
        std::fs::write(keep, &html).unwrap();
    }
    for group in &shares.groups {
        let percent = |x: f64| format!("{:.0}%", x * 100.0);
        let [low, high] = group.share.range95.map(percent);
        let value = percent(group.share.value);
        assert!(
            text.contains(&format!("{}: {value} ({low} to {high})", group.title)),
            "{text}"
        );
        assert!(html.contains(&format!(
            "{} <tspan class=\"n\">{value}</tspan>",
            group.title
        )));
        assert!(html.contains(&format!("{value}</td><td class=\"r\">{low} to {high}</td>")));
    }
    assert!(html.contains("<desc id=\"time-d\">Shares of time at work."));
    assert!(!html.contains("NaN") && !html.contains("w001"));
}
