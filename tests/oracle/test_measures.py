"""Hand-worked cases for the measures oracle, a published rule at a time.

Every date here was counted by hand. Unless a test says otherwise the return runs from 1 January 2023 to
31 March 2025, has fewer than 100 rows (so coverage is the stated period), and as-of is 31 March 2025: the year is
1 April 2024 to 31 March 2025, for 2A 25 March 2024 to 24 March 2025. Everybody was born in March 1950 (75 at
as-of) unless said otherwise.
"""

import unittest
from datetime import date
from fractions import Fraction

import oracle
from measures import age_on, continuous, measures
from test_oracle import (
    ADVICE, COMMUNITY, DECLINED, GOES_ON, HOSPITAL, OTHER_END, PLANNED_END, RESIDENTIAL, SELF_FUNDED, TO_ASSESS,
    TO_SUPPORT, assessment, request, review, row, service, text_of,
)

NURSING = "Long term support: Nursing care"
PRISON = "Long term support: Prison"
ST_MAX = "Short term support: ST-Max"
LOW_LEVEL = "Short term support: Ongoing low level"
OTHER_SHORT = "Short term support: Other short term"
DIRECT = "Unpaid carer support: Direct to unpaid carer"
INVOLVING = "Unpaid carer support: Support involving the person cared-for"
MANAGED, COMMISSIONED, PAYMENT = (
    "CASSR managed personal budget", "CASSR commissioned support", "Direct payment")
BORN = "1950-03-15"


def work_out(*rows, period=("2023-01-01", "2025-03-31"), as_of=None):
    for values in rows:
        values.setdefault("Date of Birth", BORN)
        values.setdefault("Method of Review", "Service user only" if values["Event Type"] == "Review" else "")
    record = oracle.Record(
        [oracle.read_text(text_of(rows, period))],
        date.fromisoformat(as_of).toordinal() if as_of else None)
    return measures(record)


def stay(start, end="", type=RESIDENTIAL, component="Long term residential care", **more):
    return service(start, end, type=type, component=component, **more)


def reablement(start, end, outcome=GOES_ON, **more):
    return service(start, end, outcome, type=ST_MAX, component="Reablement", **more)


def carer(event, start, end="", outcome=GOES_ON, who="C1", **more):
    return row(event, start, end or ("" if event == "Service" else start), outcome, who=who, client="Unpaid carer", **more)


class Ages(unittest.TestCase):
    def test_birth_is_the_first_of_the_month_and_a_year_365_and_a_quarter_days(self):
        class Person:
            birth = date(2000, 3, 15).toordinal()
        # 1 March 2000 to 1 March 2018 is 18 * 365 + 4 leap days (2004, 2008, 2012, 2016) = 6,574 days;
        # 6,574 / 365.25 = 17.998..., so 17; the day after 6,575 / 365.25 = 18.001..., so 18.
        self.assertEqual(age_on(Person, date(2018, 3, 1).toordinal()), 17)
        self.assertEqual(age_on(Person, date(2018, 3, 2).toordinal()), 18)


