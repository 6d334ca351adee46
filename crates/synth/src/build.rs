//! What a story is told with: people, rows, and the truth the story states as it goes.
//!
//! Truth is stated, never worked out from rows. Where several stories end in the same way (someone is in long-term
//! support at the end, someone's support fell) a helper here states it once for all of them, from what the story has
//! itself told it.

use crate::codes::{
    Client, Component, Event, HasCarer, Kind, Mechanism, Method, Needs, Out, Per, Route, Support,
    Why,
};
use crate::day::Day;
use crate::dice::Dice;
use crate::frame::Frame;
use crate::habits::{Found, Habits};
use crate::person::{Age, CARE_HOME, NURSING_HOME, Numbers, Person, Who};
use crate::truth::{Test, Verdict};

/// Which return may carry a row.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Carried {
    /// Every return whose period it belongs to.
    Everywhere,
    /// The first of two only: the second says nothing of it.
    FirstOnly,
    /// The second of two only.
    SecondOnly,
}

/// What is bought: the coded fields of a service.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Care {
    pub support: Support,
    pub component: Component,
    pub mechanism: Mechanism,
    /// Pence for one unit.
    pub cost: Option<i64>,
    pub per: Option<Per>,
    /// Hundredths of a unit a week.
    pub units: Option<i64>,
    pub provider: Option<u32>,
}

/// One row, before it is spelled.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    pub who: Who,
    pub client: Client,
    pub event: Option<Event>,
    pub start: Day,
    pub end: Option<Day>,
    pub out: Out,
    pub route: Option<Route>,
    pub kind: Kind,
    pub needs: Option<Needs>,
    pub method: Method,
    pub care: Option<Care>,
    pub why: Option<Why>,
    pub linked: [Option<Who>; 2],
    pub carried: Carried,
    /// Cost, frequency or units may be left out or contradict each other: nothing in this story turns on them.
    pub cost_may_vary: bool,
    /// The later return gives another price for the same row.
    pub later_cost: Option<i64>,
}

/// What one council is like throughout.
pub(crate) struct Council {
    /// Per mille of needs assessments with Eligible Needs Identified filled.
    pub needs_filled: u32,
    /// Per cent of community rows with no delivery mechanism.
    pub mechanism_blank: u32,
    /// Per mille of people in long-term support reviewed in a year.
    pub reviewed: u32,
    /// Whether rows may be written in release 1, release 2.
    pub r1: bool,
    pub r2: bool,
    pub habits: Habits,
}

/// How much is asked of a council in each month, in hundredths of its busiest: winter brings more, and fewer people
/// ask in August and at Christmas.
const SEASON: [u32; 12] = [100, 97, 96, 92, 93, 92, 92, 84, 93, 97, 98, 84];

/// A story being told.
pub(crate) struct Build<'a> {
    pub f: &'a Frame,
    pub dice: &'a mut Dice,
    pub numbers: &'a mut Numbers,
    pub council: &'a Council,
    /// How often this story has been told before: variants take turns.
    pub turn: u32,
    pub people: Vec<Person>,
    pub rows: Vec<Row>,
    pub truth: Vec<(Who, Test, Day, Verdict)>,
    /// Chance has made something the story does not allow: it is thrown away and told again.
    pub clash: bool,
    /// This story may start support on a reset day.
    pub resets: bool,
    /// The next rows go on from earlier ones, so that no support starts with them.
    pub goes_on: bool,
}

impl<'a> Build<'a> {
    pub(crate) const fn new(
        f: &'a Frame,
        dice: &'a mut Dice,
        numbers: &'a mut Numbers,
        council: &'a Council,
        turn: u32,
    ) -> Self {
        Self {
            f,
            dice,
            numbers,
            council,
            turn,
            people: Vec::new(),
            rows: Vec::new(),
            truth: Vec::new(),
            clash: false,
            resets: false,
            goes_on: false,
        }
    }

    // ---- chance ----

    /// Which variant this telling is: they take turns.
    pub(crate) const fn variant(&self, of: u32) -> u32 {
        self.turn % of
    }

    pub(crate) fn day(&mut self, lo: Day, hi: Day) -> Day {
        if lo > hi {
            self.clash = true;
        }
        self.dice.day(lo, hi)
    }

    /// A working day, more often in a busy month.
    pub(crate) fn ask_day(&mut self, lo: Day, hi: Day) -> Day {
        for _ in 0..80 {
            let day = self.day(lo, hi);
            let month = usize::try_from(day.parts().1 - 1).unwrap_or(0);
            let busy = SEASON.get(month).copied().unwrap_or(100);
            if day.weekday() < 5 && self.dice.percent(busy) {
                return day;
            }
        }
        self.day(lo, hi)
    }

