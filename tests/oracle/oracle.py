#!/usr/bin/env python3
"""A second, independent reading of the record-level tests of a Client Level Data return.

    python3 oracle.py RETURN.csv... [--as-of YYYY-MM-DD] --out FILE.csv [--counts FILE.json]

It says what every test finds for every person, in all five verdicts. Nothing here is shared
with the crates: where the two disagree, one of them misreads a sentence. The sentences that can
be read two ways, and the reading taken, are listed in README.md.

Days are plain numbers (`date.toordinal`), money and units are exact fractions, and a service
that is still open ends on the day FOREVER.
"""

import argparse
import bisect
import csv
import io
import json
import re
import sys
from collections import Counter, defaultdict
from datetime import date
from fractions import Fraction

from lists import COLUMNS, LISTS, MUST_BE_THERE, R1_ONLY

FOREVER = 10**9
TYPES = ("request", "assessment", "service", "review")
LONG_TERM = ("community", "residential", "nursing", "prison")
SETTINGS = ("community", "residential", "nursing")


class CannotRead(Exception):
    """The file is not a return: say which columns are missing."""


# ---------------------------------------------------------------- values


def norm(text):
    """How values are compared: no case, no spaces, no punctuation, "&" as "and"."""
    return "".join(c for c in text.replace("&", "and").casefold() if c.isalnum())


def is_blank(text):
    stripped = text.strip()
    return not stripped or stripped.upper() == "NULL"


SPELLINGS = {
    name: {norm(value): code for code, values in codes.items() for value in values}
    for name, codes in LISTS.items()
}
R1_SPELLINGS = {
    name: {norm(value): code for value, code in values.items()} for name, values in R1_ONLY.items()
}
_coded = {}


def coded(list_name, text):
    """(code, r1_code, state) of a value; state is "ok", "blank" or "invalid"."""
    key = (list_name, text)
    if key not in _coded:
        _coded[key] = _code(list_name, text)
    return _coded[key]


def _code(list_name, text):
    if is_blank(text):
        return None, None, "blank"
    value = norm(text)
    spellings = SPELLINGS[list_name]
    r1 = R1_SPELLINGS.get(list_name, {})
    if value in spellings:
        return spellings[value], r1.get(value), "ok"
    if len(text.strip()) >= 50 and value:
        begun = {code for spelling, code in spellings.items() if spelling.startswith(value)}
        if len(begun) == 1:
            return begun.pop(), None, "ok"
    if list_name == "review_reason":
        # Release 2: only how the reasons begin is known.
        if "unplanned" in value:
            return ("provider_failure" if "providerfailure" in value else "other"), None, "ok"
        if value.startswith("planned"):
            return "planned", None, "ok"
    return None, None, "invalid"


_days = {}
_DMY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?:[ T]+\d{1,2}:.*)?\Z", re.S)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]+\d{1,2}:.*)?\Z", re.S)


def day_of(text):
    """(day or None, state): dd/mm/yyyy or ISO, a time part ignored."""
    if text not in _days:
        _days[text] = _day(text)
    return _days[text]


def _day(text):
    if is_blank(text):
        return None, "blank"
    stripped = text.strip()
    found = _DMY.match(stripped)
    if found:
        d, m, y = found.groups()
    else:
        found = _ISO.match(stripped)
        if not found:
            return None, "invalid"
        y, m, d = found.groups()
    try:
        return date(int(y), int(m), int(d)).toordinal(), "ok"
    except ValueError:
        return None, "invalid"


_NUMBER = re.compile(r"[-+]?£?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d*)?\Z")
_numbers = {}


def number_of(text):
    """The number as an exact, positive fraction; None when blank or not a number."""
    if text not in _numbers:
        value = None
        if not is_blank(text):
            stripped = text.strip().replace(" ", "")
            if _NUMBER.match(stripped) and any(c.isdigit() for c in stripped):
                plain = stripped.replace("£", "").replace(",", "")
                value = abs(Fraction(plain.rstrip(".") or "0"))
        _numbers[text] = value
    return _numbers[text]


def months_on(day, months):
    """The same day number that many months later (or earlier), or the month's last day."""
    d = date.fromordinal(day)
    index = d.year * 12 + d.month - 1 + months
    year, month = divmod(index, 12)
    if year > 9999:
        return FOREVER
    if year < 1:
        return 0
    return min(date(year, month + 1, 1).toordinal() + d.day - 1, month_end(year, month + 1))


def month_end(year, month):
    if month == 12:
        return date(year, 12, 31).toordinal()
    return date(year, month + 1, 1).toordinal() - 1


def iso(day):
    return date.fromordinal(day).isoformat()


# ---------------------------------------------------------------- reading


class Row:
    """One row of a return, coded. After joining it stands for one event."""

    __slots__ = (
        "nhs", "la_id", "birth", "death", "client", "has_carer", "kind", "start", "end",
        "unknown_end", "outcome", "nhs_100", "fields", "linked", "service_type", "component",
        "mechanism", "cqc", "cost", "frequency", "units", "person", "return_index",
        "assessment_type", "eligible", "method", "review_reason",
    )

    def __init__(self):
        for name in self.__slots__:
            setattr(self, name, None)
        self.unknown_end = False
        self.nhs_100 = False

    def active(self, day):
        return self.start <= day <= self.end

    @property
    def long_term(self):
        return self.kind == "service" and self.client == "user" and self.service_type in LONG_TERM

    @property
    def direct_payment(self):
        return self.mechanism == "direct_payment" or self.component == "direct_payment"

    @property
    def assessment(self):
        """Of a service user, long or short term, not financial."""
        return (
            self.kind == "assessment"
            and self.client == "user"
            and self.assessment_type in ("long", "short")
        )

    @property
    def needs_assessment(self):
        return self.assessment and self.assessment_type == "long"

    @property
    def carers_assessment(self):
        return (
            self.kind == "assessment"
            and self.client == "carer"
            and self.assessment_type != "financial"
        )

    @property
    def joint_assessment(self):
        return self.assessment and self.method in ("both", "carer")

    @property
    def review(self):
        return (
            self.kind == "review"
            and self.client == "user"
            and self.review_reason != "short_term"
        )


