"""Which links may be made between objects that are there (ITI-57, SubmitAssociation). Sources: ITI TF-3, 4.2.2.2; D54.

What a document appends or transforms hands its restrictions down to it; but what its readers see is hidden from them by
no link that comes later.
"""

from collections.abc import Collection, Iterator

from espace.kernel.reasons import documents as documents_reasons
from espace.kernel.reasons import relations as reasons
from espace.kernel.words import Problem, Visibility
from espace.record.facts import Kept, Status
from espace.record.rules.amending import ADDABLE
from espace.record.rules.filing import labels_of
from espace.record.rules.relating import CURRENT
from espace.record.rules.visibility import refused_together

SOURCE, TARGET, KIND = "source", "target", "kind"
"""Where a problem of a link is: what it links, to what, and how."""


def link_problems(
    ends: tuple[Kept, Kept], statuses: tuple[Status, Status], *, circular: bool, with_it: Collection[Kept]
) -> Iterator[Problem]:
    """Why one document may not append or transform another one; `with_it` are the versions and followers of the first,
    on which is put what it inherits; `circular`: the second follows the first, or is a version of it."""
    source, target = ends
    if source.stated.signs or target.stated.signs or circular:
        yield Problem(reasons.RELATION_REFUSED, KIND)
    for place, status in zip((SOURCE, TARGET), statuses, strict=True):
        if status not in CURRENT:
            yield Problem(reasons.RELATION_OUTDATED, place)
    theirs = labels_of(target)
    for one in (source, *with_it):
        if refused := _hidden_later(theirs - labels_of(one)) or refused_together(theirs | labels_of(one)):
            yield Problem(documents_reasons.VISIBILITY_REFUSED, TARGET, refused)
            return


def _hidden_later(added: Collection[Visibility]) -> str:
    return ", ".join(sorted(one for one in added if one not in ADDABLE))
