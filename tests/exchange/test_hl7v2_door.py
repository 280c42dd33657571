"""POST /hl7v2: what a message files, replaces, relabels or deletes is what the FHIR door sees; what is refused is
answered by an ACK, and nothing of it is kept."""

from typing import Any

import pytest
from django.db import connection

from cast import Holder, consents, fresh_ins, holder, organisation, professional
from door import call, feeder_token, holder_token, lines_of, post, professional_token
from espace.identity.facts import Organisation
from espace.kernel.values import replace
from espace.kernel.words import Verb
from espace.record.events import MailAsked
from exchange.hl7_messages import Acknowledged, acknowledged, flag, header, message, obx, pid, send
from exchange.publishing import FEED, frame, letter, publish, simplified, stored

pytestmark = pytest.mark.django_db

BY_MAIL = tuple(flag(name) for name in ("DESTDMP", "DESTMSSANTEPS", "DESTMSSANTEPAT"))
TO = "PRT||UC||RCT^^HL70912|8010^Adam^Hoda||||||||||^^X.400^hoda.adam@test.mssante.fr"


@pytest.fixture
def hospital() -> Organisation:
    return organisation()


@pytest.fixture
def camille() -> Holder:
    return holder()


@pytest.fixture
def token(hospital: Organisation) -> str:
    return feeder_token(hospital, scope=FEED)


def seen(of: Holder) -> list[dict[str, Any]]:
    """What the holder finds by the FHIR door."""
    found = call("GET", "/fhir/DocumentReference", token=holder_token(of.patient)).json
    return [entry["resource"] for entry in found.get("entry", [])]


def waiting(kind: type) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM outbox_event WHERE kind = %s", [f"record.{kind.__name__}"])
        return int(cursor.fetchone()[0])


def test_what_a_message_files_is_what_the_fhir_door_answers(camille: Holder, token: str) -> None:
    written = frame(camille)
    answer = send(message(camille, written, first=header("R01", "015")), token)
    [found] = seen(camille)
    content = call("GET", f"/fhir/Binary/{found['id']}", token=holder_token(camille.patient), accept="*/*")

    assert (answer.status, answer.outcome, answer.control_id) == (200, "AA", "015")
    assert (answer.done, answer.ids) == ((("DESTDMP", "FILED"),), (found["id"],))
    assert found["masterIdentifier"]["value"] == f"urn:oid:{written.id}"
    assert found["type"]["coding"][0]["code"] == "11490-0"
    assert found["context"]["practiceSetting"]["coding"][0]["code"] == "ETABLISSEMENT"
    assert content.body == letter(written)


def test_a_document_without_a_sender_segment_is_the_callers(camille: Holder, token: str) -> None:
    anne = "810001288385^LE GOFF^Anne|||Hôpital des Remparts^^^^^&1.2.250.1.71.4.2.2&ISO^FINEG^^^"
    sender = f"PRT||UC||SB^^HL70912|{anne}"

    assert send(message(camille, frame(camille)), token).outcome == "AA"
    assert send(message(camille, frame(camille), f"{sender}990000017"), token).outcome == "AA"
    refused = send(message(camille, frame(camille), f"{sender}300017985"), token)
    assert (refused.status, refused.outcome) == (403, "AE")
    assert (refused.codes, refused.places) == (("source_not_yours",), ("PRT^1^8",))
    assert len(seen(camille)) == 2


def test_a_message_sent_again_files_nothing_more(camille: Holder, token: str) -> None:
    written = frame(camille)
    first, again = send(message(camille, written), token), send(message(camille, written), token)

    assert (first.ids, again.done) == (again.ids, (("DESTDMP", "REPEATED"),))
    assert len(seen(camille)) == 1


