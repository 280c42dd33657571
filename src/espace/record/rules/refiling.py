"""What may be stated anew of a filed folder (ITI-57): its title, its codes, its comments."""

from collections.abc import Iterator

from espace.kernel.reasons.updating import IDENTIFIER_KEPT
from espace.kernel.values import replace
from espace.kernel.words import Problem
from espace.record.rules.filing import bare_id
from espace.record.rules.lengths import folder_problems
from espace.wire.xds import Folder


def refiling_problems(before: Folder, stated: Folder) -> Iterator[Problem]:
    """Every reason why a folder may not state this; what is in it is no part of that."""
    if bare_id(before.unique_id) != bare_id(stated.unique_id):
        yield Problem(IDENTIFIER_KEPT, f"{stated.place}.identifier")
    yield from folder_problems(stated)


def refiled(before: Folder, stated: Folder) -> Folder:
    """The folder to keep."""
    return replace(before, title=stated.title, codes=stated.codes, comments=stated.comments)
