"""The defined lists of a return, Release 1 and Release 2, as the oracle reads them.

Each list maps one code (ours) to the spellings that mean it. Spellings are compared after
`oracle.norm`: case, spaces and punctuation do not count and "&" reads as "and". Release 1 is
mapped forward to Release 2, so both spellings stand under one code; the Release 1 values that
must stay tellable apart are named in R1_ONLY.
"""

LISTS = {
    "event_type": {
        "request": ["Request", "Referral"],
        "assessment": ["Assessment"],
        "service": ["Service"],
        "review": ["Review"],
    },
    "client_type": {
        "user": ["Service user"],
        "carer": ["Carer", "Unpaid carer"],
        "associate": ["Carer known by association", "Unpaid carer known by association"],
    },
    "has_carer": {"yes": ["Yes"], "no": ["No"], "unknown": ["Unknown"]},
    "outcome": {
        "reablement": ["Progress to Reablement/ST-Max"],
        "to_assessment": [
            "Progress to assessment, review or reassessment",
            "Progress to Assessment",
            "Progress to Re-assessment / Unplanned Review",
        ],
        "to_support": [
            "Progress to support planning or services",
            "Progress to Support Planning / Services",
        ],
        "continuation": [
            "Continuation of support or services",
            "No change in package",
            "Provision of service",
        ],
        "hospital": ["Admitted to hospital"],
        "moved": [
            "NFA: Responsibility moved to another local authority",
            "NFA - Moved to another LA",
        ],
        "nhs": [
            "NFA: Referral to NHS services or NHS funded social care",
            "NFA - 100% NHS funded care",
        ],
        "self_funded": [
            "NFA: Self-funded client or under 12wk disregard",
            "NFA - Self-funded client (Inc. 12wk disregard)",
        ],
        "advice": [
            "NFA: Information and advice or signposting",
            "NFA - Information & Advice / Signposting only",
        ],
        "referred_within": ["NFA: Referral to other service within the local authority"],
        "declined": ["NFA: Support declined"],
        "deceased": ["NFA: Deceased"],
        "ended_as_planned": ["NFA: Support ended as planned", "Service ended as planned"],
        "ended_other": [
            "NFA: Support ended for other reason",
            "NFA - Support ended: Other reason",
        ],
        "no_services": [
            "NFA: No services offered for other reason",
            "NFA - No services offered: Other reason",
        ],
        "other": ["NFA: Other"],
        "r1_unmapped": ["Progress to financial assessment", "Progress to End of Life Care"],
    },
    "route": {
        "transition": ["Planned Entry (Transition)"],
        "discharge": ["Discharge from Hospital"],
        "diversion": ["Diversion from Hospital Services"],
        "community": ["Community / Other route"],
        "prison": ["Prison"],
        "self_funder": ["Self-Funder"],
        "reablement": ["Discharge from Reablement"],
        "transfer": ["Transfer from Other LA"],
    },
    "assessment_type": {
        "short": ["Short term assessment"],
        "long": ["Long term assessment"],
        "financial": ["Financial assessment"],
    },
    "eligible": {
        "eligible": ["Eligible needs identified", "Yes"],
        "non_eligible": ["Non-eligible needs identified"],
        "none": ["No needs identified"],
        "no": ["No"],
    },
    # How Release 2 words the carer is not known for certain: both wordings are taken.
    "method": {
        "user": ["Service user only"],
        "both": ["Service user and carer", "Service user and unpaid carer"],
        "carer": ["Carer only", "Unpaid carer only"],
    },
    "service_type": {
        "nursing": ["Long term support: Nursing care"],
        "residential": ["Long term support: Residential care"],
        "community": ["Long term support: Community"],
        "prison": ["Long term support: Prison"],
        "st_max": ["Short term support: ST-Max"],
        "low_level": ["Short term support: Ongoing low level"],
        "other_short": ["Short term support: Other short term"],
        "carer_direct": [
            "Unpaid carer support: Direct to unpaid carer",
            "Carer Support: Direct to Carer",
        ],
        "carer_involving": [
            "Unpaid carer support: Support involving the person cared-for",
            "Carer Support: Support involving the person cared-for",
        ],
    },
    "component": {
        "reablement": ["Reablement"],
        "short_nursing": ["Short term nursing care"],
        "short_residential": ["Short term residential care"],
        "long_nursing": ["Long term nursing care"],
        "long_residential": ["Long term residential care"],
        "home": ["Home support or domiciliary care", "Home Support"],
        "day": ["Day support"],
        "meals": ["Meals"],
        "transport": ["Transport"],
        "equipment": ["Equipment"],
        "direct_payment": ["Direct payment"],
        "shared_lives": ["Shared Lives"],
        "supported_living": ["Community supported living"],
        "extra_care": ["Extra care housing"],
        "professional_worker": ["Professional support: Social worker"],
        "professional_other": ["Professional support: Other"],
        "professional": ["Professional Support"],
        "learning": [
            "Learning, education or employment support",
            "Learning/Education/Employment Support",
        ],
        "end_of_life": ["End of life care"],
        "emergency": ["Emergency support"],
        "other_short": ["Other short term support"],
        "other_long": ["Other long term support"],
        "respite": ["Unpaid carer respite", "Carer Respite"],
        "sitting": ["Unpaid carer sitting service", "Carer Sitting Service"],
        "universal": ["Unpaid carer universal services", "Carer Universal Services"],
        "other_carer": ["Other unpaid carer support", "Other Carer Support"],
    },
    "mechanism": {
        "direct_payment": ["Direct payment"],
        "managed": ["CASSR managed personal budget"],
        "commissioned": ["CASSR commissioned support"],
        "metering": ["Self-Funder Metering Only"],
    },
    # Only the beginnings of the Release 2 reasons are known: see oracle.review_reason.
    "review_reason": {
        "planned": ["Planned"],
        "hospital": ["Unplanned - Hospital (Planned and unplanned episodes)"],
        "carer": ["Unplanned - Carer related"],
        "safeguarding": ["Unplanned - Safeguarding concern"],
        "other": ["Unplanned - Other Reason"],
        "provider_failure": ["Unplanned - Provider Failure"],
        "commissioning": ["Unplanned - Change in Commissioning arrangements"],
        "short_term": ["Review of short term support"],
    },
    "achieved": {
        "fully": ["Fully met"],
        "partially": ["Partially met"],
        "not": ["Not met"],
    },
    "frequency": {
        "session": ["Per session"],
        "hourly": ["Hourly"],
        "daily": ["Daily"],
        "weekly": ["Weekly"],
        "fortnightly": ["Fortnightly"],
        "four_weekly": ["4-weekly"],
        "monthly": ["Monthly"],
        "quarterly": ["Quarterly"],
        "annually": ["Annually"],
        "one_off": ["One-off"],
    },
}

