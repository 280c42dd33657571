"""A refusal that is said beside the field that it is about, with what was typed kept."""

from collections.abc import Callable, Collection

from espace.kernel.reasons import Reason
from espace.kernel.words import Refused
from espace.looks.words import said


def refused_beside(about: Collection[Reason], act: Callable[[], object]) -> str | None:
    """Why the act was refused, and what to do; None once it is done. Raises Refused for whatever is not `about` the
    field."""
    try:
        act()
    except Refused as refused:
        if refused.reason not in about:
            raise
        return " ".join(said(one) for one in (refused.reason.holder, refused.reason.fix) if one)
    return None
