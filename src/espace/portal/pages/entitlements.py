"""« Ce que chaque profession peut lire »: the entitlement matrix in force, by profession and kind, in words (C07).

The same for everybody: no record is opened to read it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop, ngettext

from espace.access.queries.entitlement import Matrix, entitlement, matrix_in_force
from espace.access.rules.entitlements import DENTISTS_SAY, NURSES_SAY, Cell
from espace.edge import now
from espace.kernel.reasons import decisions
from espace.kernel.words import Refused
from espace.looks.frame import render
from espace.looks.professions import profession_name
from espace.looks.words import full_date, kind_label, local_day
from espace.portal.pages.visit import Visit
from espace.wire.nomenclature import KINDS, class_of, kind_of, type_label

EVERY, ONE = "portal/entitlements.html", "portal/entitlement.html"


_SOURCES: Mapping[str, str] = {
    f"{DENTISTS_SAY} (reading)": gettext_noop("arrêté du 26 octobre 2023, d’après information-dentaire.fr"),
    f"{NURSES_SAY} (reading)": gettext_noop("arrêté du 26 octobre 2023, d’après infirmiers.com"),
}
"""The sources of the matrix that comes with the program; an operator's own are said as they wrote them."""


@dataclass(frozen=True, slots=True)
class Row:
    """One profession and how much it reads, or one kind and what of it is read and is not; texts ready to be read."""

    label: str
    said: str
    path: str = ""
    icon: str = ""
    read: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


def every(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """Every profession, and how many of the types of documents it reads."""
    matrix = matrix_in_force(local_day(now()))
    codes = sorted({cell.profession for cell in matrix.cells}, key=profession_name)
    rows = [_profession(code, _of(matrix, code)) for code in codes if profession_name(code)]
    context = {"day": full_date(matrix.in_force_from), "rows": rows}
    return render(request, EVERY, context, name=visit.name)


def one(request: HttpRequest, visit: Visit, profession: str) -> HttpResponseBase:
    """One profession, kind by kind. Refused for one that the matrix does not name."""
    at = now()
    matrix = matrix_in_force(local_day(at))
    cells = _of(matrix, profession)
    if not cells or not profession_name(profession):
        raise Refused(decisions.DOCUMENT_UNKNOWN)
    reads, _ = entitlement(profession, at)
    known = sum(cell.known for cell in cells)
    context = {
        "name": profession_name(profession),
        "said": _profession(profession, cells).said,
        "rows": list(_kinds(cells)),
        "others": reads.others,
        "day": full_date(matrix.in_force_from),
        "sources": sorted({source_words(cell) for cell in cells if cell.known}),
        "known": known,
        "unsure": len(cells) - known,
    }
    return render(request, ONE, context, name=visit.name)


def source_words(cell: Cell) -> str:
    """Who says what a cell says."""
    if not cell.known:
        return gettext("valeur provisoire, choisie par ce service")
    return gettext(_SOURCES[cell.source]) if cell.source in _SOURCES else cell.source


def _of(matrix: Matrix, profession: str) -> tuple[Cell, ...]:
    return tuple(cell for cell in matrix.cells if cell.profession == profession)


def _profession(code: str, cells: tuple[Cell, ...]) -> Row:
    values = {"read": sum(cell.read for cell in cells), "all": len(cells)}
    said = ngettext(
        "Lit %(read)s type de documents sur %(all)s", "Lit %(read)s types de documents sur %(all)s", values["read"]
    )
    return Row(profession_name(code), said % values, reverse("entitlement", args=[code]))


def _kinds(cells: tuple[Cell, ...]) -> Iterable[Row]:
    """The kinds under which people find documents, each with its types read and not."""
    for kind in KINDS:
        own = [cell for cell in cells if kind_of(cell.type_code, class_of(cell.type_code) or "").slug == kind.slug]
        read, unread = (
            tuple(sorted(type_label(cell.type_code) or cell.type_code for cell in own if cell.read is wanted))
            for wanted in (True, False)
        )
        if own:
            yield Row(kind_label(kind), _how_much(read, unread), "", kind.icon, read, unread)


def _how_much(read: tuple[str, ...], unread: tuple[str, ...]) -> str:
    if not unread:
        return gettext("Tout")
    return gettext("Une partie") if read else gettext("Rien")
