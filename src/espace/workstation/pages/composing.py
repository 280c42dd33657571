"""A document that a professional composes from a record: a form shown once, its choices sealed between the page where
they are made and the preview, then deposited once.

A page of this shape reads, under the purpose of its address (CARE):

    sending = sending_of(request.POST.get(SENDING, ""), visit, patient, FORM)     # both pages carry `sending.token`
    kept = opened(request.POST.get(KEPT, ""), Choices, visit, patient, FORM)      # None: show the form
    before = earlier(documents(grant), grant, MODEL)                              # the version that it replaces
    made = following(frame(grant, sending, MODEL, msgspec.json.encode(values)), before)
    content = model(made, values)                                                 # same sending and values: same bytes
    token = sealed(choices, content, visit, patient, FORM)                        # the preview carries it as `KEPT`
    kept.saw(content)                   # False: the record changed since the preview, which is shown again
    kept.filed(grant)                   # the id of the document, where it is there already: sent twice
    filed = deposited(visit, patient, content, sending)                           # outside of the grant that read
    return redirect_filed(back, filed, visit, patient, FORM)                      # `back` shows `filed_in(…)`

`FORM` names the form, so that what was begun in one is nothing in another. What the record says is read again on each
page: what is hidden between the preview and the deposit is in none of them.
"""

import base64
import binascii
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import NAMESPACE_OID, UUID, uuid5

import msgspec
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseRedirect
from django.utils import timezone

from espace import edge
from espace.edge import now
from espace.identity import queries as identity
from espace.identity import rules
from espace.identity.facts import Activity, Professional
from espace.kernel.ids import PatientId
from espace.kernel.json import decode
from espace.kernel.reasons import decisions
from espace.kernel.values import replace
from espace.kernel.words import Actor, Grant, Problem, Purpose, Refused, RefusedProblems, Verb, Visibility
from espace.keys.facts import SealBroken
from espace.keys.queries import blind_index, open_system, seal_system
from espace.looks.notes import note_in, redirect_saying
from espace.record import actions as record
from espace.record import queries
from espace.record.facts import Document, Status
from espace.record.rules import written_by
from espace.wire.cda import CdaDocument, parse, render_html
from espace.wire.cda_writing import Frame
from espace.wire.cda_writing.words import Model
from espace.wire.xds import DocumentEntry, NewDocument, PatientStatement, Submission
from espace.wire.xml import XmlLimits
from espace.workstation.pages import written
from espace.workstation.paths import addresses_of
from espace.workstation.visit import Visit

T = TypeVar("T")
SENDING, LONGEST_SENDING = "envoi", 12 * 3600
"""The hidden field of a form, and the seconds for which it stands for one sending."""
KEPT = "choix"
"""The hidden field of a preview: what was chosen, sealed."""
DOMAIN, COMPOSED = "page-choices", "composed_set"
UNNAMED = "1"
"""What is said of a document that was filed, where its author may not read it: only that there was one."""
NOTHING_HIDDEN: frozenset[Visibility] = frozenset()


@dataclass(frozen=True, slots=True)
class Sending:
    """One form shown once: what is sent with it twice is the same document, made at the same moment."""

    token: str
    at: datetime

    def id(self, *sent: bytes) -> UUID:
        return uuid5(NAMESPACE_OID, hashlib.sha256(b"\0".join((self.token.encode(), *sent))).hexdigest())


def sending_of(token: str, visit: Visit, patient: PatientId, form: str) -> Sending:
    """The sending that this form began, or another where it is old, forged, or of another form or patient."""
    salt = f"workstation.{form}.{visit.actor.id}.{patient}"
    try:
        said = signing.loads(token, salt=salt, max_age=LONGEST_SENDING)
        return Sending(token, datetime.fromisoformat(said["at"]))
    except signing.BadSignature:
        at = now()
        return Sending(signing.dumps({"id": str(edge.new_id()), "at": at.isoformat()}, salt=salt), at)


