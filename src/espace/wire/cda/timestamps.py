"""HL7 v3 time stamps (data type TS): YYYY[MM[DD[HH[MM[SS[.f]]]]]][±HH[MM]]."""

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

_SHAPE = re.compile(
    r"([0-9]{4})(?:([0-9]{2})(?:([0-9]{2})(?:([0-9]{2})(?:([0-9]{2})(?:([0-9]{2})(?:\.([0-9]{1,9}))?)?)?)?)?)?"
    r"(?:([+-])([0-9]{2})([0-9]{2})?)?"
)
_YEARS = range(1800, 2201)


def instant(value: str, zone: tzinfo) -> datetime | None:
    """The first instant of a time stamp, aware; None when it is malformed.

    Without an offset it is the local time of `zone`. Years outside 1800-2200 are malformed: nothing that
    is read here can overflow when it is converted.
    """
    found = _SHAPE.fullmatch(value)
    if not found or int(found[1]) not in _YEARS:
        return None
    month, day_, hour, minute, second = (int(found[n] or first) for n, first in enumerate("11000", start=2))
    micro = int((found[7] or "0").ljust(6, "0")[:6])
    try:
        return datetime(int(found[1]), month, day_, hour, minute, second, micro, tzinfo=_offset(found) or zone)
    except ValueError:
        return None


def _offset(found: re.Match[str]) -> tzinfo | None:
    if not found[8]:
        return None
    delta = timedelta(hours=int(found[9]), minutes=int(found[10] or 0))
    if delta > timedelta(hours=14):
        raise ValueError("no place on Earth is that far from UTC")
    return timezone(delta if found[8] == "+" else -delta)


def day(value: str, zone: tzinfo) -> date | None:
    """The day as written, whatever the offset; None when malformed or less precise than a day."""
    at = instant(value, zone)
    return at.date() if at and re.match(r"[0-9]{8}", value) else None


def moment(value: str) -> str | None:
    """A time stamp as ISO 8601, no more precise than written, the offset as written; None when it is malformed, or no
    day of the calendar. What is more precise than a minute only has its seconds; an hour alone is left at its day."""
    found = _SHAPE.fullmatch(value)
    if not found or instant(value, UTC) is None:
        return None
    day_ = "-".join(part for part in found.group(1, 2, 3) if part)
    if not found[5]:
        return day_
    seconds = f":{found[6]}" if found[6] else ""
    offset = f"{found[8]}{found[9]}:{found[10] or '00'}" if found[8] else ""
    return f"{day_}T{found[4]}:{found[5]}{seconds}{offset}"
