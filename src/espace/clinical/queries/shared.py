"""Facts that every intended reader of a derived document may see: a summary, a reconciliation."""

from collections.abc import Collection

from espace.access.queries import quotable_in
from espace.clinical.facts import Kind, Shared, Sourced
from espace.clinical.queries.extracted import extracted_facts
from espace.clinical.queries.profile import stated
from espace.kernel.words import CARING, PERSONAL, Grant, Kinds, Sight
from espace.record import queries as record


def shared(grant: Grant, kinds: Collection[Kind], type_code: str) -> Shared:
    """The facts of these kinds that this reader sees, from documents that nothing hides from anybody, of types that
    every profession reads which reads `type_code`; and what the patient states in sections that they show to all of
    those. Merging comes after. Fixed statements.

    Of facts left out `left_out` counts those whose document tells its reader why: it bears a restriction, or is of
    another type. From whom the holder hides one by name nobody learns here.
    """
    quotable = quotable_in(type_code, grant.at)
    found = extracted_facts(grant, kinds)
    told = [one for one in found if not _hidden(one, quotable)]
    said = stated(grant, to=Sight(reads=quotable)) if grant.purpose in CARING | PERSONAL else ()
    about = {one.document.id for one in told if one.document}
    kept = record.hidden_from_some(grant, about)
    open_to_all = (one for one in told if one.document and one.document.id not in kept)
    return Shared((*open_to_all, *(one for one in said if one.fact.kind in kinds)), len(found) - len(told))


def _hidden(sourced: Sourced, quotable: Kinds) -> bool:
    """Whether the document itself shows that not everybody sees it."""
    document = sourced.document
    if document is None or document.restrictions:
        return True
    return (document.entry.type.code if document.entry.type else "") not in quotable
