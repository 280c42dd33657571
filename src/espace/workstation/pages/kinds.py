"""The kinds of documents that a professional chooses among: the usual ones, then the others by category."""

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext

from espace.access.queries.entitlement import entitlement
from espace.edge import now
from espace.kernel.folding import folded
from espace.kernel.words import Actor
from espace.looks.words import kind_label, local_day
from espace.wire.nomenclature import KINDS, SIGNATURE, TYPES, DocumentType, kind_of, type_in_force

Group = tuple[str, tuple[tuple[str, str], ...]]
"""A heading, and what is under it: code and label."""

USUAL = (
    "11488-4", "57833-6", "96349-6", "60591-5", "11506-3", "11502-2", "18748-4", "11490-0", "89601-9", "87273-9",
)  # fmt: skip
"""Our choice, in the order of the day of a practice: consultation, prescription, referral, summary, follow-up care,
laboratory, imaging, discharge, certificate, vaccination."""


def kinds_written(actor: Actor) -> tuple[Group, ...]:
    """The kinds that this profession writes, in force today; those of `USUAL` are not repeated in their category."""
    _reads, writes = entitlement(actor.profession, now())
    today = local_day(now())
    written = {code: one.label_fr for code, one in TYPES.items() if code in writes and named(one)}
    labels = {code: label for code, label in written.items() if type_in_force(code, today)}
    usual = tuple((code, labels[code]) for code in USUAL if code in labels)
    others = {code: label for code, label in labels.items() if code not in USUAL}
    return tuple(group for group in ((gettext("Les plus courants"), usual), *_by_category(others)) if group[1])


def named(one: DocumentType) -> bool:
    """Kinds that people choose: not the signature of a set, which is a document for machines."""
    return one.dmp and bool(one.label_fr) and one.class_code != SIGNATURE


def _by_category(labels: Mapping[str, str]) -> Iterator[Group]:
    ordered = sorted(labels.items(), key=lambda item: folded(item[1]))
    for kind in KINDS:
        yield kind_label(kind), tuple(one for one in ordered if kind_of(one[0], "").slug == kind.slug)
