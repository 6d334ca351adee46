//! What a row can say, and how each release of the national return spells it.
//!
//! Each code gives `(Release 1 spelling, Release 2 spelling)`. Where only one release has the value, the row that
//! carries it is written in that release.

/// Which spelling a row uses.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Spelling {
    /// Release 1.
    R1,
    /// Release 2.
    R2,
}

impl Spelling {
    pub(crate) const fn of(self, pair: (&'static str, &'static str)) -> &'static str {
        match self {
            Self::R1 => pair.0,
            Self::R2 => pair.1,
        }
    }
}

/// Client Type.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Client {
    Adult,
    Carer,
    KnownByAssociation,
}

impl Client {
    pub(crate) const fn spelled(self) -> (&'static str, &'static str) {
        match self {
            Self::Adult => ("Service User", "Service user"),
            Self::Carer => ("Carer", "Unpaid carer"),
            Self::KnownByAssociation => (
                "Carer known by association",
                "Unpaid carer known by association",
            ),
        }
    }
}

/// Event Type.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Event {
    Request,
    Assessment,
    Service,
    Review,
}

impl Event {
    pub(crate) const ALL: [Self; 4] =
        [Self::Request, Self::Assessment, Self::Service, Self::Review];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Request => "Request",
            Self::Assessment => "Assessment",
            Self::Service => "Service",
            Self::Review => "Review",
        }
    }
}

/// Event Outcome.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Out {
    Reablement,
    Assess,
    /// Release 1 only as a value of its own; Release 2 has one value for assessment, review and reassessment.
    Reassess,
    SupportPlanning,
    Continuation,
    Hospital,
    Moved,
    /// Release 1 only.
    NhsFunded,
    /// Release 2 only.
    NhsReferral,
    SelfFunded,
    Advice,
    /// Release 2 only.
    ReferredWithin,
    Declined,
    Deceased,
    EndedPlanned,
    EndedOther,
    NoneOffered,
    Other,
    /// A financial assessment has no outcome.
    Blank,
}

impl Out {
    pub(crate) const fn spelled(self, open_service: bool) -> (&'static str, &'static str) {
        match self {
            Self::Reablement => (
                "Progress to Reablement/ST-Max",
                "Progress to reablement/ST-Max",
            ),
            Self::Assess => (
                "Progress to Assessment",
                "Progress to assessment, review or reassessment",
            ),
            Self::Reassess => (
                "Progress to Re-assessment / Unplanned Review",
                "Progress to assessment, review or reassessment",
            ),
            Self::SupportPlanning => (
                "Progress to Support Planning / Services",
                "Progress to support planning or services",
            ),
            Self::Continuation if open_service => (
                "Provision of service",
                "Continuation of support or services",
            ),
            Self::Continuation => (
                "No change in package",
                "Continuation of support or services",
            ),
            Self::Hospital => ("Admitted to hospital", "Admitted to hospital"),
            Self::Moved => (
                "NFA - Moved to another LA",
                "NFA: Responsibility moved to another local authority",
            ),
            Self::NhsFunded => ("NFA - 100% NHS funded care", ""),
            Self::NhsReferral => (
                "",
                "NFA: Referral to NHS services or NHS funded social care",
            ),
            Self::SelfFunded => (
                "NFA - Self-funded client (Inc. 12wk disregard)",
                "NFA: Self-funded client or under 12wk disregard",
            ),
            Self::Advice => (
                "NFA - Information & Advice / Signposting only",
                "NFA: Information and advice or signposting",
            ),
            Self::ReferredWithin => (
                "",
                "NFA: Referral to other service within the local authority",
            ),
            Self::Declined => ("NFA - Support declined", "NFA: Support declined"),
            Self::Deceased => ("NFA - Deceased", "NFA: Deceased"),
            Self::EndedPlanned => ("Service ended as planned", "NFA: Support ended as planned"),
            Self::EndedOther => (
                "NFA - Support ended: Other reason",
                "NFA: Support ended for other reason",
            ),
            Self::NoneOffered => (
                "NFA - No services offered: Other reason",
                "NFA: No services offered for other reason",
            ),
            Self::Other => ("NFA- Other", "NFA: Other"),
            Self::Blank => ("", ""),
        }
    }

    /// The release that alone has this value.
    pub(crate) const fn only_in(self) -> Option<Spelling> {
        match self {
            Self::NhsFunded | Self::Reassess => Some(Spelling::R1),
            Self::NhsReferral | Self::ReferredWithin => Some(Spelling::R2),
            _ => None,
        }
    }
}

