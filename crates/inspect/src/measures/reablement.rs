//! What followed reablement (ASCOF 2A): how many needed no lasting support.

use candour_record::codes::{ClientType, Component, EventType, Outcome, ServiceType};
use candour_record::{Day, Event, Interval};

use super::needs::Needs;
use super::someone::{Band, Someone};
use super::table::{About, Division, Table};
use super::{ALL_EVENTS, Family, Measure};

/// Reablement services no further apart than this are one episode, and its sequel begins no later.
pub(super) const SEQUEL_DAYS: i64 = 7;
/// Long-term support that ended fewer days than this before the episode makes somebody no new client.
const NEW_CLIENT_DAYS: i64 = 91;
/// Assessments and care reviews inside the episode count when they end fewer days than this before its end.
const NEAR_END_DAYS: i64 = 14;

/// What an episode came to, as published. The places are those of [`RESULTS`].
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sequel {
    Nursing,
    Residential,
    Community,
    Prison,
    LowLevel,
    OtherShortTerm,
    ShortTermCareHome,
    Advice,
    EndedAsPlanned,
    Moved,
    Other,
    NoneOffered,
    EndedOther,
    ReferredWithin,
    Hospital,
    Deceased,
    Nhs,
    SelfFunded,
    Declined,
    Unclassified,
}

const RESULTS: &[&str] = &[
    "long-term support: nursing care",
    "long-term support: residential care",
    "long-term support: community",
    "long-term support: prison",
    "ongoing low-level support",
    "other short-term support",
    "short-term residential or nursing care",
    "information and advice",
    "support ended as planned",
    "moved to another council",
    "no further action: other",
    "no services offered",
    "support ended for another reason",
    "referred within the council",
    "admitted to hospital",
    "died",
    "NHS services or funding",
    "pays for their own care",
    "declined support",
    "cannot be classified",
];

impl Sequel {
    fn in_denominator(self) -> bool {
        !matches!(
            self,
            Sequel::Hospital
                | Sequel::Deceased
                | Sequel::Nhs
                | Sequel::SelfFunded
                | Sequel::Declined
                | Sequel::Unclassified
        )
    }

    fn in_numerator(self) -> bool {
        self.in_denominator()
            && !matches!(
                self,
                Sequel::Nursing
                    | Sequel::Residential
                    | Sequel::Community
                    | Sequel::Prison
                    | Sequel::ShortTermCareHome
            )
    }
}

/// Rank of an outcome that says how things ended, the best first, with its sequel. Outcomes by which something
/// goes on, and blank or invalid ones, say nothing.
fn conclusive(outcome: Outcome) -> Option<(u8, Sequel)> {
    Some(match outcome {
        Outcome::Hospital => (6, Sequel::Hospital),
        Outcome::Moved => (7, Sequel::Moved),
        Outcome::NhsFunded | Outcome::NhsReferral => (8, Sequel::Nhs),
        Outcome::SelfFunded => (9, Sequel::SelfFunded),
        Outcome::Advice => (10, Sequel::Advice),
        Outcome::ReferredWithin => (11, Sequel::ReferredWithin),
        Outcome::Declined => (12, Sequel::Declined),
        Outcome::Deceased => (13, Sequel::Deceased),
        Outcome::EndedAsPlanned => (14, Sequel::EndedAsPlanned),
        Outcome::EndedOther => (15, Sequel::EndedOther),
        Outcome::NoneOffered => (16, Sequel::NoneOffered),
        Outcome::Other => (17, Sequel::Other),
        Outcome::Blank
        | Outcome::Invalid
        | Outcome::Reablement
        | Outcome::Assessment
        | Outcome::SupportPlanning
        | Outcome::Continuation
        | Outcome::NotMapped => return None,
    })
}

/// The service's place among sequels, the first to be taken.
fn service_sequel(event: &Event) -> Option<Sequel> {
    Some(match event.service_type {
        ServiceType::LongTermNursing => Sequel::Nursing,
        ServiceType::LongTermResidential => Sequel::Residential,
        ServiceType::LongTermCommunity => Sequel::Community,
        ServiceType::LongTermPrison => Sequel::Prison,
        ServiceType::ShortTermLowLevel => Sequel::LowLevel,
        ServiceType::ShortTermOther => match event.component {
            Component::ShortTermNursing | Component::ShortTermResidential => {
                Sequel::ShortTermCareHome
            }
            _ => Sequel::OtherShortTerm,
        },
        // Reablement is never its own sequel: what starts within the 7 days is the same episode.
        _ => return None,
    })
}

/// Reablement services chained over gaps of up to 7 days.
struct Episode {
    start: Day,
    end: Day,
    /// Of the row that ends last; the best of them where several do.
    outcome: Option<(u8, Sequel)>,
}

impl Episode {
    fn of(event: &Event) -> Episode {
        Episode {
            start: event.start,
            end: event.end,
            outcome: conclusive(event.outcome),
        }
    }

    fn take(&mut self, event: &Event) {
        let outcome = conclusive(event.outcome);
        if event.end > self.end {
            self.end = event.end;
            self.outcome = outcome;
        } else if event.end == self.end {
            self.outcome = best(self.outcome, outcome);
        }
    }

    /// Starts from the episode's start to 7 days after its end, and goes on after its end.
    fn followed_by(&self, start: Day, end: Day) -> bool {
        self.start <= start && start <= self.end.plus(SEQUEL_DAYS) && end > self.end
    }

