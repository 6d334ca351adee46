"""Hand-worked cases for the oracle, a sentence of signals.md at a time.

Every date here was counted by hand. Unless a test says otherwise the return runs from 1 April
2024 to 31 March 2025, has fewer than 100 rows (so coverage is the stated period), and as-of is
31 March 2025. Useful counts from 1 May 2024: +42 is 12 June, +56 is 26 June, +84 is 24 July,
+182 is 30 October; 28 days before it is 3 April.
"""

import csv
import io
import os
import subprocess
import sys
import tempfile
import unittest
from datetime import date
from fractions import Fraction

import compare
import fuzz
import oracle

START, END = "2024-04-01", "2025-03-31"
TO_ASSESS = "Progress to assessment, review or reassessment"
TO_SUPPORT = "Progress to support planning or services"
GOES_ON = "Continuation of support or services"
HOSPITAL = "Admitted to hospital"
MOVED = "NFA: Responsibility moved to another local authority"
SELF_FUNDED = "NFA: Self-funded client or under 12wk disregard"
ADVICE = "NFA: Information and advice or signposting"
DECLINED = "NFA: Support declined"
PLANNED_END = "NFA: Support ended as planned"
OTHER_END = "NFA: Support ended for other reason"
LONG, SHORT = "Long term assessment", "Short term assessment"
COMMUNITY = "Long term support: Community"
RESIDENTIAL = "Long term support: Residential care"


def row(event, start, end, outcome, who="P1", client="Service user", **more):
    values = {
        "LA Code": "607", "LA Person Unique Identifier": who, "Client Type": client,
        "Event Type": event, "Event Start Date": start, "Event End Date": end,
        "Event Outcome": outcome,
    }
    for name, value in more.items():
        values[FIELDS[name]] = value
    return values


FIELDS = {
    "nhs": "NHS Number", "birth": "Date of Birth", "death": "Date of Death",
    "has_carer": "Has Unpaid Carer", "kind": "Assessment Type",
    "eligible": "Eligible Needs Identified", "method": "Method of Assessment",
    "linked": "Adult 1 Linked Person_ID", "type": "Service Type",
    "component": "Service Component", "mechanism": "Delivery Mechanism",
    "cqc": "Provider CQC Location ID", "reason": "Review Reason", "cost": "Unit Cost",
    "frequency": "Cost Frequency (Unit Type)", "units": "Planned units per week",
    "route": "Request: Route of Access", "reference": "Event Reference",
}


def request(start, outcome=TO_ASSESS, end=None, **more):
    return row("Request", start, end or start, outcome, **more)


def assessment(start, end, outcome=TO_SUPPORT, kind=LONG, **more):
    return row("Assessment", start, end, outcome, kind=kind, **more)


def review(end, reason="Planned", start=None, outcome=GOES_ON, **more):
    return row("Review", start or end, end, outcome, reason=reason, **more)


def service(start, end="", outcome=GOES_ON, type=COMMUNITY, component="Home support",
            cost="20", frequency="Hourly", units="10", **more):
    return row("Service", start, end, outcome, type=type, component=component, cost=cost,
               frequency=frequency, units=units, **more)


def payment(start, end="", **more):
    return service(start, end, component="Direct payment", frequency=more.pop("frequency", "Weekly"),
                   **more)


def text_of(rows, period=(START, END)):
    headers = fuzz.HEADERS
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(headers)
    for values in rows:
        values = dict(values)
        values.setdefault("Reporting Period Start Date", period[0])
        values.setdefault("Reporting Period End Date", period[1])
        writer.writerow([values.get(h, "") for h in headers])
    return out.getvalue()


def read(rows, period=(START, END)):
    return oracle.read_text(text_of(rows, period))


def inspect(returns, as_of=None):
    day = date.fromisoformat(as_of).toordinal() if as_of else None
    return oracle.inspect(returns, day)


class Case(unittest.TestCase):
    def find(self, rows, test, as_of=None, period=(START, END), duty=None):
        """[(person, date, verdict, reason)] of one test."""
        returns = rows if isinstance(rows[0], oracle.Return) else [read(rows, period)]
        _, verdicts = inspect(returns, as_of)
        return [v[2:6] for v in verdicts if v[1] == test and (duty is None or v[0] == duty)]

    def verdict(self, rows, test, expected, reason=None, day=None, **more):
        found = self.find(rows, test, **more)
        self.assertEqual(len(found), 1, found)
        self.assertEqual(found[0][2], expected, found)
        if reason is not None:
            self.assertEqual(found[0][3], reason)
        if day is not None:
            self.assertEqual(found[0][1], day)


