"""What a patient told an organisation of its feeding their space: obeyed at every door, told to the holder, and opening
nothing to anybody."""

from pathlib import Path

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from carded import authorities, card_of, practice
from cast import Holder, fresh_ins, holder, opposed, organisation, professional, put_state
from door import call, feeder_token, lines_of, professional_token
from espace import edge
from espace.access.queries import feeding_objections
from espace.enrolment.facts import State
from espace.exchange.depositing import PARIS
from espace.exchange.hl7v2 import mllp
from espace.identity.facts import Organisation
from espace.kernel.values import replace
from espace.kernel.words import Verb, Visibility
from espace.site import worker
from exchange.hl7_messages import Acknowledged, flag, header, message, pid, send
from exchange.publishing import FEED, frame, letter, publish, simplified, stored
from exchange.test_hl7v2_door import seen
from notices.centre import told
from portal.helpers import member, signed_in
from record.secret import as_holder, as_proxy, minor, mother_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def hospital() -> Organisation:
    return organisation(source_id="1.2.250.1.999.8.1")


@pytest.fixture
def token(hospital: Organisation) -> str:
    return feeder_token(hospital, scope=FEED)


@pytest.fixture
def camille() -> Holder:
    return holder()


def adt(of: Holder, feeding: str, *, at: str = "20260304", consultation: str = "", patient: str = "") -> bytes:
    first = header("A31", "7").replace("MDM^A31^MDM_T02|7|P|2.6", "ADT^A31^ADT_A05|7|P|2.5^FRA^2.11")
    first = first.replace("2.1^CISIS_CDA_HL7_V2", "2.11^IHE_FRANCE-2.11-PAM")
    zfa = f"ZFA|ACTIF|20260304|||||||{feeding}|{at}|{consultation}|{at}"
    return "".join(f"{one}\r" for one in (first, "EVN||20260304", patient or pid(of), "PV1|1|N", zfa)).encode()


def wishes(of: Holder) -> list[str]:
    """What the lines of the access log say of it, newest first."""
    return [dict(one.asked).get("feeding", one.reason) for one in lines_of(of) if one.verb is Verb.FEEDING_WISH]


def test_an_objection_is_obeyed_until_it_is_taken_back(camille: Holder, token: str) -> None:
    before = waiting_wishes()
    kept = frame(camille)
    assert send(message(camille, kept), token).outcome == "AA"
    answer = send(adt(camille, "IO"), token)
    assert (answer.status, answer.outcome, answer.done) == (200, "AA", (("ZFA-9", "RECORDED"),))

    refused = send(message(camille, frame(camille)), token)
    assert (refused.status, refused.outcome, refused.codes) == (403, "AE", ("feeding_objected",))
    assert publish(simplified(letter(frame(camille))), token).codes == ["feeding_objected"]
    assert send(message(camille, frame(camille), event="T10", parent=kept.id), token).codes == ("feeding_objected",)
    assert len(seen(camille)) == 1

    back = send(adt(camille, "INO", at="20260305"), token)
    assert back.done == (("ZFA-9", "RECORDED"),)
    assert send(message(camille, frame(camille)), token).outcome == "AA"
    assert wishes(camille) == ["not_objected", "objected"]
    assert waiting_wishes() == before + 2


def waiting_wishes() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM outbox_event WHERE kind = %s", ["access.FeedingWishStated"])
        return int(cursor.fetchone()[0])


def test_what_was_filed_before_may_be_followed_relabelled_and_deleted(camille: Holder, token: str) -> None:
    kept = frame(camille)
    send(message(camille, kept), token)
    send(adt(camille, "IO"), token)

    assert send(message(camille, kept, flag("MODIF_CONF_CODE"), flag("MASQUE_PS")), token).outcome == "AA"
    assert send(message(camille, kept, status="D"), token).done == (("DESTDMP", "DELETED"),)


