#!/usr/bin/env python3
"""Random small returns that crowd the edges of signals.md.

    python3 fuzz.py --seed S --people N [--returns K] [--release R1|R2|mixed]
                    [--messy] [--reset] [--mass] --out DIR

Few people, many rows close together, dates laid on purpose a day inside, on and a day outside
every window. The same arguments give the same bytes. It writes DIR/return1.csv ... and
DIR/case.json, which says what was asked for and, at times, an as-of day to ask with.

--messy   other case and separators, NULL, cut values, ISO dates, time parts, CRLF, a byte-order
          mark or Windows-1252, reordered and extra columns, invalid values, duplicate rows
--reset   at least 50 long-term services start on one day
--mass    at least 20 people's support falls on one day
"""

import argparse
import csv
import io
import json
import os
import random
from datetime import date, timedelta

HEADERS = [
    "LA Code", "Reporting Period Start Date", "Reporting Period End Date", "NHS Number",
    "LA Person Unique Identifier", "First Name", "Last Name", "GP Practice Name",
    "GP Practice Code", "Gender", "Ethnicity", "Date of Birth", "Date of Death", "Client Type",
    "Primary Support Reason", "Postcode", "Accommodation Status", "Employment Status",
    "Has Unpaid Carer", "Autism Spectrum Disorder (ASD)", "Visual Impairment",
    "Hearing Impairment", "Dementia", "Client Funding Status", "Event Type", "Event Reference",
    "Event Start Date", "Event End Date", "Event Description", "Event Outcome",
    "Request: Route of Access", "Assessment Type", "Eligible Needs Identified",
    "Method of Assessment", "Total Hrs Caring per week", "No. of adults being cared for",
    "Adult 1 Linked Person_ID", "Adult 2 Linked Person_ID", "Adult 3 Linked Person_ID",
    "Service Type", "Service Component", "Delivery Mechanism", "Provider CQC Location Name",
    "Provider CQC Location ID", "Review Reason", "Review Outcomes Achieved", "Method of Review",
    "Unit Cost", "Cost Frequency (Unit Type)", "Planned units per week",
]

# Each value by release: (Release 1, Release 2). None: that release has no such value.
CLIENT = {
    "user": ("Service User", "Service user"),
    "carer": ("Carer", "Unpaid carer"),
    "associate": ("Carer known by association", "Unpaid carer known by association"),
}
OUTCOME = {
    "reablement": ("Progress to Reablement/ST-Max", "Progress to reablement/ST-Max"),
    "to_assessment": ("Progress to Assessment", "Progress to assessment, review or reassessment"),
    "to_reassessment": ("Progress to Re-assessment / Unplanned Review", None),
    "to_support": (
        "Progress to Support Planning / Services", "Progress to support planning or services"),
    "no_change": ("No change in package", "Continuation of support or services"),
    "provision": ("Provision of service", "Continuation of support or services"),
    "financial": ("Progress to financial assessment", None),
    "end_of_life": ("Progress to End of Life Care", None),
    "hospital": ("Admitted to hospital", "Admitted to hospital"),
    "moved": ("NFA - Moved to another LA", "NFA: Responsibility moved to another local authority"),
    "nhs": (
        "NFA - 100% NHS funded care", "NFA: Referral to NHS services or NHS funded social care"),
    "self_funded": (
        "NFA - Self-funded client (Inc. 12wk disregard)",
        "NFA: Self-funded client or under 12wk disregard"),
    "advice": (
        "NFA - Information & Advice / Signposting only",
        "NFA: Information and advice or signposting"),
    "referred": (None, "NFA: Referral to other service within the local authority"),
    "declined": ("NFA - Support declined", "NFA: Support declined"),
    "deceased": ("NFA - Deceased", "NFA: Deceased"),
    "planned": ("Service ended as planned", "NFA: Support ended as planned"),
    "ended_other": (
        "NFA - Support ended: Other reason", "NFA: Support ended for other reason"),
    "no_services": (
        "NFA - No services offered: Other reason",
        "NFA: No services offered for other reason"),
    "other": ("NFA- Other", "NFA: Other"),
}
SERVICE = {
    "nursing": ("Long Term Support: Nursing Care", "Long term support: Nursing care"),
    "residential": ("Long Term Support: Residential Care", "Long term support: Residential care"),
    "community": ("Long Term Support: Community", "Long term support: Community"),
    "prison": ("Long Term Support: Prison", "Long term support: Prison"),
    "st_max": ("Short Term Support: ST-Max", "Short term support: ST-Max"),
    "low": ("Short Term Support: Ongoing Low Level", "Short term support: Ongoing low level"),
    "short": ("Short Term Support: Other Short Term", "Short term support: Other short term"),
    "direct": (
        "Carer Support: Direct to Carer", "Unpaid carer support: Direct to unpaid carer"),
    "involving": (
        "Carer Support: Support involving the person cared-for",
        "Unpaid carer support: Support involving the person cared-for"),
}
COMPONENT = {
    "home": ("Home Support", "Home support or domiciliary care"),
    "day": ("Day Support", "Day support"),
    "dp": ("Direct Payment", "Direct payment"),
    "equipment": ("Equipment", "Equipment"),
    "living": ("Community Supported Living", "Community supported living"),
    "residential": ("Long Term Residential Care", "Long term residential care"),
    "nursing": ("Long Term Nursing Care", "Long term nursing care"),
    "reablement": ("Reablement", "Reablement"),
    "learning": (
        "Learning/Education/Employment Support", "Learning, education or employment support"),
    "respite": ("Carer Respite", "Unpaid carer respite"),
    "other": ("Other Long Term Support", "Other long term support"),
}
MECHANISM = {
    "dp": ("Direct Payment", "Direct payment"),
    "managed": ("CASSR Managed Personal Budget", "CASSR managed personal budget"),
    "commissioned": ("CASSR Commissioned Support", "CASSR commissioned support"),
}
ROUTE = [
    "Planned Entry (Transition)", "Discharge from Hospital", "Community / Other route", "Prison",
    "Self-Funder", "Transfer from Other LA",
]
ASSESSMENT = {
    "long": ("Long Term Assessment", "Long term assessment"),
    "short": ("Short Term Assessment", "Short term assessment"),
    "financial": ("Financial Assessment", "Financial assessment"),
}
ELIGIBLE = [
    "Eligible needs identified", "Non-eligible needs identified", "No needs identified", "Yes",
    "No",
]
METHOD = ["Service user only", "Service user and carer", "Carer only"]
REASON = [
    "Planned", "Unplanned - Hospital (Planned and unplanned episodes)",
    "Unplanned - Carer related", "Unplanned - Safeguarding concern", "Unplanned - Other Reason",
    "Unplanned - Provider Failure", "Unplanned - Change in Commissioning arrangements",
]
SHORT_REVIEW = "Review of short term support"
ACHIEVED = ["Fully Met", "Partially Met", "Not Met"]
FREQUENCY = [
    "Per session", "Hourly", "Daily", "Weekly", "Fortnightly", "4-weekly", "Monthly",
    "Quarterly", "Annually", "One-off",
]