class Reading(Case):
    def test_values_ignore_case_ampersand_spaces_and_punctuation(self):
        self.assertEqual(
            oracle.coded("outcome", "nfa - INFORMATION and advice/signposting  only")[0], "advice")
        self.assertEqual(oracle.coded("outcome", "NFA- Other")[0], "other")

    def test_a_value_cut_at_50_or_more_counts_and_at_49_does_not(self):
        whole = "NFA: Referral to NHS services or NHS funded social care"
        self.assertEqual(len(whole), 55)
        self.assertEqual(oracle.coded("outcome", whole[:50])[0], "nhs")
        self.assertEqual(oracle.coded("outcome", whole[:49])[2], "invalid")

    def test_null_is_blank_and_anything_unlisted_is_invalid(self):
        self.assertEqual(oracle.coded("outcome", "null")[2], "blank")
        self.assertEqual(oracle.coded("outcome", "Progress")[2], "invalid")

    def test_dates_are_dmy_or_iso_and_a_time_part_is_ignored(self):
        day = date(2024, 2, 29).toordinal()
        for text in ("29/02/2024", "2024-02-29", "29/02/2024 00:00", "2024-02-29T13:45:00"):
            self.assertEqual(oracle.day_of(text), (day, "ok"))
        for text in ("29/02/2023", "2024/02/29x", "31-Jan-2024"):
            self.assertEqual(oracle.day_of(text)[1], "invalid")

    def test_set_aside_for_the_first_reason_in_order(self):
        bad = [
            row("Request", "", "", "", who="", client=""),
            row("Meeting", "", "", "", client="Somebody"),
            row("Meeting", "", "", ""),
            row("Review", "", "31/02/2024", ""),
            row("Review", "2024-05-01", "", ""),
            row("Service", "2024-05-01", "31/02/2024", ""),
            row("Service", "2024-05-02", "2024-05-01", ""),
        ]
        found = read(bad + [request("2024-05-01")])
        self.assertEqual(found.rows_in, 8)
        self.assertEqual(len(found.rows), 1)
        self.assertEqual(dict(found.set_aside), {
            "no_identifier": 1, "client_type": 1, "event_type": 1, "no_start_date": 1,
            "no_end_date": 1, "invalid_event_date": 1, "end_before_start": 1,
        })

    def test_known_by_association_has_no_event_and_is_kept(self):
        found = read([row("", "", "", "", client="Carer known by association")])
        self.assertEqual((len(found.rows), found.rows[0].kind), (1, None))

    def test_headers_are_matched_like_values_and_the_seven_must_be_there(self):
        text = "la code,NHS_NUMBER,LA Person-Unique Identifier,client type,EVENT TYPE," \
               "Event Start Date,Event End Date\n607,,A,Service User,request,01/05/2024,01/05/2024\n"
        self.assertEqual(len(oracle.read_text(text).rows), 1)
        with self.assertRaises(oracle.CannotRead):
            oracle.read_text(text.replace("EVENT TYPE", "Event"))

    def test_windows_1252_and_byte_order_mark(self):
        self.assertEqual(oracle.decode("\ufeffa".encode("utf-8")), "a")
        self.assertEqual(oracle.decode(b"caf\xe9 \x96"), "caf\u00e9 \u2013")

    def test_money_is_exact_and_positive(self):
        self.assertEqual(oracle.number_of("-20.10"), Fraction(201, 10))
        self.assertIsNone(oracle.number_of("abc"))

    def test_a_calendar_month_on_ends_on_the_months_last_day(self):
        day = date(2024, 8, 31).toordinal()
        self.assertEqual(oracle.iso(oracle.months_on(day, 6)), "2025-02-28")
        self.assertEqual(oracle.iso(oracle.months_on(date(2024, 2, 29).toordinal(), -12)),
                         "2023-02-28")


class Persons(Case):
    def names(self, rows):
        record, _ = inspect([read(rows)])
        return sorted(p.name for p in record.people.values())

    def test_nhs_number_spreads_over_rows_of_one_la_id(self):
        self.assertEqual(self.names([
            request("2024-05-01", who="A", nhs="900"), request("2024-05-02", who="A"),
            request("2024-05-03", who="B", nhs="900"),
        ]), ["A"])

    def test_la_id_with_two_nhs_numbers_blank_rows_take_the_smallest(self):
        record, _ = inspect([read([
            request("2024-05-01", who="A", nhs="901"), request("2024-05-02", who="A", nhs="900"),
            request("2024-05-03", who="A"),
        ])])
        people = {p.name: len(p.events) for p in record.people.values()}
        self.assertEqual(people, {"900": 2, "901": 1})

    def test_no_la_id_prints_the_nhs_number(self):
        self.assertEqual(self.names([request("2024-05-01", who="", nhs="900")]), ["900"])

    def test_smallest_la_id_as_text(self):
        self.assertEqual(self.names([
            request("2024-05-01", who="9", nhs="900"), request("2024-05-01", who="10", nhs="900"),
        ]), ["10"])

    def test_under_18_on_the_day_is_not_owed(self):
        # 18 on 2 May 2024.
        self.verdict([request("2024-05-01", birth="2006-05-02")], "within_42_days", "not_owed",
                     "under_18")
        self.verdict([request("2024-05-02", birth="2006-05-02")], "within_42_days", "not_met")

    def test_birth_that_makes_115_or_more_is_passed_over(self):
        self.verdict([request("2024-05-01", birth="1900-01-01"),
                      review("2024-06-01", birth="2010-01-01")], "within_42_days", "not_owed",
                     "under_18")
        self.verdict([request("2024-05-01", birth="1900-01-01")], "within_42_days", "not_met")

    def test_earliest_death_not_after_as_of_ends_services(self):
        record, _ = inspect([read([
            service("2024-05-01", death="2024-08-01"), service("2024-09-01", death="2025-04-01"),
        ])])
        (person,) = record.people.values()
        self.assertEqual(oracle.iso(person.death), "2024-08-01")
        self.assertEqual([oracle.iso(r.end) for r in person.services], ["2024-08-01"])

    def test_rows_that_agree_are_one_event_and_cost_tells_packages_apart(self):
        record, _ = inspect([read([
            service("2024-05-01", cost="20"), service("2024-05-01", cost="20.00"),
            service("2024-05-01", cost="21"), request("2024-05-01"), request("2024-05-01"),
        ])])
        (person,) = record.people.values()
        self.assertEqual(len(person.events), 3)