def test_a_document_is_replaced_by_its_id(camille: Holder, token: str) -> None:
    old, new = frame(camille), frame(camille)
    send(message(camille, old, event="T02"), token)
    replacing = message(camille, new, event="T10", parent=old.id)
    first, again = send(replacing, token), send(replacing, token)

    assert (first.outcome, first.done) == ("AA", (("DESTDMP", "REPLACED"),))
    assert (again.outcome, again.done) == ("AA", (("DESTDMP", "REPEATED"),))
    assert {one["masterIdentifier"]["value"]: one["status"] for one in seen(camille)} == {
        f"urn:oid:{old.id}": "superseded",
        f"urn:oid:{new.id}": "current",
    }


def test_a_correction_replaces_the_current_version_of_its_set(camille: Holder, token: str) -> None:
    old = frame(camille)
    middle, new = (replace(frame(camille), set_id=old.set_id, version=version) for version in (2, 3))
    send(message(camille, frame(camille)), token)
    answers = [
        send(message(camille, one, status=status), token)
        for one, status in ((old, "F"), (middle, "C"), (new, "C"), (middle, "C"), (new, "C"))
    ]

    assert [one.done[0][1] for one in answers] == ["FILED", "REPLACED", "REPLACED", "REPEATED", "REPEATED"]
    assert [one["status"] for one in seen(camille)].count("superseded") == 2


def test_a_number_that_only_the_software_knows_is_no_obstacle(camille: Holder, token: str) -> None:
    old = frame(camille)
    new = replace(frame(camille), set_id=old.set_id, version=2)
    send(message(camille, old, event="T02"), token)
    send(message(camille, frame(camille), event="T02"), token)
    answer = send(message(camille, new, event="T10", parent="1.2.250.1.71.4.2.2.120456789.A71024000081"), token)

    assert answer.done == (("DESTDMP", "REPLACED"),)
    assert [one["masterIdentifier"]["value"] for one in seen(camille) if one["status"] == "superseded"] == [
        f"urn:oid:{old.id}"
    ]


def test_a_version_that_was_replaced_is_not_replaced_again(camille: Holder, token: str) -> None:
    old, middle, new = frame(camille), frame(camille), frame(camille)
    send(message(camille, old, event="T02"), token)
    send(message(camille, middle, event="T10", parent=old.id), token)
    answer = send(message(camille, new, event="T10", parent=old.id), token)

    assert (answer.outcome, answer.codes) == ("AE", ("replace_refused",))


@pytest.mark.parametrize("kept", ["nothing", "another", "twice"])
def test_a_replacement_of_nothing_is_refused(camille: Holder, token: str, kept: str) -> None:
    new = frame(camille)
    same = replace(frame(camille), set_id=new.set_id)
    if kept == "another":  # of another organisation
        other = feeder_token(organisation("Clinique du Parc", source_id="1.2.250.1.999.3.1"), scope=FEED)
        assert send(message(camille, same), other).outcome == "AA"
    if kept == "twice":
        for one in (same, replace(frame(camille), set_id=new.set_id)):
            assert send(message(camille, one), token).outcome == "AA"
    before = stored(camille)
    answer = send(message(camille, new, status="C"), token)

    assert (answer.status, answer.outcome, answer.codes) == (422, "AE", ("replace_refused",))
    assert stored(camille) == before


def test_a_document_is_deleted_by_its_id_and_only_by_its_depositor(camille: Holder, token: str) -> None:
    written, unknown = frame(camille), frame(camille)
    send(message(camille, written), token)
    other = feeder_token(organisation("Clinique du Parc", source_id="1.2.250.1.999.3.2"), scope=FEED)
    theirs, nothing = (
        send(message(camille, one, event="T04", first=header("T04", "7")), other) for one in (written, unknown)
    )
    assert (theirs.status, theirs.codes, theirs.places) == (404, ("not_found",), ("OBX^1^5^1^5",))
    assert [line for line in theirs.text.split("\r") if not line.startswith("MSH")] == [
        line for line in nothing.text.split("\r") if not line.startswith("MSH")
    ]
    assert len(seen(camille)) == 1
    for status, event in (("D", "R01"), ("D", "T04"), ("F", "T04")):
        answer = send(message(camille, written, event=event, status=status), token)
        assert (answer.outcome, answer.done) == ("AA", (("DESTDMP", "DELETED"),))
    assert seen(camille) == []