# Release 1 spellings whose own meaning is used beside the Release 2 code.
R1_ONLY = {"outcome": {"NFA - 100% NHS funded care": "nhs_100"}}

# Official header -> our short name. Only the columns that a test reads.
COLUMNS = {
    "LA Code": "la_code",
    "Reporting Period Start Date": "period_start",
    "Reporting Period End Date": "period_end",
    "NHS Number": "nhs",
    "LA Person Unique Identifier": "la_id",
    "Date of Birth": "birth",
    "Date of Death": "death",
    "Client Type": "client_type",
    "Has Unpaid Carer": "has_carer",
    "Event Type": "event_type",
    "Event Start Date": "start",
    "Event End Date": "end",
    "Event Outcome": "outcome",
    "Request: Route of Access": "route",
    "Assessment Type": "assessment_type",
    "Eligible Needs Identified": "eligible",
    "Method of Assessment": "method",
    "Adult 1 Linked Person_ID": "linked_1",
    "Adult 2 Linked Person_ID": "linked_2",
    "Adult 3 Linked Person_ID": "linked_3",
    "Service Type": "service_type",
    "Service Component": "component",
    "Delivery Mechanism": "mechanism",
    "Provider CQC Location ID": "cqc",
    "Review Reason": "review_reason",
    "Review Outcomes Achieved": "achieved",
    "Method of Review": "review_method",
    "Unit Cost": "cost",
    "Cost Frequency (Unit Type)": "frequency",
    "Planned units per week": "units",
}

MUST_BE_THERE = ["la_code", "nhs", "la_id", "client_type", "event_type", "start", "end"]