class Coverage(Case):
    def test_longest_run_bridges_single_months_and_the_latest_wins(self):
        self.assertEqual(oracle.longest_run([10, 10, 0, 10, 0, 0, 10, 10, 10]), (0, 3))
        self.assertEqual(oracle.longest_run([10, 10, 0, 0, 10, 10]), (4, 5))
        self.assertEqual(oracle.longest_run([9, 9]), None)
        self.assertEqual(oracle.longest_run([0, 0]), None)

    def test_a_month_needs_a_fifth_of_the_median_month(self):
        # Median of 60, 60, 11, 60: 60; a fifth is 12.
        self.assertEqual(oracle.longest_run([60, 60, 11, 0, 60]), (0, 1))
        self.assertEqual(oracle.longest_run([60, 60, 12, 0, 60]), (0, 4))

    def filled(self, months, per_month=10, kind="Request"):
        rows = []
        for year, month in months:
            for i in range(per_month):
                rows.append(row(kind, f"{year}-{month:02}-10", f"{year}-{month:02}-10",
                                "NFA: Other", who=f"F{i}"))
        return rows

    def test_fewer_than_100_rows_is_the_stated_period(self):
        months = [(2024, m) for m in range(5, 14) if m <= 12]
        record, _ = inspect([read(self.filled(months))])
        self.assertEqual(record.coverage["request"], (oracle.day_of(START)[0],
                                                      oracle.day_of(END)[0]))

    def test_by_months_of_their_end_with_100_rows(self):
        months = [(2024, m) for m in range(5, 13)] + [(2025, 1), (2025, 2)]
        record, _ = inspect([read(self.filled(months))])
        self.assertEqual([oracle.iso(d) for d in record.coverage["request"]],
                         ["2024-05-01", "2025-02-28"])
        # No good month of services: the stated period.
        self.assertEqual(oracle.iso(record.coverage["service"][0]), START)
        self.assertEqual(oracle.iso(record.as_of), "2025-02-28")

    def test_joined_coverage_runs_back_until_a_gap(self):
        one = read([request("2023-05-01")], ("2023-04-01", "2023-06-30"))
        two = read([request("2024-05-01")], ("2023-07-01", "2024-03-31"))
        three = read([request("2024-05-01")], ("2024-04-02", "2025-03-31"))
        record, _ = inspect([three, one, two])
        self.assertEqual(oracle.iso(record.coverage["request"][0]), "2024-04-02")
        two = read([request("2024-05-01")], ("2023-07-01", "2024-04-01"))
        record, _ = inspect([three, one, two])
        self.assertEqual(oracle.iso(record.coverage["request"][0]), "2023-04-01")


class Joining(Case):
    OLD, NEW = ("2024-01-01", "2024-06-30"), ("2024-07-01", "2025-03-31")

    def joined(self, old, new):
        record, verdicts = inspect([read(old, self.OLD), read(new, self.NEW)])
        return record, verdicts

    def test_a_service_still_running_is_the_later_returns_row(self):
        record, _ = self.joined([service("2024-02-01", "")],
                                [service("2024-02-01", "2024-09-30", cost="25")])
        (person,) = record.people.values()
        self.assertEqual([oracle.iso(r.end) for r in person.services], ["2024-09-30"])

    def test_without_it_the_end_is_unknown(self):
        record, _ = self.joined([service("2024-02-01", "2024-08-01")], [request("2024-08-01")])
        (person,) = record.people.values()
        (held,) = person.services
        self.assertEqual((oracle.iso(held.end), held.unknown_end), ("2024-06-30", True))

    def test_earlier_events_that_end_in_the_later_coverage_give_way(self):
        record, _ = self.joined(
            [request("2024-06-20", end="2024-07-01"), request("2024-06-20", end="2024-06-30"),
             service("2024-07-01", "2024-07-05")], [review("2024-08-01")])
        (person,) = record.people.values()
        self.assertEqual(sorted((r.kind, oracle.iso(r.end)) for r in person.events),
                         [("request", "2024-06-30"), ("review", "2024-08-01")])

    def test_known_by_association_is_kept_from_every_return(self):
        record, _ = self.joined([row("", "", "", "", client="Unpaid carer known by association",
                                     linked="X", has_carer="Yes")], [review("2024-08-01")])
        (person,) = record.people.values()
        self.assertEqual((person.linked, person.has_carer), ({"X"}, True))

    def test_unknown_end_makes_absence_cannot_tell(self):
        _, verdicts = self.joined([service("2024-02-01", "")], [request("2024-09-02")])
        (found,) = [v for v in verdicts if v[1] == "within_42_days"]
        self.assertEqual(found[4:6], ("cannot_tell", "unknown_end"))

    def test_unknown_end_is_no_fall_no_ending_and_no_occasion(self):
        # The payment's end is unknown before six months; beside it a known service ends that day.
        _, verdicts = self.joined(
            [payment("2024-02-01", ""), service("2024-02-01", "2024-06-30", outcome=OTHER_END)],
            [request("2025-03-01")])
        tests = {v[1] for v in verdicts}
        self.assertNotIn("replaced", tests)
        self.assertNotIn("first_6_months", tests)
        # Home support, 200 of 220 a week, fell away: a fall, though the payment is not.
        (fall,) = [v for v in verdicts if v[1].startswith("fall")]
        self.assertEqual((fall[3], fall[5]), ("2024-07-01", "fall"))


