//! Several returns of one council made one record: people, joined coverage, and what gives way to what.

use candour_record::codes::*;
use candour_record::{
    Coverage, Day, Event, Interval, Person, Record, RowRef, Settings, reset_days,
};
use rayon::prelude::*;
use rustc_hash::FxHashSet;

use crate::columns::Column;
use crate::quality::Quality;
use crate::reader::{Reader, ReturnFile, Row};

/// What became of the rows that were used. They add up to [`Accounts::used`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Accounts {
    pub used: u64,
    pub events: u64,
    /// Further rows of an event already counted.
    pub repeats: u64,
    /// Rows of an earlier return from the day on which a later one tells of the same kind of event.
    pub gave_way: u64,
    /// Rows that start, or for requests, assessments and reviews end, after the as-of day.
    pub after_as_of: u64,
    /// Services that start after the person's death.
    pub after_death: u64,
    pub known_by_association: u64,
    /// Of the events: services missing from a later return, so that their end is unknown.
    pub unknown_ends: u64,
}

/// A record with its accounts.
pub struct Joined {
    pub record: Record,
    pub accounts: Accounts,
    pub quality: Quality,
    /// The files in the order in which they were joined, their rows taken out.
    pub files: Vec<ReturnFile>,
}

/// A person while the rows are gathered.
#[derive(Clone, Default)]
struct Gathered {
    birth: Option<Day>,
    births_differ: bool,
    death: Option<Day>,
    has_unpaid_carer: bool,
    /// The best value of each detail so far: known before unknown, then the latest.
    gender: u64,
    ethnic_group: u64,
    support_reason: u64,
    district: u64,
}

/// Packs a detail so that the largest is the one to take: known, then latest end (open first), then latest start.
fn detail(known: bool, row: &Row, code: u16) -> u64 {
    let days = |day: Day| u64::from((day.0.clamp(-1_000_000, 3_000_000) + 1_000_000) as u32);
    (u64::from(known) << 63)
        | (days(row.event.end) << 39)
        | (days(row.event.start) << 16)
        | u64::from(code)
}

fn detail_code(packed: u64) -> u16 {
    packed as u16
}

/// Who is who: rows to people.
struct Identities {
    /// For each council person id, the smallest NHS number on a row that carries both.
    nhs_of_la: Vec<u32>,
    person_of_nhs: Vec<u32>,
    person_of_la: Vec<u32>,
    /// (council person id, person), sorted, each pair once.
    pairs: Vec<(u32, u32)>,
    people: u32,
    /// Council person ids with several NHS numbers.
    ambiguous: Vec<(u32, RowRef)>,
}

const NOBODY: u32 = u32::MAX;

impl Identities {
    fn new(files: &[ReturnFile], reader: &Reader) -> Identities {
        let mut ids = Identities {
            nhs_of_la: vec![0; reader.people.len()],
            person_of_nhs: vec![NOBODY; reader.nhs.len()],
            person_of_la: vec![NOBODY; reader.people.len()],
            pairs: Vec::new(),
            people: 0,
            ambiguous: Vec::new(),
        };
        let rows = || files.iter().flat_map(|file| &file.rows);
        for row in rows().filter(|row| row.la != 0 && row.nhs != 0) {
            if let Some(nhs) = ids.nhs_of_la.get_mut(row.la as usize) {
                if *nhs == 0 {
                    *nhs = row.nhs;
                } else if *nhs != row.nhs {
                    ids.ambiguous.push((row.la, row.event.row));
                    if reader.nhs.bytes_of(row.nhs) < reader.nhs.bytes_of(*nhs) {
                        *nhs = row.nhs;
                    }
                }
            }
        }
        ids.ambiguous.sort_unstable();
        ids.ambiguous.dedup_by_key(|(la, _)| *la);
        for row in rows() {
            let person = ids.enrol(row);
            if row.la != 0 && ids.pairs.last() != Some(&(row.la, person)) {
                ids.pairs.push((row.la, person));
            }
        }
        ids.pairs.par_sort_unstable();
        ids.pairs.dedup();
        ids
    }

