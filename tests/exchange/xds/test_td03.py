"""TD0.3: a professional adds their own authorisation and ends it; nobody makes themselves the attending doctor."""

from datetime import timedelta

import pytest
from django.db import OperationalError

import soap_door as soap
from attesting import structure
from cast import Holder, blocks, consents, fresh_ins, holder, names_doctor, opposed, professional
from door import call, lines_of, professional_token
from espace import edge
from espace.exchange.xds import td03
from espace.identity.facts import Organisation, Professional
from espace.kernel.words import Verb
from exchange.xds.national_asking import DMP, authorises, exists, observed, said
from record.secret import minor
from soap_door import as_doctor, as_feeder

pytestmark = pytest.mark.django_db
CONFIDENTIALITY = "urn:oasis:names:tc:xspa:1.0:resource:patient:hl7:confidentiality-code"
SECRET = {CONFIDENTIALITY: "INVISIBLE_REPRESENTANTS_LEGAUX^1.2.250.1.213.1.1.4.13"}


@pytest.fixture
def place() -> Organisation:
    return soap.hospital("Cabinet des Tilleuls")


@pytest.fixture
def anne(place: Organisation) -> Professional:
    return professional(at=place)


@pytest.fixture
def camille() -> Holder:
    return holder()


def reads(who: Professional, of: Holder) -> int:
    query = f"patient.identifier=urn:oid:{of.ins.authority}|{of.ins.number}"
    return call("GET", "/fhir/DocumentReference", token=professional_token(who), query=query).status


def test_an_authorisation_added_opens_the_record_and_ended_closes_it(
    camille: Holder, anne: Professional, place: Organisation
) -> None:
    assert reads(anne, camille) == 403
    added = said(authorises(as_doctor(anne, place), camille, "AJOUT", role="STANDARD"))
    assert (added["status"], added["autorisation"]) == ("OK", "VALIDE")
    assert added["fin"].startswith(f"{edge.now() + timedelta(hours=12):%Y-%m-%dT%H}")
    assert reads(anne, camille) == 200
    assert observed(exists(as_doctor(anne, place), camille))["AUTORISATION_PS"] == "VALIDE"
    ended = said(authorises(as_doctor(anne, place), camille, "SUPPRESSION"))
    assert ended == {"status": "OK", "autorisation": "NON_EXISTE"}
    assert reads(anne, camille) == 403
    lines = [(one.verb, one.reason) for one in lines_of(camille) if one.verb in (Verb.CONSENT, Verb.WITHDRAW)]
    assert lines == [(Verb.WITHDRAW, "consent_withdrawn"), (Verb.CONSENT, "consent_recorded")]


def test_an_end_and_how_the_patient_agreed_may_be_said(
    camille: Holder, anne: Professional, place: Organisation
) -> None:
    end = f"{edge.now() + timedelta(days=30):%Y-%m-%dT%H:%M:%S}Z"
    added = said(authorises(as_doctor(anne, place), camille, "AJOUT", consentement="ECRIT", fin=end))
    assert added == {"status": "OK", "autorisation": "VALIDE", "fin": end}
    [line] = [one for one in lines_of(camille) if one.verb is Verb.CONSENT]
    assert line.asked["how"] == "written"
    far = f"{edge.now() + timedelta(days=800):%Y-%m-%dT%H:%M:%S}+01:00"
    assert said(authorises(as_doctor(anne, place), camille, "AJOUT", fin=far))["error"] == "consent_term_refused"


def test_nobody_makes_themselves_the_attending_doctor(
    camille: Holder, anne: Professional, place: Organisation
) -> None:
    answer = authorises(as_doctor(anne, place), camille, "AJOUT", role="MEDECIN_TRAITANT")
    assert said(answer) == {"status": "ERREUR", "error": "attending_not_by_oneself"}
    [error] = answer.body.findall(f"{DMP}error")
    assert error.get("place") == "setAuthorization/role"
    assert (error.text or "").endswith("le patient nomme son médecin traitant dans son espace.")
    assert reads(anne, camille) == 403
    assert observed(exists(as_doctor(anne, place), camille))["MEDECIN_TRAITANT_DMP"] == "false"


