"""Attacks through the whole SOAP door: wrapped and replayed assertions, one patient's assertion for another's record,
and what ids, numbers and spaces tell.

The pure readers have their own (tests/wire/test_saml_attacks.py, tests/wire/soap); here is what the door answers.
"""

import copy
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import etree

import door
import soap_door as soap
import soaping
from attesting import DS, WSSE, Card, Words, signed, text_of
from cast import Holder, begins_team, blocks, consents, fresh_ins, holder, names_doctor, opposed, professional
from door import lines_of
from espace import edge
from espace.access.queries import opened_lately
from espace.exchange.xds.transactions import STORED_QUERY
from espace.identity.facts import Organisation, Professional
from espace.kernel.values import replace
from espace.wire.ebxml.schemes import StoredQuery
from espace.wire.xml import Element
from exchange.publishing import stored
from exchange.xds.consulting import filed
from soap_door import Answer, as_doctor, as_feeder, deposit, post, send
from wire.ebxml.asking import APPROVED, adhoc

pytestmark = pytest.mark.django_db

KIND = "application/soap+xml; charset=utf-8"
ANONYMOUS = "<a:Address>http://www.w3.org/2005/08/addressing/anonymous</a:Address>"
EMERGENCY = {"ground": "bris_de_glace", "more": {"Mode_Acces_Raison": "Inconscient"}}


@pytest.fixture
def hospital() -> Organisation:
    return soap.hospital()


@pytest.fixture
def camille() -> Holder:
    return holder()


def number(of: Holder) -> str:
    return f"{of.ins.number}^^^&{of.ins.authority}&ISO^NH"


def ask(kind: str, slots: Sequence[tuple[str, str]], who: tuple[Card, Words]) -> Answer:
    return send(adhoc(kind, slots).decode(), who, path=soap.REGISTRY, action=STORED_QUERY.action)


def find(of: Holder, who: tuple[Card, Words]) -> Answer:
    slots = [("$XDSDocumentEntryPatientId", f"'{number(of)}'"), ("$XDSDocumentEntryStatus", APPROVED)]
    return ask(StoredQuery.FIND_DOCUMENTS, slots, who)


def _header(*inside: Element) -> str:
    held = "".join(etree.tostring(one).decode() for one in inside)
    return f'<wsse:Security xmlns:wsse="{WSSE[1:-1]}">{held}</wsse:Security>'


def _forged(said: Words, place: str) -> Element:
    """What the attacker would have the assertion say: another structure."""
    root = etree.fromstring(text_of(replace(said, place=place, subject=place)).encode())
    root.remove(root.find(f"{DS}Signature"))
    return root


def _stolen(genuine: Element, forged: Element, *, around: bool = False) -> Element:
    """The forged assertion under the genuine signature, or the genuine one within that."""
    forged.insert(1, copy.deepcopy(genuine[1]))
    if around:
        forged[1].append(copy.deepcopy(genuine))
    return forged


WRAPPED: dict[str, tuple[Callable[[Element, Element], str], str]] = {
    "the signature taken": (lambda genuine, forged: _header(_stolen(genuine, forged)), "vihf_signature"),
    "genuine within": (lambda genuine, forged: _header(_stolen(genuine, forged, around=True)), "vihf_malformed"),
    "forged first": (lambda genuine, forged: _header(forged, genuine), "vihf_malformed"),
    "forged last": (lambda genuine, forged: _header(genuine, forged), "vihf_malformed"),
    "two headers": (lambda genuine, forged: _header(forged) + _header(genuine), "envelope_malformed"),
    "genuine beside": (lambda genuine, forged: _header(forged) + etree.tostring(genuine).decode(), "vihf_malformed"),
}


@pytest.mark.parametrize("form", WRAPPED)
def test_a_wrapped_assertion_deposits_nothing(hospital: Organisation, camille: Holder, form: str) -> None:
    card, said = as_feeder(hospital)
    said, (made, reason) = replace(said, issuer=card.name), WRAPPED[form]
    wrapped = made(signed(text_of(said), card), _forged(said, soap.struct_id(soap.hospital("Clinique"))))
    message = soaping.envelope(deposit(camille), security=wrapped).encode()
    answer = post(soap.REPOSITORY, KIND, message, certificate=card.der)
    assert (answer.http, answer.fault[2], stored(camille)) == (400, reason, [])