    fn slot(&mut self, row: &Row) -> Option<&mut u32> {
        let spread = self.nhs_of_la.get(row.la as usize).copied().unwrap_or(0);
        match (row.nhs, spread) {
            (0, 0) => self.person_of_la.get_mut(row.la as usize),
            (0, nhs) | (nhs, _) => self.person_of_nhs.get_mut(nhs as usize),
        }
    }

    fn enrol(&mut self, row: &Row) -> u32 {
        let next = self.people;
        let Some(slot) = self.slot(row) else {
            return NOBODY;
        };
        if *slot == NOBODY {
            *slot = next;
            self.people += 1;
            return next;
        }
        *slot
    }

    fn of(&mut self, row: &Row) -> u32 {
        self.slot(row).map_or(NOBODY, |slot| *slot)
    }

    /// Everybody who has a council person id: an id that two people have means both.
    fn with_id(&self, la: u32) -> impl Iterator<Item = u32> + '_ {
        let from = self.pairs.partition_point(|(id, _)| *id < la);
        self.pairs
            .get(from..)
            .unwrap_or(&[])
            .iter()
            .take_while(move |(id, _)| *id == la)
            .map(|(_, person)| *person)
    }

    /// Printed names: the smallest council person id as text, unless another person has it too: then
    /// the NHS number.
    fn names(&self, reader: &Reader) -> Vec<String> {
        let mut smallest: Vec<u32> = vec![0; self.people as usize];
        for &(la, person) in &self.pairs {
            if let Some(best) = smallest.get_mut(person as usize)
                && (*best == 0 || reader.people.bytes_of(la) < reader.people.bytes_of(*best))
            {
                *best = la;
            }
        }
        let mut nhs: Vec<u32> = vec![0; self.people as usize];
        for (number, person) in self.person_of_nhs.iter().enumerate() {
            if let Some(slot) = nhs.get_mut(*person as usize) {
                *slot = number as u32;
            }
        }
        smallest
            .into_iter()
            .zip(nhs)
            .map(|(la, nhs)| {
                let shared = self.with_id(la).nth(1).is_some();
                if (la == 0 || shared) && nhs != 0 {
                    reader.nhs.text(nhs)
                } else {
                    reader.people.text(la)
                }
            })
            .collect()
    }
}