class Return:
    """One file: its usable rows, what was set aside, the stated period and the coverage."""

    def __init__(self, name):
        self.name = name
        self.rows = []
        self.rows_in = 0
        self.set_aside = Counter()
        self.stated = None
        self.coverage = {}


def decode(raw):
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def read_return(path):
    with open(path, "rb") as file:
        text = decode(file.read())
    return read_text(text, path)


def read_text(text, name="return"):
    csv.field_size_limit(10**9)
    reader = csv.reader(io.StringIO(text, newline=""))
    found = Return(name)
    header = next((cells for cells in reader if any(c.strip() for c in cells)), [])
    names = {norm(official): short for official, short in COLUMNS.items()}
    where = {}
    for position, cell in enumerate(header):
        short = names.get(norm(cell))
        if short is not None and short not in where:
            where[short] = position
    missing = [short for short in MUST_BE_THERE if short not in where]
    if missing:
        raise CannotRead(f"{name}: columns missing: {', '.join(missing)}")
    starts, ends = [], []
    for cells in reader:
        if not cells:
            continue
        found.rows_in += 1
        width = len(cells)
        value = {s: (cells[p] if p < width else "") for s, p in where.items()}
        for column, days in (("period_start", starts), ("period_end", ends)):
            day = day_of(value.get(column, ""))[0]
            if day is not None:
                days.append(day)
        row, reason = read_row(value)
        if reason:
            found.set_aside[reason] += 1
        else:
            found.rows.append(row)
    if starts and ends and min(starts) <= max(ends):
        found.stated = (min(starts), max(ends))
    return found


def read_row(value):
    """(row, None), or (None, why it is set aside), the reasons in the stated order."""

    def get(name):
        return value.get(name, "")

    row = Row()
    nhs = re.sub(r"[^0-9A-Za-z]", "", get("nhs"))
    row.nhs = None if is_blank(get("nhs")) or not nhs else nhs
    row.la_id = None if is_blank(get("la_id")) else get("la_id").strip()
    if row.nhs is None and row.la_id is None:
        return None, "no_identifier"
    row.client = coded("client_type", get("client_type"))[0]
    if row.client is None:
        return None, "client_type"
    row.birth = day_of(get("birth"))[0]
    row.death = day_of(get("death"))[0]
    row.has_carer = coded("has_carer", get("has_carer"))[0]
    row.linked = [get(c).strip() for c in ("linked_1", "linked_2", "linked_3") if not is_blank(get(c))]
    if row.client == "associate":
        return row, None

    row.kind = coded("event_type", get("event_type"))[0]
    if row.kind is None:
        return None, "event_type"
    start, start_state = day_of(get("start"))
    end, end_state = day_of(get("end"))
    if start_state == "blank":
        return None, "no_start_date"
    if end_state == "blank" and row.kind != "service":
        return None, "no_end_date"
    if "invalid" in (start_state, end_state):
        return None, "invalid_event_date"
    if end is not None and end < start:
        return None, "end_before_start"
    row.start = start
    row.end = FOREVER if end is None else end
    row.outcome, r1, _ = coded("outcome", get("outcome"))
    row.nhs_100 = r1 == "nhs_100"
    if row.kind == "request":
        row.fields = (coded("route", get("route"))[0],)
    elif row.kind == "assessment":
        row.assessment_type = coded("assessment_type", get("assessment_type"))[0]
        row.eligible = coded("eligible", get("eligible"))[0]
        row.method = coded("method", get("method"))[0]
        row.fields = (row.assessment_type, row.eligible, row.method)
    elif row.kind == "review":
        row.review_reason = coded("review_reason", get("review_reason"))[0]
        row.fields = (
            row.review_reason,
            coded("achieved", get("achieved"))[0],
            coded("method", get("review_method"))[0],
        )
    else:
        row.service_type = coded("service_type", get("service_type"))[0]
        row.component = coded("component", get("component"))[0]
        row.mechanism = coded("mechanism", get("mechanism"))[0]
        row.frequency = coded("frequency", get("frequency"))[0]
        row.cqc = None if is_blank(get("cqc")) else (norm(get("cqc")) or None)
        row.cost = number_of(get("cost"))
        row.units = number_of(get("units"))
        row.fields = (
            row.service_type, row.component, row.mechanism,
            row.cost, row.frequency, row.units, row.cqc,
        )
    return row, None


# ---------------------------------------------------------------- coverage and joining


