#!/usr/bin/env python3
"""A second, independent working-out of the published measures.

    python3 measures.py RETURN.csv... [--as-of YYYY-MM-DD] [--out FILE.json]

Written from the published rules, sharing nothing with the crates. Reading, people, joining and coverage are
those of oracle.py, because the question here is what is counted, not how a row is read. The readings taken are
in README.md. Days are plain numbers (`date.toordinal`), an open service ends on the day FOREVER.

The result: measure id -> {period, numerator, denominator, value, percentile_90, told, groups}, where groups is
"how it is divided | group" -> [numerator, denominator, value, percentile_90].
"""

import argparse
import json
import math
import sys
from collections import Counter, defaultdict
from datetime import date
from fractions import Fraction

from oracle import FOREVER, CannotRead, Record, iso, months_on, read_return

BANDS = ("18 to 64", "65 and over")
SETTINGS = {
    "nursing": "nursing care", "residential": "residential care", "community": "community", "prison": "prison",
}
ORDER = list(SETTINGS)
EVERY_TYPE = ("request", "assessment", "service", "review")

# ---------------------------------------------------------------- words of the published methods


def first_of_month(day):
    return date.fromordinal(day).replace(day=1).toordinal()


def age_on(person, day):
    """Section 1.2: birth is the first of its month; whole years of 365.25 days."""
    if person.birth is None:
        return None
    return math.floor(Fraction(day - first_of_month(person.birth)) / Fraction("365.25"))


def band_on(person, day):
    age = age_on(person, day)
    if age is None:
        return "not known"
    return "under 18" if age < 18 else BANDS[age >= 65]


def dead_before(person, day):
    return person.death is not None and person.death < day


def derived_end(person, row):
    """Section 1.4: the date of death, where it comes before the end of an event that had begun."""
    if person.death is not None and row.start <= person.death < row.end:
        return person.death
    return row.end


def twelve_months_to(day):
    return months_on(day, -12) + 1, day


# ---------------------------------------------------------------- how results are written


def empty(period):
    return {
        "period": [iso(period[0]), iso(period[1])], "numerator": None, "denominator": None, "value": None,
        "percentile_90": None, "told": False, "groups": {},
    }


def ratio(numerator, denominator):
    return numerator / denominator if denominator else None


class Answers:
    def __init__(self, record):
        self.record = record
        self.measures = {}

    def covered(self, kinds, first, last):
        return all(self.record.covers(kind, first, last) for kind in kinds)

    def number(self, name, period, told, total, divisions):
        found = empty(period)
        if told:
            found.update(numerator=total, value=float(total), told=True)
            for by, names, counts in divisions:
                for group in names:
                    found["groups"][f"{by} | {group}"] = [counts[group], None, float(counts[group]), None]
        self.measures[name] = found

    def share(self, name, period, told, members, shares=(), counts=()):
        """`members`: of each in the denominator (in the numerator?, its group by each of `shares`)."""
        found = empty(period)
        if told:
            upper, lower = sum(1 for yes, _ in members if yes), len(members)
            found.update(numerator=upper, denominator=lower, value=ratio(upper, lower), told=lower > 0)
            for place, (by, names) in enumerate(shares):
                for group in names:
                    those = [yes for yes, groups in members if groups[place] == group]
                    found["groups"][f"{by} | {group}"] = [
                        sum(those), len(those), ratio(sum(those), len(those)), None]
            for by, names, numbers in counts:
                for group in names:
                    found["groups"][f"{by} | {group}"] = [numbers[group], None, None, None]
        self.measures[name] = found


# ---------------------------------------------------------------- section 2 and 3: long-term support, care reviews


def highest(rows):
    return min((row.service_type for row in rows), key=ORDER.index)


def supported_since(person, day):
    """First day of the unbroken support that runs on `day`: step back over rows that end no earlier than the day
    before what is known so far."""
    first = min(row.start for row in person.long_term if row.start <= day <= row.end)
    while True:
        earlier = [row.start for row in person.long_term if row.start < first and row.end >= first - 1]
        if not earlier:
            return first
        first = min(earlier)