/// Joins one council's returns into its record.
pub fn join(reader: &Reader, mut files: Vec<ReturnFile>, as_of: Option<Day>) -> Joined {
    files.sort_by(|a, b| {
        (a.stated.start, a.stated.end, &a.name).cmp(&(b.stated.start, b.stated.end, &b.name))
    });
    let mut quality = Quality::default();
    let mut accounts = Accounts {
        used: files.iter().map(|f| f.rows_used).sum(),
        known_by_association: files.iter().map(|f| f.known_by_association).sum(),
        ..Accounts::default()
    };
    let whole = joined_coverage(&files);
    let as_of = as_of.unwrap_or_else(|| {
        whole
            .request
            .end
            .min(whole.assessment.end)
            .min(whole.service.end)
    });
    let cut = |i: Interval| Interval::new(i.start, i.end.min(as_of));
    let coverage = Coverage {
        request: cut(whole.request),
        assessment: cut(whole.assessment),
        service: cut(whole.service),
        review: cut(whole.review),
    };

    let mut ids = Identities::new(&files, reader);
    for (_, row) in &ids.ambiguous {
        quality.hit(81, Some(Column::NhsNumber), *row);
    }

    // People in the order of their names, so that nothing depends on the order of rows.
    let names = ids.names(reader);
    let mut order: Vec<u32> = (0..ids.people).collect();
    let name = |person: u32| names.get(person as usize).map_or("", String::as_str);
    order.par_sort_unstable_by(|a, b| name(*a).cmp(name(*b)).then(a.cmp(b)));
    let mut place_of: Vec<u32> = vec![0; ids.people as usize];
    for (place, person) in order.iter().enumerate() {
        if let Some(slot) = place_of.get_mut(*person as usize) {
            *slot = place as u32;
        }
    }
    let renumber = |person: u32| place_of.get(person as usize).copied().unwrap_or(0);

    let mut taken = Taken::new(ids.people as usize, as_of, reader.settings);
    taken.take(&mut files, &mut ids, &mut accounts, &mut quality);
    taken.check_links(&ids, &mut quality);
    let Taken {
        mut events,
        people: gathered,
        links,
        ..
    } = taken;
    for event in &mut events {
        event.person = renumber(event.person);
    }
    // Most pairs are told apart by these three; the rest is looked at only for ties.
    let first = |e: &Event| (e.person, e.start, e.end);
    events.par_sort_unstable_by(|a, b| {
        first(a)
            .cmp(&first(b))
            .then_with(|| identity(a).cmp(&identity(b)))
            .then_with(|| a.row.cmp(&b.row))
    });
    let (mut events, mut repeats) = merge_repeats(events);
    accounts.repeats = repeats.len() as u64;
    for (_, row) in &repeats {
        quality.hit(77, None, *row);
    }

    let mut names: Vec<Option<String>> = names.into_iter().map(Some).collect();
    let mut people: Vec<Person> = order
        .iter()
        .map(|&old| {
            let g = gathered.get(old as usize).cloned().unwrap_or_default();
            Person {
                name: names
                    .get_mut(old as usize)
                    .and_then(Option::take)
                    .unwrap_or_default(),
                birth: g.birth,
                death: g.death,
                gender: Gender::from_u8(detail_code(g.gender) as u8),
                ethnic_group: EthnicGroup::from_u8(detail_code(g.ethnic_group) as u8),
                support_reason: SupportReason::from_u8(detail_code(g.support_reason) as u8),
                district: detail_code(g.district),
                has_unpaid_carer: g.has_unpaid_carer,
                cares_for: Vec::new(),
                carers: Vec::new(),
                first_event: 0,
                events: 0,
            }
        })
        .collect();
    for (carer, adult) in links {
        let (carer, adult) = (renumber(carer), renumber(adult));
        if let Some(person) = people.get_mut(carer as usize) {
            person.cares_for.push(adult);
        }
        if let Some(person) = people.get_mut(adult as usize) {
            person.carers.push(carer);
        }
    }
    for person in &mut people {
        for list in [&mut person.cares_for, &mut person.carers] {
            list.sort_unstable();
            list.dedup();
        }
    }
    accounts.after_death = end_at_death(&mut events, &mut repeats, &people, &mut accounts.repeats);
    for (place, event) in events.iter().enumerate() {
        if let Some(person) = people.get_mut(event.person as usize) {
            if person.events == 0 {
                person.first_event = place as u32;
            }
            person.events += 1;
        }
    }
    accounts.events = events.len() as u64;

    let mut districts: Vec<String> = (0..reader.districts.len().min(usize::from(u16::MAX)) as u32)
        .map(|n| reader.districts.text(n))
        .collect();
    if let Some(first) = districts.first_mut() {
        "unknown".clone_into(first);
    }
    let record = Record {
        council: files.first().map(|f| f.council.clone()).unwrap_or_default(),
        as_of,
        coverage,
        people,
        events,
        repeats,
        districts,
        settings: reader.settings,
    };
    check_sequences(&record, &mut quality);
    check_files(&files, &mut quality);
    for file in &files {
        quality.add(&file.quality);
    }
    Joined {
        record,
        accounts,
        quality,
        files,
    }
}