class LongTermSupport(unittest.TestCase):
    def count(self, name, *rows, **more):
        return work_out(*rows, **more)[name]

    def test_in_the_year_is_any_day_of_it_and_a_person_counts_once(self):
        found = self.count(
            "lts001a",
            service("2020-01-01", "2024-03-31", who="before"),
            service("2020-01-01", "2024-04-01", who="first day"),
            service("2025-03-31", who="last day"),
            service("2024-05-01", "2024-06-01", who="both"),
            stay("2024-07-01", "2024-08-01", who="both"),
            service("2024-05-01", type=LOW_LEVEL, who="low level"),
        )
        self.assertEqual(found["numerator"], 3)
        # "both" is in the higher of community and residential.
        self.assertEqual(found["groups"]["setting | community"][0], 2)
        self.assertEqual(found["groups"]["setting | residential care"][0], 1)
        self.assertEqual(found["groups"]["setting and age | residential care, 65 and over"][0], 1)
        self.assertEqual(found["period"], ["2024-04-01", "2025-03-31"])

    def test_under_18s_and_people_of_unknown_age_are_left_out(self):
        found = self.count(
            "lts001a",
            service("2024-05-01", who="young", birth="2007-04-15"),  # 17 on 31 March 2025
            service("2024-05-01", who="just", birth="2007-03-31"),   # 1 March 2007: 18 years and 30 days
            service("2024-05-01", who="nobody knows", birth="NULL"),
        )
        self.assertEqual(found["numerator"], 1)
        self.assertEqual(found["groups"]["not counted | under 18"][0], 1)
        self.assertEqual(found["groups"]["not counted | age not known"][0], 1)
        self.assertEqual(found["groups"]["age | 18 to 64"][0], 1)

    def test_the_snapshot_is_the_last_day(self):
        found = self.count(
            "lts001b",
            service("2020-01-01", "2025-03-30", who="gone"),
            service("2020-01-01", "2025-03-31", who="still"),
            service("2020-01-01", who="died", death="2025-03-30"),
            service("2020-01-01", who="dies", death="2025-03-31"),
        )
        self.assertEqual(found["numerator"], 2)

    def test_over_12_months_is_an_unbroken_chain_from_before_the_same_day_of_the_year_before(self):
        found = self.count(
            "lts001c",
            service("2024-03-30", who="long enough"),
            service("2024-03-31", who="a day short"),
            # Ends on the 10th, goes on on the 11th: no uncovered day.
            service("2023-05-01", "2024-06-10", who="goes on"), service("2024-06-11", who="goes on"),
            # The 11th is uncovered.
            service("2023-05-01", "2024-06-10", who="breaks"), service("2024-06-12", who="breaks"),
            # A short service inside a long one: the row before the last ends on 1 May 2024.
            service("2023-05-01", "2024-09-30", who="nested"),
            service("2024-04-20", "2024-05-01", who="nested", component="Day support"),
            service("2024-10-01", who="nested"),
        )
        self.assertEqual(found["numerator"], 3)

    def test_nothing_is_told_without_12_months(self):
        found = work_out(service("2020-01-01"), period=("2024-09-01", "2025-03-31"))
        for name in ("lts001a", "lts001c", "lts002b", "lts003", "ascof_2a", "ascof_2b", "waiting_first_response"):
            self.assertFalse(found[name]["told"], name)
            self.assertIsNone(found[name]["numerator"])
        # A snapshot needs its day only.
        self.assertEqual(found["lts001b"]["numerator"], 1)
        self.assertEqual(found["ascof_3d_self_directed"]["denominator"], 1)


class Reviewed(unittest.TestCase):
    def test_planned_or_unplanned_in_the_year_with_the_person(self):
        rows, people = [], {
            "planned": review("2024-04-01"),
            "unplanned": review("2025-03-31", "Unplanned - Carer related"),
            "too early": review("2024-03-31"),
            "short term": review("2024-06-01", "Review of short term support"),
            "no reason": review("2024-06-01", ""),
            "carer only": {**review("2024-06-01"), "Method of Review": "Carer only"},
            "no method": {**review("2024-06-01"), "Method of Review": "NULL"},
            "reassessed": assessment("2024-06-01", "2024-06-10"),
        }
        for who, event in people.items():
            rows += [service("2020-01-01", who=who), {**event, "LA Person Unique Identifier": who}]
        found = work_out(*rows, service("2025-01-01", who="new"), review("2025-02-01", who="new"))
        self.assertEqual((found["lts002b"]["numerator"], found["lts002b"]["denominator"]), (2, 8))
        self.assertEqual(found["lts002b"]["value"], 0.25)
        self.assertEqual(found["lts002b_planned"]["numerator"], 1)
        self.assertEqual(found["lts002b_unplanned"]["numerator"], 1)
        missed = {k.split(" | ")[1]: v[0] for k, v in found["lts002b"]["groups"].items() if k.startswith("not counted")}
        self.assertEqual(missed, {
            "how the review was held is not recorded": 1, "only the unpaid carer took part": 1,
            "the reason is not recorded": 1, "of short-term support only": 1})


