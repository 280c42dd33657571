"""TD0.2: whether a space exists, for who asks; an opposed space answers as one that does not exist."""

import re
from datetime import timedelta

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from lxml import etree
from pytest_django.fixtures import Settings

import soap_door as soap
from cast import Holder, blocks, consents, fresh_ins, holder, names_doctor, opposed, professional, put_state
from door import lines_of
from espace import edge
from espace.access.facts import Budget
from espace.enrolment.facts import State
from espace.identity.facts import Organisation, Professional
from espace.kernel.words import Verb
from exchange.xds.national_asking import V3, acknowledged, existence, exists, observed
from soap_door import Answer, as_doctor, as_feeder, send

pytestmark = pytest.mark.django_db
OPEN = {"STATUT_DMP": "ACTIF", "MEDECIN_TRAITANT_DMP": "false", "RATTACHEMENT_MES": "false"}


@pytest.fixture
def place() -> Organisation:
    return soap.hospital("Cabinet des Tilleuls")


@pytest.fixture
def anne(place: Organisation) -> Professional:
    return professional(at=place)


@pytest.fixture
def camille() -> Holder:
    of = holder()
    put_state(of.patient, State.OPENED)
    return of


def test_a_professional_learns_the_status_and_their_own_authorisation(
    camille: Holder, anne: Professional, place: Organisation
) -> None:
    answer = exists(as_doctor(anne, place), camille)
    assert answer.http == 200 and acknowledged(answer) == ("AA", "OK", [])
    assert observed(answer) == OPEN | {"AUTORISATION_PS": "NON_EXISTE"}
    [target] = answer.body.iter(f"{V3}targetMessage")
    assert [one.get("extension") for one in target] == ["M1"]
    [patient] = answer.body.iter(f"{V3}patient")
    [identifier] = patient.findall(f"{V3}id")
    assert identifier.get("extension") == camille.ins.number
    assert patient.find(f"{V3}patientPerson/{V3}name") is None
    [line] = [one for one in lines_of(camille) if one.verb is Verb.STATUS]
    assert (line.reason, line.actor_id, dict(line.asked)) == ("space_status", anne.id, {})


def test_the_authorisation_follows_what_the_patient_does(
    camille: Holder, anne: Professional, place: Organisation
) -> None:
    at, told = edge.now(), []

    def asks() -> str:
        return observed(exists(as_doctor(anne, place), camille))["AUTORISATION_PS"]

    consents(camille, anne, at=at - timedelta(days=2), until=at - timedelta(days=1))
    told.append(asks())
    consents(camille, anne, at=at)
    told.append(asks())
    blocks(camille, anne, at=at)
    told.append(asks())
    assert told == ["EXPIRE", "VALIDE", "INTERDIT"]


def test_who_may_read_is_told_the_traits_and_the_attending_doctor_that_they_are(
    camille: Holder, anne: Professional, place: Organisation
) -> None:
    names_doctor(camille, anne, at=edge.now())
    put_state(camille.patient, State.ACTIVATED)
    answer = exists(as_doctor(anne, place), camille)
    assert observed(answer) == {
        "STATUT_DMP": "ACTIF", "AUTORISATION_PS": "VALIDE", "MEDECIN_TRAITANT_DMP": "true", "RATTACHEMENT_MES": "true",
    }  # fmt: skip
    [family] = answer.body.iter(f"{V3}family")
    assert (family.text, family.get("qualifier")) == ("DUVAL", "BR")


def test_software_that_feeds_is_told_whether_it_may_and_no_trait(camille: Holder) -> None:
    hospital = soap.hospital()
    answer = exists(as_feeder(hospital), camille)
    assert observed(answer) == OPEN | {"AUTORISATION_PS": "NON_EXISTE"}
    asked = [(one.reason, one.actor_id) for one in lines_of(camille) if one.verb is Verb.STATUS]
    assert asked == [("feeder_knows", hospital.id)]
    put_state(camille.patient, State.SUSPENDED)
    assert observed(exists(as_feeder(hospital), camille))["STATUT_DMP"] == "ACTIF"


def alike(answer: Answer) -> str:
    """The answer, its own id, its instant and the INS asked about made the same."""
    text = etree.tostring(answer.root).decode()
    text = re.sub(r"[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}", "ID", text)
    return re.sub(r"[0-9]{15}|creationTime value=\"[^\"]*\"", "X", text)