def test_an_assertion_has_served_by_either_address_whatever_became_of_its_request(
    hospital: Organisation, camille: Holder
) -> None:
    who = as_feeder(hospital)
    assert send(deposit(camille, cx="1^^^&amp;1.2&amp;ISO^NH"), who).status == "Failure"
    assert find(camille, who).fault[2] == "vihf_replayed"


FINDS = {
    StoredQuery.FIND_DOCUMENTS: ("$XDSDocumentEntryPatientId", "$XDSDocumentEntryStatus"),
    StoredQuery.FIND_DOCUMENTS_BY_REFERENCE: (
        "$XDSDocumentEntryPatientId", "$XDSDocumentEntryStatus", "$XDSDocumentEntryReferenceIdList",
    ),
    StoredQuery.FIND_SUBMISSION_SETS: ("$XDSSubmissionSetPatientId", "$XDSSubmissionSetStatus"),
    StoredQuery.FIND_FOLDERS: ("$XDSFolderPatientId", "$XDSFolderStatus"),
    StoredQuery.GET_ALL: ("$patientId", "$XDSDocumentEntryStatus", "$XDSSubmissionSetStatus", "$XDSFolderStatus"),
}  # fmt: skip


def test_an_assertion_about_one_patient_asks_nothing_of_another(hospital: Organisation, camille: Holder) -> None:
    zoe, anne = holder(), professional(at=hospital)
    consents(zoe, anne, at=edge.now())
    before = len(lines_of(zoe))
    for kind, (patient, *more) in FINDS.items():
        slots = [(patient, f"'{number(zoe)}'")]
        slots += [(name, "'A^^^&1.9&ISO^x'" if "Reference" in name else APPROVED) for name in more]
        answer = ask(kind, slots, as_doctor(anne, hospital, patient=number(camille)))
        assert (answer.status, [code for code, _ in answer.errors]) == ("Failure", ["XDSPatientIdDoesNotMatch"])
    refused = send(deposit(zoe), as_feeder(hospital, patient=number(camille)))
    assert [code for code, _ in refused.errors] == ["XDSPatientIdDoesNotMatch"]
    assert (stored(zoe), len(lines_of(zoe)) - before) == ([], 1)  # our own look at the lines leaves one


IDS = {
    StoredQuery.GET_DOCUMENTS: "$XDSDocumentEntryEntryUUID",
    StoredQuery.GET_ASSOCIATIONS: "$uuid",
    StoredQuery.GET_DOCUMENTS_AND_ASSOCIATIONS: "$XDSDocumentEntryEntryUUID",
    StoredQuery.GET_SUBMISSION_SETS: "$uuid",
    StoredQuery.GET_SUBMISSION_SET_AND_CONTENTS: "$XDSSubmissionSetEntryUUID",
    StoredQuery.GET_RELATED_DOCUMENTS: "$XDSDocumentEntryEntryUUID",
}


def _told(kind: str, one: UUID, who: tuple[Card, Words]) -> tuple[bytes, int]:
    """The body of the answer, and how many statements it took."""
    slots = [(IDS[kind], f"('urn:uuid:{one}')")]
    if kind == StoredQuery.GET_RELATED_DOCUMENTS:
        slots.append(("$AssociationTypes", f"('{soaping.RPLC}')"))
    with CaptureQueriesContext(connection) as seen:
        answer = ask(kind, slots, who)
    return etree.tostring(answer.body), len(seen)


def test_ids_of_anybody_else_are_answered_as_ids_of_nothing(hospital: Organisation, camille: Holder) -> None:
    zoe, anne = holder(), professional(at=hospital)
    consents(camille, anne, at=edge.now())
    filed(camille, hospital)
    theirs = filed(zoe, hospital)
    for kind in IDS:
        ids = (theirs.id, theirs.set_id, uuid4())
        answers = {_told(kind, one, as_doctor(anne, hospital, patient=number(camille))) for one in ids}
        assert len(answers) == 1, kind