def test_it_is_one_organisations_and_its_professionals(
    camille: Holder, hospital: Organisation, token: str
) -> None:
    zoe, anne, lise = holder(), professional(at=hospital), professional()
    send(adt(camille, "IO"), token)
    other = feeder_token(organisation("Clinique", source_id="1.2.250.1.999.8.2"), scope=FEED)

    assert send(message(camille, frame(camille)), other).outcome == "AA"
    assert send(message(zoe, frame(zoe)), token).outcome == "AA"
    tokens = professional_token(anne), professional_token(lise)
    assert [send(message(camille, frame(camille)), one).codes for one in tokens] == [("feeding_objected",), ()]


def test_said_again_it_tells_nobody_and_of_two_the_later_holds(camille: Holder, token: str) -> None:
    before = waiting_wishes()
    said = [
        send(adt(camille, feeding, at=at), token).done[0][1]
        for feeding, at in (("INO", "20260301"), ("IO", "20260303"), ("INO", "20260302"), ("IO", "20260303"))
    ]

    assert said == ["REPEATED", "RECORDED", "SUPERSEDED", "REPEATED"]
    assert wishes(camille) == ["objected", "older", "objected", "not_objected"]
    assert waiting_wishes() == before + 1
    assert send(message(camille, frame(camille)), token).codes == ("feeding_objected",)


def test_a_statement_of_the_future_does_not_shut_out_those_that_come(camille: Holder, token: str) -> None:
    assert send(adt(camille, "IO", at="21990101"), token).done == (("ZFA-9", "RECORDED"),)
    assert send(adt(camille, "INO", at=""), token).done == (("ZFA-9", "RECORDED"),)


def test_an_objection_of_today_holds_over_what_was_heard_this_morning(camille: Holder, token: str) -> None:
    """Many systems write the day alone."""
    today = edge.now().astimezone(PARIS).strftime("%Y%m%d")
    assert send(adt(camille, "INO", at=""), token).done == (("ZFA-9", "REPEATED"),)
    assert send(adt(camille, "IO", at=today), token).done == (("ZFA-9", "RECORDED"),)


def test_that_they_agreed_to_be_read_opens_nothing_and_is_not_kept(camille: Holder, token: str) -> None:
    anne = professional()
    answer = send(adt(camille, "NA", consultation="IC"), token)

    assert (answer.outcome, answer.done) == ("AA", (("ZFA-11", "NOT_KEPT"),))
    assert lines_of(camille)[1:] == []
    query = f"patient.identifier=urn:oid:{camille.ins.authority}|{camille.ins.number}"
    asked = call("GET", "/fhir/DocumentReference", token=professional_token(anne), query=query)
    assert asked.codes == ["consent_missing"]


def test_a_movement_that_says_nothing_does_nothing(camille: Holder, token: str) -> None:
    stranger = replace(camille, ins=fresh_ins())

    assert send(adt(stranger, "NA"), token).text.count("ZAM") == 0
    assert send(adt(stranger, "NA"), token).outcome == "AA"
    assert lines_of(camille)[1:] == []


@pytest.mark.parametrize(
    ("spoil", "codes"),
    [
        ("status", ("ins_not_qualified",)), ("traits", ("traits_disagree",)), ("nobody", ("space_unknown",)),
        ("ins", ("ins_missing",)), ("value", ("code_unknown",)),
    ],
)  # fmt: skip
def test_refusals(camille: Holder, token: str, spoil: str, codes: tuple[str, ...]) -> None:
    made = {
        "status": adt(camille, "IO", patient=pid(camille, status="PROV")),
        "traits": adt(camille, "IO", patient=pid(camille, birth_name="AUTRE")),
        "nobody": adt(replace(camille, ins=fresh_ins()), "IO"),
        "ins": adt(camille, "IO", patient="PID|||12^^^LOCAL^PI||DUVAL^CAMILLE^^^^^L"),
        "value": adt(camille, "OUI"),
    }
    answer = send(made[spoil], token)

    assert (answer.outcome, answer.codes) == ("AE", codes)
    assert send(message(camille, frame(camille)), token).outcome == "AA"


def _lines(answer: Acknowledged) -> list[str]:
    return [line for line in answer.text.split("\r") if not line.startswith("MSH")]


def test_nobody_and_a_space_that_is_opposed_are_told_alike(token: str) -> None:
    known = []
    for one in (opposed(), replace(holder(), ins=fresh_ins())):
        with CaptureQueriesContext(connection) as said:
            answer = send(adt(one, "IO"), token)
        known.append((_lines(answer), len(said)))
    assert known[0] == known[1]