/// Runs back from the last return through every earlier one that touches or overlaps it.
fn joined_coverage(files: &[ReturnFile]) -> Coverage {
    let of = |kind: EventType| {
        let mut intervals = files.iter().rev().map(|f| f.coverage.of(kind));
        let mut joined = intervals.next().unwrap_or(Interval::new(Day(0), Day(-1)));
        for earlier in intervals {
            if earlier.end < joined.start.plus(-1) {
                break; // a gap ends it
            }
            joined.start = joined.start.min(earlier.start);
        }
        joined
    };
    Coverage {
        request: of(EventType::Request),
        assessment: of(EventType::Assessment),
        service: of(EventType::Service),
        review: of(EventType::Review),
    }
}

/// The rows of every file that count, and what they say of people.
struct Taken {
    events: Vec<Event>,
    people: Vec<Gathered>,
    /// (unpaid carer, adult), as numbers of people.
    links: Vec<(u32, u32)>,
    /// Linked ids with the row that names them.
    named: Vec<(u32, RowRef)>,
    as_of: Day,
    /// Births on or before this day are not believed.
    oldest_birth: Day,
}

impl Taken {
    fn new(people: usize, as_of: Day, settings: Settings) -> Taken {
        Taken {
            events: Vec::new(),
            people: vec![Gathered::default(); people],
            links: Vec::new(),
            named: Vec::new(),
            as_of,
            oldest_birth: as_of.plus_months(-12 * (settings.oldest_age + 1)),
        }
    }

    /// Takes the rows out of the files, the latest file first.
    fn take(
        &mut self,
        files: &mut [ReturnFile],
        ids: &mut Identities,
        accounts: &mut Accounts,
        quality: &mut Quality,
    ) {
        const KINDS: [EventType; 4] = [
            EventType::Request,
            EventType::Assessment,
            EventType::Service,
            EventType::Review,
        ];
        self.events
            .reserve_exact(files.iter().map(|f| f.rows.len()).sum());
        // Where the coverage of any later file begins, per kind of event.
        let mut later: [Option<Day>; 4] = [None; 4];
        let mut in_later: FxHashSet<(u32, Day, ServiceType, Component)> = FxHashSet::default();
        let several = files.len() > 1;
        for file in files.iter_mut().rev() {
            let mut services = Vec::new();
            let mut links = std::mem::take(&mut file.links).into_iter().peekable();
            for (place, row) in std::mem::take(&mut file.rows).into_iter().enumerate() {
                let mut linked = [0u32; 3];
                for slot in &mut linked {
                    if let Some((_, la)) = links.next_if(|(at, _)| *at as usize == place) {
                        *slot = la;
                    }
                }
                let person = ids.of(&row);
                let mut event = row.event;
                event.person = person;
                if event.client == ClientType::KnownByAssociation {
                    // Has no event, and is kept from every return.
                    self.gather(person, &row, quality);
                    self.link(person, &row, linked, ids);
                    continue;
                }
                let is_service = event.kind == EventType::Service;
                if several && is_service {
                    services.push((person, event.start, event.service_type, event.component));
                }
                let boundary = KINDS
                    .iter()
                    .position(|kind| *kind == event.kind)
                    .and_then(|i| later.get(i).copied().flatten());
                if let Some(boundary) = boundary
                    && event.end >= boundary
                {
                    let key = (person, event.start, event.service_type, event.component);
                    let vanished = is_service && event.start < boundary && !in_later.contains(&key);
                    if !vanished {
                        accounts.gave_way += 1;
                        continue;
                    }
                    event.end = boundary.plus(-1);
                    event.unknown_end = true;
                }
                if event.start > self.as_of || (!is_service && event.end > self.as_of) {
                    accounts.after_as_of += 1;
                    continue;
                }
                if event.end > self.as_of {
                    event.end = Day::OPEN;
                    event.unknown_end = false;
                }
                if event.unknown_end {
                    accounts.unknown_ends += 1;
                    quality.hit(79, Some(Column::EventEnd), event.row);
                }
                self.gather(person, &row, quality);
                self.link(person, &row, linked, ids);
                self.events.push(event);
            }
            in_later.extend(services);
            for (kind, boundary) in KINDS.iter().zip(later.iter_mut()) {
                let begins = file.coverage.of(*kind);
                if !begins.is_empty() {
                    *boundary = Some(boundary.map_or(begins.start, |b| b.min(begins.start)));
                }
            }
        }
        self.links.sort_unstable();
        self.links.dedup();
    }