class Carers(unittest.TestCase):
    def test_the_best_support_of_the_year_counts(self):
        found = work_out(
            carer("Assessment", "2024-06-01", kind="Long term assessment"),
            carer("Service", "2023-06-01", type=DIRECT, mechanism=MANAGED),
            carer("Request", "2024-05-01", outcome=ADVICE, who="advised"),
            carer("Request", "2024-05-01", outcome=TO_ASSESS, who="asked only"),
            carer("Service", "2024-05-01", type=INVOLVING, who="respite"),
            carer("Service", "2024-05-01", type=DIRECT, component="Direct payment", who="by component"),
            carer("Service", "2023-01-01", "2024-03-31", type=DIRECT, mechanism=PAYMENT, who="over"),
        )
        groups = found["lts003"]["groups"]
        self.assertEqual(found["lts003"]["numerator"], 4)
        self.assertEqual(groups["support | managed personal budget"][0], 1)
        self.assertEqual(groups["support | information, advice and signposting"][0], 1)
        self.assertEqual(groups["support | no direct support"][0], 1)
        # LTS003 goes by the mechanism alone, ASCOF 3D by the component too.
        self.assertEqual(groups["support | support of their own, delivery not recorded"][0], 1)
        payments = found["ascof_3d_carers_direct_payment"]
        self.assertEqual((payments["numerator"], payments["denominator"]), (1, 2))
        self.assertEqual(found["ascof_3d_carers_self_directed"]["value"], 1.0)

    def test_no_carer_with_support_is_no_share(self):
        found = work_out(carer("Request", "2024-05-01", outcome=ADVICE))["ascof_3d_carers_self_directed"]
        self.assertEqual((found["numerator"], found["denominator"], found["value"], found["told"]), (0, 0, None, False))