def long_term(record, answers):
    first, last = twelve_months_to(record.as_of)
    year_before = months_on(last, -12)
    groups = {"lts001a": [], "lts001b": [], "lts001c": []}
    members = {"lts002b": [], "lts002b_planned": [], "lts002b_unplanned": []}
    missed = Counter()
    for person in record.people.values():
        held = [row for row in person.long_term if row.start <= last and row.end >= first]
        if not held or dead_before(person, first):
            continue
        band = band_on(person, last)
        groups["lts001a"].append((band, SETTINGS[highest(held)]))
        now = [row for row in held if row.end >= last]
        if not now or dead_before(person, last):
            continue
        where = (band, SETTINGS[highest(now)])
        groups["lts001b"].append(where)
        if supported_since(person, last) >= year_before:
            continue
        groups["lts001c"].append(where)
        if band not in BANDS:
            continue
        kinds, why = set(), set()
        for row in person.events:
            if row.kind != "review" or row.client != "user" or not first <= row.end <= last:
                continue
            method = row.fields[2]
            if row.review_reason == "short_term":
                why.add("of short-term support only")
            elif row.review_reason is None:
                why.add("the reason is not recorded")
            elif method is None:
                why.add("how the review was held is not recorded")
            elif method == "carer":
                why.add("only the unpaid carer took part")
            else:
                kinds.add("planned" if row.review_reason == "planned" else "unplanned")
        placed = (band, where[1], f"{where[1]}, {band}")
        members["lts002b"].append((bool(kinds), placed))
        members["lts002b_planned"].append(("planned" in kinds, placed))
        members["lts002b_unplanned"].append(("unplanned" in kinds, placed))
        if not kinds and why:
            missed[next(w for w in NOT_REVIEWED if w in why)] += 1
    both = [f"{setting}, {band}" for setting in SETTINGS.values() for band in BANDS]
    told = {
        "lts001a": ((first, last), answers.covered(["service"], first, last)),
        "lts001b": ((last, last), answers.covered(["service"], last, last)),
        "lts001c": ((last, last), answers.covered(["service"], first, last)),
    }
    for name, people in groups.items():
        counted = [p for p in people if p[0] in BANDS]
        left_out = Counter("under 18" if p[0] == "under 18" else "age not known" for p in people if p[0] not in BANDS)
        answers.number(name, *told[name], len(counted), [
            ("age", BANDS, Counter(b for b, _ in counted)),
            ("setting", SETTINGS.values(), Counter(s for _, s in counted)),
            ("setting and age", both, Counter(f"{s}, {b}" for b, s in counted)),
            ("not counted", ("under 18", "age not known"), left_out),
        ])
    for name, people in members.items():
        extra = [("not counted as reviewed, with a care review in the year", NOT_REVIEWED, missed)]
        answers.share(
            name, (first, last), answers.covered(["service", "review"], first, last), people,
            [("age", BANDS), ("setting", SETTINGS.values()), ("setting and age", both)],
            extra if name == "lts002b" else [])


NOT_REVIEWED = (
    "how the review was held is not recorded", "only the unpaid carer took part", "the reason is not recorded",
    "of short-term support only",
)

# ---------------------------------------------------------------- LTS003 and section 6: unpaid carers

CARER_SUPPORT = (
    "direct payment", "managed personal budget", "commissioned by the council",
    "support of their own, delivery not recorded", "information, advice and signposting", "no direct support",
)
CARER_AGES = ("under 18", "18 to 25", "26 to 64", "65 to 84", "85 and over", "not known")


def carer_category(row, by_component):
    if row.kind == "service":
        if row.service_type == "carer_involving":
            return 5
        if row.service_type != "carer_direct":
            return None
        if by_component and row.component == "direct_payment":
            return 0
        return {"direct_payment": 0, "managed": 1, "commissioned": 2}.get(row.mechanism, 3)
    if row.outcome == "advice":
        return 4
    return None if row.kind == "request" else 5


def carer_age(age):
    if age is None:
        return "not known"
    for limit, name in ((18, CARER_AGES[0]), (26, CARER_AGES[1]), (65, CARER_AGES[2]), (85, CARER_AGES[3])):
        if age < limit:
            return name
    return CARER_AGES[4]