    /// A working day.
    pub(crate) fn working_day(&mut self, lo: Day, hi: Day) -> Day {
        let day = self.day(lo, hi);
        let moved = day.working();
        if moved <= hi { moved } else { day }
    }

    /// A day on which support begins or changes: most often a Monday or the first of a month.
    pub(crate) fn start_day(&mut self, lo: Day, hi: Day) -> Day {
        let day = self.day(lo, hi);
        self.as_start_day(day, lo)
    }

    /// The same, for a day already drawn: moved back, but not before `lo`.
    pub(crate) fn as_start_day(&mut self, day: Day, lo: Day) -> Day {
        let moved = match self.between(0, 9) {
            0..6 => day - day.weekday(),
            6..8 => day - (day.parts().2 - 1),
            _ => day,
        };
        if moved >= lo { moved } else { day }
    }

    pub(crate) fn between(&mut self, lo: i32, hi: i32) -> i32 {
        self.dice.between(lo, hi)
    }

    pub(crate) fn percent(&mut self, n: u32) -> bool {
        self.dice.percent(n)
    }

    /// A start of support before the period, most within ten years; never within two days of eighteen months before
    /// the end, where "more than eighteen months" could be read two ways. Support that starts in the period is told
    /// by other stories, so that as much starts at one time of it as at another.
    pub(crate) fn long_ago(&mut self) -> Day {
        let years = -4.2 * (1.0 - self.dice.unit()).ln();
        #[expect(clippy::cast_possible_truncation, reason = "clamped to thirty years")]
        let days = (years.clamp(0.0, 30.0) * 365.25) as i32;
        let from = self.f.first - 3 - days;
        if (from - Day::ymd(2024, 6, 30)).abs() <= 2 {
            from - 6
        } else {
            from
        }
    }

    // ---- people ----

