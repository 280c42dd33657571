"""How a child grows, measure by measure: the last value, the curve, and every value in a table."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext

from espace.clinical.facts import Origin
from espace.clinical.facts.growth import Reference
from espace.clinical.rules.childhood import MEASURES, Grown
from espace.clinical.rules.profile import MEASURES as TOLD
from espace.looks import cards
from espace.looks.growth import Curve, age_words, curve
from espace.looks.health import ORIGINS
from espace.looks.health_words import brief_moment, number_words
from espace.looks.stated import Link
from espace.looks.words import TIED, said, tied


@dataclass(frozen=True, slots=True)
class Row:
    """One measure: `origin` says in words who says so, where no document does."""

    day: str
    age: str
    value: str
    document: Link | None
    origin: str


@dataclass(frozen=True, slots=True)
class Group:
    """What was measured, the newest first; `last` is its last value, with the age. `compared`: others are drawn too."""

    name: str
    last: str
    curve: Curve | None
    compared: bool
    rows: tuple[Row, ...]


def growth_groups(
    found: Mapping[str, Sequence[Grown]], curves: Reference, page: Callable[[UUID], str]
) -> tuple[Group, ...]:
    """Without what was never measured. `page`: where a document is read."""
    return tuple(_group(measure, found[measure], curves, page) for measure in MEASURES if found[measure])


def source_of(groups: Sequence[Group], curves: Reference) -> str:
    """Whose curves are drawn; "" where none is."""
    return curves.source if any(one.compared for one in groups) else ""


def _group(measure: str, points: Sequence[Grown], curves: Reference, page: Callable[[UUID], str]) -> Group:
    rows = tuple(_row(measure, one, page) for one in reversed(points))
    drawn = curve(points, curves.of(measure))
    last = gettext("%(value)s à %(age)s") % {"value": rows[0].value, "age": rows[0].age}
    return Group(said(TOLD[measure].label), last, drawn, bool(drawn and drawn.band), rows)


def _row(measure: str, point: Grown, page: Callable[[UUID], str]) -> Row:
    document = point.source.document if point.source else None
    return Row(
        tied(brief_moment(point.day.isoformat())),
        tied(age_words(point.age)),
        f"{number_words(f'{point.value:g}')}{TIED}{tied(TOLD[measure].shown)}",
        Link(page(document.id), cards.title(document)) if document else None,
        _origin(point),
    )


def _origin(point: Grown) -> str:
    if point.source is None:
        return gettext("Calculé avec le poids et la taille du jour")
    return gettext(ORIGINS[Origin.STATED]) if point.source.origin is Origin.STATED else ""