# A day inside, on and a day outside every window and gap.
EDGES = [
    0, 1, 2, 3, 6, 7, 8, 13, 14, 15, 16, 27, 28, 29, 30, 41, 42, 43, 55, 56, 57, 83, 84, 85, 89,
    90, 91, 92, 93, 94, 181, 182, 183, 209, 210, 211, 364, 365, 366,
]


class Fuzz:
    def __init__(self, options):
        self.o = options
        self.r = random.Random(
            f"{options.seed}/{options.people}/{options.returns}/{options.release}/"
            f"{options.messy}/{options.reset}/{options.mass}"
        )
        self.rows = []
        self.people = []
        # Months that coverage counts need: the whole span is about three years.
        self.first = date(2023, 4, 1)
        self.last = date(2025, 3, 31) + timedelta(days=self.r.choice([0, 0, 91, 183, 365]))
        self.marks = []

    # -- small choices

    def chance(self, p):
        return self.r.random() < p

    def words(self, pair, release=None):
        if isinstance(pair, str):
            return pair
        one, two = pair
        release = release or self.o.release
        if release == "mixed":
            release = self.r.choice(["R1", "R2"])
        value = one if release == "R1" else two
        return value if value is not None else (one or two)

    def outcome(self, *weighted):
        """An outcome by name; exits come often."""
        return self.words(OUTCOME[self.r.choice(weighted)])

    def any_outcome(self):
        if self.chance(0.05):
            return self.r.choice(["", "Not a listed outcome"])
        return self.words(OUTCOME[self.r.choice(list(OUTCOME))])

    def day(self):
        return self.first + timedelta(days=self.r.randrange((self.last - self.first).days + 1))

    def near(self, days):
        """A day at an edge from one of `days`, before or after it; or near it; or the same."""
        base = self.r.choice(days)
        if self.chance(0.1):
            months = self.r.choice([6, 12, 18]) * self.r.choice([1, -1])
            index = base.year * 12 + base.month - 1 + months
            base = date(index // 12, index % 12 + 1, min(base.day, 28))
            return base + timedelta(days=self.r.choice([-1, 0, 1]))
        if self.chance(0.7):
            offset = self.r.choice(EDGES)
        else:
            offset = self.r.randrange(0, 130)
        return base + timedelta(days=offset * self.r.choice([1, 1, 1, -1]))

    # -- people

    def person(self, index):
        p = {
            "la": f"P{index:04d}",
            "nhs": str(9000000000 + index * 7919),
            "birth": "", "death": "",
            "carer_word": "",
            "cqc": [f"1-{1000 + self.r.randrange(6)}" for _ in range(3)],
        }
        if self.chance(0.15):
            p["nhs"] = ""
        p["birth"] = self.r.choice([
            self.first - timedelta(days=self.r.randrange(20 * 365, 90 * 365)),
            self.first - timedelta(days=self.r.randrange(20 * 365, 90 * 365)),
            self.first - timedelta(days=self.r.randrange(20 * 365, 90 * 365)),
            self.first - timedelta(days=18 * 365 + 4 - self.r.randrange(0, 900)),
            date(1900, 1, 1), None,
        ])
        p["death"] = self.day() if self.chance(0.1) else None
        p["carer_word"] = self.r.choice(["Yes", "No", "Unknown", "", "perhaps"])
        return p

    def base(self, p, client="user"):
        row = dict.fromkeys(HEADERS, "")
        row["LA Code"] = "607"
        row["NHS Number"] = p["nhs"]
        row["LA Person Unique Identifier"] = p["la"]
        row["Gender"] = "Unknown"
        row["Client Type"] = self.words(CLIENT[client])
        row["Primary Support Reason"] = "Learning Disability Support"
        row["Has Unpaid Carer"] = p["carer_word"] if self.chance(0.6) else ""
        row["Date of Birth"] = p["birth"]
        if p["death"] is not None and self.chance(0.7):
            row["Date of Death"] = p["death"]
            if self.chance(0.1):
                row["Date of Death"] = p["death"] + timedelta(days=self.r.choice([-1, 1, 30]))
        if self.chance(0.03):
            row["NHS Number"] = ""
        if self.chance(0.02):
            row["LA Person Unique Identifier"] = ""
        if self.chance(0.05):
            row["Date of Birth"] = self.r.choice([date(1890, 5, 5), None, "not a date"])
        return row

    def add(self, row, kind, start, end, outcome):
        row["Event Type"] = kind
        row["Event Start Date"] = start
        row["Event End Date"] = end if end is not None else ""
        row["Event Outcome"] = outcome
        self.rows.append(row)
        return row

    # -- events

    def request(self, p, start, client="user"):
        row = self.base(p, client)
        row["Request: Route of Access"] = self.r.choice(ROUTE)
        outcome = self.outcome(
            *["to_assessment"] * 5, "to_reassessment", "self_funded", "self_funded", "reablement",
            "declined", "advice")
        end = start + timedelta(days=self.r.choice([0, 0, 1, 5, 30]))
        return self.add(row, "Request" if self.chance(0.95) else "Referral", start, end, outcome)

    def assessment(self, p, start, client="user", end=None):
        row = self.base(p, client)
        kind = self.r.choice(["long", "long", "long", "short", "financial", "blank", "invalid"])
        row["Assessment Type"] = {"blank": "", "invalid": "Some assessment"}.get(
            kind) if kind in ("blank", "invalid") else self.words(ASSESSMENT[kind])
        row["Eligible Needs Identified"] = self.r.choice(ELIGIBLE + ["Yes", "", "", "maybe"])
        row["Method of Assessment"] = self.r.choice(METHOD + [""])
        if end is None:
            end = start + timedelta(days=self.r.choice([0, 1, 7, 28, 42]))
        outcome = self.outcome(
            *["to_support"] * 4, "self_funded", "advice", "referred", "no_services", "declined",
            "nhs", "moved", "deceased", "hospital", "other", "financial") \
            if self.chance(0.9) else self.any_outcome()
        return self.add(row, "Assessment", start, end, outcome)

    def review(self, p, start, end=None):
        row = self.base(p)
        row["Review Reason"] = self.r.choice(
            ["Planned"] * 5 + REASON + ["Unplanned - Provider Failure"] * 2
            + [SHORT_REVIEW, "", "some reason"])
        row["Review Outcomes Achieved"] = self.r.choice(ACHIEVED)
        row["Method of Review"] = self.r.choice(METHOD)
        if end is None:
            end = start + timedelta(days=self.r.choice([0, 0, 1, 14]))
        outcome = self.outcome(*["no_change"] * 6, "to_support", "to_reassessment") \
            if self.chance(0.8) else self.any_outcome()
        return self.add(row, "Review", start, end, outcome)

    def money(self, row):
        frequency = self.r.choice(
            ["Hourly"] * 10 + ["Weekly"] * 8 + FREQUENCY + ["", "Each moon"])
        if self.chance(0.04):
            frequency = "One-off"
        row["Cost Frequency (Unit Type)"] = frequency
        row["Unit Cost"] = self.r.choice(
            ["10", "20", "18.00", "9", "9.00", "20.01", "100", "90", "90.01", "89.99", "111.11",
             "99.99", "-20", "1000", "22.5", "22.5", "30", "30", "45", "60", ""])
        row["Planned units per week"] = self.r.choice(
            ["10", "10", "10", "9", "9.01", "8.99", "5", "4.5", "7", "1", "14", "20", "25", ""])
        return row

    def service(self, p, start, end, kind=None, outcome=None, like=None):
        row = self.base(p)
        if like is not None:
            for name in ("Service Type", "Service Component", "Delivery Mechanism", "Unit Cost",
                         "Cost Frequency (Unit Type)", "Planned units per week",
                         "Provider CQC Location ID", "NHS Number",
                         "LA Person Unique Identifier"):
                row[name] = like[name]
        else:
            kind = kind or self.r.choice(
                ["community"] * 7 + ["residential"] * 2 + ["nursing", "prison", "st_max", "low",
                                                           "short"])
            row["Service Type"] = self.words(SERVICE[kind])
            component = {
                "residential": "residential", "nursing": "nursing", "st_max": "reablement",
            }.get(kind) or self.r.choice(
                ["home"] * 4 + ["day", "dp", "dp", "equipment", "living", "learning", "other"])
            row["Service Component"] = self.words(COMPONENT[component])
            if self.chance(0.03):
                row["Service Component"] = ""
            if kind == "community":
                row["Delivery Mechanism"] = self.words(
                    MECHANISM[self.r.choice(["dp", "managed", "commissioned", "managed"])])
                if self.chance(0.2):
                    row["Delivery Mechanism"] = ""
            row["Provider CQC Location ID"] = "" if self.chance(0.1) else self.r.choice(p["cqc"])
            self.money(row)
        if outcome is None:
            if end is None or self.chance(0.5):
                outcome = self.outcome("provision", "no_change")
            else:
                outcome = self.outcome(
                    "planned", "ended_other", "hospital", "hospital", "declined", "moved",
                    "deceased", "nhs", "provision")
        return self.add(row, "Service", start, end, outcome)

    def carer_service(self, p, start, end, client="carer"):
        row = self.base(p, client)
        row["Service Type"] = self.words(SERVICE[self.r.choice(["direct", "involving"])])
        row["Service Component"] = self.words(COMPONENT[self.r.choice(["respite", "dp"])])
        return self.add(row, "Service", start, end, self.outcome("provision", "planned"))

    def length(self):
        return timedelta(days=self.r.choice([0, 1, 6, 13, 14, 15, 29, 55, 56, 57, 91, 120, 200,
                                             250, 370]))

    def end_of(self, start):
        return None if self.chance(0.3) else start + self.length()

    # -- scenes: rows that stand to each other as the windows are drawn

    def scene(self, p, days, front_door):
        name = self.r.choice(["request"] * 3 + ["assessment"] * 3 + ["review", "exit"]
                             if front_door else [
            "request", "assessment", "review", "review", "service", "service", "change",
            "change", "change", "hospital", "hospital", "rise", "chain", "overlap", "payment",
            "payment", "failure", "exit",
        ])
        start = self.near(days)
        days.append(start)
        getattr(self, "scene_" + name)(p, start, days)

    def scene_request(self, p, start, days):
        self.request(p, start)
        if self.chance(0.8):
            begun = start + timedelta(days=self.r.choice([0, 0, 1, 20, 30, -1]))
            end = start + timedelta(days=self.r.choice(EDGES[:-8]))
            self.assessment(p, min(begun, end), end=max(begun, end))
        if self.chance(0.3):
            begun = start + timedelta(days=self.r.choice(EDGES))
            self.service(p, begun, self.end_of(begun))

    def scene_assessment(self, p, start, days):
        row = self.assessment(p, start)
        if self.chance(0.7):
            begun = row["Event End Date"] + timedelta(days=self.r.choice(EDGES[:31]))
            self.service(p, begun, self.end_of(begun))

    def scene_review(self, p, start, days):
        self.review(p, start)

    def scene_service(self, p, start, days):
        end = self.end_of(start)
        self.service(p, start, end)
        if end:
            days.append(end)

    def changed(self, like):
        """The same service at another price, size, frequency, kind; or nearly the same."""
        row = dict(like)
        what = self.r.choice(["cost", "units", "units", "both", "frequency", "kind", "blank",
                              "same", "mechanism"])
        if what in ("cost", "both"):
            row["Unit Cost"] = self.r.choice(
                ["10", "9", "18", "20", "89.99", "90", "90", "100", "5", ""])
        if what in ("units", "both"):
            row["Planned units per week"] = self.r.choice(
                ["10", "9", "9.01", "8.99", "4.5", "5", "5", "12", "2", ""])
        if what == "frequency":
            row["Cost Frequency (Unit Type)"] = self.r.choice(FREQUENCY + [""])
        if what == "kind":
            kind = self.r.choice(["community", "residential", "nursing"])
            row["Service Type"] = self.words(SERVICE[kind])
        if what == "blank":
            row[self.r.choice(["Unit Cost", "Planned units per week",
                               "Cost Frequency (Unit Type)"])] = ""
        if what == "mechanism":
            row["Delivery Mechanism"] = self.words(MECHANISM[self.r.choice(list(MECHANISM))])
        return row

    def scene_change(self, p, start, days):
        """One service gives way to another, with a small gap, none, or an overlap."""
        end = start + self.length()
        first = self.service(p, start, end, outcome=self.outcome("provision", "planned",
                                                                 "ended_other"))
        begun = end + timedelta(days=self.r.choice([-14, -1, 0, 1, 1, 1, 1, 2, 3, 13, 14, 15, 29]))
        self.service(p, begun, self.end_of(begun), like=self.changed(first))
        days.extend([end, begun])

    def scene_chain(self, p, start, days):
        """Several changes within or about 28 days of the first."""
        row = self.service(p, start, start + timedelta(days=60), outcome=self.outcome("provision"))
        end = row["Event End Date"]
        days.append(end + timedelta(days=1))
        for _ in range(self.r.randrange(2, 5)):
            begun = end + timedelta(days=1)
            end = begun + timedelta(days=self.r.choice([6, 9, 13, 14, 26, 27, 28, 29]))
            row = self.service(p, begun, end, like=self.changed(row),
                               outcome=self.outcome("provision", "planned"))
        if self.chance(0.7):
            begun = end + timedelta(days=1)
            self.service(p, begun, None, like=self.changed(row))

    def scene_overlap(self, p, start, days):
        """Several services at once, ending at different times."""
        for _ in range(self.r.randrange(2, 5)):
            begun = start + timedelta(days=self.r.choice([0, 0, 1, 5]))
            self.service(p, begun, self.end_of(begun))

    def scene_hospital(self, p, start, days):
        """Support stops in hospital and comes back (or does not) near 1, 2, 3, 91, 92, 93 days."""
        end = start + self.length()
        row = self.service(p, start, end, outcome=self.words(OUTCOME["hospital"]))
        if self.chance(0.3):
            other = self.service(p, start, end - timedelta(days=self.r.choice([0, 0, 1, 5, 13])))
            if other["Event End Date"] < other["Event Start Date"]:
                other["Event End Date"] = other["Event Start Date"]
        if self.chance(0.85):
            begun = end + timedelta(
                days=self.r.choice([1, 2, 3, 4, 10, 15, 16, 30, 90, 91, 92, 93, 94]))
            self.service(p, begun, self.end_of(begun), like=self.changed(row))
            days.append(begun)
        days.append(end)

    def scene_rise(self, p, start, days):
        """More for a while, then back."""
        row = self.service(p, start, None, kind="community")
        rose = start + timedelta(days=self.r.choice([20, 40, 100]))
        back = rose + timedelta(days=self.r.choice([1, 13, 14, 15, 60, 82, 83, 84, 85]))
        if self.chance(0.5):
            row["Event End Date"] = rose - timedelta(days=self.r.choice([1, 1, 0]))
            more = dict(row)
            more["Planned units per week"] = "25"
            self.service(p, rose, back - timedelta(days=1), like=more)
            self.service(p, back, self.end_of(back),
                         like=row if self.chance(0.6) else self.changed(row))
        else:
            self.service(p, rose, back - timedelta(days=1),
                         like=self.changed(row) if self.chance(0.5) else None)
        days.extend([rose, back])

    def scene_payment(self, p, start, days):
        """A direct payment with reviews about its months, replaced or not when it ends."""
        end = self.end_of(start)
        row = self.service(p, start, end, kind="community")
        if self.chance(0.5):
            row["Delivery Mechanism"] = self.words(MECHANISM["dp"])
        else:
            row["Service Component"] = self.words(COMPONENT["dp"])
        if end:
            begun = end + timedelta(days=self.r.choice([1, 2, 3, 14, 15, 16, 17]))
            if self.chance(0.5):
                self.service(p, begun, self.end_of(begun),
                             like=self.changed(row) if self.chance(0.5) else None)
            days.append(end)
        if self.chance(0.6):
            index = start.year * 12 + start.month - 1 + 6
            half = date(index // 12, index % 12 + 1, min(start.day, 28))
            self.review(p, half + timedelta(days=self.r.choice([-1, 0, 1])))

    def scene_failure(self, p, start, days):
        row = self.review(p, start)
        row["Review Reason"] = "Unplanned - Provider Failure"
        end = row["Event End Date"]
        before = end - timedelta(days=self.r.choice([27, 28, 29, 60]))
        if self.chance(0.85):
            stop = end + timedelta(days=self.r.choice([-29, -28, -27, -1, 0, 1, 7, 8, 30]))
            self.service(p, min(before, stop), max(before, stop))
        if self.chance(0.7):
            begun = end + timedelta(days=self.r.choice([-5, 0, 1, 6, 7, 8]))
            self.service(p, begun, self.end_of(begun))

    def scene_exit(self, p, start, days):
        """An event near the others that ends in an outcome by which people leave."""
        exits = ("moved", "deceased", "nhs", "declined", "hospital")
        if self.chance(0.5):
            self.assessment(p, start)["Event Outcome"] = self.outcome(*exits)
        else:
            end = start + self.length()
            self.service(p, start, end, outcome=self.outcome(*exits))

    def carer(self, p, adults, days):
        for _ in range(self.r.randrange(1, 5)):
            start = self.near(days)
            days.append(start)
            before = len(self.rows)
            what = self.r.choice(["request", "assessment", "both", "service", "associate"])
            if what in ("request", "both"):
                self.request(p, start, "carer")
            if what in ("assessment", "both"):
                end = start + timedelta(days=self.r.choice(EDGES[:-3]))
                begun = start if self.chance(0.8) else start - timedelta(days=1)
                row = self.assessment(p, begun, "carer", end=end)
                if self.chance(0.6):
                    row["Eligible Needs Identified"] = "Yes"
                if self.chance(0.5):
                    begun = end + timedelta(days=self.r.choice([-3, 0, 1, 83, 84, 85]))
                    self.carer_service(p, begun, self.end_of(begun))
            if what == "service":
                self.carer_service(p, start, self.end_of(start))
            if what == "associate":
                row = self.base(p, "associate")
                if self.chance(0.3):
                    self.add(row, "Service", start, None, "")
                else:
                    self.rows.append(row)
            for row in self.rows[before:]:
                if self.chance(0.7):
                    row["Adult 1 Linked Person_ID"] = self.r.choice(adults)["la"]
                if self.chance(0.3):
                    row["Adult 3 Linked Person_ID"] = self.r.choice(adults + [{"la": "NOBODY"}])[
                        "la"]
        if adults and self.chance(0.5):
            start = self.near(days)
            self.carer_service(self.r.choice(adults), start, self.end_of(start), "user")

    # -- the council

    def build(self):
        count = self.o.people
        people = [self.person(i + 1) for i in range(count)]
        for p in people:
            # One LA id, two NHS numbers; one NHS number, two LA ids.
            if self.chance(0.04):
                p["la"] = self.r.choice(people)["la"]
            elif self.chance(0.04):
                p["nhs"] = self.r.choice(people)["nhs"]
        for i, p in enumerate(people):
            days = [self.day()]
            if self.chance(0.35):
                days.append(self.last + timedelta(days=1))
            if p["death"] is not None:
                days.append(p["death"])
            if p["birth"] is not None and p["birth"] > date(2000, 1, 1):
                days.append(date(p["birth"].year + 18, p["birth"].month, min(p["birth"].day, 28)))
            if i % 5 == 4:
                adults = people[max(0, i - 4):i]
                self.carer(p, adults, days)
                if self.chance(0.7):
                    continue
            # Some are only at the front door, so that not everybody is in a spell already.
            front_door = self.chance(0.4)
            if self.o.returns > 1 and self.chance(0.4):
                part = (self.last - self.first).days * self.r.randrange(1, self.o.returns)
                days.append(self.first + timedelta(days=part // self.o.returns))
            if self.chance(0.06):
                self.scene_failure(p, self.near(days), days)
                continue
            for _ in range(self.r.randrange(1, 7)):
                self.scene(p, days, front_door)
            if not front_door and self.chance(0.5):
                index = self.last.year * 12 + self.last.month - 1 - self.r.choice([12, 18])
                before = date(index // 12, index % 12 + 1, min(self.last.day, 28))
                begun = before + timedelta(days=self.r.choice([-2, -1, 0, 1, 2, 3]))
                self.service(p, begun, None)
                if self.chance(0.5):
                    self.review(p, self.near([begun, self.last]))
        if self.o.reset:
            self.reset(people)
        if self.o.mass:
            self.mass(people)
        if self.chance(0.5):
            for row in self.r.sample(self.rows, len(self.rows) // 20):
                self.rows.append(dict(row))
        self.spoil()
        self.people = people

    def extra_person(self, index):
        p = self.person(100000 + index)
        p["birth"] = date(1950, 1, 1)
        p["death"] = None
        return p

    def reset(self, people):
        """About fifty long-term services start on one day (a few short of it, or over)."""
        day = date(2024, 4, 1) + timedelta(days=self.r.choice([0, 0, -200, 180, 300]))
        for i in range(self.r.choice([49, 50, 51, 60])):
            p = self.extra_person(i)
            row = self.service(p, day, None, kind="community")
            if self.chance(0.5):
                row["Delivery Mechanism"] = self.words(MECHANISM["dp"])
            if self.chance(0.4):
                self.review(p, self.near([day, self.last]))
        for p in self.r.sample(people, len(people) // 3):
            self.service(p, day, None, kind="community")

    def mass(self, people):
        """About twenty people's support falls on one day."""
        day = self.first + timedelta(days=self.r.randrange(200, 500))
        for i in range(self.r.choice([19, 24, 30, 36, 45])):
            p = self.extra_person(1000 + i)
            begun = day - timedelta(days=self.r.randrange(50, 400))
            row = self.service(p, begun, day - timedelta(days=1), kind="community",
                               outcome=self.words(OUTCOME["provision"]))
            row.update({"Cost Frequency (Unit Type)": "Hourly", "Unit Cost": "20.00",
                        "Planned units per week": "10"})
            less = dict(row)
            less["Planned units per week"] = self.r.choice(["9", "8", "9.01"])
            self.service(p, day, None, like=less)
            if self.chance(0.2):
                self.review(p, self.near([day]))

    def spoil(self):
        """A few rows that cannot be used, each for its own reason."""
        for row in self.r.sample(self.rows, max(1, len(self.rows) // 40)):
            bad = dict(row)
            what = self.r.choice(["ids", "client", "event", "start", "end", "invalid", "before"])
            if what == "ids":
                bad["NHS Number"] = bad["LA Person Unique Identifier"] = ""
            elif what == "client":
                bad["Client Type"] = self.r.choice(["", "Somebody", "NULL"])
            elif what == "event":
                bad["Event Type"] = self.r.choice(["", "Meeting"])
            elif what == "start":
                bad["Event Start Date"] = ""
            elif what == "end":
                bad["Event End Date"] = ""
                bad["Event Type"] = "Review"
            elif what == "invalid":
                bad[self.r.choice(["Event Start Date", "Event End Date"])] = "31/02/2024"
            elif isinstance(bad["Event Start Date"], date):
                bad["Event End Date"] = bad["Event Start Date"] - timedelta(days=1)
            self.rows.append(bad)

    def fill(self):
        """Months full enough for coverage by months: rows of people to whom nothing happens.

        Some months are left thin (bridged when single), so that coverage ends early or has holes.
        """
        month = self.first
        while month <= self.last:
            following = date(month.year + month.month // 12, month.month % 12 + 1, 1)
            for kind in ("Request", "Assessment", "Review", "Service"):
                per_month = self.r.choice([9, 10, 11, 12, 12, 12, 12, 12, 12, 30])
                if self.chance(0.04):
                    per_month = self.r.choice([0, 2, 5])
                for i in range(per_month):
                    p = {"la": f"F{self.r.randrange(400):03d}", "nhs": "", "birth": None,
                         "death": None, "carer_word": ""}
                    end = month + timedelta(days=self.r.randrange((following - month).days))
                    row = self.base(p)
                    row["LA Person Unique Identifier"] = p["la"]
                    start = end - timedelta(days=self.r.randrange(10))
                    if kind == "Service":
                        row["Service Type"] = self.words(SERVICE["st_max"])
                        row["Service Component"] = "Reablement"
                    if kind == "Assessment":
                        row["Assessment Type"] = self.words(ASSESSMENT["financial"])
                    row["Event Reference"] = str(i)
                    self.add(row, kind, start, end, self.outcome("other", "no_change", "advice"))
            month = following

    # -- files

    def split(self):
        """Cut the rows into returns whose periods overlap, touch or leave a gap."""
        r = self.r
        count = self.o.returns
        if count == 1:
            return [(self.first, self.last, self.rows)]
        total = (self.last - self.first).days
        files = []
        for i in range(count):
            start = self.first + timedelta(days=total * i // count)
            end = self.first + timedelta(days=total * (i + 1) // count - 1)
            if i < count - 1:
                end += timedelta(days=r.choice([0, 0, 1, -1, -30, 60, 90, 120]))
            else:
                end = self.last
            if i and r.random() < 0.3:
                start -= timedelta(days=r.choice([1, 30, 91]))
            files.append((start, end, []))
        gone = {id(row) for row in self.rows if r.random() < 0.25}
        for row in self.rows:
            start, end = row["Event Start Date"], row["Event End Date"]
            if not isinstance(start, date):
                for _, _, held in files:
                    if r.random() < 0.6:
                        held.append(dict(row))
                continue
            service = row["Event Type"] == "Service"
            seen = False
            for low, high, held in files:
                ends = end if isinstance(end, date) else None
                if start > high or (ends is not None and ends < low):
                    continue
                if not service and (ends is None or ends > high):
                    continue
                if seen and id(row) in gone:
                    continue
                copy = dict(row)
                if service and ends is not None and ends > high:
                    # Not known to have ended when this return was made.
                    copy["Event End Date"] = "" if r.random() < 0.9 else ends
                if seen and r.random() < 0.05:
                    copy["Event Outcome"] = self.any_outcome()
                held.append(copy)
                seen = True
        return files

    def write(self):
        os.makedirs(self.o.out, exist_ok=True)
        self.build()
        self.full = self.chance(0.5)
        if self.full:
            self.fill()
        names = []
        for i, (start, end, rows) in enumerate(self.split()):
            self.r.shuffle(rows)
            name = f"return{i + 1}.csv"
            names.append(name)
            with open(os.path.join(self.o.out, name), "wb") as file:
                file.write(self.render(rows, start, end))
        with open(os.path.join(self.o.out, "case.json"), "w", encoding="utf-8") as file:
            asked = {k: v for k, v in vars(self.o).items() if k != "out"}
            as_of = self.last + timedelta(days=self.r.choice([-400, -100, -29, -1, 0, 1, 40]))
            as_of = as_of.isoformat() if self.chance(0.4) else None
            json.dump({**asked, "returns": names, "filled": self.full, "as_of": as_of}, file,
                      indent=2)
            file.write("\n")

    def render(self, rows, start, end):
        headers = list(HEADERS)
        messy = self.o.messy
        if messy:
            if self.chance(0.5):
                self.r.shuffle(headers)
            headers.insert(self.r.randrange(len(headers)), "Full cost client")
            if self.chance(0.3):
                headers.remove("Review Outcomes Achieved")
            if self.chance(0.3):
                headers.remove("Primary Support Reason")
        out = io.StringIO(newline="")
        writer = csv.writer(out, lineterminator="\r\n" if messy and self.chance(0.7) else "\n")
        titles = headers
        if messy and self.chance(0.5):
            titles = [self.r.choice([h, h.upper(), h.replace(" ", "_"), h + " "]) for h in headers]
        writer.writerow(titles)
        for row in rows:
            row["Reporting Period Start Date"] = start
            row["Reporting Period End Date"] = end
            writer.writerow([self.text(row.get(h, ""), messy, h) for h in headers])
        text = out.getvalue()
        if messy and self.chance(0.4):
            return text.encode("cp1252")
        if messy and self.chance(0.6):
            return text.encode("utf-8-sig")
        return text.encode("utf-8")

    def text(self, value, messy, header):
        if value is None:
            value = ""
        if isinstance(value, date):
            if not messy or self.chance(0.6):
                return value.strftime("%d/%m/%Y")
            return self.r.choice(
                [value.isoformat(), value.isoformat() + " 00:00:00",
                 value.strftime("%d/%m/%Y") + " 00:00", value.isoformat() + "T00:00:00"])
        if not messy:
            return value
        if value == "":
            if header == "Event Description" and self.chance(0.3):
                return self.r.choice(['seen, "twice"', "two\nlines", "caf\u00e9 \u2013 \u00a320"])
            return self.r.choice(["", "", "", "NULL", " ", "null"])
        if header in ("NHS Number", "LA Person Unique Identifier", "Unit Cost",
                      "Planned units per week") or header.endswith("Linked Person_ID"):
            return value
        if len(value) > 50 and self.chance(0.5):
            # Cut as some suppliers cut; 49 characters are one too few. A blank at the cut would
            # leave the length in doubt.
            cut = value[:self.r.choice([55, 55, 50, 49])]
            return value if cut.endswith(" ") else cut
        if self.chance(0.25):
            value = self.r.choice([
                value.upper(), value.lower(), value.replace(" and ", " & "),
                value.replace(": ", " - "), value.replace(" ", "  "), value + " ",
                value.replace("/", " / "),
            ])
        return value


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Random small returns that crowd the edges.")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--people", type=int, required=True)
    parser.add_argument("--returns", type=int, default=1)
    parser.add_argument("--release", choices=["R1", "R2", "mixed"], default="R2")
    parser.add_argument("--messy", action="store_true")
    parser.add_argument("--reset", action="store_true")
    parser.add_argument("--mass", action="store_true")
    parser.add_argument("--out", required=True)
    Fuzz(parser.parse_args(arguments)).write()


if __name__ == "__main__":
    main()
