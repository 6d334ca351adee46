//! The codes of the national return, Release 1 mapped forward to Release 2.
//!
//! Every list has `Blank` (nothing recorded) and `Invalid` (something that is in no list, hence
//! unknown as a fact). The listed wording of each code is data of the crate `returns`.

macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
        #[repr(u8)]
        pub enum $name {
            #[default]
            Blank,
            Invalid,
            $($(#[$vdoc])* $variant),+
        }

        impl $name {
            /// Every listed code.
            pub const ALL: &[$name] = &[$($name::$variant),+];

            /// The code's name in data files and facts.
            pub fn name(self) -> &'static str {
                match self {
                    $name::Blank => "blank",
                    $name::Invalid => "invalid",
                    $($name::$variant => $text),+
                }
            }

            /// The code of a name; `None` if there is none.
            pub fn from_name(name: &str) -> Option<$name> {
                match name {
                    $($text => Some($name::$variant),)+
                    _ => None,
                }
            }

            /// The code of a number made by `as u8`; anything else is invalid.
            pub fn from_u8(number: u8) -> $name {
                match number {
                    0 => $name::Blank,
                    n => $name::ALL
                        .get(usize::from(n).wrapping_sub(2))
                        .copied()
                        .unwrap_or($name::Invalid),
                }
            }

            /// Whether a listed value was given.
            pub fn is_listed(self) -> bool {
                !matches!(self, $name::Blank | $name::Invalid)
            }
        }
    };
}

codes!(EventType { Request = "request", Assessment = "assessment", Service = "service", Review = "review" });

codes!(ClientType {
    ServiceUser = "service_user",
    Carer = "carer",
    /// An unpaid carer who is only named on somebody else's file: the row carries no event.
    KnownByAssociation = "known_by_association",
});

codes!(Outcome {
    Reablement = "reablement",
    Assessment = "assessment",
    SupportPlanning = "support_planning",
    Continuation = "continuation",
    Hospital = "hospital",
    Moved = "moved",
    /// Release 1 only: the NHS pays for all of it.
    NhsFunded = "nhs",
    /// Release 2: referred to the NHS, or funded by it; the return cannot say which.
    NhsReferral = "nhs_referral",
    SelfFunded = "self_funded",
    Advice = "advice",
    ReferredWithin = "referred_within",
    Declined = "declined",
    Deceased = "deceased",
    EndedAsPlanned = "ended_as_planned",
    EndedOther = "ended_other",
    NoneOffered = "none_offered",
    Other = "other",
    /// Release 1 outcomes that Release 2 dropped (financial assessment, end-of-life care).
    NotMapped = "not_mapped",
});

codes!(ServiceType {
    LongTermNursing = "long_term_nursing",
    LongTermResidential = "long_term_residential",
    LongTermCommunity = "long_term_community",
    LongTermPrison = "long_term_prison",
    ShortTermMax = "short_term_max",
    ShortTermLowLevel = "short_term_low_level",
    ShortTermOther = "short_term_other",
    CarerDirect = "carer_direct",
    CarerInvolvingCaredFor = "carer_involving_cared_for",
});

impl ServiceType {
    pub fn is_long_term(self) -> bool {
        matches!(
            self,
            ServiceType::LongTermNursing
                | ServiceType::LongTermResidential
                | ServiceType::LongTermCommunity
                | ServiceType::LongTermPrison
        )
    }

    pub fn is_carer_support(self) -> bool {
        matches!(
            self,
            ServiceType::CarerDirect | ServiceType::CarerInvolvingCaredFor
        )
    }
}