def test_whom_the_patient_named_stays_named_and_whom_they_blocked_blocked(
    camille: Holder, anne: Professional, place: Organisation
) -> None:
    names_doctor(camille, anne, at=edge.now())
    assert said(authorises(as_doctor(anne, place), camille, "SUPPRESSION"))["autorisation"] == "VALIDE"
    blocks(camille, anne, at=edge.now())
    for act in ("AJOUT", "SUPPRESSION"):
        assert said(authorises(as_doctor(anne, place), camille, act))["error"] == "professional_blocked"


def test_a_consent_given_for_longer_is_not_shortened_by_the_holder_s_own(
    camille: Holder, anne: Professional, place: Organisation
) -> None:
    consents(camille, anne, at=edge.now(), until=edge.now() + timedelta(days=300))
    added = said(authorises(as_doctor(anne, place), camille, "AJOUT"))
    assert added["autorisation"] == "VALIDE"


def test_an_organisation_has_no_authorisation_to_add(camille: Holder, place: Organisation) -> None:
    answer = authorises(as_feeder(place), camille, "AJOUT")
    assert (answer.http, answer.fault[2]) == (400, "organisation_cannot_read")


def test_a_professional_whom_their_organisation_vouches_for_may(
    camille: Holder, anne: Professional, place: Organisation
) -> None:
    number = soap.struct_id(place)
    vouched = soap.words(mode="INDIRECTE_RENFORCEE", subject=anne.national_id, place=number, patient="")
    assert said(authorises((structure(number), vouched), camille, "AJOUT"))["autorisation"] == "VALIDE"


def test_an_opposed_space_is_told_as_none(anne: Professional, place: Organisation) -> None:
    against, nobody = opposed(), Holder(*[getattr(holder(), name) for name in ("patient", "ins", "traits", "actor")])
    unknown = Holder(nobody.patient, fresh_ins(), nobody.traits, nobody.actor)
    for act in ("AJOUT", "SUPPRESSION"):
        one, other = (authorises(as_doctor(anne, place), who, act) for who in (against, unknown))
        assert said(one) == said(other) == {"status": "ERREUR", "error": "space_unknown"}


def test_a_minor_s_secret_care_has_an_authorisation_of_its_own(anne: Professional, place: Organisation) -> None:
    leo = minor()
    assert said(authorises(as_doctor(anne, place, more=SECRET), leo, "AJOUT"))["autorisation"] == "VALIDE"
    assert reads(anne, leo) == 403
    assert observed(exists(as_doctor(anne, place, more=SECRET), leo))["AUTORISATION_PS"] == "VALIDE"
    assert observed(exists(as_doctor(anne, place), leo))["AUTORISATION_PS"] == "NON_EXISTE"
    grown = said(authorises(as_doctor(anne, place, more=SECRET), holder(), "AJOUT"))
    assert grown["error"] == "secret_for_minors"


def test_who_cannot_express_their_will_agrees_to_nothing(
    camille: Holder, anne: Professional, place: Organisation
) -> None:
    for action in ("AJOUT", "SUPPRESSION"):
        words = {"Mode_Acces_Raison": "Inconsciente aux urgences"}
        urgent = as_doctor(anne, place, ground="bris_de_glace", more=words, patient=resource_id(camille))
        assert said(authorises(urgent, camille, action)) == {"status": "ERREUR", "error": "vihf_mode_forbids"}
    assert [one for one in lines_of(camille) if one.actor_id == anne.id] == []


def resource_id(of: Holder) -> str:
    return soap.cx(of).replace("&amp;", "&")


def test_what_cannot_be_read_is_refused_before_anything_is_opened(
    camille: Holder, anne: Professional, place: Organisation
) -> None:
    answer = said(authorises(as_doctor(anne, place), camille, "AJOUTER", role="X"))
    assert answer == {"status": "ERREUR", "error": "national_malformed national_malformed"}
    assert [one for one in lines_of(camille) if one.actor_id == anne.id] == []


@pytest.mark.parametrize(
    ("error", "code"), [(OperationalError(), "temporarily_unavailable"), (ZeroDivisionError(), "unexpected_fault")]
)
def test_our_own_faults_are_said_in_the_answer_and_record_nothing(
    camille: Holder, anne: Professional, place: Organisation, monkeypatch: pytest.MonkeyPatch,
    error: Exception, code: str,
) -> None:  # fmt: skip
    def fails(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(td03.access, "record_consent", fails)
    answer = authorises(as_doctor(anne, place), camille, "AJOUT")
    assert (answer.http, said(answer)) == (200, {"status": "ERREUR", "error": code})
    assert reads(anne, camille) == 403