def carers(record, answers):
    first, last = twelve_months_to(record.as_of)
    told = answers.covered(EVERY_TYPE, first, last)
    support, ages, arranged = Counter(), Counter(), Counter()
    self_directed, payments = [], []
    for person in record.people.values():
        if dead_before(person, first):
            continue
        rows = [row for row in person.events if row.client == "carer"]
        found = [carer_category(row, False) for row in rows if row.end >= first]
        found = [category for category in found if category is not None]
        if found:
            support[CARER_SUPPORT[min(found)]] += 1
            ages[carer_age(age_on(person, last))] += 1
        found = [
            carer_category(row, True) for row in rows
            if derived_end(person, row) >= first and not dead_before(person, row.start)
        ]
        found = [category for category in found if category is not None]
        band = band_on(person, last)
        if found and band != "under 18":
            best = min(found)
            arranged[CARER_SUPPORT[best]] += 1
            if best <= 2:
                self_directed.append((best <= 1, (band,)))
                payments.append((best == 0, (band,)))
    answers.number("lts003", (first, last), told, sum(support.values()), [
        ("support", CARER_SUPPORT, support), ("age", CARER_AGES, ages)])
    for name, members in (
        ("ascof_3d_carers_self_directed", self_directed), ("ascof_3d_carers_direct_payment", payments),
    ):
        answers.share(name, (first, last), told, members, [("age", BANDS)],
                      [("how support is arranged", CARER_SUPPORT, arranged)])


# ---------------------------------------------------------------- section 5: ASCOF 2A

# Release 2 ranks of the outcomes that tell how something ended, and what each is called as a result.
RANKS = {
    "hospital": (6, "admitted to hospital"), "moved": (7, "moved to another council"),
    "nhs": (8, "NHS services or funding"), "self_funded": (9, "pays for their own care"),
    "advice": (10, "information and advice"), "referred_within": (11, "referred within the council"),
    "declined": (12, "declined support"), "deceased": (13, "died"),
    "ended_as_planned": (14, "support ended as planned"), "ended_other": (15, "support ended for another reason"),
    "no_services": (16, "no services offered"), "other": (17, "no further action: other"),
}
NOTHING = (100, "cannot be classified")
RESULT_OF_SERVICE = {
    "nursing": (1, "long-term support: nursing care"), "residential": (2, "long-term support: residential care"),
    "community": (3, "long-term support: community"), "prison": (4, "long-term support: prison"),
    "low_level": (5, "ongoing low-level support"), "other_short": (7, "other short-term support"),
}
LASTING = {
    "long-term support: nursing care", "long-term support: residential care", "long-term support: community",
    "long-term support: prison", "short-term residential or nursing care",
}
SUCCESS = {
    "ongoing low-level support", "other short-term support", "information and advice", "support ended as planned",
    "moved to another council", "no further action: other", "no services offered",
    "support ended for another reason", "referred within the council",
}
OUT = ("admitted to hospital", "died", "NHS services or funding", "pays for their own care", "declined support",
       "cannot be classified")


def clusters_of(rows):
    """Services with gaps of up to 7 days after the latest end so far."""
    found = []
    for row in sorted(rows, key=lambda r: (r.start, r.end)):
        if found and row.start - max(r.end for r in found[-1]) <= 7:
            found[-1].append(row)
        else:
            found.append([row])
    return found


def sequel(person, cluster):
    start, end = min(r.start for r in cluster), max(r.end for r in cluster)
    if person.death is not None and person.death - end <= 7:
        return "died"
    own = min(RANKS.get(r.outcome, NOTHING) for r in cluster if r.end == end)
    if own == RANKS["hospital"]:
        return own[1]
    others = [r for r in person.events
              if r.client == "user" and r not in cluster and not dead_before(person, r.start)]
    after = [r for r in others if start <= r.start <= end + 7 and derived_end(person, r) > end]
    services = []
    for row in after:
        if row.kind == "service" and row.service_type in RESULT_OF_SERVICE:
            rank, name = RESULT_OF_SERVICE[row.service_type]
            if row.service_type == "other_short" and row.component in ("short_nursing", "short_residential"):
                rank, name = 6, "short-term residential or nursing care"
            services.append((rank, name))
    if services:
        return min(services)[1]
    inside = [r for r in others if start <= r.start and start < derived_end(person, r) <= end]
    outcomes = [own]
    outcomes += [RANKS.get(r.outcome, NOTHING) for r in after
                 if r.kind != "service" and r.outcome != "ended_as_planned"]
    outcomes += [RANKS.get(r.outcome, NOTHING) for r in inside
                 if r.kind in ("assessment", "review") and end - derived_end(person, r) < 14]
    if min(outcomes) != NOTHING:
        return min(outcomes)[1]
    if any(r.kind == "service" and r.component == "equipment" for r in inside):
        return "ongoing low-level support"
    return NOTHING[1]