    fn gather(&mut self, person: u32, row: &Row, quality: &mut Quality) {
        let Some(g) = self.people.get_mut(person as usize) else {
            return;
        };
        if let Some(birth) = row.birth
            && birth > self.oldest_birth
        {
            if g.birth.is_some_and(|b| b != birth) && !g.births_differ {
                g.births_differ = true;
                quality.hit(81, Some(Column::BirthDate), row.event.row);
            }
            g.birth = Some(g.birth.map_or(birth, |b| b.min(birth)));
        }
        if let Some(death) = row.death
            && death <= self.as_of
        {
            g.death = Some(g.death.map_or(death, |d| d.min(death)));
        }
        g.has_unpaid_carer |= row.has_unpaid_carer == YesNo::Yes;
        let known = row.gender.is_listed() && row.gender != Gender::Unknown;
        g.gender = g.gender.max(detail(known, row, row.gender as u16));
        let known = row.ethnic_group.is_listed() && row.ethnic_group != EthnicGroup::NoData;
        g.ethnic_group = g
            .ethnic_group
            .max(detail(known, row, row.ethnic_group as u16));
        let reason = row.support_reason;
        let known = reason.is_listed()
            && !matches!(
                reason,
                SupportReason::Unknown | SupportReason::SupportToCarer
            );
        g.support_reason = g.support_reason.max(detail(known, row, reason as u16));
        g.district = g.district.max(detail(row.district != 0, row, row.district));
    }

    /// Takes up the adults that an unpaid carer's row names.
    fn link(&mut self, carer: u32, row: &Row, linked: [u32; 3], ids: &Identities) {
        for la in linked.into_iter().filter(|la| *la != 0) {
            self.named.push((la, row.event.row));
            self.links
                .extend(ids.with_id(la).map(|adult| (carer, adult)));
        }
    }

    /// Linked ids should be people of the return, recorded as having an unpaid carer.
    fn check_links(&self, ids: &Identities, quality: &mut Quality) {
        for &(la, row) in &self.named {
            let mut known = false;
            let mut flagged = true;
            for adult in ids.with_id(la) {
                known = true;
                flagged &= self
                    .people
                    .get(adult as usize)
                    .is_some_and(|g| g.has_unpaid_carer);
            }
            if !known {
                quality.hit(76, Some(Column::Linked1), row);
            } else if !flagged {
                quality.hit(76, Some(Column::HasUnpaidCarer), row);
            }
        }
    }
}

/// What makes two rows of a person one event: type, client, dates, outcome and the type's own codes.
fn identity(e: &Event) -> impl Ord + use<> {
    let service = e.kind == EventType::Service;
    let pick = |yes: bool, code: u8| if yes { code } else { 0 };
    let assessment = e.kind == EventType::Assessment;
    let review = e.kind == EventType::Review;
    (
        (
            e.person,
            e.start,
            e.end,
            e.unknown_end,
            e.kind,
            e.client,
            e.outcome,
        ),
        [
            pick(service, e.service_type as u8),
            pick(service, e.component as u8),
            pick(service, e.mechanism as u8),
            pick(service, e.frequency as u8),
            pick(assessment, e.assessment_type as u8),
            pick(assessment, e.eligible as u8),
            pick(assessment || review, e.method as u8),
            pick(review, e.review_reason as u8),
            pick(review, e.achieved as u8),
            pick(e.kind == EventType::Request, e.route as u8),
        ],
        // The published costs drop the sign, so a row and its copy with the sign turned are one event.
        service.then_some((
            e.unit_cost.map(i32::unsigned_abs),
            e.units.map(i32::unsigned_abs),
            e.location,
        )),
    )
}

