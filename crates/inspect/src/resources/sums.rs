//! The sums of a staff time audit: hours there, hours needed, posts and pounds.
//!
//! A post works `hours_a_year`, of which only `share_on_cases` goes on cases. So an hour on a case takes
//! `1 / share_on_cases` hours of somebody's time, and all of them are paid.

/// What a post gives.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Post {
    /// Hours worked in a year, leave, sickness and training taken off. Above nought.
    pub hours_a_year: f64,
    /// Above nought, at most 1.
    pub share_on_cases: f64,
}

impl Post {
    /// Hours on cases that so many full-time posts give in a year.
    pub fn available_hours(self, posts: f64) -> f64 {
        posts * self.hours_a_year * self.share_on_cases
    }

    /// Posts that so many hours on cases a year take.
    pub fn posts_for(self, case_hours: f64) -> f64 {
        case_hours / (self.hours_a_year * self.share_on_cases)
    }

    /// Pounds that so many hours on cases cost, at `pounds_an_hour` of anybody's time.
    pub fn pounds_for(self, case_hours: f64, pounds_an_hour: f64) -> f64 {
        case_hours / self.share_on_cases * pounds_an_hour
    }
}

/// Hours on cases that a year's work takes: (count, hours each) of every task, and the months in which
/// nothing happens on a case but it is held all the same.
pub fn required_hours(tasks: &[(f64, f64)], cases_held: f64, quiet_month: f64) -> f64 {
    let tasks: f64 = tasks.iter().map(|(count, hours)| count * hours).sum();
    tasks + cases_held * quiet_month * 12.0
}

/// Hours on cases that are missing.
pub fn gap_hours(required: f64, available: f64) -> f64 {
    (required - available).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The worked example of the staff time audit's definition, to the last figure that it prints. Its
    /// inputs are illustrations: an assessment of 7 hours is 1.5 of talk, 4 of writing up, 1.5 of travel.
    #[test]
    fn the_worked_example_to_the_last_figure() {
        let post = Post {
            hours_a_year: 1551.8,
            share_on_cases: 0.727,
        };
        let tasks = [
            (480.0, 7.0),  // assessments
            (330.0, 4.0),  // plans
            (700.0, 4.0),  // care reviews that were planned
            (220.0, 7.0),  // and that were asked for
            (150.0, 4.0),  // carers' assessments
            (110.0, 15.0), // safeguarding
            (120.0, 6.0),  // capacity and best interests
            (330.0, 2.5),  // panel
        ];
        let to = |number: f64, places: i32| (number * 10f64.powi(places)).round();
        let available = post.available_hours(10.0);
        assert_eq!(to(available, 1), 112_816.0, "11,281.6");
        let required = required_hours(&tasks, 184.0, 1.0);
        assert_eq!(to(required, 1), 150_230.0, "15,023.0");
        assert_eq!(to(available / required, 3), 751.0, "0.751");
        let gap = gap_hours(required, available);
        assert_eq!(to(gap, 1), 37_414.0, "3,741.4");
        assert_eq!(to(post.posts_for(gap), 3), 3_316.0, "3.316");
        assert_eq!(to(post.pounds_for(gap, 54.0), 0), 277_904.0, "£277,904");
    }

    #[test]
    fn nothing_is_missing_where_there_is_enough() {
        assert_eq!(gap_hours(100.0, 120.0), 0.0);
    }
}