class Requests(Case):
    def test_within_42_days_counts_the_42nd(self):
        self.verdict([request("2024-05-01"), assessment("2024-05-01", "2024-06-12")],
                     "within_42_days", "met", duty="s9-1-assess-in-reasonable-time")
        self.verdict([request("2024-05-01"), assessment("2024-05-01", "2024-06-13")],
                     "within_42_days", "not_met", duty="s9-1-assess-in-reasonable-time")

    def test_an_assessment_that_began_before_does_not_follow(self):
        self.verdict([request("2024-05-01"), assessment("2024-04-30", "2024-05-20", kind=SHORT)],
                     "within_42_days", "not_met")

    def test_financial_or_blank_type_is_no_assessment(self):
        for kind in ("Financial assessment", "", "Another"):
            self.verdict([request("2024-05-01"), assessment("2024-05-01", "2024-05-20", kind=kind)],
                         "within_42_days", "not_met")

    def test_release_1_outcomes_count_as_progress_to_assessment(self):
        for outcome in ("Progress to Assessment", "Progress to Re-assessment / Unplanned Review"):
            self.verdict([request("2024-05-01", outcome)], "within_42_days", "not_met")
        self.assertEqual(
            self.find([request("2024-05-01", "Progress to financial assessment")],
                      "within_42_days"), [])

    def test_in_a_spell_it_asks_for_a_review_instead(self):
        rows = [service("2024-04-10", "2024-04-29"), service("2024-05-01"), request("2024-04-30")]
        self.assertEqual(self.find(rows, "within_42_days"), [])
        self.verdict(rows, "within_84_days", "not_met")
        # 84 days from 30 April is 23 July.
        self.verdict(rows + [review("2024-07-23", start="2024-04-30")], "within_84_days", "met")
        self.verdict(rows + [review("2024-07-24", start="2024-04-30")], "within_84_days",
                     "not_met")

    def test_not_yet_due_until_the_last_day_has_come(self):
        rows = [request("2024-05-01")]
        self.verdict(rows, "within_42_days", "not_yet_due", as_of="2024-06-11")
        self.verdict(rows, "within_42_days", "not_met", as_of="2024-06-12")

    def test_ever_assessed_is_met_on_its_start_and_waits_28_more(self):
        rows = [request("2024-05-01"), assessment("2024-10-30", "2024-11-25")]
        self.verdict(rows, "ever_assessed", "met")
        self.verdict(rows, "ever_assessed", "not_yet_due", as_of="2024-11-24")
        self.verdict(rows[:1], "ever_assessed", "not_yet_due", as_of="2024-11-26")
        self.verdict(rows[:1], "ever_assessed", "not_met", as_of="2024-11-27")
        self.verdict([rows[0], assessment("2024-10-31", "2024-11-25")], "ever_assessed", "not_met")

    def test_a_service_started_instead_of_an_assessment(self):
        self.verdict([request("2024-05-01"), service("2024-10-30")], "ever_assessed",
                     "cannot_tell", "service_started")
        self.verdict([request("2024-05-01"), service("2024-10-31")], "ever_assessed", "not_met")

    def test_outside_coverage_is_cannot_tell_and_presence_is_evidence(self):
        rows = [request("2024-03-31")]
        self.verdict(rows, "within_42_days", "cannot_tell", "outside_coverage")
        self.verdict(rows + [assessment("2024-03-31", "2024-04-01")], "within_42_days", "met")

    def test_self_funder_window_looks_182_back_and_84_on(self):
        # (1 May - 182, 1 May]: 2 November 2023 is day -181, 1 November day -182.
        asked = request("2024-05-01", SELF_FUNDED)
        period = ("2023-01-01", END)
        for end, expected in (("2023-11-02", "met"), ("2023-11-01", "not_met"),
                              ("2024-07-24", "met"), ("2024-07-25", "not_met")):
            self.verdict([asked, assessment(end, end)], "self_funder_assessed", expected,
                         period=period)

    def test_self_funder_short_assessment_or_open_service(self):
        asked = request("2024-05-01", SELF_FUNDED)
        period = ("2023-01-01", END)
        self.verdict([asked, assessment("2024-05-01", "2024-05-09", kind=SHORT)],
                     "self_funder_assessed", "cannot_tell", "short_term_assessment", period=period)
        self.verdict([asked, service("2024-04-01", type="Short term support: ST-Max")],
                     "self_funder_assessed", "cannot_tell", "service_open", period=period)


class Exits(Case):
    def test_28_days_before_counts_and_29_does_not(self):
        self.verdict([request("2024-05-01"), review("2024-04-03", outcome=MOVED)],
                     "within_42_days", "not_owed", "moved")
        self.verdict([request("2024-05-01"), review("2024-04-02", outcome=MOVED)],
                     "within_42_days", "not_met")

    def test_up_to_the_last_day_for_being_met(self):
        self.verdict([request("2024-05-01", death="2024-06-12")], "within_42_days", "not_owed",
                     "died")
        self.verdict([request("2024-05-01", death="2024-06-13")], "within_42_days", "not_met")

    def test_met_on_or_before_the_exits_day_stands(self):
        rows = [request("2024-05-01"), assessment("2024-05-01", "2024-05-20", outcome=MOVED)]
        self.verdict(rows, "within_42_days", "met")
        rows.append(review("2024-05-19", outcome=MOVED))
        self.verdict(rows, "within_42_days", "not_owed", "moved")

    def test_release_1_nhs_is_not_owed_and_release_2_cannot_tell(self):
        self.verdict([request("2024-05-01"), review("2024-05-09",
                                                    outcome="NFA - 100% NHS funded care")],
                     "within_42_days", "not_owed", "nhs")
        self.verdict([request("2024-05-01"),
                      review("2024-05-09",
                             outcome="NFA: Referral to NHS services or NHS funded social care")],
                     "within_42_days", "cannot_tell", "referred_nhs")

    def test_declined_is_cannot_tell_but_does_not_undo_met(self):
        rows = [request("2024-05-01"), review("2024-05-02", outcome=DECLINED)]
        self.verdict(rows, "within_42_days", "cannot_tell", "declined")
        self.verdict(rows + [assessment("2024-05-03", "2024-05-09")], "within_42_days", "met")

    def test_hospital_unless_long_term_support_follows_in_92_days(self):
        # 92 days after 9 May is 9 August.
        rows = [request("2024-05-01"), review("2024-05-09", outcome=HOSPITAL)]
        self.verdict(rows, "within_42_days", "cannot_tell", "hospital")
        self.verdict(rows + [service("2024-08-09")], "within_42_days", "not_met")
        self.verdict(rows + [service("2024-08-10")], "within_42_days", "cannot_tell", "hospital")

    def test_an_open_service_has_not_ended_whatever_its_outcome(self):
        self.verdict([request("2024-05-01"),
                      service("2024-05-02", type="Short term support: ST-Max", outcome=MOVED)],
                     "within_42_days", "not_met")


