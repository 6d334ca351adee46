//! What a case file gives: the council's own figures.

use candour_law::Value;
use jiff::civil::Date;

/// Where care is given: it settles what must be left.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// Anywhere but a care home.
    Home,
    CareHome,
    /// Up to eight weeks in a care home.
    ShortStay,
}

/// Which minimum income guarantee applies.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Group {
    Single18To24,
    Single25ToPensionAge,
    SinglePensionAge,
    LoneParent,
    Couple,
    CouplePensionAge,
}

impl Group {
    pub(crate) const ALL: [Self; 6] = [
        Self::Single18To24,
        Self::Single25ToPensionAge,
        Self::SinglePensionAge,
        Self::LoneParent,
        Self::Couple,
        Self::CouplePensionAge,
    ];

    pub(crate) const fn rate(self) -> &'static str {
        match self {
            Self::Single18To24 => "single_18_to_24",
            Self::Single25ToPensionAge => "single_25_to_pension_age",
            Self::SinglePensionAge => "single_pension_age",
            Self::LoneParent => "lone_parent",
            Self::Couple => "couple",
            Self::CouplePensionAge => "couple_pension_age",
        }
    }

    pub(crate) const fn couple(self) -> bool {
        matches!(self, Self::Couple | Self::CouplePensionAge)
    }
}

/// What may never be charged for, with its authority.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Free {
    Assessment,
    Information,
    /// The first six weeks of reablement or intermediate care.
    Reablement,
    /// An aid or minor adaptation of £1,000 or less.
    Equipment,
    Cjd,
    /// After-care under s.117 of the Mental Health Act 1983.
    Aftercare,
    CarersPrevention,
    /// A service to the adult that was billed to the carer.
    ServiceToAnother,
    Nhs,
}

impl Free {
    pub(crate) const ALL: [(Self, &'static str); 9] = [
        (Self::Assessment, "assessment"),
        (Self::Information, "information"),
        (Self::Reablement, "reablement"),
        (Self::Equipment, "equipment"),
        (Self::Cjd, "cjd"),
        (Self::Aftercare, "aftercare"),
        (Self::CarersPrevention, "carers_prevention"),
        (Self::ServiceToAnother, "service_to_another"),
        (Self::Nhs, "nhs"),
    ];

    pub(crate) const fn why(self) -> (&'static str, &'static str) {
        match self {
            Self::Assessment => (
                "Assessment, planning and review are free",
                "Care Act 2014 s.14(1): no power",
            ),
            Self::Information => ("Information and advice is free", "Care Act 2014 s.4"),
            Self::Reablement => (
                "The first six weeks of reablement or intermediate care are free",
                "SI 2014/2672 reg 3(2)(b)",
            ),
            Self::Equipment => (
                "Aids and minor adaptations of £1,000 or less are free",
                "SI 2014/2672 reg 3(2)(a), (3)",
            ),
            Self::Cjd => (
                "Care of somebody with Creutzfeldt-Jakob disease is free",
                "SI 2014/2672 reg 4",
            ),
            Self::Aftercare => (
                "After-care is free",
                "Mental Health Act 1983 s.117: no power to charge",
            ),
            Self::CarersPrevention => (
                "Preventive services to a carer are free",
                "SI 2014/2673 reg 3(3)",
            ),
            Self::ServiceToAnother => (
                "A carer is not charged for a service to the adult",
                "Care Act 2014 s.14(3)",
            ),
            Self::Nhs => ("Care that the NHS pays for is free", "NHS Act 2006"),
        }
    }
}

/// How the council came by the person's means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Assessed {
    Done,
    NotDone,
    /// Treated as done under regulation 10.
    LightTouch,
    /// The person would not say what they have, after a warning.
    Refused,
}

/// What the file gives of one case: the council's own figures, a week unless
/// the name says otherwise. Nothing means not given.
#[derive(Clone, Debug, Default)]
pub struct Figures {
    /// The first and last day on which the charge may have been made.
    pub when: Option<(Date, Date)>,
    pub place: Option<Place>,
    pub free: Option<Free>,
    pub assessed: Option<Assessed>,
    /// A sum, of the person's own, after disregards.
    pub capital: Option<i64>,
    /// All the person's own income, before anything is left out.
    pub income: Option<i64>,
    /// Parts of that income that are left out. Not given means none.
    pub earnings: Option<i64>,
    pub mobility_benefit: Option<i64>,
    pub direct_payments: Option<i64>,
    pub savings_credit: Option<i64>,
    pub war_pension: Option<i64>,
    /// Half of an occupational pension that goes to a partner at home.
    pub pension_to_partner: Option<i64>,
    pub housing_costs: Option<i64>,
    pub disability_expenditure: Option<i64>,
    pub group: Option<Group>,
    pub children: Option<i64>,
    pub disability_premium: Option<bool>,
    pub enhanced_disability_premium: Option<bool>,
    pub carer_premium: Option<bool>,
    /// What the care costs the council.
    pub cost: Option<i64>,
    /// What the council charges.
    pub charge: Option<i64>,
}