    /// Starts and ends inside. What ends on the first day led to the episode, and does not tell how it came out.
    fn holds(&self, start: Day, end: Day) -> bool {
        self.start <= start && self.start < end && end <= self.end
    }

    fn is_of_new_client(&self, someone: &Someone<'_>) -> bool {
        !someone
            .long_term()
            .any(|e| e.start < self.start && e.end > self.start.plus(-NEW_CLIENT_DAYS))
    }

    /// The published steps; the first that answers decides.
    fn sequel(&self, someone: &Someone<'_>) -> Sequel {
        if someone
            .person
            .death
            .is_some_and(|death| death <= self.end.plus(SEQUEL_DAYS))
        {
            return Sequel::Deceased;
        }
        if let Some((_, Sequel::Hospital)) = self.outcome {
            return Sequel::Hospital;
        }
        let theirs = || {
            someone
                .events
                .iter()
                .filter(|e| e.client == ClientType::ServiceUser && !someone.died_before(e.start))
        };
        let service = theirs()
            .filter(|e| e.kind == EventType::Service && self.followed_by(e.start, e.end))
            .filter_map(service_sequel)
            // Of other short-term support, a care home comes first.
            .min_by_key(|sequel| match sequel {
                Sequel::ShortTermCareHome => (Sequel::OtherShortTerm as u8, 0),
                other => (*other as u8, 1),
            });
        if let Some(sequel) = service {
            return sequel;
        }
        let mut outcome = self.outcome;
        for event in theirs().filter(|e| e.kind != EventType::Service) {
            let end = someone.end_of(event);
            let later =
                self.followed_by(event.start, end) && event.outcome != Outcome::EndedAsPlanned;
            let near_end = event.kind != EventType::Request
                && self.holds(event.start, end)
                && self.end.since(end) < NEAR_END_DAYS;
            if later || near_end {
                outcome = best(outcome, conclusive(event.outcome));
            }
        }
        if let Some((_, sequel)) = outcome {
            return sequel;
        }
        let equipment = theirs().any(|e| {
            e.kind == EventType::Service
                && e.service_type != ServiceType::ShortTermMax
                && e.component == Component::Equipment
                && self.holds(e.start, e.end)
        });
        if equipment {
            Sequel::LowLevel
        } else {
            Sequel::Unclassified
        }
    }
}

fn best(a: Option<(u8, Sequel)>, b: Option<(u8, Sequel)>) -> Option<(u8, Sequel)> {
    [a, b].into_iter().flatten().min_by_key(|(rank, _)| *rank)
}

const DIVISIONS: &[Division] = &[
    Division {
        by: "age",
        groups: Band::NAMES,
        shares: true,
    },
    Division {
        by: "result",
        groups: RESULTS,
        shares: false,
    },
];

pub(super) struct Reablement {
    year: Interval,
    table: Table,
}

impl Reablement {
    /// `year`: the days on which an episode must end.
    pub(super) fn new(year: Interval) -> Reablement {
        Reablement {
            year,
            table: Table::new(DIVISIONS),
        }
    }

    fn count(&mut self, someone: &Someone<'_>, episode: &Episode) {
        if !self.year.contains(episode.end) {
            return;
        }
        let band = someone.band_on(episode.end);
        if band == Band::Under18 || !episode.is_of_new_client(someone) {
            return;
        }
        let sequel = episode.sequel(someone);
        if sequel.in_denominator() {
            self.table.add(sequel.in_numerator(), &[band.place()]);
        }
        self.table.count(1, sequel as usize);
    }

    pub(super) fn measure(&self, needs: &Needs, as_of: Day) -> Measure {
        let all = Interval::new(self.year.start, as_of);
        let before = Interval::new(self.year.start.plus(-NEW_CLIENT_DAYS), as_of);
        let lacks = needs
            .lack(&[EventType::Service], before)
            .or_else(|| needs.lack(&ALL_EVENTS, all));
        ABOUT.share(
            self.year,
            lacks,
            &self.table,
            "no reablement of a new client ended in the year with a result that counts",
        )
    }
}

impl Family for Reablement {
    fn take(&mut self, someone: &Someone<'_>) {
        let mut episode: Option<Episode> = None;
        for event in someone.events.iter().filter(|e| {
            e.kind == EventType::Service
                && e.client == ClientType::ServiceUser
                && e.service_type == ServiceType::ShortTermMax
        }) {
            match &mut episode {
                Some(e) if event.start <= e.end.plus(SEQUEL_DAYS) => e.take(event),
                _ => {
                    if let Some(done) = episode.replace(Episode::of(event)) {
                        self.count(someone, &done);
                    }
                }
            }
        }
        if let Some(done) = episode {
            self.count(someone, &done);
        }
    }

    fn merge(&mut self, other: Reablement) {
        self.table.merge(&other.table);
    }
}

const ABOUT: About = About {
    id: "ascof_2a",
    title: "Reablement of new clients that led to no long-term support (ASCOF 2A)",
    method: "Department of Health and Social Care, ASCOF 2A (2024-25 on)",
    unit: "share",
    note: "Counts episodes, not people: the year ends 7 days before the day of the inspection, because what followed is \
           looked for in the 7 days after. As published, \"no services offered\" and \"support ended for another \
           reason\" count as success; those who died, went to hospital, declined, pay for their own care or are with \
           the NHS, and episodes that cannot be classified, are out of both numbers. The Department replaces dates of \
           death by those of the Office for National Statistics, which a return does not hold. Of several assessments \
           near the end of an episode the published code takes the last, this the one whose outcome ranks best.",
};