class Carers(Case):
    def test_request_assessed_within_182_days(self):
        asked = request("2024-05-01", client="Unpaid carer", who="C")
        done = dict(client="Unpaid carer", who="C", kind="")
        self.verdict([asked, assessment("2024-05-01", "2024-10-30", **done)], "request_assessed",
                     "met")
        self.verdict([asked, assessment("2024-05-01", "2024-10-31", **done)], "request_assessed",
                     "not_met")

    def test_joint_assessment_of_a_linked_adult(self):
        asked = request("2024-05-01", client="Unpaid carer", who="C", linked="A")
        joint = assessment("2024-04-01", "2024-05-01", who="A", method="Service user and carer")
        self.verdict([asked, joint], "request_assessed", "cannot_tell", "joint_assessment")

    def test_a_linked_id_two_persons_have_means_both(self):
        asked = request("2024-05-01", client="Unpaid carer", who="C", linked="A")
        rows = [asked, request("2024-04-01", ADVICE, who="A", nhs="900"),
                assessment("2024-05-01", "2024-05-02", who="A", nhs="901",
                           method="Carer only")]
        self.verdict(rows, "request_assessed", "cannot_tell", "joint_assessment")

    def test_known_carer_in_the_12_months_to_as_of(self):
        rows = [service("2024-04-01", who="A"),
                row("", "", "", "", client="Carer known by association", who="C", linked="A")]
        self.verdict(rows, "known_carer", "cannot_tell", day="2025-03-31")
        done = dict(client="Carer", who="C")
        self.verdict(rows + [assessment("2024-03-01", "2024-04-01", **done)], "known_carer", "met")
        self.verdict(rows + [assessment("2024-03-01", "2024-03-31", **done)], "known_carer",
                     "cannot_tell")

    def test_known_carer_needs_a_community_service_at_as_of(self):
        self.assertEqual(self.find([service("2024-04-01", type=RESIDENTIAL, has_carer="Yes")],
                                   "known_carer"), [])
        self.verdict([service("2024-04-01", has_carer="Yes")], "known_carer", "cannot_tell")

    def test_carers_eligible_needs(self):
        duty = "s20-1-meet-carers-eligible-needs"
        found = assessment("2024-05-01", "2024-05-01", outcome="NFA: Other", eligible="Yes",
                           client="Unpaid carer", who="C", linked="A")
        direct = "Unpaid carer support: Direct to unpaid carer"
        involving = "Unpaid carer support: Support involving the person cared-for"
        self.verdict([found], "support_follows", "not_met", duty=duty)
        self.verdict([found, service("2024-07-24", type=direct, client="Unpaid carer", who="C")],
                     "support_follows", "met", duty=duty)
        self.verdict([found, service("2024-07-24", type=involving, who="A")],
                     "support_follows", "met", duty=duty)
        self.verdict([found, service("2024-07-24", type=direct, who="A")],
                     "support_follows", "not_met", duty=duty)


class Eligibility(Case):
    def test_recorded_or_cannot_tell(self):
        for value in ("No", "Yes", "Non-eligible needs identified"):
            self.verdict([assessment("2024-05-01", "2024-05-01", eligible=value)], "recorded",
                         "met")
        for value in ("", "Maybe"):
            self.verdict([assessment("2024-05-01", "2024-05-01", eligible=value)], "recorded",
                         "cannot_tell", "not_recorded")

    def test_support_starts_within_84_days_and_within_42(self):
        done = assessment("2024-04-20", "2024-05-01")
        s18 = "s18-1-meet-eligible-needs"
        for start, follows, early in (("2024-06-12", "met", "met"),
                                      ("2024-06-13", "met", "not_met"),
                                      ("2024-07-24", "met", "not_met")):
            rows = [done, service(start)]
            self.verdict(rows, "support_follows", follows)
            self.verdict(rows, "within_42_days", early, duty=s18, day="2024-05-01")
        self.verdict([done, service("2024-07-25")], "support_follows", "not_met")
        self.assertEqual(self.find([done, service("2024-07-25")], "within_42_days", duty=s18), [])

    def test_any_service_open_that_day_meets_it_and_is_not_timed(self):
        rows = [assessment("2024-04-20", "2024-05-01"),
                service("2024-04-01", type="Short term support: ST-Max")]
        self.verdict(rows, "support_follows", "met")
        self.assertEqual(self.find(rows, "within_42_days"), [])

    def test_a_long_term_service_started_before_and_open_is_no_occasion(self):
        self.assertEqual(self.find([assessment("2024-04-20", "2024-05-01"), service("2024-04-30")],
                                   "support_follows"), [])
        self.verdict([assessment("2024-04-20", "2024-05-01"), service("2024-05-01")],
                     "support_follows", "met")

    def test_eligible_with_another_outcome(self):
        def found(outcome):
            return [assessment("2024-05-01", "2024-05-01", outcome=outcome, eligible="Yes")]

        self.verdict(found(""), "eligible_supported", "not_met")
        for outcome in (SELF_FUNDED, ADVICE,
                        "NFA: Referral to other service within the local authority"):
            self.verdict(found(outcome), "eligible_supported", "cannot_tell")
        self.assertEqual(self.find(found(TO_SUPPORT), "eligible_supported"), [])

    def test_recorded_as_not_eligible_is_cannot_tell(self):
        self.verdict([assessment("2024-05-01", "2024-05-01", eligible="No needs identified")],
                     "support_follows", "cannot_tell", "recorded_not_eligible")