class Reablement(unittest.TestCase):
    def result(self, *rows, **more):
        found = work_out(*rows, **more)["ascof_2a"]
        results = {k.split(" | ")[1]: v[0] for k, v in found["groups"].items() if k.startswith("result") and v[0]}
        return results, found["numerator"], found["denominator"]

    def test_services_no_more_than_7_days_apart_are_one_episode(self):
        # Ends on the 10th: the 17th is 7 days on, the 18th is 8.
        one = self.result(reablement("2024-06-01", "2024-06-10", PLANNED_END), reablement("2024-06-17", "2024-06-30", PLANNED_END))
        two = self.result(reablement("2024-06-01", "2024-06-10", PLANNED_END), reablement("2024-06-18", "2024-06-30", PLANNED_END))
        self.assertEqual(one, ({"support ended as planned": 1}, 1, 1))
        self.assertEqual(two, ({"support ended as planned": 2}, 2, 2))

    def test_it_must_end_in_the_year_that_leaves_7_days_for_what_follows(self):
        found = self.result(
            reablement("2024-03-01", "2024-03-24", PLANNED_END, who="early"),
            reablement("2024-03-01", "2024-03-25", PLANNED_END, who="first"),
            reablement("2025-03-01", "2025-03-24", PLANNED_END, who="last"),
            reablement("2025-03-01", "2025-03-25", PLANNED_END, who="late"),
        )
        self.assertEqual(found[0], {"support ended as planned": 2})

    def test_somebody_with_long_term_support_in_the_91_days_before_is_no_new_client(self):
        # Episode from 1 June 2024; 91 days before is 2 March 2024.
        self.assertEqual(self.result(
            service("2023-06-01", "2024-03-02", who="91 days"), reablement("2024-06-01", "2024-06-20", ADVICE, who="91 days"),
            service("2023-06-01", "2024-03-03", who="90 days"), reablement("2024-06-01", "2024-06-20", ADVICE, who="90 days"),
            service("2023-06-01", who="open"), reablement("2024-06-01", "2024-06-20", ADVICE, who="open"),
        )[0], {"information and advice": 1})

    def test_death_up_to_7_days_after_comes_first(self):
        episode = ("2024-06-01", "2024-06-20", PLANNED_END)
        self.assertEqual(self.result(
            reablement(*episode, who="a", death="2024-06-27"), reablement(*episode, who="b", death="2024-06-28"))[0],
            {"died": 1, "support ended as planned": 1})

    def test_hospital_then_services_then_outcomes(self):
        self.assertEqual(self.result(
            reablement("2024-06-01", "2024-06-20", HOSPITAL), service("2024-06-21")), ({"admitted to hospital": 1}, 0, 0))
        # A service from inside the episode that goes on, and one 7 days after: the higher of them.
        self.assertEqual(self.result(
            reablement("2024-06-01", "2024-06-20", PLANNED_END),
            service("2024-06-05", "2024-06-21", type=LOW_LEVEL), service("2024-06-27")),
            ({"long-term support: community": 1}, 0, 1))
        # 8 days after is too late; one that ends on the episode's last day does not go on.
        self.assertEqual(self.result(
            reablement("2024-06-01", "2024-06-20", PLANNED_END),
            service("2024-06-05", "2024-06-20", type=LOW_LEVEL), service("2024-06-28")),
            ({"support ended as planned": 1}, 1, 1))

    def test_a_short_stay_in_a_care_home_is_a_result_of_its_own(self):
        self.assertEqual(self.result(
            reablement("2024-06-01", "2024-06-20"),
            service("2024-06-21", type=OTHER_SHORT),
            service("2024-06-22", type=OTHER_SHORT, component="Short term residential care")),
            ({"short-term residential or nursing care": 1}, 0, 1))

    def test_the_best_outcome_of_the_episode_what_followed_and_assessments_near_its_end(self):
        # The episode says nothing; a care review 5 days after says declined (12), an assessment that ended 13 days
        # before the end says other reason (15): the first.
        episode = reablement("2024-06-01", "2024-06-20")
        later = review("2024-06-25", outcome=DECLINED)
        inside = assessment("2024-06-03", "2024-06-07", OTHER_END)
        self.assertEqual(self.result(episode, later, inside), ({"declined support": 1}, 0, 0))
        self.assertEqual(self.result(episode, inside), ({"support ended for another reason": 1}, 1, 1))
        # 14 days before the end is not near; nor does what ended on the first day tell.
        far = assessment("2024-06-03", "2024-06-06", OTHER_END)
        self.assertEqual(self.result(episode, far), ({"cannot be classified": 1}, 0, 0))
        short = reablement("2024-06-01", "2024-06-05")
        self.assertEqual(self.result(short, assessment("2024-06-01", "2024-06-01", OTHER_END)),
                         ({"cannot be classified": 1}, 0, 0))
        # "Ended as planned" on a later care review is not about the reablement.
        self.assertEqual(self.result(episode, review("2024-06-25", outcome=PLANNED_END)),
                         ({"cannot be classified": 1}, 0, 0))

    def test_equipment_inside_is_ongoing_low_level_support(self):
        self.assertEqual(self.result(
            reablement("2024-06-01", "2024-06-20"),
            service("2024-06-10", "2024-06-10", type=OTHER_SHORT, component="Equipment")),
            ({"ongoing low-level support": 1}, 1, 1))

    def test_of_rows_that_end_last_together_the_best_outcome_counts(self):
        self.assertEqual(self.result(
            reablement("2024-06-01", "2024-06-10", ADVICE),
            reablement("2024-06-08", "2024-06-20", OTHER_END),
            reablement("2024-06-09", "2024-06-20", SELF_FUNDED)), ({"pays for their own care": 1}, 0, 0))


