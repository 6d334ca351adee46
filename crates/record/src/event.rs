//! Rows made into events and people.

use crate::codes::*;
use crate::{Day, Interval, Settings};

/// Where a source row stands: the file's place in the list of inputs and the row, the header being row 1.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct RowRef {
    pub file: u16,
    pub row: u32,
}

/// One event of one person: rows that agree are one event.
#[derive(Clone, Copy, Debug)]
pub struct Event {
    /// Index into [`Record::people`].
    pub person: u32,
    pub start: Day,
    /// [`Day::OPEN`] for a service that has not ended by the as-of day.
    pub end: Day,
    /// The return that held this service gave way to a later one in which it is missing: `end` is
    /// its last known day, not an ending.
    pub unknown_end: bool,
    pub kind: EventType,
    pub client: ClientType,
    pub outcome: Outcome,
    /// The listed value the outcome was given as (its place in the reader's list), kept beside the mapped code.
    pub outcome_as_given: u8,
    pub service_type: ServiceType,
    pub component: Component,
    pub mechanism: Mechanism,
    pub frequency: Frequency,
    pub assessment_type: AssessmentType,
    pub eligible: Eligible,
    pub method: Method,
    pub review_reason: ReviewReason,
    pub achieved: Achieved,
    pub route: Route,
    /// Unit cost in pence, as given (may be negative).
    pub unit_cost: Option<i32>,
    /// Planned units per week, in hundredths.
    pub units: Option<i32>,
    /// Provider's CQC location, as a number private to this record; 0 when blank.
    pub location: u32,
    /// First source row; further rows of the same event are in [`Record::repeats`].
    pub row: RowRef,
}

impl Event {
    pub fn is_long_term(&self) -> bool {
        self.kind == EventType::Service
            && self.client == ClientType::ServiceUser
            && self.service_type.is_long_term()
    }

    /// A payment under s.31 or s.32, by mechanism or by component.
    pub fn is_direct_payment(&self) -> bool {
        self.kind == EventType::Service
            && self.client == ClientType::ServiceUser
            && (self.mechanism == Mechanism::DirectPayment
                || self.component == Component::DirectPayment)
    }

    pub fn is_request_of(&self, client: ClientType) -> bool {
        self.kind == EventType::Request && self.client == client
    }

    /// A needs assessment: of a service user, long term.
    pub fn is_needs_assessment(&self) -> bool {
        self.is_assessment() && self.assessment_type == AssessmentType::LongTerm
    }

    /// Of a service user, long or short term, not financial; a blank or invalid type is none of these.
    pub fn is_assessment(&self) -> bool {
        self.kind == EventType::Assessment
            && self.client == ClientType::ServiceUser
            && matches!(
                self.assessment_type,
                AssessmentType::LongTerm | AssessmentType::ShortTerm
            )
    }

    /// Of an unpaid carer and not financial; a blank or invalid type counts.
    pub fn is_carer_assessment(&self) -> bool {
        self.kind == EventType::Assessment
            && self.client == ClientType::Carer
            && self.assessment_type != AssessmentType::Financial
    }

    /// A care review of a service user that is not of short-term support.
    pub fn is_review(&self) -> bool {
        self.kind == EventType::Review
            && self.client == ClientType::ServiceUser
            && self.review_reason != ReviewReason::ShortTermSupport
    }

    pub fn is_service_of_user(&self) -> bool {
        self.kind == EventType::Service && self.client == ClientType::ServiceUser
    }

    /// Whether it runs on `day`.
    pub fn active_on(&self, day: Day) -> bool {
        self.start <= day && day <= self.end
    }

    /// Whether it is seen to end (an unknown end is no ending).
    pub fn has_ended(&self) -> bool {
        self.end != Day::OPEN && !self.unknown_end
    }
}

/// One person of the record.
#[derive(Clone, Debug)]
pub struct Person {
    /// The person's smallest council person id, or NHS number where that id is shared. Never printed unless asked for.
    pub name: String,
    pub birth: Option<Day>,
    pub death: Option<Day>,
    pub gender: Gender,
    pub ethnic_group: EthnicGroup,
    pub support_reason: SupportReason,
    /// Index into [`Record::districts`]; 0 is unknown.
    pub district: u16,
    /// Has Unpaid Carer = Yes on any row.
    pub has_unpaid_carer: bool,
    /// Adults this person, as an unpaid carer, is linked to.
    pub cares_for: Vec<u32>,
    /// Unpaid carers linked to this person.
    pub carers: Vec<u32>,
    /// This person's events are `first_event..first_event + events` of [`Record::events`].
    pub first_event: u32,
    pub events: u32,
}

impl Person {
    /// Whether the person is an adult on `day`; an unknown age is treated as adult.
    pub fn is_adult_on(&self, day: Day, adult_age: i64) -> bool {
        self.birth
            .is_none_or(|birth| birth.plus_months(12 * adult_age) <= day)
    }

    /// Age in completed years on `day`.
    pub fn age_on(&self, day: Day) -> Option<i32> {
        let (by, bm, bd) = self.birth?.ymd();
        let (y, m, d) = day.ymd();
        Some(y - by - i32::from((m, d) < (bm, bd)))
    }
}

/// The days of which a return tells, per event type: absence inside them is evidence.
#[derive(Clone, Copy, Debug)]
pub struct Coverage {
    pub request: Interval,
    pub assessment: Interval,
    pub service: Interval,
    pub review: Interval,
}

impl Coverage {
    pub fn of(&self, kind: EventType) -> Interval {
        match kind {
            EventType::Request => self.request,
            EventType::Assessment => self.assessment,
            EventType::Review => self.review,
            _ => self.service,
        }
    }
}

/// One council's record: what its returns show, joined, as of one day.
#[derive(Clone, Debug)]
pub struct Record {
    pub council: String,
    pub as_of: Day,
    pub coverage: Coverage,
    pub people: Vec<Person>,
    /// Grouped by person in the order of `people`; within a person by start, end, then kind.
    pub events: Vec<Event>,
    /// Further source rows of events: (index of event, row), sorted.
    pub repeats: Vec<(u32, RowRef)>,
    /// Postcode districts; the first is the unknown one.
    pub districts: Vec<String>,
    pub settings: Settings,
}

impl Record {
    /// A person's events, earliest start first.
    pub fn events_of(&self, person: u32) -> &[Event] {
        self.people
            .get(person as usize)
            .and_then(|p| {
                let first = p.first_event as usize;
                self.events.get(first..first + p.events as usize)
            })
            .unwrap_or(&[])
    }

    /// Every source row of an event, first row first.
    pub fn rows_of(&self, event: u32) -> impl Iterator<Item = RowRef> + '_ {
        let from = self.repeats.partition_point(|(e, _)| *e < event);
        let first = self.events.get(event as usize).map(|e| e.row);
        let further = self.repeats.get(from..).unwrap_or(&[]);
        first.into_iter().chain(
            further
                .iter()
                .take_while(move |(e, _)| *e == event)
                .map(|(_, row)| *row),
        )
    }
}
