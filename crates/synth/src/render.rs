//! Rows as text: the fifty columns in either release's spelling.

use crate::build::{Carried, Row};
use crate::codes::{Client, Event, Kind, Out, Spelling};
use crate::day::Day;
use crate::frame::Frame;
use crate::person::{Person, Who};
use std::borrow::Cow;

/// A cell's text.
pub(crate) type Cell = Cow<'static, str>;

/// What kind of thing a column holds, which decides what noise may do to it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Holds {
    /// A listed value.
    Listed,
    /// A date.
    Date,
    /// Someone's number.
    Id,
    /// Anything else.
    Text,
}

/// The columns, in the return's own order.
pub(crate) const COLUMNS: [(&str, Holds); 50] = [
    ("LA Code", Holds::Text),
    ("Reporting Period Start Date", Holds::Date),
    ("Reporting Period End Date", Holds::Date),
    ("NHS Number", Holds::Id),
    ("LA Person Unique Identifier", Holds::Id),
    ("First Name", Holds::Text),
    ("Last Name", Holds::Text),
    ("GP Practice Name", Holds::Text),
    ("GP Practice Code", Holds::Text),
    ("Gender", Holds::Listed),
    ("Ethnicity", Holds::Listed),
    ("Date of Birth", Holds::Date),
    ("Date of Death", Holds::Date),
    ("Client Type", Holds::Listed),
    ("Primary Support Reason", Holds::Listed),
    ("Postcode", Holds::Text),
    ("Accommodation Status", Holds::Listed),
    ("Employment Status", Holds::Listed),
    ("Has Unpaid Carer", Holds::Listed),
    ("Autism Spectrum Disorder (ASD)", Holds::Listed),
    ("Visual Impairment", Holds::Listed),
    ("Hearing Impairment", Holds::Listed),
    ("Dementia", Holds::Listed),
    ("Client Funding Status", Holds::Listed),
    ("Event Type", Holds::Listed),
    ("Event Reference", Holds::Text),
    ("Event Start Date", Holds::Date),
    ("Event End Date", Holds::Date),
    ("Event Description", Holds::Text),
    ("Event Outcome", Holds::Listed),
    ("Request: Route of Access", Holds::Listed),
    ("Assessment Type", Holds::Listed),
    ("Eligible Needs Identified", Holds::Listed),
    ("Method of Assessment", Holds::Listed),
    ("Total Hrs Caring per week", Holds::Text),
    ("No. of adults being cared for", Holds::Text),
    ("Adult 1 Linked Person_ID", Holds::Id),
    ("Adult 2 Linked Person_ID", Holds::Id),
    ("Adult 3 Linked Person_ID", Holds::Id),
    ("Service Type", Holds::Listed),
    ("Service Component", Holds::Listed),
    ("Delivery Mechanism", Holds::Listed),
    ("Provider CQC Location Name", Holds::Text),
    ("Provider CQC Location ID", Holds::Text),
    ("Review Reason", Holds::Listed),
    ("Review Outcomes Achieved", Holds::Listed),
    ("Method of Review", Holds::Listed),
    ("Unit Cost", Holds::Text),
    ("Cost Frequency (Unit Type)", Holds::Listed),
    ("Planned units per week", Holds::Text),
];

/// Positions of the columns that noise speaks of by name.
pub(crate) mod at {
    pub(crate) const NHS: usize = 3;
    pub(crate) const LA: usize = 4;
    pub(crate) const GP_CODE: usize = 8;
    pub(crate) const BORN: usize = 11;
    pub(crate) const DIED: usize = 12;
    pub(crate) const CLIENT: usize = 13;
    pub(crate) const HAS_CARER: usize = 18;
    pub(crate) const AUTISM: usize = 19;
    pub(crate) const DEMENTIA: usize = 22;
    pub(crate) const EVENT: usize = 24;
    pub(crate) const START: usize = 26;
    pub(crate) const END: usize = 27;
    pub(crate) const DESCRIPTION: usize = 28;
    pub(crate) const OUTCOME: usize = 29;
    pub(crate) const HOURS: usize = 34;
    pub(crate) const COST: usize = 47;
}

/// The row's end as a return with this last day shows it, if the return carries the row at all.
pub(crate) fn shown(row: &Row, frame: &Frame, index: usize) -> Option<Option<Day>> {
    let (first, last) = *frame.returns.get(index)?;
    let of_two = frame.returns.len() > 1;
    match row.carried {
        Carried::FirstOnly if of_two && index != 0 => return None,
        Carried::SecondOnly if index != 1 => return None,
        _ => {}
    }
    match row.event {
        None => Some(None),
        Some(Event::Service) => {
            let ended = row.end.filter(|e| *e <= last);
            (row.start <= last && ended.is_none_or(|e| e >= first)).then_some(ended)
        }
        Some(_) => row.end.filter(|e| *e >= first && *e <= last).map(Some),
    }
}

