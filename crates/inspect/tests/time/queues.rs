use candour_inspect::{Document, Inspector, Key, Labels, LocalFacts, Queue, document};
use candour_law::Rulebook;
use candour_returns::{Joined, Reader, join};
use candour_synth::{Options, synthesise};

use crate::made::{
    Folder, Row, assessment, csv, joined_bytes, request, review, service, stating, two_years,
};

fn documented(joined: &Joined) -> Document {
    let rulebook = Rulebook::built_in().unwrap();
    let inspector = Inspector::new(&rulebook).unwrap();
    let labels = Labels::new(&joined.record, Some(&Key::from_bytes(b"test")));
    let local = LocalFacts::default();
    let inspection = inspector
        .inspect(&joined.record, &labels, &local, &|_| {})
        .unwrap();
    document(&inspector, joined, &inspection, &labels, &local, false)
}

fn queue(document: &Document, id: &str) -> Queue {
    document
        .backlog
        .iter()
        .find(|q| q.id == id)
        .unwrap()
        .clone()
}

/// One return of 2023-04-01 to 2025-03-31; the 26 weeks begin on 2024-10-01.
fn care_reviews(rows: Vec<Row>) -> Queue {
    queue(&documented(&two_years(rows)), "care_reviews")
}

#[test]
fn care_reviews_by_hand() {
    let told = care_reviews(vec![
        // Overdue all along, and now: in each of 27 counts, for a year and longer.
        service("old", "2020-01-01", ""),
        // Falls due on 2025-01-10, a year after the last; still overdue.
        service("new", "2020-01-01", ""),
        review("new", "2024-01-10", "2024-01-10"),
        // Falls due on 2024-11-05; done on 2024-12-05: due and done.
        service("late", "2020-01-01", ""),
        review("late", "2023-11-05", "2023-11-05"),
        review("late", "2024-12-05", "2024-12-05"),
        // Done before it was due: due and done in one week.
        service("good", "2020-01-01", ""),
        review("good", "2024-02-01", "2024-02-01"),
        review("good", "2025-01-20", "2025-01-20"),
        // Overdue until support ends: leaves.
        service("gone", "2020-01-01", "2024-11-20"),
        // Support of one day, and support that began on the last day: nothing is due.
        service("day", "2024-11-01", "2024-11-01"),
        review("day", "2024-11-01", "2024-11-01"),
        service("today", "2025-03-31", ""),
        // Support of less than a year: nothing is due; its first look is work done and due.
        service("young", "2024-09-01", ""),
        review("young", "2024-10-20", "2024-10-20"),
        // Support of one day, and support that begins on the last: nothing is due.
        service("day", "2024-09-01", "2024-09-01"),
        service("last", "2025-03-31", ""),
    ]);
    // The test itself finds old and new.
    assert_eq!(told.opening, 2);
    assert_eq!(told.from.as_deref(), Some("2024-10-01"));
    assert_eq!(told.to.as_deref(), Some("2025-03-31"));
    let history = &told.history;
    assert_eq!(history.len(), 27);
    assert_eq!(
        (history[0], history[26]),
        (2, 2),
        "old and gone; old and new"
    );
    // 2024-11-11: old, gone and late.
    assert_eq!(history[6], 3);
    let (arrivals, done) = (told.arrivals.unwrap(), told.done.unwrap());
    assert_eq!(arrivals.total, 4, "new, late, good, young");
    assert_eq!(done.total, 3, "late, good, young");
    assert_eq!(told.left, 1);
    assert_eq!(told.a_year_or_longer, 1, "old, for years");
    assert_eq!(
        told.cannot_tell.as_deref(),
        Some(
            "cannot tell, because fewer than 26 fell due or were done in 26 weeks, too few to tell a pace from chance"
        )
    );
    assert!(told.at_todays_pace.is_none());
}