@pytest.mark.parametrize("said", [{}, EMERGENCY], ids=["care", "emergency"])
def test_a_space_that_is_opposed_answers_and_costs_as_none(hospital: Organisation, said: dict[str, Any]) -> None:
    """Asked twice, it is counted once, as an INS that nobody bears is."""
    known = list[tuple[bytes, int, int]]()
    for one in (opposed(), replace(holder(), ins=fresh_ins())):
        anne = professional(at=hospital)
        for _ in range(2):
            who = as_doctor(anne, hospital, patient=number(one), **said)
            with CaptureQueriesContext(connection) as seen:
                answer = find(one, who)
            known.append((etree.tostring(answer.body), len(seen), opened_lately(anne.id, edge.now()).hour))
    assert known[:2] == known[2:]
    assert [count for _, _, count in known] == [1, 1, 1, 1]


def test_a_replacement_of_anything_but_ones_own_is_refused_alike(hospital: Organisation, camille: Holder) -> None:
    own = filed(camille, hospital)
    ids = (filed(camille, soap.hospital("Clinique")).id, filed(holder(), hospital).id, uuid4())
    before, known = stored(camille), set[bytes]()
    for one in ids:
        link = soaping.association(soaping.RPLC, "Document01", f"urn:uuid:{one}")
        known.add(etree.tostring(send(deposit(camille, more=link), as_feeder(hospital)).body))
    assert (len(known), stored(camille)[: len(before)]) == (1, before)
    assert b"XDSReplaceFailed" in known.pop() and own.id in [row[0] for row in stored(camille)]


ENDPOINTS = {
    "two addresses": ("<a:ReplyTo>", f"<a:ReplyTo>{ANONYMOUS.replace('anonymous', 'none')}"),
    "a canary behind": ("</a:ReplyTo>", "<a:Address>http://canary.invalid/</a:Address></a:ReplyTo>"),
    "said twice": ("<a:ReplyTo>", f"<a:ReplyTo>{ANONYMOUS}</a:ReplyTo><a:ReplyTo>"),
    "a fault elsewhere": ("<a:ReplyTo>", "<a:FaultTo><a:Address>http://canary.invalid/</a:Address></a:FaultTo><a:ReplyTo>"),
    "no address": (ANONYMOUS, ""),
}


@pytest.mark.parametrize("form", ENDPOINTS)
def test_an_answer_goes_nowhere_else_and_nothing_says_so_in_two_ways(form: str) -> None:
    message = soaping.envelope(soaping.request()).replace(*ENDPOINTS[form], 1)
    answer = post(soap.REPOSITORY, KIND, message.encode(), certificate=b"some certificate")
    assert (answer.http, answer.fault[1:]) == (400, ("a:InvalidAddressingHeader", "addressing_invalid"))


LINKS: dict[str, Callable[[Holder, Professional], None]] = {
    "nothing": lambda of, who: None,
    "a consent": lambda of, who: consents(of, who, at=edge.now()),
    "a consent that is over": lambda of, who: consents(
        of, who, at=edge.now() - timedelta(days=3), until=edge.now() - timedelta(days=1)
    ),
    "a block": lambda of, who: blocks(of, who, at=edge.now()),
    "the attending doctor": lambda of, who: names_doctor(of, who, at=edge.now()),
    "a team": lambda of, who: begins_team(of, who, at=edge.now()),
}


def _by_fhir(of: Holder, who: Professional) -> tuple[str, list[str]]:
    query = "&".join(f"{name}={value}" for name, value in door.named(of).items())
    answer = door.call("GET", "/fhir/DocumentReference", token=door.professional_token(who), query=query)
    if answer.status != 200:
        return answer.codes[0], []
    return "", sorted(one["resource"]["id"] for one in answer.json.get("entry", []))


@pytest.mark.parametrize("link", LINKS)
def test_a_card_opens_what_a_token_opens(hospital: Organisation, camille: Holder, link: str) -> None:
    """What a consent, a block, a profession give is the same by both doors, the reason of a refusal too."""
    for labels in ((), ("MASQUE_PS",), ("INVISIBLE_PATIENT",)):
        filed(camille, hospital, *labels)
    for profession in ("10",) if link == "the attending doctor" else ("10", "60"):
        who = professional(at=hospital, profession=profession)
        LINKS[link](camille, who)
        answer = find(camille, as_doctor(who, hospital, patient=number(camille), role=profession))
        code = answer.contexts[0][1:].partition("]")[0] if answer.errors else ""
        found = sorted(one.get("id", "").removeprefix("urn:uuid:") for one in answer.body.iter("{*}ExtrinsicObject"))
        assert (code, found) == _by_fhir(camille, who)