/// Request: Route of Access.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Route {
    Community,
    Discharge,
    Diversion,
    Transition,
    SelfFunder,
    OtherCouncil,
    AfterReablement,
    Prison,
}

impl Route {
    pub(crate) const fn spelled(self) -> &'static str {
        match self {
            Self::Community => "Community / Other route",
            Self::Discharge => "Discharge from Hospital",
            Self::Diversion => "Diversion from Hospital Services",
            Self::Transition => "Planned Entry (Transition)",
            Self::SelfFunder => "Self-Funder",
            Self::OtherCouncil => "Transfer from Other LA",
            Self::AfterReablement => "Discharge from Reablement",
            Self::Prison => "Prison",
        }
    }
}

/// Assessment Type.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Short,
    Long,
    Financial,
    Blank,
}

impl Kind {
    pub(crate) const fn spelled(self) -> (&'static str, &'static str) {
        match self {
            Self::Short => ("Short Term Assessment", "Short term assessment"),
            Self::Long => ("Long Term Assessment", "Long term assessment"),
            Self::Financial => ("Financial Assessment", "Financial assessment"),
            Self::Blank => ("", ""),
        }
    }
}

/// Eligible Needs Identified.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Needs {
    Eligible,
    NotEligible,
    NoneFound,
}

impl Needs {
    pub(crate) const fn spelled(self) -> &'static str {
        match self {
            Self::Eligible => "Eligible needs identified",
            Self::NotEligible => "Non-eligible needs identified",
            Self::NoneFound => "No needs identified",
        }
    }
}

/// Method of Assessment, and of Review.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Method {
    Alone,
    Jointly,
    CarerOnly,
    Blank,
}

impl Method {
    pub(crate) const fn spelled(self) -> &'static str {
        match self {
            Self::Alone => "Service user only",
            Self::Jointly => "Service user and carer",
            Self::CarerOnly => "Carer only",
            Self::Blank => "",
        }
    }
}

/// Service Type.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Support {
    Community,
    Residential,
    Nursing,
    Prison,
    Reablement,
    LowLevel,
    OtherShort,
    ToCarer,
    InvolvingCaredFor,
}

impl Support {
    pub(crate) const fn spelled(self) -> (&'static str, &'static str) {
        match self {
            Self::Community => (
                "Long Term Support: Community",
                "Long term support: Community",
            ),
            Self::Residential => (
                "Long Term Support: Residential Care",
                "Long term support: Residential care",
            ),
            Self::Nursing => (
                "Long Term Support: Nursing Care",
                "Long term support: Nursing care",
            ),
            Self::Prison => ("Long Term Support: Prison", "Long term support: Prison"),
            Self::Reablement => ("Short Term Support: ST-Max", "Short term support: ST-Max"),
            Self::LowLevel => (
                "Short Term Support: Ongoing Low Level",
                "Short term support: Ongoing low level",
            ),
            Self::OtherShort => (
                "Short Term Support: Other Short Term",
                "Short term support: Other short term",
            ),
            Self::ToCarer => (
                "Carer Support: Direct to Carer",
                "Unpaid carer support: Direct to unpaid carer",
            ),
            Self::InvolvingCaredFor => (
                "Carer Support: Support involving the person cared-for",
                "Unpaid carer support: Support involving the person cared-for",
            ),
        }
    }

    pub(crate) const fn is_long_term(self) -> bool {
        matches!(
            self,
            Self::Community | Self::Residential | Self::Nursing | Self::Prison
        )
    }
}

/// Service Component.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Component {
    Reablement,
    ShortNursing,
    ShortResidential,
    LongNursing,
    LongResidential,
    Home,
    Day,
    Meals,
    Transport,
    Equipment,
    DirectPayment,
    SharedLives,
    SupportedLiving,
    ExtraCare,
    Employment,
    OtherShort,
    OtherLong,
    CarerRespite,
    CarerSitting,
    CarerOther,
}