@dataclass(frozen=True, slots=True)
class Opened(Generic[T]):
    """What a preview carried: the choices, and of the document that it showed the digest and the uniqueId."""

    choices: T
    shown: str
    unique_id: str

    def saw(self, content: bytes) -> bool:
        """Whether this is the document that the preview showed."""
        return self.shown == _digest(content)

    def filed(self, grant: Grant) -> UUID | None:
        """That document, where it was deposited since and this reader sees it."""
        found = (one for one in queries.documents(grant) if one.entry.unique_id == self.unique_id)
        return next((one.id for one in found), None)


class _Kept(msgspec.Struct):
    choices: str
    shown: str
    unique_id: str


def sealed(choices: object, content: bytes, visit: Visit, patient: PatientId, form: str) -> str:
    """The choices and what the preview shows of them, as a word that only the same professional's same form opens."""
    unique_id = header_of(content).entry.unique_id
    kept = _Kept(msgspec.json.encode(choices).decode(), _digest(content), unique_id)
    hidden = seal_system(DOMAIN, msgspec.json.encode(kept), _context(visit, patient, form))
    return base64.urlsafe_b64encode(hidden).decode()


def opened(token: str, kind: type[T], visit: Visit, patient: PatientId, form: str) -> Opened[T] | None:
    """What `sealed` was given; None for anything else."""
    try:
        data = base64.b64decode(token, altchars=b"-_", validate=True)
        kept = decode(open_system(DOMAIN, data, _context(visit, patient, form)), _Kept)
        return Opened(decode(kept.choices.encode(), kind), kept.shown, kept.unique_id)
    except (ValueError, binascii.Error, SealBroken, msgspec.MsgspecError):
        return None


def _context(visit: Visit, patient: PatientId, form: str) -> bytes:
    return b"\0".join((form.encode(), visit.actor.id.bytes, patient.bytes))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def author(actor: Actor) -> tuple[Professional, Activity]:
    """Who writes, and where they act now; Refused where the directory no longer says so."""
    professional = identity.professional(actor.id)
    activities = professional.activities if professional else ()
    activity = next((one for one in activities if one.organisation == actor.organisation), None)
    if professional is None or activity is None:
        raise Refused(decisions.NO_RULE_ALLOWS)
    return professional, activity


def frame(grant: Grant, sending: Sending, model: Model, *sent: bytes) -> Frame:
    """The header of a document of this model written now by the reader of this record: the same for the same sending
    and what is `sent` with it."""
    by, where = author(grant.actor)
    id = sending.id(b"document", *sent)
    made = written.frame(person=identity.own_person(grant), by=by, where=where, at=sending.at, id=id)
    return replace(made, set_id=_set_of(grant, model))


def _set_of(grant: Grant, model: Model) -> str:
    """The setId of all that this professional composes of this model, from where they act, in this record. Made with
    a key: what bears it was composed here, and no other software comes upon it."""
    about = f"{grant.patient}|{grant.actor.organisation}|{grant.actor.id}|{model.type.code}"
    return f"2.25.{UUID(bytes=blind_index(COMPOSED, about)[:16], version=5).int}"


def earlier(documents: Iterable[Document], grant: Grant, model: Model) -> Document | None:
    """The document of this model in force that this professional composed here: never another one's, nor what other
    software sent in their name."""
    set_id = _set_of(grant, model)
    found = (
        one
        for one in documents
        if one.status is Status.APPROVED
        and one.organisation == grant.actor.organisation
        and one.entry.set_id == set_id
        and written_by(one.entry, grant.actor.national_id)
    )
    return max(found, key=lambda one: one.deposited_at, default=None)


def following(frame: Frame, before: Document | None) -> Frame:
    """The next version of an earlier document; the first one where there is none."""
    if before is None:
        return frame
    version = before.entry.version
    return replace(frame, replaces=before.entry.unique_id, version=int(version) + 1 if version.isdigit() else 1)


def preview(content: bytes) -> str:
    """The body as its readers will see it: HTML from our own renderer, which makes it from an allow-list."""
    return render_html(header_of(content), media_url=lambda _media: None, cards=True)