def test_a_message_does_not_hide_the_line_of_what_it_does(camille: Holder, token: str) -> None:
    written = frame(camille)
    send(message(camille, written), token)
    send(message(camille, written, flag("INVISIBLE_PATIENT"), status="D"), token)

    assert seen(camille) == []
    assert [line.hidden_from for line in lines_of(camille) if line.verb is Verb.AMEND] == [frozenset()]


def test_labels_are_changed_as_the_flags_say(camille: Holder, token: str) -> None:
    written = frame(camille)
    send(message(camille, written, flag("MASQUE_PS")), token)
    assert _labels(camille) == ["N", "MASQUE_PS"]
    answer = send(message(camille, written, flag("MODIF_CONF_CODE"), flag("MASQUE_PS", "N")), token)
    assert (answer.outcome, answer.done) == ("AA", (("DESTDMP", "RELABELLED"),))
    assert _labels(camille) == ["N"]
    hidden = send(message(camille, written, flag("MODIF_CONF_CODE"), flag("INVISIBLE_PATIENT")), token)
    assert (hidden.outcome, hidden.codes) == ("AE", ("change_refused",))


@pytest.mark.parametrize("masked", ["Y", "N"])
def test_what_is_deleted_gets_no_label_not_even_the_one_it_has(camille: Holder, token: str, masked: str) -> None:
    written = frame(camille)
    send(message(camille, written), token)
    send(message(camille, written, status="D"), token)
    answer = send(message(camille, written, flag("MODIF_CONF_CODE"), flag("MASQUE_PS", masked)), token)

    assert (answer.outcome, answer.codes) == ("AE", ("change_refused",))


def _labels(of: Holder) -> list[str]:
    [found] = seen(of)
    return [label["coding"][0]["code"] for label in found["securityLabel"]]


@pytest.mark.parametrize(
    ("scope", "event", "codes"),
    [
        ("system/DocumentReference.c", "R01", ()),
        ("system/DocumentReference.d", "R01", ("scope_insufficient",)),
        ("system/DocumentReference.c", "T04", ("scope_insufficient",)),
        ("system/DocumentReference.cd", "T04", ("not_found",)),
    ],
)
def test_the_token_covers_what_is_asked(
    camille: Holder, hospital: Organisation, scope: str, event: str, codes: tuple[str, ...]
) -> None:
    assert send(message(camille, frame(camille), event=event), feeder_token(hospital, scope=scope)).codes == codes


def test_a_professional_files_where_they_act(camille: Holder) -> None:
    doctor = professional()
    consents(camille, doctor)

    assert send(message(camille, frame(camille)), professional_token(doctor)).outcome == "AA"


def test_mail_that_is_asked_for_waits_and_a_repetition_asks_for_no_other(camille: Holder, token: str) -> None:
    before, written = waiting(MailAsked), frame(camille)
    data = message(camille, written, TO, *BY_MAIL)
    first, again = send(data, token), send(data, token)

    assert first.done == (("DESTDMP", "FILED"), ("DESTMSSANTEPS", "WAITING"), ("DESTMSSANTEPAT", "WAITING"))
    assert again.done == tuple((name, "REPEATED") for name, _ in first.done)
    assert waiting(MailAsked) == before + 1
    withdrawn = message(camille, written, TO, *BY_MAIL, status="D")
    assert [send(withdrawn, token).done[1][1] for _ in range(2)] == ["WAITING", "REPEATED"]
    assert waiting(MailAsked) == before + 2


