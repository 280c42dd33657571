"""The documents that a page is about: `?document=…` in its address, once for each."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.http import HttpRequest, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from espace.edge import now
from espace.kernel.reasons import decisions
from espace.kernel.words import Refused
from espace.looks.notes import redirect_saying
from espace.looks.paging import PER_PAGE
from espace.portal.pages.visit import Visit
from espace.record.facts import Document

NAME = "document"
LIST_WORDS = ("dossier", "filtre", "page")
"""What the address of the list of documents says, which the way back keeps."""


def ids_in(values: QueryDict) -> tuple[UUID, ...]:
    """The ids that an address or a form names, once each. Refused(DOCUMENT_UNKNOWN) for what is no id of a document."""
    try:
        return tuple(dict.fromkeys(UUID(one) for one in values.getlist(NAME)[: PER_PAGE + 1]))
    except ValueError:
        raise Refused(decisions.DOCUMENT_UNKNOWN) from None


def chosen_ids(request: HttpRequest) -> tuple[UUID, ...]:
    """What the address names: as many as a page of the list shows. Refused(DOCUMENT_UNKNOWN) for none or too many."""
    ids = ids_in(request.GET)
    if not 0 < len(ids) <= PER_PAGE:
        raise Refused(decisions.DOCUMENT_UNKNOWN)
    return ids


def address(name: str, ids: Iterable[UUID], *, to: str = NAME) -> str:
    """The page of this name, about these documents."""
    return f"{reverse(name)}?{urlencode([(to, str(one)) for one in ids])}"


def among(found: Iterable[Document], ids: Sequence[UUID]) -> tuple[Document, ...]:
    """The documents of these ids. Refused(DOCUMENT_UNKNOWN) when one of them is not there, or is not theirs."""
    known = {one.id: one for one in found}
    if not set(ids) <= known.keys():
        raise Refused(decisions.DOCUMENT_UNKNOWN)
    return tuple(known[one] for one in ids)


def list_words(request: HttpRequest) -> list[tuple[str, str]]:
    """What the address says of the list that somebody comes from."""
    return [(name, request.GET[name]) for name in LIST_WORDS if request.GET.get(name)]


def to_list_saying(
    text: str, visit: Visit, *, name: str = "documents", words: Sequence[tuple[str, str]] = ()
) -> HttpResponseRedirect:
    """Back to a list, which says that it is done; `words` are what else its address says."""
    answer = redirect_saying(reverse(name), text, reader=visit.actor.id, at=now())
    if words:
        answer.headers["Location"] += "&" + urlencode(words)
    return answer
