//! Made-up people: numbers, names, births, places.

use crate::codes::{HasCarer, Route};
use crate::day::Day;
use crate::dice::Dice;
use crate::habits::DISTRICTS;

/// A person of a story, by position in it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Who(pub usize);

/// Roughly how old.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Age {
    /// As people who ask for support are: two thirds 65 or over.
    Any,
    /// 65 or over.
    Older,
    /// 19 to 64.
    Working,
    /// 65 or over this many times in a thousand.
    Mostly(u32),
}

/// One made-up person.
pub(crate) struct Person {
    /// The council's own number: eight figures.
    pub la: u64,
    /// A second council number, left from a merger of records.
    pub second: bool,
    /// NHS number, from a range that is never issued.
    pub nhs: Option<u64>,
    /// The council number is another person's too, so the person is known by NHS number.
    pub shared: bool,
    pub first_name: &'static str,
    pub last_name: &'static str,
    pub gender: &'static str,
    /// Ethnic group and value, to be joined by the release's separator.
    pub ethnicity: (&'static str, &'static str),
    pub born: Day,
    pub died: Option<Day>,
    /// Primary Support Reason in both spellings.
    pub reason: (&'static str, &'static str),
    /// Postcode district, from 1.
    pub district: usize,
    pub postcode: String,
    /// How the person came to the council, once that is known.
    pub route: Option<Route>,
    pub older: bool,
    /// Of older people, decades past 65.
    pub age_band: u8,
    pub accommodation: (&'static str, &'static str),
    pub has_carer: HasCarer,
    pub funding: (&'static str, &'static str),
    pub dementia: &'static str,
    pub autism: &'static str,
    pub practice: u32,
    /// The story turns on the day of birth, so noise leaves it alone.
    pub birth_matters: bool,
    /// Price of an hour of home support, in pence.
    pub hour: i64,
    /// Usual provider.
    pub provider: u32,

    // What the story has so far made of this person. The builder remembers; nothing is read back from rows.
    /// Under 18 throughout: no duty to adults is owed.
    pub minor: bool,
    /// Ends of reviews of long-term support.
    pub reviews: Vec<Day>,
    /// Ends of reviews of long-term support and of needs assessments.
    pub checks: Vec<Day>,
    /// Ends of assessments of any kind but financial.
    pub assessed: Vec<Day>,
    /// In long-term community support on the last day.
    pub in_community: bool,
    /// Named by a carer's row.
    pub named: bool,
    /// A carer who is linked was assessed in the last twelve months.
    pub carer_assessed: bool,
}

/// Gives out numbers, each once.
pub(crate) struct Numbers {
    la: u64,
    nhs: u64,
}

impl Numbers {
    pub(crate) const fn new() -> Self {
        Self {
            la: 20_000_000,
            nhs: 999_999_999,
        }
    }

    pub(crate) const fn la(&mut self) -> u64 {
        self.la += 1;
        self.la
    }

    /// The next NHS number with a valid check digit, counting down from 999 999 999x: numbers that begin with 9 are
    /// not issued, and those that begin 999 are kept for tests.
    pub(crate) fn nhs(&mut self) -> u64 {
        loop {
            self.nhs -= 1;
            if let Some(check) = check_digit(self.nhs) {
                return self.nhs * 10 + check;
            }
        }
    }
}

/// The modulus 11 check digit of nine figures; none when the number is not used.
fn check_digit(nine: u64) -> Option<u64> {
    let mut rest = nine;
    let mut sum = 0;
    for weight in 2..=10 {
        sum += (rest % 10) * weight;
        rest /= 10;
    }
    match 11 - sum % 11 {
        11 => Some(0),
        10 => None,
        digit => Some(digit),
    }
}

/// Whether ten figures carry their own check digit.
#[cfg(test)]
pub(crate) fn is_nhs_number(text: &str) -> bool {
    text.len() == 10
        && text
            .parse::<u64>()
            .is_ok_and(|n| check_digit(n / 10) == Some(n % 10))
}