/// The names under which a case file gives the figures, with what each is.
pub const FACTS: [(&str, &str); 23] = [
    ("charge_place", "home, care_home or short_stay"),
    ("free_service", "what makes the service free, if anything"),
    ("financial_assessment_done", "whether means were assessed"),
    (
        "light_touch_used",
        "whether the assessment was treated as done",
    ),
    (
        "financial_information_refused",
        "whether the person would not say",
    ),
    ("capital_gbp", "own capital after disregards"),
    (
        "weekly_income_gbp",
        "all own income, before anything is left out",
    ),
    ("weekly_earnings_gbp", "of it, earnings"),
    ("weekly_mobility_benefit_gbp", "of it, mobility benefit"),
    ("weekly_direct_payments_gbp", "of it, direct payments"),
    ("weekly_savings_credit_gbp", "of it, savings credit"),
    ("weekly_war_pension_gbp", "of it, war pension"),
    (
        "weekly_pension_to_partner_gbp",
        "half an occupational pension to a partner",
    ),
    (
        "weekly_housing_costs_gbp",
        "rent, mortgage and council tax, less help",
    ),
    ("dre_weekly_gbp", "disability-related expenditure"),
    ("income_group", "which minimum income guarantee"),
    ("dependent_children", "how many"),
    ("disability_premium", "whether it applies"),
    ("enhanced_disability_premium", "whether it applies"),
    ("carer_premium", "whether it applies"),
    ("weekly_cost_gbp", "what the care costs the council"),
    ("weekly_charge_gbp", "what the council charges"),
    ("weekly_contribution_gbp", "the same, as assessed"),
];

impl Figures {
    /// Reads a case's facts by name. Numbers are in hundredths, which are pence.
    pub fn from_facts(when: Option<(Date, Date)>, fact: impl Fn(&str) -> Value) -> Self {
        let money = |name: &str| match fact(name) {
            Value::Number(pence) => Some(pence),
            Value::Int(pounds) => pounds.checked_mul(100),
            Value::Unknown(_) | Value::Bool(_) | Value::Text(_) => None,
        };
        let flag = |name: &str| match fact(name) {
            Value::Bool(answer) => Some(answer),
            _ => None,
        };
        let place = match fact("charge_place") {
            Value::Text(text) if text == "home" => Some(Place::Home),
            Value::Text(text) if text == "care_home" => Some(Place::CareHome),
            Value::Text(text) if text == "short_stay" => Some(Place::ShortStay),
            _ => None,
        };
        let free = match fact("free_service") {
            Value::Text(text) => Free::ALL
                .into_iter()
                .find(|(_, name)| text == *name)
                .map(|(free, _)| free),
            _ => None,
        };
        let group = match fact("income_group") {
            Value::Text(text) => Group::ALL.into_iter().find(|group| text == group.rate()),
            _ => None,
        };
        let assessed = if flag("financial_information_refused") == Some(true) {
            Some(Assessed::Refused)
        } else if flag("light_touch_used") == Some(true) {
            Some(Assessed::LightTouch)
        } else {
            flag("financial_assessment_done").map(|done| {
                if done {
                    Assessed::Done
                } else {
                    Assessed::NotDone
                }
            })
        };
        let children = match fact("dependent_children") {
            Value::Int(count) => Some(count),
            Value::Number(hundredths) if hundredths % 100 == 0 => Some(hundredths / 100),
            _ => None,
        };
        Self {
            when,
            place,
            free,
            assessed,
            capital: money("capital_gbp"),
            income: money("weekly_income_gbp"),
            earnings: money("weekly_earnings_gbp"),
            mobility_benefit: money("weekly_mobility_benefit_gbp"),
            direct_payments: money("weekly_direct_payments_gbp"),
            savings_credit: money("weekly_savings_credit_gbp"),
            war_pension: money("weekly_war_pension_gbp"),
            pension_to_partner: money("weekly_pension_to_partner_gbp"),
            housing_costs: money("weekly_housing_costs_gbp"),
            disability_expenditure: money("dre_weekly_gbp"),
            group,
            children,
            disability_premium: flag("disability_premium"),
            enhanced_disability_premium: flag("enhanced_disability_premium"),
            carer_premium: flag("carer_premium"),
            cost: money("weekly_cost_gbp"),
            charge: money("weekly_charge_gbp").or_else(|| money("weekly_contribution_gbp")),
        }
    }

    pub(crate) fn sums(&self) -> [(&'static str, Option<i64>); 13] {
        [
            ("capital", self.capital),
            ("income", self.income),
            ("earnings", self.earnings),
            ("mobility benefit", self.mobility_benefit),
            ("direct payments", self.direct_payments),
            ("savings credit", self.savings_credit),
            ("war pension", self.war_pension),
            ("pension passed to a partner", self.pension_to_partner),
            ("housing costs", self.housing_costs),
            (
                "disability-related expenditure",
                self.disability_expenditure,
            ),
            ("number of children", self.children),
            ("cost of the care", self.cost),
            ("charge", self.charge),
        ]
    }
}