/// Whether this return's copy of the row survives joining.
pub(crate) fn survives(row: &Row, frame: &Frame, index: usize) -> bool {
    let Some(end) = shown(row, frame, index) else {
        return false;
    };
    match (frame.handover, row.event) {
        (Some(handover), Some(event)) if index == 0 => {
            end.is_some_and(|e| e < handover)
                || (event == Event::Service && row.carried == Carried::FirstOnly)
        }
        _ => true,
    }
}

/// A council number as text.
pub(crate) fn la_text(person: &Person, second: bool) -> String {
    if second {
        format!("M{:07}", person.la % 10_000_000)
    } else {
        person.la.to_string()
    }
}

fn money(hundredths: i64) -> String {
    format!("{}.{:02}", hundredths / 100, (hundredths % 100).abs())
}

fn description(row: &Row) -> &'static str {
    match (row.event, row.client) {
        (Some(Event::Request), Client::Adult) => "Contact",
        (Some(Event::Request), _) => "Carer contact",
        (Some(Event::Assessment), Client::Adult) => match row.kind {
            Kind::Long => "Care Act assessment",
            Kind::Financial => "Financial assessment",
            _ => "Short assessment",
        },
        (Some(Event::Assessment), _) => "Carer's assessment",
        (Some(Event::Review), _) => "Review of care and support plan",
        (Some(Event::Service), _) => "Service agreement",
        (None, _) => "",
    }
}

/// Writes a row into fifty cells.
pub(crate) struct Rendering<'a> {
    pub frame: &'a Frame,
    /// Position of the return.
    pub index: usize,
    pub spelling: Spelling,
    /// Number for Event Reference.
    pub reference: u64,
    /// Use the person's second council number.
    pub second: bool,
}

