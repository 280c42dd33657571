"""The national requests: what is read is bounded and of closed lists; what is written is text, whatever it holds."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from espace.kernel.reasons import national
from espace.kernel.words import Refused
from espace.wire.dmp import addressing, authorising, listing
from espace.wire.dmp.fields import refusal
from espace.wire.dmp.listing import Listing, Order, Own
from espace.wire.hl7v3 import existence
from espace.wire.hl7v3.existence import Answered, Frame, Id, Kept, Question
from espace.wire.xds import PatientStatement
from exchange.xds.national_asking import existence as existence_of
from wire.ebxml.asking import parsed

TEXT = st.text("aZ0<>&\"']/;=#é€😀", max_size=20)
WORDS = st.sampled_from(["patientId", "action", "role", "consentement", "fin", "page", "tri", "nombre", "debut", "x"])
READERS = {"setAuthorization": authorising.read, "getContextualAddress": addressing.read, "listPatients": listing.read}
AT = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=25)
@given(children=st.lists(st.tuples(WORDS, TEXT), max_size=6))
def test_whatever_is_sent_is_read_or_refused_at_its_place(name: str, children: list[tuple[str, str]]) -> None:
    inside = "".join(f"<{one}><![CDATA[{text}]]></{one}>" for one, text in children if "]]>" not in text)
    try:
        READERS[name](parsed(f'<{name} xmlns="urn:si-dmp-habilitations:v1">{inside}</{name}>'.encode()))
    except Refused as refused:
        assert refused.reason is national.NATIONAL_MALFORMED or refused.reason is national.ATTENDING_NOT_BY_ONESELF
        assert refused.place.startswith(name)


def test_a_list_says_what_it_wants() -> None:
    read = listing.read(parsed(b'<listPatients xmlns="urn:si-dmp-habilitations:v1"><nombre>5</nombre></listPatients>'))
    assert read == Listing(Order.AUTHORISATION, 5, 1)


@settings(max_examples=25)
@given(family=TEXT, given_=TEXT, number=TEXT)
def test_what_is_written_of_somebody_is_text(family: str, given_: str, number: str) -> None:
    who = PatientStatement("", number, "1.2.3", birth_name=family, given_names=(given_,), birth_date=date(1985, 3, 7))
    root = parsed(listing.write([Own(who, AT, None)], 3, ""))
    said = {one.tag.rpartition("}")[2]: one.text or "" for one in root.iter() if one.text}
    assert (said.get("nom", ""), said.get("prenom", "")) == (family, given_)
    assert (said["depuis"], said["naissance"], said["suite"]) == ("2026-03-04T09:30:00Z", "1985-03-07", "3")


def test_a_refusal_says_its_code_its_place_and_what_to_do() -> None:
    root = parsed(refusal("xResponse", Refused(national.NATIONAL_MALFORMED, place="x/role", detail="<A>")))
    [status, error] = root
    assert (status.text, error.get("code"), error.get("place")) == ("ERREUR", "national_malformed", "x/role")
    assert "(<A>)" in (error.text or "")


@settings(max_examples=25)
@given(id_=TEXT, query=TEXT, family=TEXT)
def test_an_answer_refers_to_what_was_asked_whatever_its_names(id_: str, query: str, family: str) -> None:
    asked = Question(PatientStatement("", "1", "1.2.3"), Id("1.9", id_), Id("1.9", query), Id("1.8"))
    person = PatientStatement("", birth_name=family, given_names=("A",), sex="F", birth_date=date(1985, 3, 7))
    told = Answered(Kept.OPEN, access="VALIDE", person=person)
    root = parsed(existence.write(asked, told, Frame(UUID(int=1), AT, "1.7")))
    found = {one.tag.rpartition("}")[2]: one for one in root.iter()}
    assert (found["family"].text or "") == family
    ids = [one.get("extension", "") for one in root.iter("{urn:hl7-org:v3}id", "{urn:hl7-org:v3}queryId")]
    assert id_ in ids and query in ids


def test_a_closed_space_says_when_and_why() -> None:
    asked = Question(PatientStatement("", "1", "1.2.3"), Id("1.9"), Id("1.9"), Id("1.8"))
    told = Answered(Kept.CLOSED, closed_on=date(2026, 1, 2), motive="DECES", cause="Décès du titulaire")
    text = existence.write(asked, told, Frame(UUID(int=1), AT, "1.7")).decode()
    for said in ('value="20260102"', 'code="FERME"', 'code="DECES"', ">Décès du titulaire<", 'code="terminated"'):
        assert said in text


def _flat(name: str, **said: str) -> bytes:
    inside = "".join(f"<{one}>{value}</{one}>" for one, value in said.items())
    patient = "" if name == "listPatients" else '<patientId root="1.2.250.1.213.1.4.10" extension="1"/>'
    return f'<{name} xmlns="urn:si-dmp-habilitations:v1">{patient}{inside}</{name}>'.encode()


ADD = {"action": "AJOUT"}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("setAuthorization", {}),
        ("setAuthorization", {"action": "AJOUTER"}),
        ("setAuthorization", {**ADD, "role": "ADMINISTRATEUR"}),
        ("setAuthorization", {**ADD, "consentement": "TACITE"}),
        ("setAuthorization", {**ADD, "fin": "demain"}),
        ("setAuthorization", {**ADD, "fin": "2026-13-40T00:00:00Z"}),
        ("setAuthorization", {**ADD, "fin": "2026-03-04T09:00:00"}),
        ("setAuthorization", {**ADD, "role": "x" * 500}),
        ("setAuthorization", {**ADD, "autre": "x"}),
        ("setAuthorization", {**ADD, "role": "STANDARD</role><role>MEDECIN_TRAITANT"}),
        ("setAuthorization", {**ADD, "role": "STANDARD<x/>"}),
        ("getContextualAddress", {"page": "PRESCRIPTIONS"}),
        ("listPatients", {"tri": "NOM"}),
        ("listPatients", {"nombre": "51"}),
        ("listPatients", {"nombre": "0"}),
        ("listPatients", {"nombre": "-1"}),
        ("listPatients", {"debut": "1001"}),
        ("listPatients", {"debut": "²"}),
    ],
)
def test_what_is_not_of_its_list_or_within_its_bounds_is_malformed(name: str, said: dict[str, str]) -> None:
    with pytest.raises(Refused) as caught:
        READERS[name](parsed(_flat(name, **said)))
    assert caught.value.reason is national.NATIONAL_MALFORMED


ASKED = existence_of("1", "1.2.250.1.213.1.4.10")
TWICE = '</patientIdentifier><patientIdentifier><value root="1" extension="2"/><semanticsText>'


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("TEST_EXST", "AUTRE"),
        ("1.2.250.1.213.1.1.4.11", "1.2.3"),
        ('extension="PRPA_IN201307UV02"', 'extension="PRPA_IN201305UV02"'),
        ('<queryId root="1.2.250.1.999.9" extension="Q1"/>', ""),
        ('<id root="1.2.250.1.999.9" extension="M1"/>', ""),
        ("<semanticsText>", TWICE),
        (' extension="1"', ""),
        ('extension="1"', f'extension="{"9" * 5000}"'),
    ],
)
def test_a_question_that_says_less_or_more_is_malformed(old: str, new: str) -> None:
    assert existence.read(parsed(ASKED.encode())).patient.number == "1"
    spoiled = ASKED.replace(old, new)
    assert spoiled != ASKED
    with pytest.raises(Refused) as caught:
        existence.read(parsed(spoiled.encode()))
    assert caught.value.reason is national.NATIONAL_MALFORMED
