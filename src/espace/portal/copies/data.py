"""The copy as data: a FHIR R4 bundle of the person, their documents and the access log; choices; proofs."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from uuid import UUID

import msgspec
from django.conf import settings

from espace.access import queries as access
from espace.catalogue.queries import app_consents
from espace.identity import queries as identity
from espace.identity.facts import Person
from espace.identity.queries.mandates import mandates
from espace.kernel.words import Grant, Purpose, Verb
from espace.keys.facts import SealBroken
from espace.keys.queries import log_keys
from espace.notices.queries import preferences
from espace.portal.copies.history import did, pages_of_lines
from espace.portal.copies.places import BUNDLE, NO_PROOF, PROOF, SETTINGS_DATA, Paths
from espace.portal.pages.lines import Known, known
from espace.record import queries as record
from espace.record.facts import Document, FiledFolder, Search
from espace.trace import queries as trace
from espace.trace.facts import Audience, Outcome, TraceEvent
from espace.trace.rules.proof_file import proof_file
from espace.wire.fhir.answers import Known as Stated
from espace.wire.fhir.answers import Subject, document_reference, encode, patient, subject_of
from espace.wire.fhir.answers import folder as filed_folder
from espace.wire.fhir.resources import Identifier
from espace.wire.xds import PatientStatement

_DEPOSITS = frozenset({Verb.DEPOSIT, Verb.ADD})
_READINGS = frozenset({Verb.LIST, Verb.READ, Verb.DOWNLOAD, Verb.HISTORY, Verb.STATUS, Verb.OWN_DEPOSITS})
_NOT_YET = """Aucune ligne de l’historique n’avait encore de preuve quand cette copie a été faite.

No line of the history had a proof yet when this copy was made.
"""
_ALTERED = """Aucune preuve n’a pu être faite : ce qui la ferait a été modifié sans droit dans notre base. L’exploitant
en est averti. Gardez les preuves que vous aviez déjà : elles montrent ce qui a changé.