const FIRST: [(&str, &str); 48] = [
    ("Ada", "Female"),
    ("Agnes", "Female"),
    ("Albert", "Male"),
    ("Amir", "Male"),
    ("Anita", "Female"),
    ("Arthur", "Male"),
    ("Beryl", "Female"),
    ("Brian", "Male"),
    ("Carole", "Female"),
    ("Cedric", "Male"),
    ("Chlo\u{e9}", "Female"),
    ("Colin", "Male"),
    ("Dawn", "Female"),
    ("Derek", "Male"),
    ("Doreen", "Female"),
    ("Edna", "Female"),
    ("Eric", "Male"),
    ("Eunice", "Female"),
    ("Farah", "Female"),
    ("Frank", "Male"),
    ("Gladys", "Female"),
    ("Gordon", "Male"),
    ("Grace", "Female"),
    ("Harold", "Male"),
    ("Hilda", "Female"),
    ("Imran", "Male"),
    ("Iris", "Female"),
    ("Ivan", "Male"),
    ("Jean", "Female"),
    ("Jos\u{e9}", "Male"),
    ("Joyce", "Female"),
    ("Keith", "Male"),
    ("Leonard", "Male"),
    ("Lorna", "Female"),
    ("Marjorie", "Female"),
    ("Maureen", "Female"),
    ("Nigel", "Male"),
    ("Olive", "Female"),
    ("Pauline", "Female"),
    ("Peter", "Male"),
    ("Ren\u{e9}e", "Female"),
    ("Ronald", "Male"),
    ("Sheila", "Female"),
    ("Stanley", "Male"),
    ("Tom", "Male"),
    ("Vera", "Female"),
    ("Winifred", "Female"),
    ("Zo\u{eb}", "Female"),
];

const LAST: [&str; 40] = [
    "Ashdown",
    "Barleycorn",
    "Bracken",
    "Brook",
    "Catchpole",
    "Chapel",
    "Cobble",
    "Copse",
    "Dyke",
    "Elder",
    "Fenn",
    "Ferry",
    "Flint",
    "Furrow",
    "Gannet",
    "Garland",
    "Harrow",
    "Heron",
    "Holt",
    "Larkspur",
    "Lathe",
    "Mallow",
    "Marsh",
    "Mill",
    "Netherby",
    "O\u{2019}Dell",
    "Orchard",
    "Pinfold",
    "Quill",
    "Reed",
    "Rushmere",
    "Saltern",
    "Sedge",
    "Staithe",
    "Tarn",
    "Thatcher",
    "Wherry",
    "Whin",
    "Wold",
    "Yarrow",
];

type Pair = (&'static str, &'static str);

const ETHNICITY: [(u32, Pair); 14] = [
    (
        880,
        (
            "White",
            "English, Welsh, Scottish, Northern Irish or British",
        ),
    ),
    (8, ("White", "Irish")),
    (3, ("White", "Gypsy or Irish Traveller")),
    (1, ("White", "Roma")),
    (36, ("White", "Any other White background")),
    (
        4,
        (
            "Mixed or multiple ethnic groups",
            "White and Black Caribbean",
        ),
    ),
    (
        3,
        (
            "Mixed or multiple ethnic groups",
            "Any other Mixed or multiple ethnic background",
        ),
    ),
    (10, ("Asian or Asian British", "Indian")),
    (6, ("Asian or Asian British", "Bangladeshi")),
    (10, ("Asian or Asian British", "Any other Asian background")),
    (
        10,
        ("Black, Black British, Caribbean or African", "African"),
    ),
    (
        3,
        (
            "Black, Black British, Caribbean or African",
            "Any other Black, Black British or Caribbean background",
        ),
    ),
    (4, ("Other ethnic group", "Any other ethnic group")),
    (26, ("No data", "Undeclared or Not known")),
];