fn merge_repeats(events: Vec<Event>) -> (Vec<Event>, Vec<(u32, RowRef)>) {
    let mut merged: Vec<Event> = Vec::with_capacity(events.len());
    let mut repeats = Vec::new();
    for event in events {
        match merged.last() {
            Some(last)
                if last.person == event.person
                    && last.start == event.start
                    && identity(last) == identity(&event) =>
            {
                repeats.push((merged.len() as u32 - 1, event.row));
            }
            _ => merged.push(event),
        }
    }
    (merged, repeats)
}

/// Services end at death at the latest; those that start later are not counted. Returns how many rows went.
fn end_at_death(
    events: &mut Vec<Event>,
    repeats: &mut Vec<(u32, RowRef)>,
    people: &[Person],
    repeated: &mut u64,
) -> u64 {
    let death = |e: &Event| people.get(e.person as usize).and_then(|p| p.death);
    let starts_after =
        |e: &Event| e.kind == EventType::Service && death(e).is_some_and(|death| e.start > death);
    let mut gone = 0;
    if events.iter().any(starts_after) {
        let mut place = 0u32;
        let places: Vec<Option<u32>> = events
            .iter()
            .map(|e| {
                let stays = !starts_after(e);
                place += u32::from(stays);
                stays.then(|| place - 1)
            })
            .collect();
        gone = places.iter().filter(|p| p.is_none()).count() as u64;
        repeats.retain_mut(
            |(event, _)| match places.get(*event as usize).copied().flatten() {
                Some(place) => {
                    *event = place;
                    true
                }
                None => {
                    gone += 1;
                    *repeated -= 1;
                    false
                }
            },
        );
        events.retain(|e| !starts_after(e));
    }
    for event in events.iter_mut().filter(|e| e.kind == EventType::Service) {
        if let Some(death) = people.get(event.person as usize).and_then(|p| p.death)
            && event.end >= death
        {
            event.end = death;
            event.unknown_end = false;
        }
    }
    gone
}

/// Checks that need a person's whole timeline.
fn check_sequences(record: &Record, quality: &mut Quality) {
    let resets = reset_days(record);
    for event in record.events.iter().filter(|e| e.is_long_term()) {
        if resets.contains(&event.start) {
            quality.hit(78, Some(Column::EventStart), event.row);
        }
    }
    for person in 0..record.people.len() as u32 {
        let events = record.events_of(person);
        let open = |setting: ServiceType| {
            events.iter().find(|e| {
                e.is_long_term() && e.service_type == setting && e.active_on(record.as_of)
            })
        };
        let settings: Vec<&Event> = [
            ServiceType::LongTermNursing,
            ServiceType::LongTermResidential,
            ServiceType::LongTermCommunity,
            ServiceType::LongTermPrison,
        ]
        .into_iter()
        .filter_map(open)
        .collect();
        if let [_, second, ..] = settings.as_slice() {
            quality.hit(80, Some(Column::ServiceType), second.row);
        }
        for event in events {
            if event.is_request_of(ClientType::ServiceUser)
                && event.outcome == Outcome::Assessment
                && !events
                    .iter()
                    .any(|a| a.is_assessment() && a.start >= event.start)
            {
                quality.hit(84, Some(Column::EventOutcome), event.row);
            }
            if event.is_long_term()
                && record.coverage.service.contains(event.start)
                && !events.iter().any(|e| {
                    (e.is_needs_assessment() && e.end <= event.start)
                        || (e.is_long_term() && e.active_on(event.start.plus(-1)))
                })
            {
                quality.hit(85, Some(Column::EventStart), event.row);
            }
        }
    }
}

/// No partial or top-up files: two returns with one stated period.
fn check_files(files: &[ReturnFile], quality: &mut Quality) {
    for pair in files.windows(2) {
        if let [a, b] = pair
            && a.stated == b.stated
        {
            quality.hits(5, None, b.rows_in, None);
        }
    }
}