#[test]
fn waits_for_an_assessment_by_hand() {
    let promised = "Progress to assessment";
    let rows = vec![
        // Waits still, since before the weeks; a second request adds nobody.
        request("waits", "2024-05-01", "2024-05-02", promised),
        request("waits", "2024-11-01", "2024-11-01", promised),
        // Joins and is assessed.
        request("seen", "2024-11-04", "2024-11-05", promised),
        assessment(
            "seen",
            "2024-12-01",
            "2024-12-20",
            "No further action - Information and advice only",
        ),
        // Assessed on the day of the request.
        request("quick", "2024-11-06", "2024-11-06", promised),
        assessment(
            "quick",
            "2024-11-06",
            "2024-11-06",
            "No further action - Information and advice only",
        ),
        // Dies while waiting.
        request("dies", "2024-10-10", "2024-10-10", promised).with("Date of Death", "2025-02-01"),
        // Support begins with no assessment.
        request("helped", "2024-10-10", "2024-10-10", promised),
        service("helped", "2024-12-02", ""),
        // Was promised none.
        request(
            "advised",
            "2024-10-10",
            "2024-10-10",
            "No further action - Information and advice only",
        ),
    ];
    let told = queue(&documented(&two_years(rows)), "assessments");
    assert_eq!(told.opening, 1);
    assert_eq!(told.arrivals.unwrap().total, 4, "seen, quick, dies, helped");
    assert_eq!(told.done.unwrap().total, 2);
    assert_eq!(told.left, 2);
    assert_eq!((told.history[0], told.history[26]), (1, 1));
    // Six weeks of what falls due in a week.
    assert!((told.target - 4.0 / 26.0 * 6.0).abs() < 1e-12);
}

#[test]
fn too_short_a_return_says_why() {
    let rows = stating(
        vec![
            service("a", "2020-01-01", ""),
            review("a", "2024-10-01", "2024-10-01"),
        ],
        "2024-04-01",
        "2025-03-31",
    );
    let document = documented(&joined_bytes(&[csv(&rows)], ""));
    let told = queue(&document, "care_reviews");
    assert_eq!(
        told.cannot_tell.as_deref(),
        Some(
            "cannot tell, because the returns cover care reviews from 2024-04-01 only, and who was overdue 26 weeks ago would have to be known from 2023-09-30"
        )
    );
    assert!(told.history.is_empty() && told.arrivals.is_none());
    // A quarter counts no year.
    let rows = stating(
        vec![service("a", "2020-01-01", "")],
        "2025-01-01",
        "2025-03-31",
    );
    let document = documented(&joined_bytes(&[csv(&rows)], ""));
    let reviews = document
        .activity
        .iter()
        .find(|a| a.id == "reviews_planned")
        .unwrap();
    assert_eq!(
        reviews.cannot_tell.as_deref(),
        Some("cannot tell, because the returns cover 90 days of it and 182 are needed")
    );
    assert_eq!(reviews.a_year, None);
}

/// Of a made-up council: what falls due, less what is done and who leaves, is what the queue grows by; and the queue
/// counted from the record is the test's own count, but for people who left care on the last days.
#[test]
fn flows_add_up_on_a_made_up_council() {
    let folder = Folder::new();
    let dir = folder.write("x", "").parent().unwrap().join("council");
    std::fs::create_dir_all(&dir).unwrap();
    let summary = synthesise(
        &Options {
            people: 4000,
            years: 2,
            seed: 6,
            ..Options::default()
        },
        &dir,
    )
    .unwrap();
    let rulebook = Rulebook::built_in().unwrap();
    let inspector = Inspector::new(&rulebook).unwrap();
    let mut reader = Reader::new(inspector.settings);
    let read = summary
        .files
        .iter()
        .map(|f| reader.read(f, &|_| {}).unwrap())
        .collect::<Vec<_>>();
    let document = documented(&join(&reader, read, None));
    for queue in &document.backlog {
        let (first, last) = (queue.history[0] as i64, queue.history[26] as i64);
        let (arrivals, done) = (
            queue.arrivals.unwrap().total as i64,
            queue.done.unwrap().total as i64,
        );
        assert_eq!(
            last - first,
            arrivals - done - queue.left as i64,
            "{}",
            queue.id
        );
        assert!(arrivals > 50 && done > 50);
        let apart = (queue.opening as f64 - last as f64).abs() / last as f64;
        assert!(apart < 0.02, "{}: {} and {last}", queue.id, queue.opening);
        let forecast = queue.at_todays_pace.as_ref().unwrap();
        assert_eq!(forecast.weeks[0].queue.value, queue.opening as f64);
        let text = serde_json::to_string(forecast).unwrap();
        assert!(!text.contains("null,null,null") && forecast.weeks.len() == 40);
    }
    let year: f64 = document.activity.iter().filter_map(|a| a.a_year).sum();
    assert!(year > 500.0);
}