def header_of(content: bytes) -> CdaDocument:
    """The document as it reads; RefusedProblems for one that does not."""
    limits = XmlLimits(max_bytes=settings.ESPACE_MAX_DOCUMENT_BYTES, max_depth=settings.ESPACE_MAX_XML_DEPTH)
    result = parse(content, zone=timezone.get_default_timezone(), limits=limits)
    if result.document is None:
        raise RefusedProblems(result.problems)
    return result.document


def deposited(
    visit: Visit,
    patient: PatientId,
    content: bytes,
    sending: Sending,
    *,
    restrictions: frozenset[Visibility] = NOTHING_HIDDEN,
    replaces: UUID | None = None,
) -> UUID | None:
    """Decision, trace, then the document, a new version of `replaces`; its id where its author may read it in this
    record. Raises Refused."""

    def act(grant: Grant) -> UUID | None:
        return submitted(grant, content, restrictions, sending, replaces=replaces)

    return replace(visit, purpose=Purpose.FEED).decide(patient, Verb.DEPOSIT, act, hidden_from=restrictions)


def submitted(
    grant: Grant,
    content: bytes,
    restrictions: frozenset[Visibility],
    sending: Sending,
    *,
    replaces: UUID | None = None,
) -> UUID | None:
    """The same, where the record is open to be fed."""
    header = header_of(content)
    _require_qualified(header.patient)
    submission = _submission(header, content, restrictions, sending, replaces)
    filed = record.submit(grant, submission=submission, headers=[header])
    return filed.documents[0] if _shows(grant, submission.documents[0].entry) else None


def redirect_filed(back: str, filed: UUID | None, visit: Visit, patient: PatientId, form: str) -> HttpResponseRedirect:
    """To the page that says that this form's document was filed, to who sent it and of this patient alone."""
    said, about = str(filed) if filed else UNNAMED, _context(visit, patient, form)
    return redirect_saying(back, said, reader=visit.actor.id, at=now(), about=about)


def filed_in(request: HttpRequest, visit: Visit, patient: PatientId, form: str) -> str:
    """The document that the address says was just filed, by its id or `UNNAMED`; "" when it says nothing of ours."""
    if request.method != "GET":
        return ""
    return note_in(request, reader=visit.actor.id, at=now(), about=_context(visit, patient, form))


def filed_at(patient: PatientId, done: str, *, secret: bool = False) -> str:
    """Where the document that was just filed (`filed_in`) is read; "" when it is not named."""
    try:
        return addresses_of(patient, secret=secret).page(UUID(done))
    except ValueError:
        return ""


def _shows(grant: Grant, entry: DocumentEntry) -> bool:
    """Whether the one who deposits this would find it in a record that is open to them."""
    kind = entry.type.code if entry.type else ""
    unmasked = kind in grant.sight.reads and Visibility.MASQUE_PS not in entry.visibility
    return unmasked or written_by(entry, grant.actor.national_id)


def _require_qualified(stated: PatientStatement) -> None:
    """The header states a qualified INS; whether it is this patient's is for the record to say, which looks nobody
    else up: what is uploaded here must not tell who has a space."""
    ins = rules.one_ins((stated,))
    if isinstance(ins, Problem):
        raise RefusedProblems((ins,))
    if wrong := rules.ins_problem(ins, test_identities=settings.ESPACE_TEST_IDENTITIES):
        raise RefusedProblems((Problem(wrong, stated.place),))
    if problem := rules.qualification_problem((stated,)):
        raise RefusedProblems((problem,))


def _submission(
    header: CdaDocument,
    content: bytes,
    restrictions: frozenset[Visibility],
    sending: Sending,
    replaces: UUID | None,
) -> Submission:
    """The metadata follow from the header (CI-SIS, CDA→XDS); the patient stated is the one of the header."""
    entry = written.entry_of(header, content)
    entry = replace(entry, visibility=entry.visibility | restrictions)
    before = f"DocumentReference/{replaces}" if replaces else None
    document = NewDocument(entry, content, (header.patient,), replaces=before)
    return Submission(f"urn:uuid:{sending.id(b'set', content)}", "", sending.at, (document,), title=entry.title)