def find_coverage(found):
    """Coverage of each event type by one return, from the months its events end in."""
    if found.stated is None:
        return {kind: None for kind in TYPES}
    first, last = found.stated
    events = [r for r in found.rows if r.client != "associate"]
    if len(events) < 100:
        return {kind: found.stated for kind in TYPES}
    a, b = date.fromordinal(first), date.fromordinal(last)
    months = range(a.year * 12 + a.month - 1, b.year * 12 + b.month)
    counts = {kind: Counter() for kind in TYPES}
    month_index = {}
    for row in events:
        day = row.start if row.end == FOREVER else row.end
        if day not in month_index:
            d = date.fromordinal(day)
            month_index[day] = d.year * 12 + d.month - 1
        counts[row.kind][month_index[day]] += 1
    coverage = {}
    for kind in TYPES:
        run = longest_run([counts[kind][m] for m in months])
        if run is None:
            coverage[kind] = found.stated
            continue
        low, high = months[run[0]], months[run[1]]
        start = date(low // 12, low % 12 + 1, 1).toordinal()
        end = month_end(high // 12, high % 12 + 1)
        coverage[kind] = (max(start, first), min(end, last))
    return coverage


def longest_run(counts):
    """(first, last) of the longest run of good months, the latest if tied; None if no good one."""
    filled = sorted(n for n in counts if n > 0)
    if not filled:
        return None
    middle = len(filled) // 2
    twice_median = 2 * filled[middle] if len(filled) % 2 else filled[middle - 1] + filled[middle]
    good = [i for i, n in enumerate(counts) if n >= 10 and 10 * n >= twice_median]
    best = None
    start = previous = None
    for i in good:
        if previous is None or i - previous > 2:
            start = i
        previous = i
        if best is None or i - start >= best[1] - best[0]:
            best = (start, i)
    return best


def join_coverage(returns):
    """Back from the last return through every earlier one that touches or overlaps."""
    joined = {}
    for kind in TYPES:
        span = returns[-1].coverage[kind] if returns else None
        if span is not None:
            for earlier in reversed(returns[:-1]):
                other = earlier.coverage[kind]
                if other is None or other[1] < span[0] - 1 or other[0] > span[1] + 1:
                    break
                span = (min(span[0], other[0]), span[1])
        joined[kind] = span
    return joined


def join_rows(returns):
    """All rows, the earlier giving way where a later return's coverage of their type begins."""
    kept = list(returns[0].rows) if returns else []
    given_way = 0
    for later in returns[1:]:
        services = {
            (r.person, r.start, r.service_type, r.component)
            for r in later.rows
            if r.kind == "service"
        }
        still = []
        for row in kept:
            span = None if row.kind is None else later.coverage[row.kind]
            if span is None or row.end < span[0]:
                still.append(row)
                continue
            if row.kind == "service" and row.start < span[0]:
                if (row.person, row.start, row.service_type, row.component) not in services:
                    row.end = span[0] - 1
                    row.unknown_end = True
                    still.append(row)
                    continue
            given_way += 1
        kept = still + later.rows
    return kept, given_way


# ---------------------------------------------------------------- persons


def name_persons(returns):
    """Give every row its person, and return each person's printed name and LA ids."""
    rows = [row for found in returns for row in found.rows]
    nhs_of = {}
    for row in rows:
        if row.la_id is not None and row.nhs is not None:
            known = nhs_of.get(row.la_id)
            nhs_of[row.la_id] = row.nhs if known is None else min(known, row.nhs)
    persons_of = defaultdict(set)
    ids_of = defaultdict(set)
    for row in rows:
        nhs = row.nhs if row.nhs is not None else nhs_of.get(row.la_id)
        row.person = ("nhs", nhs) if nhs is not None else ("la", row.la_id)
        ids_of[row.person]
        if row.la_id is not None:
            persons_of[row.la_id].add(row.person)
            ids_of[row.person].add(row.la_id)
    printed = {}
    for person, ids in ids_of.items():
        smallest = min(ids) if ids else None
        if smallest is None or (len(persons_of[smallest]) > 1 and person[0] == "nhs"):
            printed[person] = person[1]
        else:
            printed[person] = smallest
    return printed, ids_of, persons_of


class Chain:
    """A spell or a payment: its rows, its span, and whether its end is unknown."""

    def __init__(self, rows):
        self.rows = rows
        self.start = rows[0].start
        self.end = max(r.end for r in rows)
        self.last_rows = [r for r in rows if r.end == self.end]
        self.unknown_end = any(r.unknown_end for r in self.last_rows)


def chain(rows, after_hospital):
    """Rows chained while the next starts no more than 2 days after the running maximum end, or
    (spells) no more than 92 days after it when a row that ended last ended in hospital."""
    chains = []
    current = []
    for row in sorted(rows, key=lambda r: (r.start, r.end)):
        if current:
            end = max(r.end for r in current)
            hospital = after_hospital and any(
                r.end == end and r.outcome == "hospital" and not r.unknown_end for r in current
            )
            if row.start > end + (92 if hospital else 2):
                chains.append(Chain(current))
                current = []
        current.append(row)
    if current:
        chains.append(Chain(current))
    return chains


class Person:
    """What the record holds about one person."""

    def __init__(self, key, name, la_ids, rows, as_of):
        self.key = key
        self.name = name
        self.la_ids = la_ids
        self.as_of = as_of
        deaths = [r.death for r in rows if r.death is not None and r.death <= as_of]
        self.death = min(deaths) if deaths else None
        oldest = months_on(as_of, -12 * 116)
        births = [r.birth for r in rows if r.birth is not None and r.birth > oldest]
        self.birth = min(births) if births else None
        self.adult_from = months_on(self.birth, 12 * 18) if births else None
        self.has_carer = any(r.has_carer == "yes" for r in rows)
        self.linked = {
            i for r in rows if r.client in ("carer", "associate") for i in r.linked
        }
        self.events = []
        for row in one_event_each([r for r in rows if r.client != "associate"]):
            if self.death is not None and row.kind == "service":
                if row.start > self.death:
                    continue
                if row.end >= self.death:
                    row.end = self.death
                    row.unknown_end = False
            self.events.append(row)
        self.events.sort(key=lambda r: (r.start, r.end))
        self.long_term = [r for r in self.events if r.long_term]
        self.services = [r for r in self.events if r.kind == "service" and r.client == "user"]
        self.spells = chain(self.long_term, after_hospital=True)
        self.payments = chain([r for r in self.services if r.direct_payment], after_hospital=False)
        self.assessments = [r for r in self.events if r.assessment]
        self.needs_assessments = [r for r in self.events if r.needs_assessment]
        self.carers_assessments = [r for r in self.events if r.carers_assessment]
        self.reviews = [r for r in self.events if r.review]
        self.exits = self.find_exits()

    def under_18(self, day):
        return self.adult_from is not None and day < self.adult_from

    def find_exits(self):
        """(day, not owed or cannot tell, reason), in order of day."""
        exits = []
        if self.death is not None:
            exits.append((self.death, "not_owed", "died"))
        for row in self.events:
            if row.end == FOREVER or row.unknown_end:
                continue
            if row.outcome == "deceased":
                exits.append((row.end, "not_owed", "died"))
            elif row.outcome == "moved":
                exits.append((row.end, "not_owed", "moved"))
            elif row.outcome == "nhs" and row.nhs_100:
                exits.append((row.end, "not_owed", "nhs"))
            elif row.outcome == "nhs":
                exits.append((row.end, "cannot_tell", "referred_nhs"))
            elif row.outcome == "declined":
                exits.append((row.end, "cannot_tell", "declined"))
            elif row.outcome == "hospital" and not self.support_follows_hospital(row.end):
                exits.append((row.end, "cannot_tell", "hospital"))
        return sorted(exits)

    def support_follows_hospital(self, day):
        return any(
            (r.start <= day < r.end) or (day < r.start <= day + 92) for r in self.long_term
        )

    def exit_between(self, first, last, force, before=FOREVER):
        for day, what, reason in self.exits:
            if what == force and first <= day <= last and day < before:
                return reason
        return None

    def spell_on(self, day):
        return next((s for s in self.spells if s.start <= day <= s.end), None)

    def open_on(self, rows, day):
        return any(r.active(day) for r in rows)

    def unknown_end_before(self, day):
        return any(r.unknown_end and r.end < day for r in self.long_term)


def one_event_each(rows):
    """Rows that agree on everything that makes an event are one."""
    seen = {}
    for row in rows:
        key = (
            row.kind, row.client, row.start, row.end, row.unknown_end, row.outcome, row.fields,
        )
        first = seen.setdefault(key, row)
        first.nhs_100 = first.nhs_100 or row.nhs_100
    return list(seen.values())


# ---------------------------------------------------------------- falls in support


def units_per_week(row):
    """measures.md section 8."""
    fixed = {
        "weekly": Fraction(1), "fortnightly": Fraction(1, 2), "four_weekly": Fraction(1, 4),
        "monthly": Fraction(12, 52), "quarterly": Fraction(4, 52), "annually": Fraction(1, 52),
    }
    return fixed.get(row.frequency, row.units)


def counts_nothing(row):
    return row.frequency == "one_off" or row.component == "equipment"


def weekly_cost(row):
    units = units_per_week(row)
    if row.frequency is None or row.cost is None or units is None:
        return None
    return row.cost * units


def group_of(row):
    return (row.service_type, row.component, row.frequency)


def sum_costs(rows):
    total = Fraction(0)
    for row in rows:
        if not counts_nothing(row):
            cost = weekly_cost(row)
            if cost is None:
                return None
            total += cost
    return total


def unit_costs(rows):
    """Mean unit cost of each group, weighted by units per week; every cost is known here."""
    money, units = defaultdict(Fraction), defaultdict(Fraction)
    for row in rows:
        if not counts_nothing(row) and not row.direct_payment:
            money[group_of(row)] += weekly_cost(row)
            units[group_of(row)] += units_per_week(row)
    return {g: (money[g] / units[g] if units[g] else None) for g in units}


def sum_at_before_prices(after, prices):
    total = Fraction(0)
    for row in after:
        if counts_nothing(row):
            continue
        units = units_per_week(row)
        if not row.direct_payment and group_of(row) in prices:
            price = prices[group_of(row)]
            if units == 0:
                continue
            if units is None or price is None:
                return None
            total += units * price
        else:
            cost = weekly_cost(row)
            if cost is None:
                return None
            total += cost
    return total


def group_units(rows):
    """Units per week by group, and whether every row has units (direct payments too)."""
    units = defaultdict(Fraction)
    all_have = True
    for row in rows:
        if counts_nothing(row):
            continue
        per_week = units_per_week(row)
        if per_week is None:
            all_have = False
        if not row.direct_payment:
            units[group_of(row)] += per_week or 0
    return units, all_have


def compare(before, after):
    """How `after` stands to `before`: "none" (no fall), "fall", "setting_changed",
    "withdrawn" or "size_unknown"."""
    if not before:
        return "none"
    total = sum_costs(before)
    if total is not None and total == 0:
        return "none"
    if not after:
        return "withdrawn"
    later = None if total is None else sum_at_before_prices(after, unit_costs(before))
    if total is not None and later is not None:
        fell = 10 * later <= 9 * total
    else:
        fell = fell_by_units(before, after)
        if fell is None:
            return "size_unknown"
    if not fell:
        return "none"
    gone = {r.service_type for r in before} - {r.service_type for r in after}
    new = {r.service_type for r in after} - {r.service_type for r in before}
    if gone & set(SETTINGS) and new & set(SETTINGS):
        return "setting_changed"
    return "fall"


def fell_by_units(before, after):
    """Step 2: True, False, or None where the size is unknown."""
    after_rows = {id(r) for r in after}
    before_rows = {id(r) for r in before}
    if all(id(r) in after_rows for r in before if not counts_nothing(r)):
        return False
    for row in before + after:
        if row.direct_payment and not counts_nothing(row):
            if (id(row) in after_rows) != (id(row) in before_rows):
                return None
    units_before, known_before = group_units(before)
    units_after, known_after = group_units(after)
    if set(units_before) != set(units_after) or not (known_before and known_after):
        return None
    pairs = [(units_before[g], units_after[g]) for g in units_before]
    if any(b > 0 and 10 * a <= 9 * b for b, a in pairs) and not any(a > b for b, a in pairs):
        return True
    if all(10 * a > 9 * b or a == b for b, a in pairs):
        return False
    return None


class Fall:
    def __init__(self, day, kind, before, after, after_day):
        self.day = day
        self.kind = kind
        self.before = before
        self.after = after
        self.after_day = after_day
        self.rate_only = False


def with_unknown(before, after):
    """A row whose end is unknown has not ended: if it counts before it counts after."""
    present = {id(r) for r in after}
    return after + [r for r in before if r.unknown_end and id(r) not in present]


def hospital_stops(rows):
    """Stops of all support from hospital: {day after the stop: (last day, day resumed or None)}."""
    stops = {}
    ordered = sorted(rows, key=lambda r: r.start)
    end = None
    for i, row in enumerate(ordered):
        if end is not None and row.start > end + 1:
            note_stop(stops, ordered[:i], end, row.start)
        end = row.end if end is None else max(end, row.end)
    if end is not None and end != FOREVER:
        note_stop(stops, ordered, end, None)
    return stops


def note_stop(stops, rows, end, resumed):
    last = [r for r in rows if r.end == end]
    if any(r.unknown_end for r in last) or not any(r.outcome == "hospital" for r in last):
        return
    if resumed is not None and resumed - end > 92:
        resumed = None
    stops[end + 1] = (end, resumed)


def find_falls(person, coverage, as_of):
    """The person's falls, merged (section 4)."""
    rows = person.long_term
    if not rows or coverage is None:
        return []
    active_cache = {}

    def active(day):
        if day not in active_cache:
            active_cache[day] = [r for r in rows if r.active(day)]
        return active_cache[day]

    starts = sorted({r.start for r in rows})
    days = sorted(
        set(starts) | {r.end + 1 for r in rows if r.end != FOREVER and not r.unknown_end}
    )
    stops = hospital_stops(rows)
    breaks = [(e, s) for e, s in stops.values() if s is not None]

    def after_day_of(day):
        """Fourteen days on; from inside a hospital break, fourteen days after it ended."""
        target = day + 14
        moved = True
        while moved:
            moved = False
            for e, s in breaks:
                if e < target < s:
                    target = s + 14
                    moved = True
        return target

    falls = []
    for day in days:
        if day < coverage[0]:
            continue
        before = active(day - 1)
        if not before:
            continue
        dated = day
        resumed = None
        if day in stops:
            resumed = stops[day][1]
        if resumed is not None:
            dated = resumed
            after_day = after_day_of(resumed)
        else:
            after_day = after_day_of(day)
        if after_day > as_of:
            continue
        after = with_unknown(before, active(after_day))
        kind = compare(before, after)
        if kind == "none":
            continue
        if day in stops and resumed is None:
            kind = "hospital"
        elif rise_goes_back(day, after, starts, active):
            continue
        falls.append(Fall(dated, kind, before, after, after_day))
    return merge_falls(falls)


def rise_goes_back(day, after, starts, active):
    for rose in starts[bisect.bisect_right(starts, day - 84):bisect.bisect_left(starts, day)]:
        low = active(rose - 1)
        if not any(not counts_nothing(r) for r in low) or sum_costs(low) == 0:
            continue
        if compare(active(rose), low) not in ("fall", "setting_changed"):
            continue
        if compare(low, with_unknown(low, after)) == "none":
            return True
    return False


def merge_falls(falls):
    falls.sort(key=lambda f: (f.day, f.after_day))
    merged = []
    cluster = []
    for fall in falls:
        if cluster and fall.day - cluster[0].day > 28:
            merged.append(merge(cluster))
            cluster = []
        cluster.append(fall)
    if cluster:
        merged.append(merge(cluster))
    return merged


def merge(cluster):
    first, last = cluster[0], cluster[-1]
    if len(cluster) == 1:
        whole = first
    else:
        after = with_unknown(first.before, last.after)
        kind = compare(first.before, after)
        if kind == "none":
            kind = first.kind
        whole = Fall(first.day, kind, first.before, after, max(f.after_day for f in cluster))
    whole.rate_only = is_rate_only(whole)
    return whole


def is_rate_only(fall):
    """The same payments, units and frequencies on both sides and nothing else fell."""
    if fall.kind != "fall":
        return False

    def payments(rows):
        return Counter(
            (r.service_type, r.component, r.mechanism, r.frequency, r.units)
            for r in rows if r.direct_payment and not counts_nothing(r)
        )

    if not payments(fall.before) or payments(fall.before) != payments(fall.after):
        return False
    rest_before = [r for r in fall.before if not r.direct_payment and not counts_nothing(r)]
    rest_after = [r for r in fall.after if not r.direct_payment and not counts_nothing(r)]
    units_before, known_before = group_units(rest_before)
    units_after, known_after = group_units(rest_after)
    if not (known_before and known_after):
        return {id(r) for r in rest_before} <= {id(r) for r in rest_after}
    return all(units_after.get(g, 0) >= n for g, n in units_before.items())


# ---------------------------------------------------------------- the record


class Record:
    def __init__(self, returns, as_of=None):
        order = sorted(
            range(len(returns)), key=lambda i: (returns[i].stated or (0, 0), i)
        )
        self.returns = [returns[i] for i in order]
        for found in self.returns:
            found.coverage = find_coverage(found)
        printed, ids_of, self.persons_of_id = name_persons(self.returns)
        rows, self.given_way = join_rows(self.returns)
        coverage = join_coverage(self.returns)
        if as_of is None:
            ends = [coverage[k][1] for k in ("request", "assessment", "service") if coverage[k]]
            if not ends:
                raise CannotRead("no stated period, so no day to look from: give --as-of")
            as_of = min(ends)
        self.as_of = as_of
        self.coverage = {}
        for kind, span in coverage.items():
            if span is not None:
                span = (span[0], min(span[1], as_of))
                span = span if span[0] <= span[1] else None
            self.coverage[kind] = span
        self.after_as_of = 0
        by_person = defaultdict(list)
        for row in rows:
            if row.kind is not None:
                if row.start > as_of or (row.kind != "service" and row.end > as_of):
                    self.after_as_of += 1
                    continue
                if row.end > as_of:
                    row.end = FOREVER
                    row.unknown_end = False
            by_person[row.person].append(row)
        self.people = {
            key: Person(key, printed[key], ids_of[key], person_rows, as_of)
            for key, person_rows in by_person.items()
        }
        self.carers_of_id = defaultdict(set)
        for person in self.people.values():
            for la_id in person.linked:
                self.carers_of_id[la_id].add(person.key)
        self.reset_dates = self.find_reset_dates()
        self.mass_days = set()

    def find_reset_dates(self):
        span = self.coverage["service"]
        if span is None:
            return set()
        starts = Counter()
        open_then = 0
        for person in self.people.values():
            for row in person.long_term:
                starts[row.start] += 1
                open_then += row.active(span[0])
        return {
            day for day, n in starts.items()
            if span[0] <= day <= span[1] and n >= 50 and 10 * n >= open_then
        }

    def linked_adults(self, carer):
        keys = {k for la_id in carer.linked for k in self.persons_of_id.get(la_id, ())}
        return [self.people[k] for k in sorted(keys) if k in self.people]

    def linked_carers(self, person):
        keys = {k for la_id in person.la_ids for k in self.carers_of_id.get(la_id, ())}
        return [self.people[k] for k in sorted(keys)]

    def covers(self, kind, first, last):
        span = self.coverage[kind]
        return span is not None and span[0] <= first and last <= span[1]


# ---------------------------------------------------------------- the tests


class Inspection:
    def __init__(self, record):
        self.record = record
        self.as_of = record.as_of
        self.verdicts = []

    def settle(self, person, duty, test, day, last, met_on, cannot, strength,
               wait=0, exits_from=None, exits_to=None, due=None, failed="absent"):
        """One occasion: not owed; met; not yet due; cannot tell; not met, in that order.

        `met_on` is the day it was met (None: it was not), `cannot` the reasons that make an
        absence say nothing, `last` the last day for being met.
        """
        exits_from = day - 28 if exits_from is None else exits_from
        exits_to = last if exits_to is None else exits_to
        met_before = FOREVER if met_on is None else met_on
        if person.under_18(day):
            verdict, reason = "not_owed", "under_18"
        elif person.exit_between(exits_from, exits_to, "not_owed", met_before):
            verdict = "not_owed"
            reason = person.exit_between(exits_from, exits_to, "not_owed", met_before)
        elif met_on is not None:
            verdict, reason = "met", ""
        elif (last if due is None else due) + wait > self.as_of:
            verdict, reason = "not_yet_due", ""
        else:
            reasons = [person.exit_between(exits_from, exits_to, "cannot_tell")] + cannot
            reason = next((r for r in reasons if r), None)
            verdict = "cannot_tell" if reason else "not_met"
            reason = reason or failed
        self.verdicts.append((duty, test, person.name, iso(day), verdict, reason, strength))
        return verdict

    def uncovered(self, first, last, *kinds):
        if all(self.record.covers(kind, first, last) for kind in kinds):
            return None
        return "outside_coverage"

    def run(self):
        merged = {}
        for key in sorted(self.record.people):
            person = self.record.people[key]
            merged[key] = find_falls(person, self.record.coverage["service"], self.as_of)
        self.record.mass_days = self.find_mass_days(merged)
        for key in sorted(self.record.people):
            person = self.record.people[key]
            self.requests(person)
            self.known_carer(person)
            self.assessments(person)
            self.carers_assessments(person)
            self.spells(person)
            self.payments(person)
            self.provider_failures(person)
            self.falls(person, merged[key])
        self.verdicts.sort()
        return self.verdicts

    # -- requests: sections 9, 10 and 27(1)(b)

    def requests(self, person):
        for request in person.events:
            if request.kind != "request":
                continue
            if request.client == "user":
                in_spell = person.spell_on(request.start) is not None
                if request.outcome == "to_assessment" and in_spell:
                    self.review_on_request(person, request)
                elif request.outcome == "to_assessment":
                    self.assess_in_reasonable_time(person, request)
                    self.ever_assessed(person, request)
                elif request.outcome == "self_funded" and not in_spell:
                    self.self_funder_assessed(person, request)
            elif request.outcome == "to_assessment":
                self.carer_request_assessed(person, request)

    def assess_in_reasonable_time(self, person, request):
        day, last = request.start, request.start + 42
        met = [a.end for a in person.assessments if a.start >= day and a.end <= last]
        self.settle(
            person, "s9-1-assess-in-reasonable-time", "within_42_days", day, last,
            min(met, default=None),
            [
                "unknown_end" if person.unknown_end_before(day) else None,
                self.uncovered(day, last, "assessment"),
            ],
            "strong",
        )

    def ever_assessed(self, person, request):
        day, last = request.start, request.start + 182
        met = [a.start for a in person.assessments if day <= a.start <= last]
        started = any(day <= r.start <= last for r in person.long_term)
        self.settle(
            person, "s9-1-assess-on-appearance", "ever_assessed", day, last,
            min(met, default=None),
            [
                "service_started" if started else None,
                "unknown_end" if person.unknown_end_before(day) else None,
                self.uncovered(day, last, "assessment"),
            ],
            "strong", wait=28,
        )

    def self_funder_assessed(self, person, request):
        day, last = request.start, request.start + 84
        first = day - 182 + 1
        met = [a.end for a in person.needs_assessments if first <= a.end <= last]
        short = any(
            a.assessment_type == "short" and first <= a.end <= last for a in person.assessments
        )
        self.settle(
            person, "s9-3-regardless-of-level-or-means", "self_funder_assessed", day, last,
            min(met, default=None),
            [
                "short_term_assessment" if short else None,
                "service_open" if person.open_on(person.services, day) else None,
                "unknown_end" if person.unknown_end_before(day) else None,
                self.uncovered(first, last, "assessment"),
            ],
            "strong",
        )

    def carer_request_assessed(self, person, request):
        day, last = request.start, request.start + 182
        met = [a.end for a in person.carers_assessments if a.start >= day and a.end <= last]
        joint = any(
            a.joint_assessment and day <= a.end <= last
            for adult in self.record.linked_adults(person) for a in adult.assessments
        )
        self.settle(
            person, "s10-1-carer-assessment", "request_assessed", day, last,
            min(met, default=None),
            [
                "joint_assessment" if joint else None,
                self.uncovered(day, last, "assessment"),
            ],
            "lead",
        )

    def review_on_request(self, person, request):
        day, last = request.start, request.start + 84
        met = [
            e.end for e in person.assessments + person.reviews
            if e.start >= day and e.end <= last
        ]
        self.settle(
            person, "s27-1b-review-on-reasonable-request", "within_84_days", day, last,
            min(met, default=None),
            [self.uncovered(day, last, "assessment", "review")],
            "strong",
        )

    # -- carers known

    def known_carer(self, person):
        day = self.as_of
        if not any(r.service_type == "community" and r.active(day) for r in person.long_term):
            return
        carers = self.record.linked_carers(person)
        if not (person.has_carer or carers):
            return
        first = months_on(day, -12) + 1
        met = [a.end for c in carers for a in c.carers_assessments if first <= a.end <= day]
        self.settle(
            person, "s10-1-carer-assessment", "known_carer", day, day,
            min(met, default=None), ["no_yearly_duty"], "lead",
        )

    # -- after an assessment: sections 13, 18 and 20

    def assessments(self, person):
        for assessment in person.needs_assessments:
            day = assessment.end
            self.settle(
                person, "s13-1-determine-eligibility", "recorded", day, day,
                None if assessment.eligible is None else day, ["not_recorded"], "lead",
            )
            if any(r.start < day <= r.end for r in person.long_term):
                continue
            if assessment.outcome == "to_support":
                refused = assessment.eligible in ("non_eligible", "none", "no")
                self.support_follows(
                    person, day, "support_follows",
                    "recorded_not_eligible" if refused else None, "strong",
                )
            elif assessment.eligible == "eligible":
                explained = assessment.outcome in ("self_funded", "advice", "referred_within")
                self.support_follows(
                    person, day, "eligible_supported",
                    assessment.outcome if explained else None, "lead",
                )

    def support_follows(self, person, day, test, reason, strength):
        duty = "s18-1-meet-eligible-needs"
        open_then = person.open_on(person.services, day)
        starts = [r.start for r in person.services if day <= r.start <= day + 84]
        met_on = day if open_then else min(starts, default=None)
        unknown = "unknown_end" if person.unknown_end_before(day) else None
        verdict = self.settle(
            person, duty, test, day, day + 84, met_on,
            [reason, unknown, self.uncovered(day, day + 84, "service")], strength,
        )
        if verdict == "met" and not open_then:
            self.settle(
                person, duty, "within_42_days", day, day + 42,
                met_on if met_on <= day + 42 else None,
                [unknown, self.uncovered(day, day + 42, "service")], "strong",
            )

    def carers_assessments(self, person):
        for assessment in person.carers_assessments:
            if assessment.eligible != "eligible":
                continue
            day, last = assessment.end, assessment.end + 84
            support = [
                r for r in person.events if r.service_type in ("carer_direct", "carer_involving")
            ]
            for adult in self.record.linked_adults(person):
                support += [r for r in adult.events if r.service_type == "carer_involving"]
            met = [max(r.start, day) for r in support if r.start <= last and r.end >= day]
            explained = assessment.outcome in ("advice", "self_funded")
            self.settle(
                person, "s20-1-meet-carers-eligible-needs", "support_follows", day, last,
                min(met, default=None),
                [
                    assessment.outcome if explained else None,
                    self.uncovered(day, last, "service"),
                ],
                "lead",
            )

    # -- keeping under review: section 27(1)(a) and direct payments

    def reviewed(self, person, first, last):
        ends = [e.end for e in person.reviews + person.needs_assessments if first <= e.end <= last]
        return min(ends, default=None)

    def spells(self, person):
        duty = "s27-1a-keep-under-review"
        for spell in person.spells:
            reset = spell.start in self.record.reset_dates
            if person.open_on(spell.rows, self.as_of):
                self.yearly(person, duty, "annual", spell, 12, reset)
            self.first_review(person, duty, "first_review", spell, spell.start + 56, reset, "lead")

    def payments(self, person):
        duty = "s33-dp-review-6-then-12-months"
        for payment in person.payments:
            reset = payment.start in self.record.reset_dates
            if person.open_on(payment.rows, self.as_of):
                self.yearly(person, duty, "each_12_months", payment, 18, reset)
            self.first_review(
                person, duty, "first_6_months", payment, months_on(payment.start, 6), reset,
                "strong",
            )
            self.payment_ended(person, payment)

    def yearly(self, person, duty, test, spell, months, reset):
        day = self.as_of
        threshold = months_on(day, -months)
        if not (spell.start < threshold or reset):
            return
        first = months_on(day, -12) + 1
        self.settle(
            person, duty, test, day, day, self.reviewed(person, first, day),
            [
                "start_reset" if reset and spell.start > threshold else None,
                self.uncovered(first, day, "review"),
            ],
            "strong",
        )

    def first_review(self, person, duty, test, spell, last, reset, strength):
        span = self.record.coverage["service"]
        if span is None or not span[0] <= spell.start <= span[1]:
            return
        # Ended, or its end unknown, before it ran the length.
        if spell.end < last:
            return
        self.settle(
            person, duty, test, spell.start, last, self.reviewed(person, spell.start + 1, last),
            [
                "start_reset" if reset else None,
                self.uncovered(spell.start + 1, last, "review", "assessment"),
            ],
            strength,
        )

    def payment_ended(self, person, payment):
        if payment.end >= self.as_of or payment.unknown_end or payment.end == person.death:
            return
        day = payment.end + 1
        last = day + 14
        met = [
            max(r.start, day) for r in person.long_term if r.start <= last and r.end >= day
        ]
        planned = any(r.outcome == "ended_as_planned" for r in payment.last_rows)
        self.settle(
            person, "s33-dp-ending-safely", "replaced", day, last, min(met, default=None),
            [
                "ended_as_planned" if planned else None,
                "unknown_end" if person.unknown_end_before(day) else None,
                self.uncovered(day, last, "service"),
            ],
            "strong", wait=28,
        )

    # -- provider failure: section 48

    def provider_failures(self, person):
        for review in person.reviews:
            if review.review_reason != "provider_failure":
                continue
            day, last = review.end, review.end + 7
            before = [r for r in person.services if r.active(day - 28)]
            then = [r for r in person.services if r.start <= last and r.end >= day]
            old = {r.cqc for r in before}
            met_on = None
            if before and None not in old:
                met_on = min(
                    (max(r.start, day) for r in then if r.cqc is not None and r.cqc not in old),
                    default=None,
                )
            reason = None
            if not before:
                reason = "no_service_before"
            elif then:
                blank = None in old or any(r.cqc is None for r in then)
                reason = "provider_unknown" if blank else "same_provider"
            self.settle(
                person, "s48-provider-failure", "kept_going", day, last, met_on,
                [
                    reason,
                    "unknown_end" if person.unknown_end_before(day) else None,
                    self.uncovered(day, last, "service"),
                ],
                "lead", wait=28,
            )

    # -- falls: section 27(4)

    def find_mass_days(self, merged):
        fell = defaultdict(set)
        for key, falls in merged.items():
            person = self.record.people[key]
            for fall in falls:
                left = person.exit_between(fall.day - 28, fall.after_day, "not_owed")
                if fall.kind != "size_unknown" and not left:
                    if person.spell_on(fall.day - 1):
                        fell[fall.day].add(key)
        mass = set()
        for day, keys in fell.items():
            if len(keys) < 20:
                continue
            people = sum(1 for p in self.record.people.values() if p.spell_on(day - 1))
            if 50 * len(keys) >= people:
                mass.add(day)
        return mass

    def falls(self, person, falls):
        duty = "s27-4-revise-only-on-change"
        for fall in falls:
            day = fall.day
            reviewed = any(day - 90 < r.end <= day for r in person.reviews)
            assessed = any(day - 182 < a.end <= day for a in person.assessments)
            cannot = [
                fall.kind if fall.kind in ("size_unknown", "setting_changed", "hospital") else None,
                "assessed" if assessed else None,
                self.uncovered(day - 181, day, "assessment"),
            ]
            if reviewed:
                test, strength = "fall_at_review_without_assessment", "lead"
            else:
                test = "fall_without_review_or_assessment"
                lead = fall.rate_only or day in self.record.mass_days
                strength = "lead" if lead else "strong"
                cannot.append(self.uncovered(day - 89, day, "review"))
            self.settle(
                person, duty, test, day, day, None, cannot, strength,
                wait=28, exits_to=fall.after_day, failed=fall.kind,
            )


# ---------------------------------------------------------------- the command


def inspect(returns, as_of=None):
    record = Record(returns, as_of)
    return record, Inspection(record).run()


def counts_of(record, verdicts):
    set_aside = Counter()
    for found in record.returns:
        set_aside.update(found.set_aside)
    tests = defaultdict(Counter)
    for duty, test, _, _, verdict, _, _ in verdicts:
        tests[f"{duty}/{test}"][verdict] += 1
    return {
        "rows_in": sum(f.rows_in for f in record.returns),
        "used": sum(len(f.rows) for f in record.returns),
        "set_aside": dict(sorted(set_aside.items())),
        "gave_way": record.given_way,
        "after_as_of": record.after_as_of,
        "people": len(record.people),
        "events": sum(len(p.events) for p in record.people.values()),
        "as_of": iso(record.as_of),
        "coverage": {
            kind: [iso(span[0]), iso(span[1])] if span else None
            for kind, span in record.coverage.items()
        },
        "reset_dates": [iso(d) for d in sorted(record.reset_dates)],
        "mass_days": [iso(d) for d in sorted(record.mass_days)],
        "tests": {name: dict(sorted(c.items())) for name, c in sorted(tests.items())},
    }


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Every test, every person, every verdict.")
    parser.add_argument("returns", nargs="+", metavar="RETURN.csv")
    parser.add_argument("--as-of", metavar="YYYY-MM-DD")
    parser.add_argument("--out", required=True, metavar="FILE.csv")
    parser.add_argument("--counts", metavar="FILE.json")
    given = parser.parse_args(arguments)
    as_of = None
    if given.as_of:
        as_of = date.fromisoformat(given.as_of).toordinal()
    try:
        record, verdicts = inspect([read_return(path) for path in given.returns], as_of)
    except (CannotRead, OSError) as problem:
        print(f"oracle: {problem}", file=sys.stderr)
        return 1
    with open(given.out, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(
            ["duty", "test", "person", "occasion_date", "verdict", "reason", "strength"]
        )
        writer.writerows(verdicts)
    if given.counts:
        with open(given.counts, "w", encoding="utf-8") as file:
            json.dump(counts_of(record, verdicts), file, indent=2)
            file.write("\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
