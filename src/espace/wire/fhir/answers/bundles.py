"""Bundles and contents, as the door answers them."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

import msgspec

from espace.wire.fhir.provide_bundle import Part, Role
from espace.wire.fhir.resources import Base64, Binary, Bundle, Entry, Link, Resource, Response, Search
from espace.wire.xds import Submission

_MATCH = Search(mode="match")
_INCLUDED = Search(mode="include")


def encode(resource: msgspec.Struct) -> bytes:
    return msgspec.json.encode(resource)


def transaction_response(
    parts: Iterable[Part],
    *,
    sent: Submission,
    submission: UUID,
    documents: Sequence[UUID],
    repeated: Sequence[bool],
    folders: Sequence[tuple[UUID, bool]] = (),
) -> Bundle:
    """The answer to ITI-65: one entry for each entry sent, in order (MHD 4.2, 2:3.65.4.2).

    `documents` are the ids given, in the order of the submission, and `repeated` says which were there already;
    a document has the id of its Binary. The set is a repeated one when all its documents, and its folders, are.
    `folders` are the ids of those, and which of them were there.
    """

    def answer(part: Part) -> Entry:
        if part.role is Role.SUPERSEDED:
            return _done(True, sent.documents[part.document].replaces)
        if part.role is Role.SUBMISSION_SET:
            return _done(all((*repeated, *(there for _, there in folders))), f"{part.role}/{submission}")
        if part.role is Role.FOLDER:
            folder, there = folders[part.document]
            return _done(there, f"List/{folder}")
        return _done(repeated[part.document], f"{part.role}/{documents[part.document]}")

    return Bundle(type="transaction-response", entry=tuple(answer(part) for part in parts))


def _done(already: bool, location: str | None) -> Entry:
    return Entry(response=Response(status="200 OK" if already else "201 Created", location=location))


def searchset(
    found: Sequence[Resource],
    *,
    total: int | None,
    base: str,
    links: Mapping[str, str],
    included: Sequence[Resource] = (),
) -> Bundle:
    """One page of a search; `links` gives the addresses of this page and of the next (R4, http.html#paging), `included`
    what was asked for beside."""
    told = [*((one, _MATCH) for one in found), *((one, _INCLUDED) for one in included)]
    entries = (Entry(full_url=f"{base}/{type(one).__name__}/{one.id}", resource=one, search=mode) for one, mode in told)
    link = tuple(Link(relation=relation, url=url) for relation, url in links.items())
    return Bundle(type="searchset", total=total, link=link, entry=tuple(entries))


def binary(*, id: UUID, content_type: str, data: str) -> Binary:
    """A Binary resource; `data` is base64 already."""
    return Binary(id=str(id), content_type=content_type, data=Base64(data))