const OLDER_REASON: [(u32, Pair); 7] = [
    (
        62,
        (
            "Physical Support: Personal care support",
            "Physical support: Personal care support",
        ),
    ),
    (
        12,
        (
            "Physical Support: Access & mobility only",
            "Physical support: Access and mobility only",
        ),
    ),
    (
        13,
        (
            "Support with Memory & Cognition",
            "Support with memory and cognition",
        ),
    ),
    (6, ("Mental Health Support", "Mental health support")),
    (
        2,
        ("Learning Disability Support", "Learning disability support"),
    ),
    (
        3,
        (
            "Sensory Support: Support for visual impairment",
            "Sensory support: Support for visual impairment",
        ),
    ),
    (
        2,
        (
            "Social Support: Support for Social Isolation/Other",
            "Social support: Support for social isolation or other reason",
        ),
    ),
];

const YOUNGER_REASON: [(u32, Pair); 6] = [
    (
        27,
        (
            "Physical Support: Personal care support",
            "Physical support: Personal care support",
        ),
    ),
    (
        40,
        ("Learning Disability Support", "Learning disability support"),
    ),
    (24, ("Mental Health Support", "Mental health support")),
    (
        4,
        (
            "Social Support: Substance misuse support",
            "Social support: Substance misuse support",
        ),
    ),
    (
        3,
        (
            "Sensory Support: Support for hearing impairment",
            "Sensory support: Support for hearing impairment",
        ),
    ),
    (2, ("Unknown", "Unknown")),
];

const HOME: [(u32, Pair); 8] = [
    (
        46,
        (
            "Owner occupier or shared ownership scheme",
            "Owner occupier or shared ownership scheme",
        ),
    ),
    (
        22,
        (
            "Tenant",
            "Tenant: Local authority or other social housing provider",
        ),
    ),
    (9, ("Tenant - private landlord", "Tenant: Private landlord")),
    (
        10,
        (
            "Settled mainstream housing with family / friends",
            "Settled mainstream housing with family or friends",
        ),
    ),
    (
        5,
        (
            "Supported accommodation / supported lodgings / supported group home",
            "Supported accommodation, supported lodgings or supported group home",
        ),
    ),
    (
        4,
        (
            "Sheltered housing / extra care housing / other sheltered housing",
            "Sheltered housing, extra care housing or other sheltered housing",
        ),
    ),
    (
        1,
        (
            "Acute / long-term healthcare residential facility or hospital",
            "Acute hospital or long term healthcare residential facility",
        ),
    ),
    (3, ("Unknown", "Unknown")),
];

/// Where a person in a care home lives.
pub(crate) const CARE_HOME: Pair = ("Registered care home", "Registered care home");
/// Where a person in a nursing home lives.
pub(crate) const NURSING_HOME: Pair = ("Registered nursing home", "Registered nursing home");

const FUNDING: [(u32, Pair); 4] = [
    (30, ("Fully Social Care Funded", "Fully social care funded")),
    (
        58,
        (
            "Joint Client and Social Care Funded",
            "Joint client and social care funded",
        ),
    ),
    (5, ("18(3) (full cost client)", "Fully client funded")),
    (7, ("Unknown - Individual Level", "Unknown")),
];

