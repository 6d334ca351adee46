//! How long the person has to do something about it. Counted from the event;
//! where the law counts from when they came to know, that is later.

use candour_law::Confirmed;
use jiff::Span;
use jiff::civil::Date;

use crate::When;

/// One way to have it put right, and how long it stays open.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    pub id: &'static str,
    pub title: &'static str,
    pub months: i8,
    /// In full, for a reader.
    pub says: &'static str,
    pub authority: &'static str,
    pub confirmed: Confirmed,
}

pub const CLOCKS: &[Clock] = &[
    Clock {
        id: "judicial_review",
        title: "Judicial review",
        months: 3,
        says: "Promptly, and in any case within 3 months of the decision. Prompt may mean sooner: ask a solicitor at once. A duty that is still not met goes on giving grounds.",
        authority: "Civil Procedure Rules, rule 54.5",
        confirmed: Confirmed::Unconfirmed,
    },
    Clock {
        id: "complaint",
        title: "Complaint to the council",
        months: 12,
        says: "Within 12 months of what happened, or of coming to know of it. The council may take a later one where there is good reason and it can still be looked into fairly.",
        authority: "SI 2009/309 regulation 12",
        confirmed: Confirmed::Secondary,
    },
    Clock {
        id: "ombudsman",
        title: "Local Government and Social Care Ombudsman",
        months: 12,
        says: "Within 12 months of coming to know of it, as a rule after the council has answered a complaint. The Ombudsman may take a later one where there is good reason.",
        authority: "Local Government Act 1974 ss.26B and 34D",
        confirmed: Confirmed::Secondary,
    },
];

/// When a clock stops for one event.
#[derive(Clone, Copy, Debug)]
pub struct ClockEnd {
    pub clock: &'static Clock,
    pub from: When,
    /// The last day, counted from the first day that the event can have been.
    pub last: Date,
}

/// The last days for something that happened on a day. Where only the month or
/// year is known they are counted from its first day, which is the safe side.
pub(crate) fn ends(from: When) -> impl Iterator<Item = ClockEnd> {
    CLOCKS.iter().filter_map(move |clock| {
        let last = from
            .first
            .checked_add(Span::new().months(clock.months))
            .ok()?;
        Some(ClockEnd { clock, from, last })
    })
}
