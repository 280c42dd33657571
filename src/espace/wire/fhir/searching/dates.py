"""Dates of a search (R4, search.html#date): a partial date is the interval that it covers.

The comparisons are those of the standard, between two intervals: `eq` when the one searched for contains the
other, `gt` when the other goes beyond it, `sa` when the other begins after it, and so on.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo

from espace.wire.fhir.searching.values import Prefix, Span, When

_FORM = re.compile(
    r"(?P<prefix>eq|ne|gt|lt|ge|le|sa|eb|ap)?"
    r"(?P<year>\d{4})(-(?P<month>\d\d)(-(?P<day>\d\d)"
    r"(T(?P<hour>\d\d):(?P<minute>\d\d)(:(?P<second>\d\d)(\.(?P<fraction>\d{1,9}))?)?(?P<zone>Z|[+-]\d\d:\d\d)?)?)?)?",
    re.ASCII,
)
_YEARS = range(1000, 9000)
_NEAR = 10
"""`ap`: within a tenth of the time between now and the date (the standard's own suggestion)."""


def when(text: str, *, zone: tzinfo, now: datetime) -> When | None:
    """The date of a parameter, local in `zone` where it has no offset; None for what is no date.

    A `+` that was not percent-encoded has become a space: it is taken for the sign that it was.
    """
    found = _FORM.fullmatch(text.replace(" ", "+"))
    if not found or int(found["year"]) not in _YEARS:
        return None
    try:
        low = _low(found, zone)
    except ValueError:
        return None
    high = _high(found, low)
    prefix = Prefix(found["prefix"] or Prefix.EQ)
    if prefix is not Prefix.AP:
        return When(prefix, low, high)
    around = abs(now - low) / _NEAR
    return When(prefix, low - around, high + around)


def _low(found: re.Match[str], zone: tzinfo) -> datetime:
    if found["hour"] is None:
        return datetime(int(found["year"]), int(found["month"] or 1), int(found["day"] or 1), tzinfo=zone)
    fraction = (found["fraction"] or "")[:6].ljust(6, "0")
    clock = f"{found['hour']}:{found['minute']}:{found['second'] or '00'}.{fraction}{found['zone'] or ''}"
    moment = datetime.fromisoformat(f"{found['year']}-{found['month']}-{found['day']}T{clock}")
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _high(found: re.Match[str], low: datetime) -> datetime:
    """The first instant that the date, as precise as it was said, no longer covers."""
    if found["month"] is None:
        return low.replace(year=low.year + 1)
    if found["day"] is None:
        return (low.replace(day=28) + timedelta(days=4)).replace(day=1)
    for name, unit in (("hour", timedelta(days=1)), ("second", timedelta(minutes=1))):
        if found[name] is None:
            return low + unit
    return low + timedelta(microseconds=10 ** max(0, 6 - len(found["fraction"] or "")))


def compares(searched: When, found: Span) -> bool:
    """Whether what was found is what the prefix asks for."""
    return _COMPARISONS[searched.prefix](searched, found)


def _eq(searched: When, found: Span) -> bool:
    return searched.low <= found.low and found.high <= searched.high


def _gt(searched: When, found: Span) -> bool:
    return found.high > searched.high


def _lt(searched: When, found: Span) -> bool:
    return found.low < searched.low


_COMPARISONS: dict[Prefix, Callable[[When, Span], bool]] = {
    Prefix.EQ: _eq,
    Prefix.NE: lambda searched, found: not _eq(searched, found),
    Prefix.GT: _gt,
    Prefix.LT: _lt,
    Prefix.GE: lambda searched, found: _gt(searched, found) or _eq(searched, found),
    Prefix.LE: lambda searched, found: _lt(searched, found) or _eq(searched, found),
    Prefix.SA: lambda searched, found: found.low >= searched.high,
    Prefix.EB: lambda searched, found: found.high <= searched.low,
    Prefix.AP: lambda searched, found: found.low < searched.high and found.high > searched.low,
}