class CareHomes(unittest.TestCase):
    def admitted(self, *rows):
        found = work_out(*rows)
        return found["ascof_2b"]["numerator"], found["ascof_2c"]["numerator"]

    def test_new_means_no_stay_that_ended_fewer_than_365_days_before(self):
        # 365 days before 1 June 2024 is 2 June 2023 (29 February 2024 lies between).
        self.assertEqual(self.admitted(
            stay("2024-06-01", who="new"),
            stay("2022-01-01", "2023-06-02", who="365"), stay("2024-06-01", who="365"),
            stay("2022-01-01", "2023-06-03", who="364"), stay("2024-06-01", who="364"),
            stay("2022-01-01", who="there"), stay("2024-06-01", who="there", type=NURSING, component="Long term nursing care"),
        ), (0, 2))

    def test_what_is_no_admission(self):
        self.assertEqual(self.admitted(
            stay("2024-03-31", who="before the year"),
            stay("2024-06-01", component="", who="no component"),
            stay("2024-06-01", component="Short term residential care", who="short"),
            stay("2024-06-01", "2024-07-01", outcome=SELF_FUNDED, who="pays"),
            stay("2024-06-01", birth="NULL", who="age unknown"),
            service("2024-06-01", who="community"),
        ), (0, 0))

    def test_a_person_counts_once_in_the_younger_band(self):
        # Only a leap year holds 365 days between two admissions: 1 January and 31 December 2024. Born in February
        # 1959: 64 and 65.
        found = work_out(
            stay("2024-01-01", "2024-01-01", birth="1959-02-10"), stay("2024-12-31", birth="1959-02-10"),
            period=("2022-01-01", "2024-12-31"))
        self.assertEqual((found["ascof_2b"]["numerator"], found["ascof_2c"]["numerator"]), (1, 0))


class SelfDirected(unittest.TestCase):
    def test_the_highest_service_decides_and_blank_mechanisms_stay_in(self):
        found = work_out(
            service("2024-06-01", who="blank"),
            service("2024-06-01", who="managed", mechanism=MANAGED),
            service("2024-06-01", who="managed", mechanism=COMMISSIONED, component="Day support"),
            service("2024-06-01", who="payment", mechanism=COMMISSIONED, component="Direct payment"),
            service("2024-06-01", who="in a home", mechanism=PAYMENT), stay("2024-06-01", who="in a home"),
            service("2024-06-01", type=PRISON, who="prison", mechanism=MANAGED),
            service("2024-06-01", "2025-03-30", who="over", mechanism=MANAGED),
            service("2024-06-01", who="child", mechanism=MANAGED, birth="2010-01-01"),
            service("2024-06-01", who="ageless", mechanism=MANAGED, birth="NULL"),
        )
        self_directed, payment = found["ascof_3d_self_directed"], found["ascof_3d_direct_payment"]
        # blank, managed, payment, ageless; the last is in no age band.
        self.assertEqual((self_directed["numerator"], self_directed["denominator"]), (3, 4))
        self.assertEqual((payment["numerator"], payment["denominator"]), (1, 4))
        self.assertEqual(self_directed["groups"]["age | 65 and over"][:2], [2, 3])
        self.assertEqual(self_directed["groups"]["how support is arranged | not recorded"][0], 1)