@pytest.mark.parametrize(
    ("spoil", "status", "outcome", "codes"),
    [
        ("token", 401, "AR", ("token_missing",)),
        ("bytes", 400, "AR", ("hl7_malformed",)),
        ("kind", 415, "AR", ("media_type_unsupported",)),
        ("charset", 415, "AR", ("media_type_unsupported",)),
        ("event", 422, "AR", ("hl7_message_unsupported",)),
        ("xml", 422, "AE", ("xml_malformed",)),
        ("doctype", 422, "AE", ("xml_doctype",)),
        ("traits", 422, "AE", ("traits_disagree",)),
        ("status", 422, "AE", ("ins_not_qualified",)),
        ("patients", 422, "AE", ("identities_differ",)),
        ("nobody", 422, "AE", ("space_unknown",)),
        ("type", 422, "AE", ("metadata_mismatch",)),
    ],
)  # fmt: skip
def test_refusals(
    camille: Holder, token: str, spoil: str, status: int, outcome: str, codes: tuple[str, ...]
) -> None:
    answer = _spoiled(camille, token, spoil)

    assert (answer.status, answer.outcome, answer.codes) == (status, outcome, codes)
    assert stored(camille) == []


def _spoiled(camille: Holder, token: str, spoil: str) -> Acknowledged:
    written = frame(camille)
    whole = message(camille, written)
    if spoil == "token":
        return send(whole, "")
    if spoil == "kind":
        return acknowledged(post("/hl7v2", whole, token=token, kind="text/plain"))
    if spoil == "charset":
        return acknowledged(post("/hl7v2", whole, token=token, kind="application/hl7-v2; charset=utf-16"))
    stranger = replace(camille, ins=fresh_ins())
    made = {
        "bytes": b"nothing of the kind",
        "event": whole.replace(b"ORU^R01^ORU_R01", b"ADT^A01^ADT_A01"),
        "xml": message(camille, written, content=b"<ClinicalDocument>"),
        "doctype": message(camille, written, content=b"<!DOCTYPE x []>" + letter(written)),
        "traits": message(camille, written, patient=pid(camille, birth_name="AUTRE")),
        "status": message(camille, written, patient=pid(camille, status="PROV")),
        "patients": message(stranger, written),
        "nobody": message(stranger, frame(stranger)),
        "type": whole.replace(b"|11490-0^", b"|11502-2^"),
    }
    return send(made[spoil], token)


def test_a_refusal_speaks_the_language_asked_and_the_charset_of_the_message(camille: Holder, token: str) -> None:
    latin = header("R01", charset="8859/1")
    data = message(camille, frame(camille), first=latin, content=b"x")
    english, french = send(data, token, accept_language="en"), send(data, token)

    assert "The document is not well-formed XML." in english.text
    assert "Le document n'est pas du XML bien formé." in french.text


def test_two_documents_are_filed_together_or_not_at_all(camille: Holder, token: str) -> None:
    one, two = frame(camille), frame(camille)
    again = obx(letter(two)).replace("OBX|1|", "OBX|2|")
    spoiled = obx(letter(two).replace(b"<code ", b"<kode ", 1)).replace("OBX|1|", "OBX|2|")

    assert send(message(camille, one, spoiled), token).outcome == "AE"
    assert stored(camille) == []
    assert send(message(camille, one, again), token).done == (("DESTDMP", "FILED"), ("DESTDMP", "FILED"))
    assert len(seen(camille)) == 2


def test_what_the_fhir_door_filed_is_replaced_and_deleted_by_a_message(camille: Holder, token: str) -> None:
    old, new = frame(camille), frame(camille)
    filed = publish(simplified(letter(old)), token)
    assert filed.status == 201

    assert send(message(camille, new, event="T10", parent=old.id), token).outcome == "AA"
    assert send(message(camille, new, event="T04"), token).outcome == "AA"


def test_other_methods_and_addresses(token: str) -> None:
    answer = acknowledged(call("GET", "/hl7v2", token=token))

    assert (answer.status, answer.codes) == (405, ("method_not_allowed",))
    assert call("POST", "/hl7v2/x", token=token).status == 404