codes!(Component {
    Reablement = "reablement",
    ShortTermNursing = "short_term_nursing",
    ShortTermResidential = "short_term_residential",
    LongTermNursing = "long_term_nursing",
    LongTermResidential = "long_term_residential",
    HomeSupport = "home_support",
    DaySupport = "day_support",
    Meals = "meals",
    Transport = "transport",
    Equipment = "equipment",
    DirectPayment = "direct_payment",
    SharedLives = "shared_lives",
    SupportedLiving = "supported_living",
    ExtraCare = "extra_care",
    /// Release 1 had one; Release 2 has social worker and other.
    ProfessionalSupport = "professional_support",
    ProfessionalSocialWorker = "professional_social_worker",
    ProfessionalOther = "professional_other",
    LearningEmployment = "learning_employment",
    EndOfLife = "end_of_life",
    Emergency = "emergency",
    OtherShortTerm = "other_short_term",
    OtherLongTerm = "other_long_term",
    CarerRespite = "carer_respite",
    CarerSitting = "carer_sitting",
    CarerUniversal = "carer_universal",
    OtherCarer = "other_carer",
});

codes!(Mechanism {
    DirectPayment = "direct_payment",
    ManagedBudget = "managed_budget",
    Commissioned = "commissioned",
    /// Release 1: not to be used.
    SelfFunderMetering = "self_funder_metering",
});

codes!(Frequency {
    PerSession = "per_session",
    Hourly = "hourly",
    Daily = "daily",
    Weekly = "weekly",
    Fortnightly = "fortnightly",
    FourWeekly = "four_weekly",
    Monthly = "monthly",
    Quarterly = "quarterly",
    Annually = "annually",
    OneOff = "one_off",
});

codes!(AssessmentType { ShortTerm = "short_term", LongTerm = "long_term", Financial = "financial" });

codes!(Eligible { Eligible = "eligible", NotEligible = "not_eligible", NoNeeds = "no_needs" });

codes!(Method {
    PersonOnly = "person_only",
    PersonAndCarer = "person_and_carer",
    CarerOnly = "carer_only",
});

impl Method {
    /// Whether an unpaid carer took part.
    pub fn includes_carer(self) -> bool {
        matches!(self, Method::PersonAndCarer | Method::CarerOnly)
    }
}

codes!(ReviewReason {
    Planned = "planned",
    UnplannedHospital = "unplanned_hospital",
    UnplannedCarer = "unplanned_carer",
    UnplannedSafeguarding = "unplanned_safeguarding",
    UnplannedOther = "unplanned_other",
    UnplannedProviderFailure = "unplanned_provider_failure",
    UnplannedCommissioning = "unplanned_commissioning",
    ShortTermSupport = "short_term_support",
});

codes!(Achieved { Fully = "fully", Partially = "partially", NotAchieved = "not_achieved" });

codes!(Route {
    Transition = "transition",
    HospitalDischarge = "hospital_discharge",
    HospitalDiversion = "hospital_diversion",
    Community = "community",
    Prison = "prison",
    SelfFunder = "self_funder",
    ReablementDischarge = "reablement_discharge",
    OtherCouncil = "other_council",
});

codes!(YesNo { Yes = "yes", No = "no", Unknown = "unknown" });

codes!(Gender { Male = "male", Female = "female", Other = "other", Unknown = "unknown" });

codes!(EthnicGroup {
    White = "white",
    Mixed = "mixed",
    Asian = "asian",
    Black = "black",
    Other = "other",
    NoData = "no_data",
});

codes!(SupportReason {
    AccessMobility = "access_mobility",
    PersonalCare = "personal_care",
    VisualImpairment = "visual_impairment",
    HearingImpairment = "hearing_impairment",
    DualImpairment = "dual_impairment",
    MemoryCognition = "memory_cognition",
    LearningDisability = "learning_disability",
    MentalHealth = "mental_health",
    SubstanceMisuse = "substance_misuse",
    AsylumSeeker = "asylum_seeker",
    SocialIsolation = "social_isolation",
    SupportToCarer = "support_to_carer",
    Unknown = "unknown",
});

codes!(Funding {
    FullySocialCare = "fully_social_care",
    Joint = "joint",
    FullyClient = "fully_client",
    /// Release 1: not to be used.
    NotToBeUsed = "not_to_be_used",
    Unknown = "unknown",
});