def test_a_professional_is_refused_and_a_token_that_may_not_feed(camille: Holder, hospital: Organisation) -> None:
    anne = professional_token(professional())

    assert send(adt(camille, "IO"), anne).codes == ("no_rule_allows",)
    only = feeder_token(hospital, scope="system/DocumentReference.s")
    assert send(adt(camille, "IO"), only).codes == ("scope_insufficient",)
    assert stored(camille) == []


def test_the_holder_sees_who_deposits_nothing_more(token: str) -> None:
    camille = member()
    send(adt(camille.of, "IO"), token)
    page = signed_in(camille).get("/partage/").content.decode()
    assert "Ne déposent plus rien ici" in page and "Opposition dite le mercredi 4 mars 2026" in page
    assert "a transmis une opposition" in signed_in(camille).get("/partage/historique/").content.decode()
    send(adt(camille.of, "INO", at="20260305"), token)
    assert "Ne déposent plus rien ici" not in signed_in(camille).get("/partage/").content.decode()


def test_a_minor_alone_is_told_of_theirs(token: str) -> None:
    """A movement tells where they were cared for, and does not say whether they want their parents to know."""
    leo = minor()
    mother = mother_of(leo)
    assert send(adt(leo, "IO"), token).done == (("ZFA-9", "RECORDED"),)
    worker.run_until_idle()

    [line] = [one for one in lines_of(leo) if one.verb is Verb.FEEDING_WISH]
    assert line.hidden_from == {Visibility.INVISIBLE_REPRESENTANTS_LEGAUX}
    assert [one.organisation for one in as_holder(leo, Verb.LIST, feeding_objections)] != []
    assert as_proxy(leo, mother, Verb.LIST, feeding_objections) == ()
    kinds, hers = ([kind for kind, _, _ in told(leo, who)] for who in (None, mother))
    assert ("feeding" in kinds, "feeding" in hers) == (True, False)
    refused = send(adt(leo, "IO", patient=pid(leo, birth_name="AUTRE")), token)
    assert refused.codes == ("traits_disagree",)
    assert all(one.hidden_from for one in lines_of(leo) if one.verb is Verb.FEEDING_WISH)


def test_what_a_minor_s_objection_refuses_tells_their_representatives_nothing(token: str) -> None:
    leo, camille = minor(), holder()
    for one in (leo, camille):
        send(adt(one, "IO"), token)
        assert send(message(one, frame(one)), token).codes == ("feeding_objected",)
        assert publish(simplified(letter(frame(one))), token).codes == ["feeding_objected"]

    hidden = [one.hidden_from for one in lines_of(leo) if one.reason == "feeding_objected"]
    assert hidden == [{Visibility.INVISIBLE_REPRESENTANTS_LEGAUX}] * 2
    assert [one.hidden_from for one in lines_of(camille) if one.reason == "feeding_objected"] == [set()] * 2


def test_an_objection_does_not_tell_an_opposed_space_from_none(camille: Holder, token: str) -> None:
    send(adt(camille, "IO"), token)
    put_state(camille.patient, State.OPPOSED)
    known = []
    for one in (camille, replace(holder(), ins=fresh_ins())):
        sent = message(one, frame(one))
        with CaptureQueriesContext(connection) as said, CaptureQueriesContext(connections["keys"]) as unlocked:
            answer = send(sent, token)
        known.append((answer.codes, _lines(answer)[1:], len(said), len(unlocked)))
    assert known[0] == known[1] and known[0][0] == ("space_unknown",)


def test_by_mllp(camille: Holder, tmp_path: Path, settings: Settings) -> None:
    settings.ESPACE_AUTHORITIES, settings.ESPACE_REVOCATIONS = authorities(tmp_path), ""
    laboratory = practice("Laboratoire des Tilleuls")
    certificate = card_of(f"1{laboratory.finess}").der

    assert b"|ZFA-9|RECORDED" in mllp.answer(adt(camille, "IO"), certificate)
    assert b"feeding_objected" in mllp.answer(message(camille, frame(camille)), certificate)