No proof could be made: what it is made of was changed in our database by somebody who had no right to. The operator
was told. Keep the proofs that you already had: they show what changed.
"""

_integrity = logging.getLogger("espace.integrity")


def base() -> str:
    """Where the resources are when they are not in a copy."""
    return f"{settings.ESPACE_PUBLIC_URL}/fhir"


def bundle(grant: Grant, paths: Paths) -> tuple[str, Iterable[bytes]]:
    """Patient, DocumentReferences whose attachment is the file of the copy, Lists of the filed folders, AuditEvents: a
    `collection`."""
    return BUNDLE, _bundle(grant, paths)


def _bundle(grant: Grant, paths: Paths) -> Iterator[bytes]:
    head = {"resourceType": "Bundle", "id": str(grant.patient), "type": "collection"}
    yield _json({**head, "timestamp": _moment(grant.at)})[:-1] + b',"entry":[\n'
    separator = b""
    for kind, id, resource in _resources(grant, paths):
        yield separator + b'{"fullUrl":' + _json(f"{base()}/{kind}/{id}") + b',"resource":' + resource + b"}"
        separator = b",\n"
    yield b"\n]}\n"


def _resources(grant: Grant, paths: Paths) -> Iterator[tuple[str, UUID, bytes]]:
    person = identity.own_person(grant)
    ins = Identifier(system=f"urn:oid:{person.ins[-1].authority}", value=person.ins[-1].number)
    yield "Patient", grant.patient, encode(patient(grant.patient, ins, _traits(person)))
    subject = subject_of(grant.patient, ins)
    for one in record.documents(grant):
        if one.id in paths:
            yield "DocumentReference", one.id, _reference(one, subject, paths[one.id][0])
    for folder in record.filed_folders(grant, Search()).found:
        yield "List", folder.id, _folder(folder, subject, paths)
    about = known(grant)
    for events, _ in pages_of_lines(grant, about):
        for event in events:
            yield "AuditEvent", event.id, _json(audit_event(event, about, of=person.name if about.reader else ""))


def _folder(one: FiledFolder, subject: Subject, paths: Paths) -> bytes:
    """With those of its documents that are in the copy."""
    members = tuple(member for member in one.members if member in paths)
    told = filed_folder(
        one.stated, id=one.id, status=one.status, updated_at=one.updated_at, members=members, subject=subject
    )
    return encode(told)


def _traits(person: Person) -> PatientStatement:
    traits = person.traits
    return PatientStatement(
        "",
        birth_name=traits.birth_name,
        given_names=traits.given_names,
        birth_date=traits.birth_date,
        sex=traits.sex,
    )


def _reference(document: Document, subject: Subject, path: str) -> bytes:
    stated = Stated(
        id=document.id,
        entry=document.entry,
        status=document.status,
        deposited_at=document.deposited_at,
        size=document.size,
        restrictions=document.restrictions,
        replaces=document.replaces,
        related=tuple((link.kind, link.other) for link in document.related),
        by_transforming=document.by_transforming,
        changed_at=document.changed_at,
    )
    told = document_reference(stated, base=base(), subject=subject)
    contents = tuple(
        msgspec.structs.replace(one, attachment=msgspec.structs.replace(one.attachment, url=path))
        for one in told.content
        if one.attachment
    )
    return encode(msgspec.structs.replace(told, content=contents))


def audit_event(event: TraceEvent, about: Known, *, of: str = "") -> Mapping[str, object]:
    """One line as R4 AuditEvent; documents that its reader may not see are not in it. `of`: the holder's name, where
    somebody else reads it."""
    seen = [one for one in event.objects if one in about.visible]
    who = ", ".join(filter(None, (event.actor_name, event.organisation_name))) or "?"
    allowed = event.outcome is Outcome.ALLOWED
    return {
        "resourceType": "AuditEvent",
        "id": str(event.id),
        "type": {"system": "http://terminology.hl7.org/CodeSystem/audit-event-type", "code": "rest"},
        "subtype": [{"system": f"{base()}/CodeSystem/verb", "code": event.verb.value}],
        "action": "C" if event.verb in _DEPOSITS else "R" if event.verb in _READINGS else "E",
        "recorded": _moment(event.at),
        "outcome": "0" if allowed else "4",
        "outcomeDesc": f"{did(event, about, 'fr', of)} [{event.reason}]",
        "purposeOfEvent": [{"coding": [{"system": f"{base()}/CodeSystem/purpose", "code": event.purpose.value}]}],
        "agent": [{"who": {"display": who}, "requestor": True}],
        "source": {"observer": {"display": "espace-santé"}},
        "entity": [
            {"what": {"reference": f"Patient/{event.patient}"}},
            *({"what": {"reference": f"DocumentReference/{one}"}} for one in seen),
        ],
    }


def choices(grant: Grant, paths: Paths) -> tuple[str, Iterable[bytes]]:
    """What the holder decided: who may read, emergencies, masking, notices, folders, who helps them."""
    documents = record.documents(grant)
    said = {
        "professionals": access.relations(grant),
        "emergencies": access.switches(grant),
        "applications": app_consents(grant),
        "objections_to_deposits": access.feeding_objections(grant),
        "masked_beforehand": sorted(record.masking_rules(grant).rules),
        "notices": preferences(grant),
        "folders": [
            {"name": one.name, "documents": [str(doc.id) for doc in documents if doc.folder == one.id]}
            for one in record.folders(grant, among=documents)
        ],
        "topics": [
            {"name": one.name, "masked": one.masked, "documents": [str(d.id) for d in documents if one.id in d.topics]}
            for one in record.topics(grant)
        ],
        "pinned": [str(one.id) for one in documents if one.pinned and one.id in paths],
        "hidden_from": [
            {"document": str(one.id), "professionals": sorted(map(str, one.kept_from))}
            for one in documents
            if one.kept_from
        ],
        "helpers": [
            {
                "name": one.helper_name,
                "kind": one.kind.value,
                "scope": one.scope.value,
                "asked_at": one.asked_at,
                "accepted_at": one.accepted_at,
                "until": one.until,
                "ended_at": one.ended_at,
            }
            for one in mandates(grant)
        ],
    }
    return SETTINGS_DATA, (msgspec.json.format(msgspec.json.encode(said), indent=1),)


def proofs(grant: Grant, paths: Paths) -> tuple[str, Iterable[bytes]]:
    """The proof of every line of the history that has one by now; a note where none has, or where none can be made."""
    helper = grant.purpose is Purpose.PROXY
    try:
        found = trace.proof(grant, audience=Audience.REPRESENTATIVES if helper else Audience.HOLDER)
    except (SealBroken, trace.LogBroken):
        _integrity.exception("the access log was altered: no proof can be made")
        return NO_PROOF, (_ALTERED.encode(),)
    if found is None or not found.lines:
        return NO_PROOF, (_NOT_YET.encode(),)
    return PROOF, (proof_file(found, log_keys(), whole=True),)


def _json(value: object) -> bytes:
    return msgspec.json.encode(value)


def _moment(at: datetime) -> str:
    return at.isoformat()