    #[expect(
        clippy::indexing_slicing,
        reason = "a Who is only ever made by `add`, and is used in the story that made it"
    )]
    pub(crate) fn p(&mut self, who: Who) -> &mut Person {
        &mut self.people[who.0]
    }

    fn add(&mut self, age: Age) -> Who {
        let person = Person::new(self.dice, self.numbers, age, self.f.first);
        self.people.push(person);
        Who(self.people.len() - 1)
    }

    /// An adult.
    pub(crate) fn adult(&mut self) -> Who {
        self.add(Age::Any)
    }

    /// An adult who comes to the council on this day: over the period a few more of them are old.
    pub(crate) fn asker(&mut self, day: Day) -> Who {
        let passed = f64::from(day - self.f.first) / f64::from((self.f.last - self.f.first).max(1));
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "clamped to thousandths"
        )]
        let older = (665.0 + 30.0 * passed).clamp(600.0, 760.0) as u32;
        self.add(Age::Mostly(older))
    }

    pub(crate) fn older(&mut self) -> Who {
        self.add(Age::Older)
    }

    pub(crate) fn working_age(&mut self) -> Who {
        self.add(Age::Working)
    }

    /// Someone whose eighteenth birthday is this day.
    pub(crate) fn eighteen_on(&mut self, day: Day) -> Who {
        let who = self.add(Age::Working);
        let person = self.p(who);
        person.born = day.months(-12 * 18);
        person.birth_matters = true;
        who
    }

    /// Someone under 18 throughout: none of the duties to adults is owed.
    pub(crate) fn child(&mut self) -> Who {
        let birthday = self.f.last + self.dice.between(20, 300);
        let who = self.eighteen_on(birthday);
        self.p(who).minor = true;
        who
    }

    // ---- truth ----

    fn say(&mut self, who: Who, test: Test, day: Day, verdict: Verdict) {
        if !self.p(who).minor {
            self.truth.push((who, test, day, verdict));
        }
    }

    pub(crate) fn met(&mut self, who: Who, test: Test, day: Day) {
        self.say(who, test, day, Verdict::Met);
    }

    pub(crate) fn not_met(&mut self, who: Who, test: Test, day: Day) {
        self.say(who, test, day, Verdict::NotMet);
    }

    pub(crate) fn cannot_tell(&mut self, who: Who, test: Test, day: Day) {
        self.say(who, test, day, Verdict::CannotTell);
    }

    /// Nothing met it: a signal once `due` has come, and until then no row.
    pub(crate) fn unmet(&mut self, who: Who, test: Test, day: Day, due: Day) {
        if due <= self.f.last {
            self.not_met(who, test, day);
        }
    }

    // ---- rows ----

    fn push(&mut self, row: Row) {
        // What ended before the period, and what has not ended by its last day, is in no return.
        let seen = row.event.is_none_or(|event| match event {
            Event::Service => {
                row.start <= self.f.last
                    && row
                        .end
                        .is_none_or(|e| e >= self.f.first && e <= self.f.last)
            }
            _ => row
                .end
                .is_some_and(|e| e >= self.f.first && e <= self.f.last),
        });
        let backwards = row.end.is_some_and(|e| e < row.start);
        let long_term = row.care.is_some_and(|c| c.support.is_long_term());
        let on_reset = self.f.reset_planted && long_term && row.start == self.f.reset;
        // Where prices rise, so many rows may start on one day that no start on it is known to be one.
        let on_rise = long_term && !self.goes_on && self.council.habits.april.contains(&row.start);
        if !seen || backwards || ((on_reset || on_rise) && !self.resets) {
            self.clash = true;
        }
        self.rows.push(row);
    }

    const fn blank(
        who: Who,
        client: Client,
        event: Event,
        start: Day,
        end: Option<Day>,
        out: Out,
    ) -> Row {
        Row {
            who,
            client,
            event: Some(event),
            start,
            end,
            out,
            route: None,
            kind: Kind::Blank,
            needs: None,
            method: Method::Blank,
            care: None,
            why: None,
            linked: [None, None],
            carried: Carried::Everywhere,
            cost_may_vary: false,
            later_cost: None,
        }
    }

    /// The row written last.
    pub(crate) fn amend(&mut self, change: impl FnOnce(&mut Row)) {
        if let Some(row) = self.rows.last_mut() {
            change(row);
        }
    }

    fn any_route(&mut self, older: bool) -> Route {
        let (discharge, transition) = if older { (180, 0) } else { (110, 25) };
        self.dice.weighted(&[
            (780, Route::Community),
            (discharge, Route::Discharge),
            (12, Route::Diversion),
            (transition, Route::Transition),
            (8, Route::SelfFunder),
            (6, Route::OtherCouncil),
            (5, Route::AfterReablement),
            (1, Route::Prison),
        ])
    }

    /// How this person comes to the council: remembered, because what is found and how soon turns on it.
    pub(crate) fn route(&mut self, who: Who) -> Route {
        let person = self.p(who);
        let (older, known) = (person.older, person.route);
        let route = match known {
            Some(route) => route,
            None => self.any_route(older),
        };
        self.p(who).route = Some(route);
        route
    }

    /// What a needs assessment of this person, ending on this day, finds.
    pub(crate) fn found(&mut self, who: Who, day: Day) -> Found {
        let habits = &self.council.habits;
        let eligible = habits.eligible(self.p(who), day);
        let at = self.dice.unit();
        if at >= eligible {
            Found::NotEligible
        } else if at < 0.10 {
            Found::OtherEnding
        } else {
            Found::Support
        }
    }

    /// A request by or for an adult who draws on care, or may.
    pub(crate) fn request(&mut self, who: Who, from: Day, to: Day, out: Out) {
        let mut row = Self::blank(who, Client::Adult, Event::Request, from, Some(to), out);
        row.route = Some(self.route(who));
        self.push(row);
    }

    /// A request that asks for an assessment and is closed within days. In release 1 some are for re-assessment.
    pub(crate) fn asks(&mut self, who: Who, from: Day) {
        let to = (from + self.closing()).min(self.f.last).max(self.f.first);
        self.asks_closed(who, from, to);
    }

    /// Days until a request is closed, whatever comes of it: so that near the end no outcome is missing more often
    /// than another.
    pub(crate) fn closing(&mut self) -> i32 {
        self.dice.wait(3.0).min(28)
    }

    /// The same as `asks`, but not told when it is not closed in the period.
    pub(crate) fn asks_in_turn(&mut self, who: Who, from: Day) {
        let to = from + self.closing();
        self.asks_closed(who, from, to);
    }

    fn asks_closed(&mut self, who: Who, from: Day, to: Day) {
        let out = if self.council.r1 && self.percent(12) {
            Out::Reassess
        } else {
            Out::Assess
        };
        self.request(who, from, to, out);
    }

    /// Another contact, closed on `day` with this outcome: how a person who left shows in a return.
    pub(crate) fn contact(&mut self, who: Who, day: Day, out: Out) {
        let from = day - self.between(0, 5);
        self.request(who, from, day, out);
    }

    pub(crate) fn carer_request(&mut self, carer: Who, adult: Who, from: Day, to: Day, out: Out) {
        let mut row = Self::blank(carer, Client::Carer, Event::Request, from, Some(to), out);
        row.route = Some(self.route(carer));
        row.linked = [Some(adult), None];
        self.push(row);
        self.p(adult).named = true;
    }

    fn assessment(
        &mut self,
        who: Who,
        kind: Kind,
        from: Day,
        to: Day,
        out: Out,
        needs: Option<Needs>,
    ) {
        let mut row = Self::blank(who, Client::Adult, Event::Assessment, from, Some(to), out);
        row.kind = kind;
        row.needs = needs;
        if kind != Kind::Financial {
            row.method = if self.percent(16) {
                Method::Jointly
            } else {
                Method::Alone
            };
            self.p(who).assessed.push(to);
        }
        self.push(row);
    }

    /// An assessment of what someone may need for a short time. It is no occasion of any test.
    pub(crate) fn short_assessment(&mut self, who: Who, from: Day, to: Day, out: Out) {
        self.assessment(who, Kind::Short, from, to, out, None);
    }

    pub(crate) fn financial_assessment(&mut self, who: Who, from: Day, to: Day) {
        self.assessment(who, Kind::Financial, from, to, Out::Blank, None);
    }

    /// A needs assessment: whether the eligibility decision was recorded can be told from the row alone.
    pub(crate) fn needs_assessment(
        &mut self,
        who: Who,
        from: Day,
        to: Day,
        out: Out,
        needs: Option<Needs>,
    ) {
        self.assessment(who, Kind::Long, from, to, out, needs);
        self.p(who).checks.push(to);
        match needs {
            Some(_) => self.met(who, Test::EligibilityRecorded, to),
            None => self.cannot_tell(who, Test::EligibilityRecorded, to),
        }
    }

    /// The needs assessment just written was of someone who had left: nothing is owed on it.
    pub(crate) fn nothing_owed_on_it(&mut self) {
        self.truth.pop();
    }

    /// A carer's assessment.
    pub(crate) fn carer_assessment(
        &mut self,
        carer: Who,
        adult: Who,
        from: Day,
        to: Day,
        out: Out,
        needs: Option<Needs>,
    ) {
        let mut row = Self::blank(carer, Client::Carer, Event::Assessment, from, Some(to), out);
        row.kind = Kind::Long;
        row.needs = needs;
        row.method = if self.percent(25) {
            Method::Jointly
        } else {
            Method::CarerOnly
        };
        row.linked = [Some(adult), None];
        self.push(row);
        let recent = to > self.f.year_ago;
        let adult = self.p(adult);
        adult.named = true;
        adult.carer_assessed |= recent;
    }

    /// A carer who is only known of: a row with no event.
    pub(crate) fn known_of(&mut self, carer: Who, adult: Who) {
        let first = self.f.first;
        let mut row = Self::blank(
            carer,
            Client::KnownByAssociation,
            Event::Request,
            first,
            None,
            Out::Blank,
        );
        row.event = None;
        row.linked = [Some(adult), None];
        self.push(row);
        self.p(adult).named = true;
    }

    /// A review of long-term support.
    pub(crate) fn review(&mut self, who: Who, to: Day, why: Why, out: Out) {
        let from = to - self.between(0, 12);
        self.review_from(who, from, to, why, out);
    }

    pub(crate) fn review_from(&mut self, who: Who, from: Day, to: Day, why: Why, out: Out) {
        let mut row = Self::blank(who, Client::Adult, Event::Review, from, Some(to), out);
        row.why = Some(why);
        row.method = if self.percent(30) {
            Method::Jointly
        } else {
            Method::Alone
        };
        self.push(row);
        if why != Why::ShortTerm {
            self.p(who).reviews.push(to);
            self.p(who).checks.push(to);
        }
    }

    /// A review with an everyday reason and outcome.
    pub(crate) fn everyday_review(&mut self, who: Who, to: Day) {
        let why = self.dice.weighted(&[
            (70, Why::Planned),
            (7, Why::Hospital),
            (4, Why::CarerRelated),
            (6, Why::Safeguarding),
            (11, Why::OtherUnplanned),
            (2, Why::Commissioning),
        ]);
        let out = self
            .dice
            .pick(&[Out::Continuation, Out::Continuation, Out::SupportPlanning]);
        self.review(who, to, why, out);
    }

    /// A service. One that is open on the last day is given no end.
    pub(crate) fn service(&mut self, who: Who, care: Care, from: Day, to: Option<Day>, out: Out) {
        let mut row = Self::blank(who, Client::Adult, Event::Service, from, to, out);
        row.care = Some(care);
        self.push(row);
        let home = match care.support {
            Support::Residential => Some(CARE_HOME),
            Support::Nursing => Some(NURSING_HOME),
            _ => None,
        };
        let person = self.p(who);
        if care.support == Support::Community && to.is_none() {
            person.in_community = true;
        }
        if let Some(home) = home {
            person.accommodation = home;
        }
    }

    /// A service still open on the last day.
    pub(crate) fn open(&mut self, who: Who, care: Care, from: Day) {
        self.service(who, care, from, None, Out::Continuation);
    }

    /// A service that ended, with an outcome that says nothing of the person's leaving.
    /// A service that goes on, over the rises in price of its time: each row ends on 31 March and starts again at
    /// the new price.
    pub(crate) fn repriced(&mut self, who: Who, care: Care, from: Day) {
        let (mut care, mut from) = (care, from);
        let rise = self.council.habits.rise;
        let once = care.per == Some(Per::Once);
        for april in &self.council.habits.april {
            if once || *april <= from {
                continue;
            }
            self.service(who, care, from, Some(*april - 1), Out::Continuation);
            care.cost = care.cost.map(|c| (c * (1_000 + rise) + 500) / 1_000);
            from = *april;
            self.goes_on = true;
        }
        self.open(who, care, from);
        self.goes_on = false;
    }

    /// A service that changes on `day`: its row ends, and another goes on from it.
    pub(crate) fn changes(&mut self, who: Who, from: Day, day: Day, before: Care, after: Care) {
        self.ended(who, before, from, day - 1);
        self.goes_on = true;
        self.open(who, after, day);
        self.goes_on = false;
    }

    pub(crate) fn ended(&mut self, who: Who, care: Care, from: Day, to: Day) {
        let out = self
            .dice
            .pick(&[Out::Continuation, Out::EndedPlanned, Out::EndedOther]);
        self.service(who, care, from, Some(to), out);
    }

    /// Support of a carer.
    pub(crate) fn carer_service(
        &mut self,
        carer: Who,
        adult: Who,
        care: Care,
        from: Day,
        to: Option<Day>,
    ) {
        let out = if to.is_some() {
            Out::EndedPlanned
        } else {
            Out::Continuation
        };
        let mut row = Self::blank(carer, Client::Carer, Event::Service, from, to, out);
        row.care = Some(care);
        row.linked = [Some(adult), None];
        self.push(row);
        self.p(adult).named = true;
    }

    // ---- what is bought ----

    fn mechanism(&mut self) -> Mechanism {
        if self.dice.percent(self.council.mechanism_blank) {
            Mechanism::Blank
        } else {
            self.dice.pick(&[
                Mechanism::Managed,
                Mechanism::Managed,
                Mechanism::Commissioned,
            ])
        }
    }

    /// Home support: hundredths of an hour a week.
    pub(crate) fn home(&mut self, who: Who, units: i64) -> Care {
        let mechanism = self.mechanism();
        let person = self.p(who);
        Care {
            support: Support::Community,
            component: Component::Home,
            mechanism,
            cost: Some(person.hour),
            per: Some(Per::Hour),
            units: Some(units),
            provider: Some(person.provider),
        }
    }

    /// Home support of an everyday size: seven to thirty hours.
    pub(crate) fn some_home(&mut self, who: Who) -> Care {
        let hours = self
            .dice
            .weighted(&[(30, 7), (30, 10), (20, 14), (12, 21), (8, 28)]);
        let quarters = i64::from(self.between(0, 8));
        self.home(who, hours * 100 + quarters * 25)
    }

    pub(crate) fn daytime(&mut self, who: Who, sessions: i64) -> Care {
        let mechanism = self.mechanism();
        let cost = i64::from(self.between(1_200, 6_800));
        let provider = self.p(who).provider + 300;
        Care {
            support: Support::Community,
            component: Component::Day,
            mechanism,
            cost: Some(cost),
            per: Some(Per::Session),
            units: Some(sessions * 100),
            provider: Some(provider),
        }
    }

    /// Something by the week in the community.
    pub(crate) fn weekly(&mut self, who: Who, component: Component, lo: i32, hi: i32) -> Care {
        let mechanism = self.mechanism();
        let cost = i64::from(self.between(lo, hi)) * 100;
        let provider = self.p(who).provider + 600;
        let units = if self.percent(60) { Some(100) } else { None };
        Care {
            support: Support::Community,
            component,
            mechanism,
            cost: Some(cost),
            per: Some(Per::Week),
            units,
            provider: Some(provider),
        }
    }

    pub(crate) fn residential(&mut self, who: Who) -> Care {
        let cost = i64::from(self.between(780, 1_320)) * 100;
        let mut care = self.weekly(who, Component::LongResidential, 1, 2);
        care.support = Support::Residential;
        care.mechanism = Mechanism::Blank;
        care.cost = Some(cost);
        care
    }

    pub(crate) fn nursing(&mut self, who: Who) -> Care {
        let cost = i64::from(self.between(850, 1_450)) * 100;
        let mut care = self.weekly(who, Component::LongNursing, 1, 2);
        care.support = Support::Nursing;
        care.mechanism = Mechanism::Blank;
        care.cost = Some(cost);
        care
    }

    /// A direct payment of this many pounds a week. Some are shown by the component, some by the mechanism only.
    pub(crate) fn payment(&mut self, pounds: i64) -> Care {
        let by_component = self.percent(75);
        let mechanism = if by_component && self.dice.percent(self.council.mechanism_blank) {
            Mechanism::Blank
        } else {
            Mechanism::DirectPayment
        };
        let (cost, per) = match self.between(0, 3) {
            0 => (pounds * 400, Per::FourWeeks),
            _ => (pounds * 100, Per::Week),
        };
        Care {
            support: Support::Community,
            component: if by_component {
                Component::DirectPayment
            } else {
                Component::OtherLong
            },
            mechanism,
            cost: Some(cost),
            per: Some(per),
            units: Some(100),
            provider: None,
        }
    }

    /// A direct payment of an everyday size.
    pub(crate) fn some_payment(&mut self) -> Care {
        let pounds = i64::from(self.between(70, 640));
        self.payment(pounds)
    }

    /// Support for a short time: no test asks for more than that it is there.
    pub(crate) fn short_term(&mut self, who: Who, support: Support) -> Care {
        let component = match support {
            Support::Reablement => Component::Reablement,
            Support::LowLevel => self.dice.pick(&[
                Component::Equipment,
                Component::Meals,
                Component::OtherShort,
            ]),
            _ => self.dice.pick(&[
                Component::ShortResidential,
                Component::ShortNursing,
                Component::OtherShort,
            ]),
        };
        let provider = self.p(who).provider + 900;
        let once = component == Component::Equipment;
        Care {
            support,
            component,
            mechanism: Mechanism::Blank,
            cost: Some(i64::from(self.between(40, 900)) * 100),
            per: Some(if once { Per::Once } else { Per::Week }),
            units: Some(100),
            provider: Some(provider),
        }
    }

    /// Support of a carer, to the carer or involving the person cared for.
    pub(crate) fn for_carer(&mut self, support: Support) -> Care {
        let component = match support {
            // A payment on the adult's own row would be the adult's direct payment.
            Support::InvolvingCaredFor => self
                .dice
                .pick(&[Component::CarerRespite, Component::CarerSitting]),
            _ => self.dice.pick(&[
                Component::CarerRespite,
                Component::CarerSitting,
                Component::CarerOther,
                Component::DirectPayment,
            ]),
        };
        let mechanism = if component == Component::DirectPayment {
            Mechanism::DirectPayment
        } else {
            Mechanism::Managed
        };
        Care {
            support,
            component,
            mechanism,
            cost: Some(i64::from(self.between(20, 160)) * 100),
            per: Some(Per::Week),
            units: Some(100),
            provider: None,
        }
    }

    /// One or more rows of everyday long-term support: what they are depends on age and on the reason for support.
    pub(crate) fn package(&mut self, who: Who) -> Vec<Care> {
        let person = self.p(who);
        let (older, learning, more) = (
            person.older,
            person.learning_disability(),
            person.needs_more(),
        );
        let kinds: [u32; 9] = match (older, learning) {
            (true, _) => [36, 33, 16, 1, 4, 1, 3, 6, 0],
            (false, true) => [16, 22, 2, 32, 1, 7, 14, 6, 0],
            (false, false) => [46, 22, 8, 8, 2, 1, 5, 7, 1],
        };
        let mut at = self.dice.below(kinds.iter().sum());
        let kind = kinds
            .iter()
            .position(|weight| {
                let here = at < *weight;
                at = at.saturating_sub(*weight);
                here
            })
            .unwrap_or(0);
        let first = match kind {
            0 => {
                let mut care = self.some_home(who);
                if more {
                    care.units = care.units.map(|u| (u * 130 / 100) / 25 * 25);
                }
                care
            }
            1 => self.residential(who),
            2 => self.nursing(who),
            3 => self.weekly(who, Component::SupportedLiving, 420, 1_900),
            4 => self.weekly(who, Component::ExtraCare, 90, 420),
            5 => self.weekly(who, Component::SharedLives, 328, 481),
            6 => {
                let sessions = i64::from(self.between(1, 5));
                self.daytime(who, sessions)
            }
            7 => self.weekly(who, Component::OtherLong, 40, 300),
            _ => Care {
                support: Support::Prison,
                ..self.weekly(who, Component::OtherLong, 40, 300)
            },
        };
        let mut all = vec![first];
        if first.support == Support::Community {
            if first.component == Component::Home {
                if self.percent(45) {
                    // Weekends at another price: one package over two cost rows.
                    let mut weekend = first;
                    weekend.cost = first.cost.map(|c| c + 310);
                    weekend.units = Some(i64::from(self.between(2, 8)) * 50);
                    all.push(weekend);
                }
                if self.percent(40) {
                    let sessions = i64::from(self.between(1, 4));
                    let care = self.daytime(who, sessions);
                    all.push(care);
                }
            }
            if self.percent(26) {
                let care = self.weekly(who, Component::Transport, 12, 70);
                all.push(care);
            }
            if self.percent(20) {
                let care = self.weekly(who, Component::Meals, 20, 55);
                all.push(care);
            }
            if self.percent(22) {
                let mut care = self.weekly(who, Component::Equipment, 60, 900);
                care.per = Some(Per::Once);
                all.push(care);
            }
            if self.percent(12) {
                let care = self.weekly(who, Component::Employment, 40, 160);
                all.push(care);
            }
        }
        all
    }

    // ---- endings that many stories share ----

    /// A spell of long-term support that began on `from` inside the period, and ran to at least 56 days or is
    /// still open: was there a review or a needs assessment in its first 56 days?
    pub(crate) fn spell_begun(&mut self, who: Who, from: Day) {
        if from < self.f.first {
            return;
        }
        if self.checked(who, from, from + 56) {
            self.met(who, Test::FirstReview, from);
        } else {
            self.unmet(who, Test::FirstReview, from, from + 56);
        }
    }

    /// A spell that began on `from` and is open on the last day.
    pub(crate) fn spell_open(&mut self, who: Who, from: Day) {
        if from >= self.f.year_ago {
            return;
        }
        let (last, year_ago) = (self.f.last, self.f.year_ago);
        if self.checked(who, year_ago, last) {
            self.met(who, Test::Annual, last);
        } else {
            self.not_met(who, Test::Annual, last);
        }
    }

    /// A spell that began on `from` and is open on the last day: both reviews are asked of it.
    pub(crate) fn spell(&mut self, who: Who, from: Day) {
        self.spell_begun(who, from);
        self.spell_open(who, from);
    }

    /// A direct payment that began on `from` and still runs on the last day.
    pub(crate) fn payment_running(&mut self, who: Who, from: Day) {
        self.payment_begun(who, from);
        let (last, year_ago) = (self.f.last, self.f.year_ago);
        if (from - Day::ymd(2024, 6, 30)).abs() <= 2 {
            self.clash = true;
        }
        if from < Day::ymd(2024, 6, 30) {
            if self.checked(who, year_ago, last) {
                self.met(who, Test::PaymentYearly, last);
            } else {
                self.not_met(who, Test::PaymentYearly, last);
            }
        }
    }

    /// A direct payment that began on `from` inside the period, and ran for six months or still runs.
    pub(crate) fn payment_begun(&mut self, who: Who, from: Day) {
        if from < self.f.first {
            return;
        }
        let six = from.months(6);
        if self.checked(who, from, six) {
            self.met(who, Test::PaymentSixMonths, from);
        } else {
            self.unmet(who, Test::PaymentSixMonths, from, six);
        }
    }

    /// Whether the story has told of a review or a needs assessment ending after `after` and by `by`.
    fn checked(&mut self, who: Who, after: Day, by: Day) -> bool {
        self.p(who).checks.iter().any(|d| *d > after && *d <= by)
    }

    /// Support fell on `day`. `sure`: its size is known, the setting did not change, and nothing else makes it
    /// impossible to tell.
    pub(crate) fn fell(&mut self, who: Who, day: Day, sure: bool) {
        if day + 28 > self.f.last {
            return;
        }
        let reviewed = self
            .p(who)
            .reviews
            .iter()
            .any(|d| *d > day - 90 && *d <= day);
        let assessed = self
            .p(who)
            .assessed
            .iter()
            .any(|d| *d > day - 182 && *d <= day);
        let test = if reviewed {
            Test::FallAtReview
        } else {
            Test::FallUnreviewed
        };
        // The 182 days reach back further than the 90, so they alone decide whether coverage is enough.
        if sure && !assessed && day - 181 >= self.f.first {
            self.not_met(who, test, day);
        } else {
            self.cannot_tell(who, test, day);
        }
    }

    /// Outcome of a contact by which the NHS takes over, and whether it says so surely enough that nothing is owed
    /// (only release 1 does).
    pub(crate) fn nhs(&mut self) -> (Out, bool) {
        let certain = self.council.r1 && (!self.council.r2 || self.turn.is_multiple_of(2));
        if certain {
            (Out::NhsFunded, true)
        } else {
            (Out::NhsReferral, false)
        }
    }

    /// Eligible Needs Identified as this council fills it, when needs were eligible.
    pub(crate) fn eligible(&mut self) -> Option<Needs> {
        if self.dice.per_mille(self.council.needs_filled) {
            Some(Needs::Eligible)
        } else {
            None
        }
    }

    /// The same, when they were not.
    pub(crate) fn not_eligible(&mut self) -> Option<Needs> {
        if self.dice.per_mille(self.council.needs_filled) {
            Some(self.dice.pick(&[Needs::NotEligible, Needs::NoneFound]))
        } else {
            None
        }
    }

    /// The needs assessment of someone who has support already, with nothing else turning on it.
    pub(crate) fn reassessment(&mut self, who: Who, from: Day, to: Day) {
        // On the day a row starts again there would seem to be no support yet, and the question would be another.
        if self.rows.iter().any(|r| r.care.is_some() && r.start == to) {
            self.clash = true;
        }
        let lowered = self.council.habits.lowered(to);
        let (needs, out) = if self.dice.unit() < 0.95 - lowered {
            (self.eligible(), Out::Continuation)
        } else {
            (self.not_eligible(), Out::Other)
        };
        self.needs_assessment(who, from, to, out, needs);
    }

    /// A review not long before support changed on `day`: most within the month.
    pub(crate) fn reviewed_before(&mut self, who: Who, day: Day) {
        let back = if self.percent(70) {
            self.between(0, 27)
        } else {
            self.between(28, 85)
        };
        let to = (day - back).working_before();
        if to >= self.f.first {
            self.review(who, to, Why::Planned, Out::SupportPlanning);
        }
    }

    /// Reviews of someone in support from `from` to `until`, as often as this council reviews.
    pub(crate) fn yearly_reviews(&mut self, who: Who, from: Day, until: Day) {
        for to in self.review_days(from, until) {
            self.everyday_review(who, to);
        }
    }

    /// When they are: spread over the last year, and over the year before where there are two returns.
    pub(crate) fn review_days(&mut self, from: Day, until: Day) -> Vec<Day> {
        let mut days = Vec::new();
        let years = [
            (self.f.year_ago + 1, self.f.last),
            (self.f.first, self.f.year_ago),
        ];
        for (lo, hi) in years {
            let (lo, hi) = (lo.max(from + 58), hi.min(until));
            // As many in a month for those who come or go, or where the returns overlap, as for everybody.
            let length = u32::try_from(hi - lo + 1).unwrap_or(0);
            if lo > hi
                || !self
                    .dice
                    .per_mille(self.council.reviewed * length.min(365) / 365)
            {
                continue;
            }
            let times = self.dice.weighted(&[(80, 1), (16, 2), (4, 3)]);
            for _ in 0..times {
                days.push(self.working_day(lo, hi));
            }
        }
        days
    }

    /// States what is true of everyone at the end: whose carers are known of.
    pub(crate) fn finish(&mut self) {
        let last = self.f.last;
        for at in 0..self.people.len() {
            let who = Who(at);
            let person = self.p(who);
            if person.in_community && (person.named || person.has_carer == HasCarer::Yes) {
                if person.carer_assessed {
                    self.met(who, Test::KnownCarer, last);
                } else {
                    self.cannot_tell(who, Test::KnownCarer, last);
                }
            }
        }
    }
}