impl Component {
    pub(crate) const fn spelled(self) -> (&'static str, &'static str) {
        match self {
            Self::Reablement => ("Reablement", "Reablement"),
            Self::ShortNursing => ("Short Term Nursing Care", "Short term nursing care"),
            Self::ShortResidential => {
                ("Short Term Residential Care", "Short term residential care")
            }
            Self::LongNursing => ("Long Term Nursing Care", "Long term nursing care"),
            Self::LongResidential => ("Long Term Residential Care", "Long term residential care"),
            Self::Home => ("Home Support", "Home support or domiciliary care"),
            Self::Day => ("Day Support", "Day support"),
            Self::Meals => ("Meals", "Meals"),
            Self::Transport => ("Transport", "Transport"),
            Self::Equipment => ("Equipment", "Equipment"),
            Self::DirectPayment => ("Direct Payment", "Direct payment"),
            Self::SharedLives => ("Shared Lives", "Shared Lives"),
            Self::SupportedLiving => ("Community Supported Living", "Community supported living"),
            Self::ExtraCare => ("Extra Care Housing", "Extra care housing"),
            Self::Employment => (
                "Learning/Education/Employment Support",
                "Learning, education or employment support",
            ),
            Self::OtherShort => ("Other Short Term Support", "Other short term support"),
            Self::OtherLong => ("Other Long Term Support", "Other long term support"),
            Self::CarerRespite => ("Carer Respite", "Unpaid carer respite"),
            Self::CarerSitting => ("Carer Sitting Service", "Unpaid carer sitting service"),
            Self::CarerOther => ("Other Carer Support", "Other unpaid carer support"),
        }
    }
}

/// Delivery Mechanism.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Mechanism {
    DirectPayment,
    Managed,
    Commissioned,
    Blank,
}

impl Mechanism {
    pub(crate) const fn spelled(self) -> (&'static str, &'static str) {
        match self {
            Self::DirectPayment => ("Direct Payment", "Direct payment"),
            Self::Managed => (
                "CASSR Managed Personal Budget",
                "CASSR managed personal budget",
            ),
            Self::Commissioned => ("CASSR Commissioned Support", "CASSR commissioned support"),
            Self::Blank => ("", ""),
        }
    }
}

/// Cost Frequency (Unit Type).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Per {
    Session,
    Hour,
    Week,
    Fortnight,
    FourWeeks,
    Month,
    Year,
    Once,
}

impl Per {
    pub(crate) const fn spelled(self) -> &'static str {
        match self {
            Self::Session => "Per session",
            Self::Hour => "Hourly",
            Self::Week => "Weekly",
            Self::Fortnight => "Fortnightly",
            Self::FourWeeks => "4-weekly",
            Self::Month => "Monthly",
            Self::Year => "Annually",
            Self::Once => "One-off",
        }
    }

    /// Whether the number of units a week is the planned units, not something the frequency itself says.
    pub(crate) const fn counts_units(self) -> bool {
        matches!(self, Self::Session | Self::Hour)
    }
}

/// Review Reason.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Why {
    Planned,
    Hospital,
    CarerRelated,
    Safeguarding,
    OtherUnplanned,
    ProviderFailure,
    Commissioning,
    /// Release 2 only.
    ShortTerm,
}

impl Why {
    pub(crate) const fn spelled(self) -> (&'static str, &'static str) {
        match self {
            Self::Planned => ("Planned", "Planned review of long term support"),
            Self::Hospital => (
                "Unplanned - Hospital (Planned and unplanned episodes)",
                "Unplanned: Hospital (planned and unplanned episodes)",
            ),
            Self::CarerRelated => ("Unplanned - Carer related", "Unplanned: Carer related"),
            Self::Safeguarding => (
                "Unplanned - Safeguarding concern",
                "Unplanned: Safeguarding concern",
            ),
            Self::OtherUnplanned => ("Unplanned - Other Reason", "Unplanned: Other reason"),
            Self::ProviderFailure => (
                "Unplanned - Provider Failure",
                "Unplanned: Provider failure",
            ),
            Self::Commissioning => (
                "Unplanned - Change in Commissioning arrangements",
                "Unplanned: Change in commissioning arrangements",
            ),
            Self::ShortTerm => ("", "Review of short term support"),
        }
    }

    pub(crate) const fn only_in(self) -> Option<Spelling> {
        match self {
            Self::ShortTerm => Some(Spelling::R2),
            _ => None,
        }
    }
}

/// Has Unpaid Carer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum HasCarer {
    Yes,
    No,
    Unknown,
}

impl HasCarer {
    pub(crate) const fn spelled(self) -> &'static str {
        match self {
            Self::Yes => "Yes",
            Self::No => "No",
            Self::Unknown => "Unknown",
        }
    }
}