class Reviews(Case):
    def test_annual_needs_more_than_12_months(self):
        self.assertEqual(self.find([service("2024-03-31")], "annual"), [])
        self.verdict([service("2024-03-30")], "annual", "not_met", day="2025-03-31")

    def test_annual_met_in_the_12_months_by_review_or_needs_assessment(self):
        self.verdict([service("2024-03-30"), review("2024-04-01")], "annual", "met")
        self.verdict([service("2024-03-30"), review("2024-03-31")], "annual", "not_met")
        self.verdict([service("2024-03-30"), assessment("2025-01-01", "2025-03-31")], "annual",
                     "met")
        self.verdict([service("2024-03-30"), review("2024-05-01", "Review of short term support")],
                     "annual", "not_met")

    def test_annual_chains_over_one_uncovered_day_and_92_from_hospital(self):
        self.verdict([service("2024-03-01", "2024-05-01"), service("2024-05-03")], "annual",
                     "not_met")
        self.assertEqual(self.find([service("2024-03-01", "2024-05-01"), service("2024-05-04")],
                                   "annual"), [])
        # 92 days after 1 May is 1 August.
        hospital = service("2024-03-01", "2024-05-01", outcome=HOSPITAL)
        self.verdict([hospital, service("2024-08-01")], "annual", "not_met")
        self.assertEqual(self.find([hospital, service("2024-08-02")], "annual"), [])

    def test_annual_outside_the_coverage_of_reviews(self):
        self.verdict([service("2024-03-30")], "annual", "cannot_tell", "outside_coverage",
                     period=("2024-04-02", END))

    def test_first_review_within_56_days_after_the_start(self):
        self.verdict([service("2024-05-01"), review("2024-06-26")], "first_review", "met")
        self.verdict([service("2024-05-01"), review("2024-06-27")], "first_review", "not_met")
        self.verdict([service("2024-05-01"), review("2024-05-01")], "first_review", "not_met")

    def test_first_review_needs_56_days_of_support_inside_coverage(self):
        self.assertEqual(self.find([service("2024-05-01", "2024-06-25")], "first_review"), [])
        self.verdict([service("2024-05-01", "2024-06-26")], "first_review", "not_met")
        self.assertEqual(self.find([service("2024-03-31")], "first_review"), [])
        self.verdict([service("2024-05-01")], "first_review", "not_yet_due", as_of="2024-06-25")

    def resets(self, starts, before=0):
        rows = [service("2024-06-01", who=f"R{i}") for i in range(starts)]
        return rows + [service("2023-01-01", who=f"B{i}") for i in range(before)]

    def test_start_reset_at_fifty_and_a_tenth(self):
        def of(rows):
            return {v[3] for v in self.find(rows, "first_review")}

        self.assertEqual(of(self.resets(49)), {"absent"})
        self.assertEqual(of(self.resets(50)), {"start_reset"})
        # With 100 rows coverage goes by months: only June, in which they start. Open on 1 June
        # are the 50 themselves and those of before.
        record, _ = inspect([read(self.resets(50, 450))])
        self.assertEqual(len(record.reset_dates), 1)
        record, _ = inspect([read(self.resets(50, 451))])
        self.assertEqual(record.reset_dates, set())

    def test_a_reset_start_makes_annual_an_occasion_that_cannot_be_told(self):
        found = self.find(self.resets(50), "annual")
        self.assertEqual({v[2:] for v in found}, {("cannot_tell", "start_reset")})
        self.assertEqual(len(found), 50)


class Payments(Case):
    def test_first_six_calendar_months(self):
        # 31 August and six months: 28 February.
        self.verdict([payment("2024-08-31"), review("2025-02-28")], "first_6_months", "met")
        self.verdict([payment("2024-08-31"), review("2025-03-01")], "first_6_months", "not_met")
        self.assertEqual(self.find([payment("2024-08-31", "2025-02-27")], "first_6_months"), [])
        self.verdict([payment("2024-10-01")], "first_6_months", "not_yet_due")

    def test_delivery_mechanism_makes_a_payment_too(self):
        self.verdict([service("2024-08-31", mechanism="Direct payment")], "first_6_months",
                     "not_met")

    def test_each_12_months_after_18(self):
        # 18 months before 31 March 2025: 30 September 2023.
        self.assertEqual(self.find([payment("2023-09-30")], "each_12_months"), [])
        self.verdict([payment("2023-09-29")], "each_12_months", "not_met")
        self.verdict([payment("2023-09-29"), review("2024-04-01")], "each_12_months", "met")

    def test_replaced_within_14_days_of_the_day_after(self):
        ended = payment("2024-04-10", "2024-04-30", outcome=OTHER_END)
        self.verdict([ended, service("2024-05-15")], "replaced", "met", day="2024-05-01")
        self.verdict([ended, service("2024-05-16")], "replaced", "not_met")

    def test_replaced_waits_28_more_days(self):
        ended = payment("2024-04-10", "2024-04-30", outcome=OTHER_END)
        # 1 May + 14 + 28 is 12 June.
        self.verdict([ended], "replaced", "not_yet_due", as_of="2024-06-11")
        self.verdict([ended], "replaced", "not_met", as_of="2024-06-12")

    def test_ended_as_planned_is_cannot_tell_and_death_no_occasion(self):
        self.verdict([payment("2024-04-10", "2024-04-30", outcome=PLANNED_END)], "replaced",
                     "cannot_tell", "ended_as_planned")
        self.assertEqual(self.find([payment("2024-04-10", death="2024-04-30")], "replaced"), [])