impl Rendering<'_> {
    #[expect(
        clippy::too_many_lines,
        reason = "one line or two for each of fifty columns, in their order"
    )]
    pub(crate) fn cells(
        &self,
        row: &Row,
        people: &[Person],
        end: Option<Day>,
    ) -> Option<Vec<Cell>> {
        let person = people.get(row.who.0)?;
        let (first, last) = *self.frame.returns.get(self.index)?;
        let s = self.spelling;
        let text = |t: &'static str| Cow::Borrowed(t);
        let blank = || Cow::Borrowed("");
        let adult = row.client == Client::Adult;
        let service = row.event == Some(Event::Service);
        let review = row.event == Some(Event::Review);
        let linked = |who: Option<Who>| -> Cell {
            who.and_then(|w| people.get(w.0))
                .map_or_else(blank, |p| Cow::Owned(la_text(p, false)))
        };
        let only_adult = |t: &'static str| if adult { text(t) } else { blank() };
        let group = match s {
            Spelling::R1 => " - ",
            Spelling::R2 => ": ",
        };
        let outcome = if service && end.is_none() {
            Out::Continuation.spelled(true)
        } else {
            row.out.spelled(service)
        };
        let learning = person.reason.0 == "Learning Disability Support";
        let money_of = |cost: Option<i64>| cost.map_or_else(blank, |c| Cow::Owned(money(c)));
        let care = row.care;
        let cost = if self.index > 0 {
            row.later_cost.or(care.and_then(|c| c.cost))
        } else {
            care.and_then(|c| c.cost)
        };
        let mut cells: Vec<Cell> = Vec::with_capacity(COLUMNS.len() + 2);
        cells.push(text("999"));
        cells.push(Cow::Owned(first.slashed()));
        cells.push(Cow::Owned(last.slashed()));
        cells.push(person.nhs.map_or_else(blank, |n| Cow::Owned(n.to_string())));
        cells.push(Cow::Owned(la_text(person, self.second)));
        cells.push(text(person.first_name));
        cells.push(text(person.last_name));
        cells.push(Cow::Owned(format!("Made-up Surgery {}", person.practice)));
        cells.push(Cow::Owned(format!("Z{:05}", 10_000 + person.practice)));
        cells.push(text(person.gender));
        cells.push(Cow::Owned(format!(
            "{}{group}{}",
            person.ethnicity.0, person.ethnicity.1
        )));
        cells.push(Cow::Owned(person.born.slashed()));
        cells.push(person.died.map_or_else(blank, |d| Cow::Owned(d.slashed())));
        cells.push(text(s.of(row.client.spelled())));
        cells.push(if row.event == Some(Event::Request) {
            blank()
        } else if adult {
            text(s.of(person.reason))
        } else {
            text(s.of((
                "Social Support: Support to Carer",
                "Social support: Support to unpaid carer",
            )))
        });
        cells.push(Cow::Owned(person.postcode.clone()));
        cells.push(text(s.of(person.accommodation)));
        cells.push(if adult && learning {
            text(s.of((
                "Not in Paid Employment (not actively seeking work / retired)",
                "Not in paid employment: Not actively seeking work or retired",
            )))
        } else {
            blank()
        });
        cells.push(text(person.has_carer.spelled()));
        cells.push(only_adult(person.autism));
        cells.push(only_adult("No visual impairment"));
        cells.push(only_adult("No hearing impairment"));
        cells.push(only_adult(person.dementia));
        cells.push(
            if adult && (service || review || row.kind == Kind::Financial) {
                text(s.of(person.funding))
            } else {
                blank()
            },
        );
        cells.push(row.event.map_or_else(blank, |e| text(e.name())));
        let Some(event) = row.event else {
            // Known by association: no event fields, only the link.
            while cells.len() < COLUMNS.len() {
                cells.push(if cells.len() == 36 {
                    linked(row.linked[0])
                } else {
                    blank()
                });
            }
            return Some(cells);
        };
        cells.push(Cow::Owned(format!("E{:09}", self.reference)));
        cells.push(Cow::Owned(row.start.slashed()));
        cells.push(end.map_or_else(blank, |e| Cow::Owned(e.slashed())));
        cells.push(text(description(row)));
        cells.push(text(s.of(outcome)));
        cells.push(row.route.map_or_else(blank, |r| text(r.spelled())));
        cells.push(if event == Event::Assessment {
            text(s.of(row.kind.spelled()))
        } else {
            blank()
        });
        cells.push(row.needs.map_or_else(blank, |n| text(n.spelled())));
        cells.push(if event == Event::Assessment {
            text(row.method.spelled())
        } else {
            blank()
        });
        let carer = row.client == Client::Carer;
        cells.push(if carer {
            text(s.of(("20-49 hours", "20 to 34 hours")))
        } else {
            blank()
        });
        cells.push(if carer { text("1") } else { blank() });
        cells.push(linked(row.linked[0]));
        cells.push(linked(row.linked[1]));
        cells.push(blank());
        cells.push(care.map_or_else(blank, |c| text(s.of(c.support.spelled()))));
        cells.push(care.map_or_else(blank, |c| text(s.of(c.component.spelled()))));
        cells.push(care.map_or_else(blank, |c| text(s.of(c.mechanism.spelled()))));
        let provider = care.and_then(|c| c.provider);
        cells.push(provider.map_or_else(blank, |p| Cow::Owned(format!("Made-up Care {p}"))));
        cells.push(provider.map_or_else(blank, |p| {
            Cow::Owned(format!("1-{}", 900_000_000 + u64::from(p) * 37))
        }));
        cells.push(row.why.map_or_else(blank, |w| text(s.of(w.spelled()))));
        cells.push(if review {
            text(s.of(("Partially Met", "Partially met")))
        } else {
            blank()
        });
        cells.push(if review {
            text(row.method.spelled())
        } else {
            blank()
        });
        cells.push(money_of(cost));
        cells.push(
            care.and_then(|c| c.per)
                .map_or_else(blank, |p| text(p.spelled())),
        );
        cells.push(money_of(care.and_then(|c| c.units)));
        Some(cells)
    }
}

#[cfg(test)]
mod tests {
    use super::{COLUMNS, at};

    #[test]
    fn named_columns_are_where_they_are_said_to_be() {
        for (position, name) in [
            (at::NHS, "NHS Number"),
            (at::LA, "LA Person Unique Identifier"),
            (at::GP_CODE, "GP Practice Code"),
            (at::BORN, "Date of Birth"),
            (at::DIED, "Date of Death"),
            (at::CLIENT, "Client Type"),
            (at::HAS_CARER, "Has Unpaid Carer"),
            (at::OUTCOME, "Event Outcome"),
            (at::AUTISM, "Autism Spectrum Disorder (ASD)"),
            (at::DEMENTIA, "Dementia"),
            (at::EVENT, "Event Type"),
            (at::START, "Event Start Date"),
            (at::END, "Event End Date"),
            (at::DESCRIPTION, "Event Description"),
            (at::HOURS, "Total Hrs Caring per week"),
            (at::COST, "Unit Cost"),
        ] {
            assert_eq!(COLUMNS[position].0, name);
        }
        assert_eq!(COLUMNS[36].0, "Adult 1 Linked Person_ID");
    }
}