def reablement(record, answers):
    first, last = twelve_months_to(record.as_of - 7)
    members, results = [], Counter()
    for person in record.people.values():
        services = [r for r in person.events
                    if r.kind == "service" and r.client == "user" and r.service_type == "st_max"]
        for cluster in clusters_of(services):
            start, end = min(r.start for r in cluster), max(r.end for r in cluster)
            if not first <= end <= last or band_on(person, end) == "under 18" or dead_before(person, start):
                continue
            if any(r.start < start and (r.end == FOREVER or start - r.end < 91) for r in person.long_term):
                continue
            result = sequel(person, cluster)
            results[result] += 1
            if result in SUCCESS | LASTING:
                members.append((result in SUCCESS, (band_on(person, end),)))
    told = (answers.covered(["service"], first - 91, record.as_of)
            and answers.covered(EVERY_TYPE, first, record.as_of))
    answers.share("ascof_2a", (first, last), told, members, [("age", BANDS)],
                  [("result", sorted(LASTING | SUCCESS) + list(OUT), results)])


# ---------------------------------------------------------------- section 6: 2B, 2C, 2E, 3D


def care_homes(record, answers):
    first, last = twelve_months_to(record.as_of)
    admitted = Counter()
    for person in record.people.values():
        if person.birth is None or dead_before(person, first):
            continue
        stays = [r for r in person.long_term if r.service_type in ("nursing", "residential")
                 and r.component in ("long_nursing", "long_residential")]
        bands = set()
        for stay in stays:
            if not first <= stay.start <= last or stay.outcome == "self_funded":
                continue
            known = [r for r in stays if r.start < stay.start and (r.end == FOREVER or stay.start - r.end < 365)]
            if not known:
                bands.add(band_on(person, stay.start))
        bands &= set(BANDS)
        if bands:
            admitted[min(bands)] += 1
    told = answers.covered(["service"], first - 365, last)
    answers.number("ascof_2b", (first, last), told, admitted[BANDS[0]], [])
    answers.number("ascof_2c", (first, last), told, admitted[BANDS[1]], [])
    # Accommodation Status is not kept.
    answers.measures["ascof_2e"] = empty((first, last))


WAYS = ("direct payment", "managed personal budget", "commissioned by the council", "not recorded")


def client_rank(row):
    """Nursing 1, residential 2, community 3 to 6 by delivery, prison after."""
    if row.service_type in ("nursing", "residential"):
        return 1 if row.service_type == "nursing" else 2
    if row.service_type == "prison":
        return 7
    if row.direct_payment:
        return 3
    return {"managed": 4, "commissioned": 5}.get(row.mechanism, 6)


def self_directed(record, answers):
    day = record.as_of
    either, payment, ways = [], [], Counter()
    for person in record.people.values():
        ranks = [client_rank(r) for r in person.long_term if r.start <= day <= r.end]
        band = band_on(person, day)
        if not ranks or band == "under 18" or dead_before(person, day) or not 3 <= min(ranks) <= 6:
            continue
        either.append((min(ranks) <= 4, (band,)))
        payment.append((min(ranks) == 3, (band,)))
        ways[WAYS[min(ranks) - 3]] += 1
    told = answers.covered(["service"], day, day)
    for name, members in (("ascof_3d_self_directed", either), ("ascof_3d_direct_payment", payment)):
        answers.share(name, (day, day), told, members, [("age", BANDS)],
                      [("how support is arranged", WAYS, ways)])


# ---------------------------------------------------------------- section 7: waiting times

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December")
WAIT_BANDS = {"18 to 64": "25 to 64", "65 and over": "65 and over"}
NFA = {"moved", "nhs", "self_funded", "advice", "referred_within", "declined", "deceased", "ended_as_planned",
       "ended_other", "no_services", "other"}
LEADS_ON = {"reablement", "to_support", "continuation"}
HALF, NINE_TENTHS = Fraction(1, 2), Fraction(9, 10)
ANSWERS = ("request", "assessment", "service")


def quarter_of(day):
    d = date.fromordinal(day)
    return d.year * 4 + (d.month - 1) // 3


