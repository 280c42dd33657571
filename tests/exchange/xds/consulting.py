"""ITI-18 and ITI-43 asked of the transactions themselves, by somebody whose assertion was verified."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import bundles
from cast import Holder, caring, sender
from door import deposit_of, feeder_token, post
from espace.access import gate
from espace.exchange.callers import Caller
from espace.exchange.xds import iti18, iti43
from espace.exchange.xds.asked import Answer, Asked
from espace.identity.facts import Organisation, Professional
from espace.kernel.words import Refused
from espace.wire.ebxml.objects import Stated, stated
from espace.wire.ebxml.schemes import RIM, RS, XDSB, Entry, StoredQuery
from espace.wire.xml import Element
from wire.ebxml.asking import APPROVED, Slots, adhoc, parsed, retrieve

Who = Professional | Organisation
ANY_STATUS = (
    "('urn:oasis:names:tc:ebxml-regrep:StatusType:Approved','urn:oasis:names:tc:ebxml-regrep:StatusType:Deprecated',"
    "'urn:asip:ci-sis:2010:StatusType:Archived','urn:asip:ci-sis:2010:StatusType:Deleted')"
)


@dataclass(frozen=True)
class Told:
    """An answer, its attachments by name, and what it says."""

    body: bytes
    parts: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def root(self) -> Element:
        return parsed(self.body)

    @property
    def objects(self) -> list[Stated]:
        return list(stated(self.root.find(f"{{{RIM}}}RegistryObjectList")))

    @property
    def ids(self) -> list[UUID]:
        return [UUID(one.id) for one in self.objects]

    def of(self, tag: str) -> list[Stated]:
        return [one for one in self.objects if one.tag == tag]

    @property
    def errors(self) -> list[tuple[str, str]]:
        """Code of IHE and our reason."""
        found = self.root.iter(f"{{{RS}}}RegistryError")
        return [(one.get("errorCode", ""), one.get("codeContext", "")[1:].partition("]")[0]) for one in found]

    @property
    def status(self) -> str:
        """The last part of it."""
        response = self.root.find(f"{{{RS}}}RegistryResponse")
        said = self.root if response is None else response
        return said.get("status", "").rpartition(":")[2]

    @property
    def contents(self) -> list[tuple[str, bytes]]:
        """uniqueId and bytes of each document answered."""
        found = []
        for one in self.root.iter(f"{{{XDSB}}}DocumentResponse"):
            [include] = one.find(f"{{{XDSB}}}Document")
            name = include.get("href", "").removeprefix("cid:")
            found.append((one.findtext(f"{{{XDSB}}}DocumentUniqueId", ""), self.parts[name]))
        return found


def _done(work: Callable[[], Answer], refused: Callable[[Refused], bytes]) -> Told:
    try:
        answer = gate.run_again(work)
    except Refused as refusal:
        return Told(refused(refusal))
    return Told(answer.body, answer.parts)


def query(who: Who, about: Holder | None, kind: str, slots: Slots, *, returns: str = "LeafClass") -> Told:
    """One stored query; the assertion is about `about`."""
    actor = caring(who) if isinstance(who, Professional) else sender(who)
    caller = Caller(actor, iti18.OPENINGS[actor.kind], "xds")
    asked = Asked(parsed(adhoc(kind, slots, returns=returns)), patient=about.statement if about else None)
    return _done(lambda: iti18.ask(asked, caller)(), iti18.refused)


def cx(of: Holder) -> str:
    return f"'{of.ins.number}^^^&{of.ins.authority}&ISO^NH'"


def find(who: Who, of: Holder, *more: tuple[str, str], status: str = APPROVED, returns: str = "LeafClass") -> Told:
    """FindDocuments."""
    slots = [("$XDSDocumentEntryPatientId", cx(of)), ("$XDSDocumentEntryStatus", status), *more]
    return query(who, of, StoredQuery.FIND_DOCUMENTS, slots, returns=returns)


def read(who: Professional, about: Holder | None, *wanted: tuple[str, str]) -> Told:
    """ITI-43 of (repositoryUniqueId, uniqueId)."""
    actor = caring(who)
    caller = Caller(actor, iti43.OPENINGS[actor.kind], "xds")
    asked = Asked(parsed(retrieve(*wanted)), patient=about.statement if about else None)
    return _done(lambda: iti43.retrieve(asked, caller)(), iti43.refused)


@dataclass(frozen=True)
class Filed:
    """A document and its set, by their ids here and their uniqueIds."""

    id: UUID
    set_id: UUID
    unique_id: str
    content: bytes


def filed(to: Holder, by: Organisation, *labels: str, replaces: Filed | None = None) -> Filed:
    """A deposit by FHIR (ITI-65)."""
    content, unique_id = f"Compte rendu {uuid4()}".encode(), f"urn:uuid:{uuid4()}"
    made = deposit_of(to, content, uid=unique_id)
    resource = made["entry"][1]["resource"]
    resource["securityLabel"] += [bundles.coding(label) for label in labels]
    if replaces:
        target = {"reference": f"DocumentReference/{replaces.id}"}
        resource["relatesTo"] = [{"code": "replaces", "target": target}]
    answer = post("/fhir", json.dumps(made).encode(), token=feeder_token(by))
    assert answer.status == 200, answer.body
    ids = [UUID(one["response"]["location"].split("/")[1]) for one in answer.json["entry"][:2]]
    return Filed(ids[1], ids[0], unique_id, content)


def unique_ids(told: Told) -> list[str]:
    return [value for one in told.of("ExtrinsicObject") for value in one.external(Entry.UNIQUE_ID)]