impl Person {
    /// Someone of this age; `first` is the first day of the period.
    pub(crate) fn new(dice: &mut Dice, numbers: &mut Numbers, age: Age, first: Day) -> Self {
        let (first_name, gender) = dice.pick(&FIRST);
        let older = match age {
            Age::Any => dice.percent(68),
            Age::Older => true,
            Age::Working => false,
            Age::Mostly(per_mille) => dice.per_mille(per_mille),
        };
        let age_band: u8 = dice.weighted(&[(24, 0), (42, 1), (30, 2), (4, 3)]);
        // Always at least 19 on the first day any story looks at, so that being an adult is never in doubt.
        let years = if older {
            65 + i32::from(age_band) * 10 + dice.between(0, 9)
        } else {
            dice.between(20, 63)
        };
        let reason = if older {
            dice.weighted(&OLDER_REASON)
        } else {
            dice.weighted(&YOUNGER_REASON)
        };
        // Half the people live in half the districts, and the other half anywhere.
        let all = u32::try_from(DISTRICTS).unwrap_or(1);
        let towns = if dice.percent(50) { all } else { all / 2 };
        let district = dice.below(towns) as usize + 1;
        let postcode = format!(
            "NZ{district} {}{}{}",
            dice.between(1, 9),
            dice.pick(&["A", "B", "D", "E", "H", "N", "P", "R", "T", "W"]),
            dice.pick(&["A", "B", "D", "E", "F", "G", "J", "L", "Q", "X", "Y", "Z"]),
        );
        Self {
            la: numbers.la(),
            second: dice.per_mille(3),
            nhs: if dice.percent(98) {
                Some(numbers.nhs())
            } else {
                None
            },
            shared: false,
            first_name,
            last_name: dice.pick(&LAST),
            gender: if dice.per_mille(6) { "Unknown" } else { gender },
            ethnicity: dice.weighted(&ETHNICITY),
            born: first - years * 365 - years / 4 - dice.between(2, 362),
            died: None,
            reason,
            district,
            postcode,
            route: None,
            older,
            age_band,
            accommodation: dice.weighted(&HOME),
            has_carer: dice.weighted(&[
                (30, HasCarer::Yes),
                (42, HasCarer::No),
                (28, HasCarer::Unknown),
            ]),
            funding: dice.weighted(&FUNDING),
            dementia: dice.pick(&["Yes", "No", "No", "No", "Unknown", ""]),
            autism: dice.pick(&["No", "No", "No", "Unknown", "", ""]),
            practice: dice.below(90),
            birth_matters: false,
            hour: i64::from(dice.between(1990, 2650)),
            provider: dice.below(220),
            minor: false,
            reviews: Vec::new(),
            checks: Vec::new(),
            assessed: Vec::new(),
            in_community: false,
            named: false,
            carer_assessed: false,
        }
    }

    /// What age and support reason add to the log-odds of being found eligible.
    pub(crate) fn need(&self) -> f64 {
        let age = match (self.older, self.age_band) {
            (false, _) => -0.2,
            (true, 0) => 0.0,
            (true, 1) => 0.2,
            (true, _) => 0.5,
        };
        age + self.reason_weight()
    }

    fn reason_weight(&self) -> f64 {
        let reason = self.reason.1;
        [
            ("Learning", 0.9),
            ("Support with memory", 0.5),
            ("Physical support: Personal", 0.15),
            ("Physical support: Access", -0.6),
            ("Mental", -0.4),
            ("Sensory", -0.5),
            ("Social", -0.7),
        ]
        .iter()
        .find(|(start, _)| reason.starts_with(start))
        .map_or(0.0, |(_, weight)| *weight)
    }

    /// Whether packages are larger: the reason or the route that brings people with more to be done.
    pub(crate) fn needs_more(&self) -> bool {
        self.reason_weight() > 0.4 || self.route == Some(Route::Discharge)
    }

    pub(crate) fn learning_disability(&self) -> bool {
        self.reason.1.starts_with("Learning")
    }

    /// The number truth prints: the smallest council number as text, unless another person has it too.
    /// Council numbers have eight figures and begin with 2, second ones begin with M, NHS numbers begin with 9, so
    /// the order of these as numbers is their order as text.
    pub(crate) fn printed(&self) -> u64 {
        match self.nhs {
            Some(nhs) if self.shared => nhs,
            _ => self.la,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Numbers, is_nhs_number};

    #[test]
    fn check_digits_are_valid() {
        // 943 476 5919 is the worked example in the NHS Data Dictionary.
        assert!(is_nhs_number("9434765919"));
        assert!(!is_nhs_number("9434765918"));
        let mut numbers = Numbers::new();
        for _ in 0..10_000 {
            assert!(is_nhs_number(&numbers.nhs().to_string()));
        }
    }
}
