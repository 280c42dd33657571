"""What the holder states, as both doors show it: names, answers, dates as precisely as they were given."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext

from espace.clinical.facts.profile import Asked, Item, Section, Shape
from espace.clinical.rules import profile as rules
from espace.looks import cards
from espace.looks.words import TIED, bound, english, full_date, local_day, month_name, said, short_date, tied
from espace.record.facts import Document

_IN_WORDS = frozenset({Shape.WORDS, Shape.TEXT, Shape.MEDICINE})
_SAID_WITH = frozenset({(Section.MEASURES, "second")})
"""« 120/80 mmHg » says both figures."""


@dataclass(frozen=True, slots=True)
class Link:
    path: str
    label: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered to a field; `typed` in words, which are in French whatever the page is in."""

    label: str
    text: str
    typed: bool


@dataclass(frozen=True, slots=True)
class Row:
    """An item in a list: its name (`typed` in words, or chosen), what was answered, what it is linked to."""

    id: UUID
    name: str
    typed: bool
    answers: tuple[Answer, ...]
    told: str
    documents: tuple[Link, ...] = ()
    linked: tuple[str, ...] = ()


def told_day(iso: str) -> str:
    """« 14 mars 2019 », « mars 2019 », « 2019 »."""
    parts = [int(part) for part in iso.split("-")]
    if len(parts) == 1:
        return iso
    day = date(*parts) if len(parts) == 3 else date(parts[0], parts[1], 1)
    return short_date(day) if len(parts) == 3 else month_name(day)


def told_number(text: str) -> str:
    return text if english() else text.replace(".", ",")


def measured(item: Item) -> str:
    """« 72,5 kg », « 120/80 mmHg »."""
    measure = rules.MEASURES.get(item.values["measure"])
    second = item.values.get("second", "")
    number = told_number(item.values["value"]) + (f"/{told_number(second)}" if second else "")
    return f"{number}{TIED}{tied(measure.shown)}" if measure else number


def rows(
    items: Iterable[Item],
    every: Iterable[Item],
    documents: Mapping[UUID, Document],
    page: Callable[[UUID], str],
) -> tuple[Row, ...]:
    """`documents` are those that the reader may see: a link to another one is not shown. `page`: where they read one;
    `every`: the items that they may see."""
    by_id = {one.id: one for one in every}
    return tuple(
        Row(
            item.id,
            bound(said(rules.name_of(item))),
            _typed(rules.SHEETS[item.section].fields[0]),
            tuple(Answer(said(one.label), _answer(item, one), _typed(one)) for one in _asked(item)),
            _told(item),
            tuple(Link(page(one), cards.title(documents[one])) for one in item.documents if one in documents),
            tuple(said(rules.name_of(by_id[one])) for one in item.linked if one in by_id),
        )
        for item in items
    )


def moment_of(item: Item) -> tuple[str, datetime]:
    """When it was, for a list by day: of one day, as it was stated."""
    return item.values.get("day", ""), item.stated_at


def _asked(item: Item) -> list[Asked]:
    """The fields that have an answer, but for the one that names the item, and what is said with another one."""
    fields = rules.SHEETS[item.section].fields[1:]
    return [one for one in fields if item.values.get(one.name) and (item.section, one.name) not in _SAID_WITH]


def _typed(asked: Asked) -> bool:
    return asked.shape in _IN_WORDS


def told_sender(item: Item) -> str:
    """From where an item came that nobody typed; "" for those that somebody did."""
    if item.received is None:
        return ""
    named = gettext("Depuis l’application %(name)s") % {"name": item.received.by}
    came = named if item.received.by else gettext("Envoyé par un logiciel")
    return ", ".join(filter(None, (came, item.received.device)))


def _told(item: Item) -> str:
    day = full_date(local_day(item.stated_at))
    if item.received:
        return gettext("%(sender)s, reçu le %(day)s") % {"sender": told_sender(item), "day": day}
    words = gettext("Écrit par un proche le %(day)s") if item.helped else gettext("Écrit le %(day)s")
    return words % {"day": day}


def _answer(item: Item, asked: Asked) -> str:
    text = item.values[asked.name]
    if item.section is Section.MEASURES and asked.name == "value":
        return measured(item)
    if asked.shape is Shape.DAY:
        return told_day(text)
    if asked.shape is Shape.NUMBER:
        return told_number(text)
    return bound(said(rules.answer(item, asked.name)))