class Falls(Case):
    PERIOD = ("2023-01-01", END)

    def falls(self, rows, **more):
        more.setdefault("period", self.PERIOD)
        return (self.find(rows, "fall_without_review_or_assessment", **more)
                + self.find(rows, "fall_at_review_without_assessment", **more))

    def step(self, units, **more):
        """Ten hours a week to the end of 2023, then `units`."""
        return [service("2023-02-01", "2023-12-31", units="10"),
                service("2024-01-01", units=units, **more)]

    def test_ninety_per_cent_or_less_is_a_fall(self):
        self.assertEqual(self.falls(self.step("9")), [("P1", "2024-01-01", "not_met", "fall")])
        self.assertEqual(self.falls(self.step("9.01")), [])

    def test_a_price_change_neither_hides_nor_makes_a_fall(self):
        self.assertEqual(len(self.falls(self.step("9", cost="40"))), 1)
        self.assertEqual(self.falls(self.step("10", cost="10")), [])

    def test_a_direct_payment_keeps_its_own_price(self):
        rows = [payment("2023-02-01", "2023-12-31", cost="100", units=""),
                payment("2024-01-01", cost="90", units="")]
        _, verdicts = inspect([read(rows, self.PERIOD)])
        (fall,) = [v for v in verdicts if v[1].startswith("fall")]
        self.assertEqual(fall[4:], ("not_met", "fall", "lead"))

    def test_after_is_taken_14_days_on(self):
        rows = [service("2023-02-01", "2023-12-31"), service("2024-01-15")]
        self.assertEqual(self.falls(rows), [])
        rows = [service("2023-02-01", "2023-12-31"), service("2024-01-16")]
        self.assertEqual(self.falls(rows), [("P1", "2024-01-01", "not_met", "withdrawn")])

    def test_the_day_its_after_is_taken_must_have_come(self):
        self.assertEqual(self.falls(self.step("5"), as_of="2024-01-14"), [])
        self.assertEqual(self.falls(self.step("5"), as_of="2024-01-28")[0][2], "not_yet_due")
        self.assertEqual(self.falls(self.step("5"), as_of="2024-01-29")[0][2], "not_met")

    def test_a_day_before_coverage_is_not_considered(self):
        self.assertEqual(self.falls(self.step("5"), period=("2024-01-02", END)), [])
        self.assertEqual(self.falls(self.step("5"), period=("2024-01-01", END))[0][3],
                         "outside_coverage")

    def test_review_in_the_90_days_to_it(self):
        # (1 January 2024 - 90, 1 January]: 4 October 2023 is day -89, 3 October day -90.
        at = "fall_at_review_without_assessment"
        self.assertEqual(len(self.find(self.step("5") + [review("2023-10-04")], at,
                                       period=self.PERIOD)), 1)
        self.assertEqual(self.find(self.step("5") + [review("2023-10-03")], at,
                                   period=self.PERIOD), [])

    def test_assessment_in_the_182_days_to_it(self):
        # 4 July 2023 is day -181, 3 July day -182.
        done = self.step("5") + [assessment("2023-07-01", "2023-07-04", kind=SHORT)]
        self.assertEqual(self.falls(done)[0][2:], ("cannot_tell", "assessed"))
        done = self.step("5") + [assessment("2023-07-01", "2023-07-03", kind=SHORT)]
        self.assertEqual(self.falls(done)[0][2], "not_met")

    def test_one_off_and_equipment_count_nothing(self):
        rows = [service("2023-02-01"), service("2023-02-01", "2023-12-31", frequency="One-off"),
                service("2023-02-01", "2023-12-31", component="Equipment", cost="999")]
        self.assertEqual(self.falls(rows), [])
        self.assertEqual(self.falls(rows[1:]), [])

    def test_unknown_cost_with_every_row_still_there_is_no_fall(self):
        rows = [service("2023-02-01", cost=""), service("2024-01-01", component="Meals")]
        self.assertEqual(self.falls(rows), [])

    def test_unknown_cost_is_judged_by_units_of_the_same_groups(self):
        def rows(units):
            return [service("2023-02-01", "2023-12-31", cost=""),
                    service("2024-01-01", cost="", units=units)]

        self.assertEqual(self.falls(rows("9"))[0][2:], ("not_met", "fall"))
        self.assertEqual(self.falls(rows("9.01")), [])
        other = rows("10")
        other[1]["Service Component"] = "Meals"
        self.assertEqual(self.falls(other)[0][2:], ("cannot_tell", "size_unknown"))

    def test_mean_price_is_weighted_by_units(self):
        # Before: 10 hours at 10 and 30 hours at 20, 700 a week, mean 17.50. After: 36 hours: 630.
        rows = [service("2023-02-01", "2023-12-31", cost="10", units="10"),
                service("2023-02-01", "2023-12-31", cost="20", units="30"),
                service("2024-01-01", cost="99", units="36")]
        self.assertEqual(len(self.falls(rows)), 1)
        rows[2]["Planned units per week"] = "36.01"
        self.assertEqual(self.falls(rows), [])

    def test_setting_changed(self):
        rows = [service("2023-02-01", "2023-12-31", type=RESIDENTIAL, frequency="Weekly",
                        cost="900"), service("2024-01-01")]
        self.assertEqual(self.falls(rows)[0][2:], ("cannot_tell", "setting_changed"))

    def test_a_rise_that_goes_back_within_84_days(self):
        # The rise is 83 and then 84 days before 1 January 2024: 10 and 9 October 2023.
        base = service("2023-02-01", component="Meals", frequency="Weekly", cost="100")
        self.assertEqual(self.falls([base, service("2023-10-10", "2023-12-31")]), [])
        self.assertEqual(len(self.falls([base, service("2023-10-09", "2023-12-31")])), 1)

    def test_a_rise_from_nothing_does_not_go_back(self):
        self.assertEqual(
            self.falls([service("2023-11-01", "2023-12-31")]),
            [("P1", "2024-01-01", "not_met", "withdrawn")])

    def test_an_overlap_of_one_day_is_not_a_fall(self):
        self.assertEqual(self.falls([service("2023-02-01", "2024-01-01"),
                                     service("2024-01-01", cost="20.5")]), [])

    def test_hospital_break_is_judged_and_dated_at_the_return(self):
        rows = [service("2023-02-01", "2023-12-31", outcome=HOSPITAL),
                service("2024-02-20", units="5")]
        self.assertEqual(self.falls(rows), [("P1", "2024-02-20", "not_met", "fall")])
        rows[1]["Planned units per week"] = "10"
        self.assertEqual(self.falls(rows), [])

    def test_hospital_without_return_in_92_days(self):
        # 92 days after 31 December 2023 is 1 April 2024.
        rows = [service("2023-02-01", "2023-12-31", outcome=HOSPITAL), service("2024-04-02")]
        self.assertEqual(self.falls(rows), [("P1", "2024-01-01", "cannot_tell", "hospital")])
        rows[1]["Event Start Date"] = "2024-04-01"
        self.assertEqual(self.falls(rows), [])

    def test_a_day_whose_after_lies_in_the_hospital_break_looks_past_it(self):
        rows = [service("2023-02-01", "2023-12-24", component="Meals", frequency="Weekly",
                        cost="10"),
                service("2023-02-01", "2023-12-31", outcome=HOSPITAL),
                service("2024-02-20")]
        # 25 December: 210 a week before, 200 after the break: no fall.
        self.assertEqual(self.falls(rows), [])

    def test_falls_within_28_days_of_the_first_are_one(self):
        def rows(second):
            first = service("2023-02-01", "2023-12-31", units="10")
            middle = service("2024-01-01", "2024-01-28", units="8")
            last = service("2024-01-29", units=second)
            return [first, middle, last]

        # 29 January is 28 days after 1 January.
        self.assertEqual([f[1] for f in self.falls(rows("5"))], ["2024-01-01"])
        later = rows("5")
        later[1]["Event End Date"] = "2024-01-29"
        later[2]["Event Start Date"] = "2024-01-30"
        self.assertEqual([f[1] for f in self.falls(later)], ["2024-01-01", "2024-01-30"])

    def test_death_before_the_after_day_is_not_owed(self):
        rows = self.step("5", death="2024-01-15")
        self.assertEqual(self.falls(rows)[0][2:], ("not_owed", "died"))
        # The end by death, 32 days later, is an occasion of its own.
        rows = self.step("5", death="2024-02-01")
        self.assertEqual(self.falls(rows), [("P1", "2024-01-01", "not_met", "fall"),
                                            ("P1", "2024-02-02", "not_owed", "died")])

    def test_a_mass_day_makes_a_lead(self):
        def strengths(people):
            rows = []
            for i in range(people):
                rows += [dict(r, **{"LA Person Unique Identifier": f"M{i}"})
                         for r in self.step("5")]
            _, verdicts = inspect([read(rows, self.PERIOD)])
            return {v[6] for v in verdicts if v[1].startswith("fall")}

        self.assertEqual(strengths(19), {"strong"})
        self.assertEqual(strengths(20), {"lead"})


