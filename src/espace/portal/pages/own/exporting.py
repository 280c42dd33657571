"""« Télécharger » several documents at once: an archive that any health software reads, and any browser (IHE XDM)."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.timezone import localtime

from espace.edge import new_id
from espace.identity import queries as identity
from espace.identity.facts import Person
from espace.kernel.words import Grant, Verb
from espace.looks.reading import CLOSED
from espace.portal.pages.own.choosing import chosen_ids
from espace.portal.pages.visit import Visit
from espace.record import queries as record
from espace.record.facts import Content
from espace.wire.ebxml import writing
from espace.wire.ebxml.writing import Known, KnownSet
from espace.wire.nomenclature import SUBMISSION_TYPES
from espace.wire.xdm.writing import NAME, Chosen, Outgoing, archive
from espace.wire.xds import Author, Submission
from espace.wire.zip import MEDIA_TYPE

MOST_BYTES = 64 * 1024 * 1024
"""Of several documents together; the copy of the whole space has no such bound."""
_ANY_ACTIVITY = "97"


def export(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """The documents that the address names, which the reader sees: one line in the access log, made before they leave.
    Raises Refused."""
    ids = chosen_ids(request)
    with visit.open(Verb.DOWNLOAD) as grant:
        found = record.contents_of(grant, ids, most=MOST_BYTES)
        outgoing = _outgoing(grant, identity.own_person(grant), new_id())
    response = HttpResponse(archive([_chosen(one) for one in found], outgoing), content_type=MEDIA_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="{NAME}"'
    response.headers["Content-Security-Policy"] = CLOSED
    return response


def _chosen(content: Content) -> Chosen:
    """Without what hides it here: whoever is given the archive is shown what is in it, and told of nothing else."""
    one = content.document
    return Chosen(Known(one.id, one.entry, one.status, one.size), content.data)


def _outgoing(grant: Grant, person: Person, set_id: UUID) -> Outgoing:
    """The set, by whoever asks for it; its source is this platform."""
    ins, traits = person.ins[-1], person.traits
    stated = Submission(
        unique_id=f"urn:uuid:{set_id}",
        source_id=settings.ESPACE_REPOSITORY_OID,
        submission_time=grant.at,
        documents=(),
        content_type=SUBMISSION_TYPES[_ANY_ACTIVITY],
        author=Author(family=grant.actor.name or person.name),
    )
    return Outgoing(
        KnownSet(set_id, stated, grant.at),
        writing.whose(ins.number, ins.authority, settings.ESPACE_REPOSITORY_OID),
        (
            f"PID-5|{traits.birth_name}^{traits.given_names[0]}^{' '.join(traits.given_names)}^^^^L",
            f"PID-7|{traits.birth_date:%Y%m%d}",
            f"PID-8|{traits.sex}",
        ),
        localtime(grant.at),
    )
