"""What somebody looks for in a record. Words typed in a record are health content: in the address they travel sealed.

The form is posted; the answer is a redirection to `?filtre=…`, which the « back » and « reload » buttons
of a browser understand, which nobody but this service can read, and which works for one reader only.
"""

import base64
import binascii
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

import msgspec
from django.http import QueryDict

from espace.kernel.json import decode
from espace.keys.facts import SealBroken
from espace.keys.queries import open_system, seal_system
from espace.looks.cards import happened_at, kind
from espace.looks.finding import Sought, sought
from espace.looks.words import kind_label, local_day
from espace.record.facts import Document, Status
from espace.wire.nomenclature import KINDS, kind_named

DOMAIN = "page-filter"
MOST_WORDS = 80
MOST_TOKEN = 1200


@dataclass(frozen=True, slots=True)
class Chosen:
    """`kind` is the slug of a kind, `year` a year in digits; "" for any. `old` shows replaced versions too."""

    words: str = ""
    kind: str = ""
    year: str = ""
    old: bool = False

    @property
    def some(self) -> bool:
        return self != NOTHING


NOTHING = Chosen()


def chosen_in(form: QueryDict) -> Chosen:
    """What was posted; what is not understood is left out."""
    slug, year = form.get("genre", ""), form.get("annee", "")
    return Chosen(
        words=" ".join(form.get("mots", "")[:MOST_WORDS].split()),
        kind=slug if kind_named(slug) else "",
        year=year if len(year) == 4 and year.isascii() and year.isdigit() else "",
        old=form.get("anciennes") == "1",
    )


def sealed(chosen: Chosen, owner: UUID) -> str:
    """The choice as an opaque word for an address."""
    hidden = seal_system(DOMAIN, msgspec.json.encode(chosen), owner.bytes)
    return base64.urlsafe_b64encode(hidden).decode().rstrip("=")


def unsealed(token: str, owner: UUID) -> Chosen:
    """What `sealed` was given by the same owner; nothing chosen for anything else."""
    try:
        data = base64.b64decode(token[:MOST_TOKEN] + "===", altchars=b"-_", validate=False)
        return decode(open_system(DOMAIN, data, owner.bytes), Chosen)
    except (ValueError, binascii.Error, SealBroken, msgspec.MsgspecError):
        return NOTHING


def matches(document: Document, chosen: Chosen, looked_for: Sought | None = None) -> bool:
    """Every word is in the title, the names, or what is known of the document (`looked_for`: the same words); the kind
    and the year are those asked for."""
    return (
        (chosen.old or document.status is Status.APPROVED)
        and (not chosen.kind or chosen.kind == kind(document).slug)
        and (not chosen.year or chosen.year == str(local_day(happened_at(document)).year))
        and (not chosen.words or (looked_for or sought(chosen.words)).has(document))
    )


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a list."""

    value: str
    label: str
    chosen: bool


def kinds_in(found: Collection[Document], chosen: Chosen) -> tuple[Option, ...]:
    """The kinds that the record has, in the order of the closed list: no choice leads to nothing."""
    present = {kind(one).slug for one in found} | {chosen.kind}
    return tuple(Option(one.slug, kind_label(one), one.slug == chosen.kind) for one in KINDS if one.slug in present)


def years_in(found: Collection[Document], chosen: Chosen) -> tuple[Option, ...]:
    present = {str(local_day(happened_at(one)).year) for one in found} | ({chosen.year} - {""})
    return tuple(Option(year, year, year == chosen.year) for year in sorted(present, reverse=True))