class ProviderFailure(Case):
    FAILED = review("2024-06-01", "Unplanned - Provider Failure")

    def kept(self, rows, expected, reason=None, **more):
        self.verdict([self.FAILED] + rows, "kept_going", expected, reason, **more)

    def test_another_provider_within_7_days(self):
        # 28 days before 1 June is 4 May.
        old = service("2024-04-10", "2024-05-04", cqc="1-1")
        self.kept([old, service("2024-06-08", cqc="1-2")], "met")
        self.kept([old, service("2024-06-09", cqc="1-2")], "not_met")

    def test_blank_same_or_no_provider_before(self):
        old = service("2024-04-10", cqc="1-1")
        self.kept([old], "cannot_tell", "same_provider")
        self.kept([old, service("2024-06-01", cqc="")], "cannot_tell", "provider_unknown")
        self.kept([service("2024-05-05", cqc="1-1")], "cannot_tell", "no_service_before")

    def test_different_from_every_service_before(self):
        rows = [service("2024-04-10", "2024-05-20", cqc="1-1"),
                service("2024-04-11", cqc="1-2")]
        self.kept(rows, "cannot_tell", "same_provider")

    def test_waits_28_more_days(self):
        old = service("2024-04-10", "2024-05-04", cqc="1-1")
        self.kept([old], "not_yet_due", as_of="2024-07-05")
        self.kept([old], "not_met", as_of="2024-07-06")


class Files(Case):
    def test_shuffling_rows_changes_nothing(self):
        with tempfile.TemporaryDirectory() as folder:
            fuzz.main(["--seed", "7", "--people", "25", "--out", folder])
            path = os.path.join(folder, "return1.csv")
            with open(path, encoding="utf-8") as file:
                header, *lines = file.read().splitlines()
            _, one = inspect([oracle.read_text("\n".join([header] + lines))])
            _, two = inspect([oracle.read_text("\n".join([header] + lines[::-1]))])
            self.assertEqual(one, two)

    def test_the_same_seed_gives_the_same_bytes(self):
        with tempfile.TemporaryDirectory() as a, tempfile.TemporaryDirectory() as b:
            for folder in (a, b):
                fuzz.main(["--seed", "3", "--people", "12", "--returns", "3", "--messy",
                           "--release", "mixed", "--out", folder])
            for name in sorted(os.listdir(a)):
                with open(os.path.join(a, name), "rb") as x, open(os.path.join(b, name), "rb") as y:
                    self.assertEqual(x.read(), y.read(), name)

    def test_command_and_comparison(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "r.csv")
            with open(path, "w", encoding="utf-8") as file:
                file.write(text_of([request("2024-05-01"), service("2024-03-30", who="P2")]))
            outs = []
            for name, as_of in (("a.csv", "2025-03-31"), ("b.csv", "2024-06-01")):
                outs.append(os.path.join(folder, name))
                self.assertEqual(oracle.main([path, "--as-of", as_of, "--out", outs[-1]]), 0)
            quiet = io.StringIO()
            self.assertEqual(compare.compare(outs[0], outs[0], out=quiet), 0)
            self.assertEqual(compare.compare(outs[0], outs[1], out=quiet), 1)
            here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "compare.py")
            done = subprocess.run([sys.executable, here, outs[0], outs[1]], capture_output=True)
            self.assertEqual(done.returncode, 1)


if __name__ == "__main__":
    unittest.main()