@pytest.mark.parametrize("feeds", [False, True])
def test_an_opposed_space_answers_as_one_that_does_not_exist(
    anne: Professional, place: Organisation, feeds: bool
) -> None:
    against, nobody, counts = opposed(), fresh_ins(), []

    def asks(number: str) -> Answer:
        who = as_feeder(place) if feeds else as_doctor(anne, place)
        with CaptureQueriesContext(connections["default"]) as said:
            answer = exists(who, against, number=number)
        counts.append(len(said))
        return answer

    asks(fresh_ins().number)
    one, other = asks(against.ins.number), asks(nobody.number)
    assert acknowledged(one) == ("AA", "NF", ["INEXISTANT"]) and observed(one) == {}
    assert alike(one) == alike(other)
    assert counts[1] == counts[2]


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (State.CLOSED, ("OK", {"STATUT_DMP": "FERME", "MOTIF_FERMETURE": "DEMANDE_TITULAIRE"})),
        (State.DECEASED, ("OK", {"STATUT_DMP": "FERME", "MOTIF_FERMETURE": "DECES"})),
        (State.NOT_INVITED, ("NF", {})),
        (State.INFORMED, ("NF", {})),
        (State.ERASED, ("NF", {})),
        (State.SUSPENDED, ("OK", {"STATUT_DMP": "ACTIF", "AUTORISATION_PS": "INTERDIT"})),
    ],
)
def test_a_space_that_cannot_be_read_says_so(
    camille: Holder, anne: Professional, place: Organisation, state: State, told: tuple[str, dict[str, str]]
) -> None:
    put_state(camille.patient, state)
    answer = exists(as_doctor(anne, place), camille)
    found = observed(answer)
    assert (acknowledged(answer)[1], {key: found.get(key) for key in told[1]}) == told
    closed = told[1].get("STATUT_DMP") == "FERME"
    assert ("DATE_FERMETURE" in found, "RAISON_FERMETURE" in found) == (closed, closed)


def test_beyond_its_budget_an_account_or_a_feeder_learns_nothing(
    camille: Holder, anne: Professional, place: Organisation, settings: Settings
) -> None:
    settings.ESPACE_BUDGET_HOUR = 1
    settings.ESPACE_BUDGETS = settings.ESPACE_BUDGETS.__class__(Budget(1, 1), Budget(999, 999), {})
    hospital = soap.hospital()
    for who in (lambda: as_doctor(anne, place), lambda: as_feeder(hospital)):
        exists(who(), holder())
        answer = exists(who(), camille)
        typed, response, codes = acknowledged(answer)
        assert (typed, response, observed(answer)) == ("AE", "AE", {})
        assert codes in (["account_frozen"], ["organisation_frozen"])


def test_an_emergency_is_not_declared_by_asking_whether_there_is_a_space(
    camille: Holder, anne: Professional, place: Organisation
) -> None:
    number = f"{camille.ins.number}^^^&{camille.ins.authority}&ISO^NH"
    who = as_doctor(anne, place, patient=number, ground="bris_de_glace", more={"Mode_Acces_Raison": "Inconscient"})
    assert observed(exists(who, camille))["AUTORISATION_PS"] == "NON_EXISTE"
    assert [one.verb for one in lines_of(camille) if one.verb is Verb.BREAK_GLASS] == []


def test_a_message_that_cannot_be_read_is_an_application_error(
    camille: Holder, anne: Professional, place: Organisation
) -> None:
    spoiled = existence(camille.ins.number, camille.ins.authority).replace("TEST_EXST", "AUTRE")
    answer = send(spoiled, as_doctor(anne, place), path="/xds/patients", action="urn:hl7-org:v3:PRPA_IN201307UV02")
    assert (answer.http, acknowledged(answer)) == (200, ("AE", "AE", ["national_malformed"]))
    assert [one for one in lines_of(camille) if one.verb is Verb.STATUS] == []


def test_a_wrong_ins_and_another_patient_than_the_assertion_s_are_refused(
    camille: Holder, anne: Professional, place: Organisation
) -> None:
    assert acknowledged(exists(as_doctor(anne, place), camille, number="1"))[2] == ["ins_malformed"]
    number = f"{fresh_ins().number}^^^&{camille.ins.authority}&ISO^NH"
    answer = exists(as_doctor(anne, place, patient=number), camille)
    assert acknowledged(answer) == ("AE", "AE", ["vihf_other_patient"])
