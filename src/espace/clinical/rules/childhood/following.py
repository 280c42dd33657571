"""Which examinations of a child were done, are due, late or to come.

Done says a certificate or the account of a child's examination among the documents that the reader may see, or what was
stated. A visit for an illness is no examination. What is written nowhere may have been done: once a later examination
has come, it is only not written.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from espace.clinical.rules.childhood.schedules import schedule_at
from espace.clinical.rules.childhood.values import Done, Examination, Line, Stage
from espace.clinical.rules.vaccines.ages import plus_months
from espace.record.facts import Document, Status

ADULT = 18 * 12
"""Months of age at which nothing of this concerns anybody any more."""
ACCOUNTS = frozenset({"59283-2", "68817-6"})
"""JDV_J07: the account of a child's examination, the assessment of a child's health."""
CERTIFICATES: Mapping[str, str] = {
    "urn:asip:ci-sis:cse-cs8:": "j8",
    "urn:asip:cisis:cs8:": "j8",
    "urn:asip:ci-sis:cse-cs9:": "m8",
    "urn:asip:ci-sis:cs9:": "m8",
    "urn:asip:ci-sis:cse-cs24:": "m23",
    "urn:asip:ci-sis:cs24:": "m23",
}
"""How the formatCode of a certificate begins → its examination: that of the ninth month of life is at eight months."""
_PRESSING = frozenset({Stage.LATE, Stage.NOW})


def adult(born: date, at: date) -> bool:
    return at >= plus_months(born, ADULT)


def following(born: date, at: date, documents: Iterable[Document], stated: Mapping[str, str]) -> tuple[Line, ...]:
    """Every examination, the first of a life first. `stated`: the ISO day of those that somebody says were done, by
    their code; a document says more than they do."""
    examinations = schedule_at(at).examinations
    opens = [one.opens.day(born) for one in examinations]
    found = _documented(examinations, opens, documents)
    ends = [*opens[1:], plus_months(born, ADULT)]
    return tuple(
        _line(one, (start, one.until.day(born), end), at, found.get(one.code) or _stated(one, stated))
        for one, start, end in zip(examinations, opens, ends, strict=True)
    )


def pressing(lines: Iterable[Line]) -> tuple[Line, ...]:
    """What is to be done now, the late ones first."""
    return tuple(sorted((one for one in lines if one.stage in _PRESSING), key=lambda one: one.stage is Stage.NOW))


def _line(one: Examination, days: tuple[date, date, date], at: date, done: Done | None) -> Line:
    """`days`: when it opens, when it is over, when the next one opens."""
    opens, until, following_one = days
    stages = ((at < opens, Stage.LATER), (at < until, Stage.NOW), (at < following_one, Stage.LATE))
    stage = next((stage for holds, stage in stages if holds), Stage.UNWRITTEN)
    return Line(one, Stage.DONE if done else stage, opens, until, done)


def _stated(one: Examination, stated: Mapping[str, str]) -> Done | None:
    return Done(stated[one.code]) if one.code in stated else None


def _documented(
    examinations: Sequence[Examination], opens: Sequence[date], documents: Iterable[Document]
) -> Mapping[str, Done]:
    """By code, the first document that says it."""
    found: dict[str, Done] = {}
    for day, document in sorted(_dated(documents), key=lambda one: one[0]):
        code = _certified(document) or _at_its_age(examinations, opens, day, document)
        if code:
            found.setdefault(code, Done(day.isoformat(), document))
    return found


def _dated(documents: Iterable[Document]) -> Iterable[tuple[date, Document]]:
    for one in documents:
        at = one.entry.service_start or one.entry.creation_time
        if at and one.status is Status.APPROVED and not (one.own or one.damaged):
            yield at.date(), one


def _certified(document: Document) -> str:
    said = document.entry.format.code if document.entry.format else ""
    return next((code for begins, code in CERTIFICATES.items() if said.startswith(begins)), "")


def _at_its_age(examinations: Sequence[Examination], opens: Sequence[date], day: date, document: Document) -> str:
    """The last examination that had opened on that day."""
    if document.entry.type is None or document.entry.type.code not in ACCOUNTS:
        return ""
    return next(
        (one.code for one, start in zip(reversed(examinations), reversed(opens), strict=True) if start <= day), ""
    )
