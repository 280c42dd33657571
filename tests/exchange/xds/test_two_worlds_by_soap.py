"""What is hidden is invisible by SOAP too: with and without the hidden documents, every stored query and every
retrieval answers the same to the byte. The worlds are those of the FHIR door."""

from typing import Any
from uuid import UUID

import pytest
from django.conf import settings

from cast import Holder, consents, professional
from espace import edge
from espace.identity.facts import Professional
from espace.wire.ebxml.schemes import StoredQuery
from exchange.test_two_worlds import READERS, Reader, World, both
from exchange.xds.consulting import ANY_STATUS, Told, cx, query, read

pytestmark = pytest.mark.django_db

Q, ENTRY = StoredQuery, "$XDSDocumentEntry"
EVERY = "('urn:uuid:{alone}','urn:uuid:{beside}','urn:uuid:{version}','urn:uuid:{older}','urn:uuid:{shown}')"
NAMES = "('{uid alone}','{uid beside}','{uid version}')"
APPROVED = "('urn:oasis:names:tc:ebxml-regrep:StatusType:Approved')"
KINDS = "('urn:ihe:iti:2007:AssociationType:RPLC','urn:ihe:iti:2007:AssociationType:APND')"
ASKED: list[tuple[str, list[tuple[str, str]]]] = [
    (Q.FIND_DOCUMENTS, [(f"{ENTRY}PatientId", "{cx}"), (f"{ENTRY}Status", ANY_STATUS)]),
    (Q.FIND_DOCUMENTS, [(f"{ENTRY}PatientId", "{cx}"), (f"{ENTRY}Status", APPROVED)]),
    (Q.FIND_SUBMISSION_SETS, [("$XDSSubmissionSetPatientId", "{cx}"), ("$XDSSubmissionSetStatus", APPROVED)]),
    (Q.FIND_FOLDERS, [("$XDSFolderPatientId", "{cx}"), ("$XDSFolderStatus", APPROVED)]),
    (
        Q.GET_ALL,
        [
            ("$patientId", "{cx}"), (f"{ENTRY}Status", ANY_STATUS), ("$XDSSubmissionSetStatus", APPROVED),
            ("$XDSFolderStatus", APPROVED),
        ],
    ),
    (Q.GET_DOCUMENTS, [(f"{ENTRY}EntryUUID", EVERY)]),
    (Q.GET_DOCUMENTS, [(f"{ENTRY}UniqueId", NAMES)]),
    (Q.GET_ASSOCIATIONS, [("$uuid", EVERY)]),
    (Q.GET_ASSOCIATIONS, [("$uuid", "('urn:uuid:{last}')")]),
    (Q.GET_DOCUMENTS_AND_ASSOCIATIONS, [(f"{ENTRY}EntryUUID", EVERY)]),
    (Q.GET_SUBMISSION_SETS, [("$uuid", EVERY)]),
    (Q.GET_SUBMISSION_SET_AND_CONTENTS, [("$XDSSubmissionSetEntryUUID", "'urn:uuid:{set}'")]),
    (Q.GET_FOLDERS_FOR_DOCUMENT, [(f"{ENTRY}EntryUUID", "'urn:uuid:{alone}'")]),
    (Q.GET_RELATED_DOCUMENTS, [(f"{ENTRY}EntryUUID", "'urn:uuid:{last}'"), ("$AssociationTypes", KINDS)]),
    (Q.GET_RELATED_DOCUMENTS, [(f"{ENTRY}EntryUUID", "'urn:uuid:{version}'"), ("$AssociationTypes", KINDS)]),
]  # fmt: skip
PROFESSIONS = {"doctor": "10", "dentist": "40"}


@pytest.fixture(scope="module", params=[one for one in READERS if one.name in PROFESSIONS], ids=lambda one: one.name)
def worlds(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any) -> tuple["Read", "Read"]:
    with django_db_blocker.unblock():
        with_it, without = both(request.param)
        return Read(with_it, request.param), Read(without, request.param)


class Read:
    """A world, and a professional who reads it by SOAP."""

    def __init__(self, world: World, reader: Reader) -> None:
        self.world = world
        self.who: Professional = professional("Morel", "Anne", profession=PROFESSIONS[reader.name])
        consents(self.of, self.who, at=edge.now())

    @property
    def of(self) -> Holder:
        return self.world.who

    def asked(self, kind: str, slots: list[tuple[str, str]], returns: str) -> bytes:
        told = query(self.who, self.of, kind, [(name, self._filled(said)) for name, said in slots], returns=returns)
        return self.world._canonical(told.body)

    def retrieved(self, *names: str) -> tuple[bytes, list[bytes]]:
        wanted = [(settings.ESPACE_REPOSITORY_OID, self._filled(name)) for name in names]
        told: Told = read(self.who, self.of, *wanted)
        return self.world._canonical(told.body), [data for _, data in told.contents]

    def _filled(self, text: str) -> str:
        names = {**{f"{{{k}}}": v for k, v in self.world.hidden.items()}, "{cx}": cx(self.of)}
        names |= {f"{{uid {k}}}": v for k, v in self.world.uids.items()}
        names |= {"{shown}": self.world.shown[0], "{last}": self.world.shown[1]}
        for name, value in names.items():
            text = text.replace(name, value)
        return text


@pytest.mark.parametrize("returns", ["LeafClass", "ObjectRef"])
@pytest.mark.parametrize("number", range(len(ASKED)))
def test_a_stored_query_tells_nothing_of_what_is_hidden(worlds: tuple[Read, Read], number: int, returns: str) -> None:
    with_it, without = worlds
    kind, slots = ASKED[number]
    assert with_it.asked(kind, slots, returns) == without.asked(kind, slots, returns)


@pytest.mark.parametrize("names", [("{uid alone}",), ("{uid beside}", "{uid version}"), ("urn:uuid:{older}",)])
def test_a_retrieval_tells_nothing_of_what_is_hidden(worlds: tuple[Read, Read], names: tuple[str, ...]) -> None:
    with_it, without = worlds
    assert with_it.retrieved(*names) == without.retrieved(*names)


def test_the_worlds_are_not_the_same(worlds: tuple[Read, Read]) -> None:
    with_it, without = worlds
    assert with_it.world.hiding and not without.world.hiding
    assert UUID(with_it.world.hidden["alone"]) != UUID(without.world.hidden["alone"])
    everything = with_it.asked(*ASKED[0], "LeafClass")
    assert everything.count(b"<ExtrinsicObject") >= 3
