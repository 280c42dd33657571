"""« Télécharger la preuve »: what shows outside that the history is whole and unchanged."""

import logging
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from espace.edge import now
from espace.kernel.words import Verb
from espace.keys.facts import SealBroken
from espace.keys.queries import log_keys
from espace.looks.frame import render, tabs
from espace.looks.words import full_moment, local_day
from espace.portal.pages.ceremony import POLICY
from espace.portal.pages.visit import Visit
from espace.portal.places import SHARING
from espace.trace import queries as trace
from espace.trace.facts import Proof
from espace.trace.rules.notes import verifier_key
from espace.trace.rules.proof_file import MEDIA_TYPE, proof_file

TEMPLATE = "portal/transparency.html"
VERIFY = "portal/verify_proof.html"
NOT_YET = "portal/no_proof.html"

_integrity = logging.getLogger("espace.integrity")


def all_lines(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """The proof of the whole history; a page that says to wait where no line has one yet."""
    return _answer(request, visit, None)


def one_line(request: HttpRequest, visit: Visit, line_id: UUID) -> HttpResponseBase:
    """The proof of one line; the same page for one that is too young, hidden, or does not exist."""
    return _answer(request, visit, line_id)


def transparency(request: HttpRequest) -> HttpResponse:
    """What the public log is and how to check it, for anybody."""
    last = trace.checkpoint()
    context = {
        "size": last.size if last else 0,
        "signed": full_moment(last.at) if last else "",
        "keys": [verifier_key(key) for key in log_keys()],
    }
    return render(request, TEMPLATE, context)


def verify(request: HttpRequest) -> HttpResponse:
    """A proof file checked by a script of ours, which fetches nothing; without scripts, there is the program."""
    page = render(request, VERIFY, {"keys": " ".join(map(verifier_key, log_keys()))})
    page["Content-Security-Policy"] = POLICY
    return page


def _proof(visit: Visit, line_id: UUID | None) -> tuple[Proof | None, bool]:
    """None before there is one, and where somebody changed what it would be made of: that is told, and logged."""
    with visit.open(Verb.HISTORY) as grant:
        try:
            return trace.proof(grant, only=line_id), False
        except (SealBroken, trace.LogBroken):
            _integrity.exception("the access log was altered: no proof can be made")
            return None, True


def _answer(request: HttpRequest, visit: Visit, line_id: UUID | None) -> HttpResponseBase:
    found, altered = _proof(visit, line_id)
    if found is None or not found.lines:
        context = {"tabs": tabs(request, SHARING), "altered": altered}
        return render(request, NOT_YET, context, name=visit.name, status=503 if altered else 404)
    file = HttpResponse(proof_file(found, log_keys(), whole=line_id is None), content_type=MEDIA_TYPE)
    file["Content-Disposition"] = f'attachment; filename="preuve-{local_day(now()).isoformat()}.json"'
    return file