class Waiting(unittest.TestCase):
    def waits(self, *rows, **more):
        found = work_out(*rows, **more)
        return [(found[name]["denominator"], found[name]["value"])
                for name in ("waiting_first_response", "waiting_first_service")]

    def test_from_start_to_start_by_the_quarter_of_the_response(self):
        # 20 March to 10 April is 21 days, to 1 May 42.
        rows = [request("2024-03-20"), assessment("2024-04-10", "2024-04-20"), service("2024-05-01")]
        self.assertEqual(self.waits(*rows), [(1, 21.0), (1, 42.0)])
        groups = work_out(*rows)["waiting_first_response"]["groups"]
        self.assertEqual(groups["quarter and age | April to June 2024, 65 and over"], [None, 1, 21.0, 21.0])
        self.assertEqual(groups["quarter and age | January to March 2025, 65 and over"], [None, 0, None, None])

    def test_a_service_before_the_assessment_is_the_response(self):
        self.assertEqual(self.waits(
            request("2024-05-01"), service("2024-05-11", type=LOW_LEVEL), assessment("2024-05-20", "2024-05-20")),
            [(1, 10.0), (1, 10.0)])

    def test_assessments_that_lead_to_nothing_break_the_way_to_the_service(self):
        first = assessment("2024-05-10", "2024-05-12", ADVICE)
        self.assertEqual(self.waits(request("2024-05-01"), first, service("2024-06-01")), [(1, 9.0), (0, None)])
        # One of the block leads on: 31 days to 1 June.
        second = assessment("2024-05-20", "2024-05-22", TO_SUPPORT)
        self.assertEqual(self.waits(request("2024-05-01"), first, second, service("2024-06-01")), [(1, 9.0), (1, 31.0)])

    def test_financial_assessments_and_reviews_are_no_response(self):
        self.assertEqual(self.waits(
            request("2024-05-01"), assessment("2024-05-03", "2024-05-04", kind="Financial assessment"),
            review("2024-05-05"), assessment("2024-05-20", "2024-05-21")), [(1, 19.0), (0, None)])

    def test_existing_clients_and_closed_requests_are_out(self):
        # 12 months before 1 May 2024 is 1 May 2023, 3 months before 1 February 2024.
        answer = {"start": "2024-05-08", "end": "2024-05-09"}
        for held, count in (
            (service("2020-01-01", "2023-05-01"), 0), (service("2020-01-01", "2023-04-30"), 1),
            (reablement("2023-12-01", "2024-02-01"), 0), (reablement("2023-12-01", "2024-01-31"), 1),
            (service("2023-12-01", type=LOW_LEVEL), 1),
        ):
            self.assertEqual(self.waits(held, request("2024-05-01"), assessment(**answer))[0][0], count, held)
        for outcome, count in ((ADVICE, 0), (HOSPITAL, 0), (GOES_ON, 1), ("", 1)):
            self.assertEqual(self.waits(request("2024-05-01", outcome), assessment(**answer))[0][0], count, outcome)

    def test_under_25s_are_out(self):
        # Born March 1999: 25 from 2 March 2024 by days of 365.25.
        for birth, count in (("1999-03-31", 1), ("1999-06-01", 0), ("NULL", 0)):
            self.assertEqual(self.waits(
                request("2024-05-01", birth=birth), assessment("2024-05-08", "2024-05-09", birth=birth))[0][0], count)

    def test_a_request_that_comes_before_the_follow_up_of_another_is_part_of_it(self):
        self.assertEqual(self.waits(
            request("2024-05-01"), request("2024-05-05"), assessment("2024-05-11", "2024-05-12")), [(1, 10.0), (0, None)])
        # The second comes after the assessment but before the service.
        self.assertEqual(self.waits(
            request("2024-05-01"), assessment("2024-05-11", "2024-05-12"), request("2024-05-15"),
            service("2024-06-01")), [(1, 10.0), (1, 31.0)])
        # After both it stands on its own: 10 and 5 days, median 7.5; but by then there was a service.
        self.assertEqual(self.waits(
            request("2024-05-01"), assessment("2024-05-11", "2024-05-12"), request("2024-06-01"),
            assessment("2024-06-06", "2024-06-07"))[0], (2, 7.5))

    def test_on_one_day_a_request_comes_first(self):
        self.assertEqual(self.waits(
            assessment("2024-05-01", "2024-05-02"), request("2024-05-01"), service("2024-05-01")), [(1, 0.0), (1, 0.0)])

    def test_a_quarter_needs_12_months_before_it(self):
        rows = [request("2024-11-01"), assessment("2024-11-11", "2024-11-12"),
                request("2024-05-01", who="P2"), assessment("2024-05-03", "2024-05-04", who="P2")]
        found = work_out(*rows, period=("2023-10-01", "2025-03-31"))["waiting_first_response"]
        self.assertEqual(found["period"], ["2024-10-01", "2025-03-31"])
        self.assertEqual((found["denominator"], found["value"]), (1, 10.0))

    def test_percentiles_go_in_a_straight_line(self):
        self.assertEqual(continuous([10, 1, 4, 2], Fraction(1, 2)), 3.0)
        self.assertEqual(continuous([10, 1, 4, 2], Fraction(9, 10)), 8.2)


if __name__ == "__main__":
    unittest.main()