def days_of(quarter):
    first = date(quarter // 4, quarter % 4 * 3 + 1, 1).toordinal()
    return first, months_on(first, 3) - 1


def quarter_name(quarter):
    month = quarter % 4 * 3
    return f"{MONTHS[month]} to {MONTHS[month + 2]} {quarter // 4}"


def continuous(values, share):
    """Continuous percentile: position 1 + share (n - 1), in a straight line between neighbours. Exact until the end."""
    if not values:
        return None
    values = sorted(values)
    position = share * (len(values) - 1)
    below = math.floor(position)
    low, high = values[below], values[math.ceil(position)]
    return float(low + (position - below) * (high - low))


def existing_client(person, request):
    for row in person.events:
        if row.kind != "service" or row.start >= request.start:
            continue
        if row.service_type in ORDER and row.end >= months_on(request.start, -12):
            return True
        if row.service_type in ("st_max", "other_short") and row.end >= months_on(request.start, -3):
            return True
    return False


def waits_of(person):
    """(days, day of the response, what) of each request that is waited for."""
    line = []
    for row in person.events:
        age = age_on(person, row.start)
        if age is None or age < 25 or dead_before(person, row.start):
            continue
        if row.kind == "request":
            wanted = (row.client == "user" and row.start >= date(2023, 4, 1).toordinal()
                      and row.outcome not in NFA | {"hospital"} and not existing_client(person, row))
        elif row.kind == "assessment":
            wanted = row.assessment_type in ("short", "long")
        else:
            wanted = row.kind == "service" and row.service_type in ORDER + ["st_max", "low_level", "other_short"]
        if wanted:
            line.append((row.start, ANSWERS.index(row.kind), row))
    line.sort(key=lambda item: item[:2])
    requests = []
    for place, (_, kind, _) in enumerate(line):
        if kind != 0:
            continue
        assessment = next((i for i in range(place + 1, len(line)) if line[i][1] == 1), None)
        service = next((i for i in range(place + 1, len(line)) if line[i][1] == 2), None)
        response = min((i for i in (assessment, service) if i is not None), default=None)
        if response is not None and response == assessment:
            block = []
            for item in line[assessment:]:
                if item[1] != 1:
                    break
                block.append(item[2].outcome)
            if not LEADS_ON & set(block):
                service = None
        requests.append((place, response, service))
    for number, (place, response, service) in enumerate(requests):
        before = requests[:number]
        if before and any(i is not None and i > place for i in before[-1][1:]):
            continue
        shared = any(
            i is not None and j is not None and i <= j
            for earlier in before for i, j in zip((response, service), earlier[1:])
        )
        if shared:
            continue
        for what, i in (("response", response), ("service", service)):
            if i is not None:
                yield what, line[i][0] - line[place][0], line[i][0]


def waiting(record, answers):
    last = quarter_of(record.as_of + 1) - 1
    quarters = []
    for quarter in range(last - 3, last + 1):
        first, end = days_of(quarter)
        if answers.covered(ANSWERS, months_on(first, -12), end):
            quarters.append(quarter)
    found = {"response": defaultdict(list), "service": defaultdict(list)}
    for person in record.people.values():
        for what, days, day in waits_of(person):
            if quarter_of(day) in quarters:
                found[what][quarter_of(day), WAIT_BANDS[band_on(person, day)]].append(days)
    for what, waits in found.items():
        name = f"waiting_first_{what}"
        if not quarters:
            answers.measures[name] = empty(twelve_months_to(record.as_of))
            continue
        every = [d for days in waits.values() for d in days]
        measure = empty((days_of(quarters[0])[0], days_of(quarters[-1])[1]))
        measure.update(denominator=len(every), value=continuous(every, HALF), percentile_90=continuous(every, NINE_TENTHS),
                       told=bool(every))
        for band in WAIT_BANDS.values():
            those = [d for (_, b), days in waits.items() if b == band for d in days]
            measure["groups"][f"age | {band}"] = spread(those)
            for quarter in quarters:
                measure["groups"][f"quarter and age | {quarter_name(quarter)}, {band}"] = spread(
                    waits[quarter, band])
        answers.measures[name] = measure


def spread(days):
    return [None, len(days), continuous(days, HALF), continuous(days, NINE_TENTHS)]


# ---------------------------------------------------------------- the command


def measures(record):
    answers = Answers(record)
    for family in (long_term, carers, reablement, care_homes, self_directed, waiting):
        family(record, answers)
    return answers.measures


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Every published measure, as JSON.")
    parser.add_argument("returns", nargs="+", metavar="RETURN.csv")
    parser.add_argument("--as-of", metavar="YYYY-MM-DD")
    parser.add_argument("--out", metavar="FILE.json")
    given = parser.parse_args(arguments)
    as_of = date.fromisoformat(given.as_of).toordinal() if given.as_of else None
    try:
        found = measures(Record([read_return(path) for path in given.returns], as_of))
    except (CannotRead, OSError) as problem:
        print(f"measures: {problem}", file=sys.stderr)
        return 1
    text = json.dumps(found, indent=2) + "\n"
    if given.out:
        with open(given.out, "w", encoding="utf-8") as file:
            file.write(text)
    else:
        sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
