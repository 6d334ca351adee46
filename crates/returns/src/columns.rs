//! The fifty columns of the return, found by heading.

macro_rules! columns {
    ($($variant:ident = $heading:literal),+ $(,)?) => {
        /// A column of the return, in the order of the national specification.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        #[repr(u8)]
        pub enum Column { $($variant),+ }

        impl Column {
            /// All of them, in order.
            pub const ALL: &[Column] = &[$(Column::$variant),+];

            /// The heading as the specification spells it.
            pub const fn heading(self) -> &'static str {
                match self { $(Column::$variant => $heading),+ }
            }
        }
    };
}

columns! {
    LaCode = "LA Code",
    PeriodStart = "Reporting Period Start Date",
    PeriodEnd = "Reporting Period End Date",
    NhsNumber = "NHS Number",
    PersonId = "LA Person Unique Identifier",
    FirstName = "First Name",
    LastName = "Last Name",
    GpName = "GP Practice Name",
    GpCode = "GP Practice Code",
    Gender = "Gender",
    Ethnicity = "Ethnicity",
    BirthDate = "Date of Birth",
    DeathDate = "Date of Death",
    ClientType = "Client Type",
    SupportReason = "Primary Support Reason",
    Postcode = "Postcode",
    Accommodation = "Accommodation Status",
    Employment = "Employment Status",
    HasUnpaidCarer = "Has Unpaid Carer",
    Autism = "Autism Spectrum Disorder (ASD)",
    VisualImpairment = "Visual Impairment",
    HearingImpairment = "Hearing Impairment",
    Dementia = "Dementia",
    Funding = "Client Funding Status",
    EventType = "Event Type",
    EventReference = "Event Reference",
    EventStart = "Event Start Date",
    EventEnd = "Event End Date",
    EventDescription = "Event Description",
    EventOutcome = "Event Outcome",
    Route = "Request: Route of Access",
    AssessmentType = "Assessment Type",
    EligibleNeeds = "Eligible Needs Identified",
    MethodOfAssessment = "Method of Assessment",
    HoursCaring = "Total Hrs Caring per week",
    AdultsCaredFor = "No. of adults being cared for",
    Linked1 = "Adult 1 Linked Person_ID",
    Linked2 = "Adult 2 Linked Person_ID",
    Linked3 = "Adult 3 Linked Person_ID",
    ServiceType = "Service Type",
    ServiceComponent = "Service Component",
    Mechanism = "Delivery Mechanism",
    ProviderName = "Provider CQC Location Name",
    ProviderId = "Provider CQC Location ID",
    ReviewReason = "Review Reason",
    ReviewAchieved = "Review Outcomes Achieved",
    MethodOfReview = "Method of Review",
    UnitCost = "Unit Cost",
    Frequency = "Cost Frequency (Unit Type)",
    PlannedUnits = "Planned units per week",
}

impl Column {
    pub const COUNT: usize = Column::ALL.len();

    pub(crate) fn bit(self) -> u64 {
        1 << self as u8
    }

    /// The column of a heading, compared as listed values are.
    pub fn of_heading(heading: &[u8]) -> Option<Column> {
        let wanted = crate::lists::normalise(heading);
        Column::ALL
            .iter()
            .copied()
            .find(|column| crate::lists::normalise(column.heading().as_bytes()) == wanted)
    }

    /// Whether its values come from a defined list.
    pub(crate) const LISTED: &[Column] = &[
        Column::Gender,
        Column::Ethnicity,
        Column::ClientType,
        Column::SupportReason,
        Column::Accommodation,
        Column::Employment,
        Column::HasUnpaidCarer,
        Column::Autism,
        Column::VisualImpairment,
        Column::HearingImpairment,
        Column::Dementia,
        Column::Funding,
        Column::EventType,
        Column::EventOutcome,
        Column::Route,
        Column::AssessmentType,
        Column::EligibleNeeds,
        Column::MethodOfAssessment,
        Column::ServiceType,
        Column::ServiceComponent,
        Column::Mechanism,
        Column::ReviewReason,
        Column::ReviewAchieved,
        Column::MethodOfReview,
        Column::Frequency,
    ];
}
