"""A document that goes by mail alone (DESTDMP N): kept sealed with the mail that waits, once, not in the record."""

from uuid import UUID

import pytest
from django.db import connection

from cast import Holder, fresh_ins, holder, organisation, professional
from door import feeder_token, lines_of, professional_token
from espace.kernel.values import replace
from espace.kernel.words import Verb, Visibility
from espace.keys.facts import KeyKind
from espace.keys.queries import patient_keys
from espace.keys.rules import context
from espace.outbox.rules import decode
from espace.record.events import Enclosed, MailAsked
from exchange.hl7_messages import flag, message, pid, send
from exchange.publishing import FEED, frame, letter, stored
from exchange.test_hl7v2_door import TO, seen

pytestmark = pytest.mark.django_db

NOT_HERE = flag("DESTDMP", "N")
BOTH = (NOT_HERE, flag("DESTMSSANTEPS"), flag("DESTMSSANTEPAT"), TO)
PATIENT_ALONE = (NOT_HERE, flag("DESTMSSANTEPAT"))
PROFESSIONALS_ALONE = (NOT_HERE, flag("INVISIBLE_PATIENT"), flag("DESTMSSANTEPS"), TO)


@pytest.fixture
def token() -> str:
    return feeder_token(organisation(source_id="1.2.250.1.999.10.1"), scope=FEED)


@pytest.fixture
def camille() -> Holder:
    return holder()


def rows(of: Holder) -> list[tuple[UUID, bytes]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, sealed FROM outbox_event WHERE kind = 'record.MailAsked' AND patient_id = %s ORDER BY id",
            [of.patient],
        )
        return [(id, bytes(sealed)) for id, sealed in cursor.fetchall()]


def asked(of: Holder) -> list[MailAsked]:
    keys = patient_keys(of.patient)
    found = [
        decode(MailAsked, keys.open(KeyKind.METADATA, sealed, context("outbox_event", id))) for id, sealed in rows(of)
    ]
    return [one for one in found if isinstance(one, MailAsked)]


def test_it_is_kept_whole_and_sealed_and_the_record_has_nothing(camille: Holder, token: str) -> None:
    written = frame(camille)
    answer = send(message(camille, written, *BOTH), token)

    assert (answer.status, answer.outcome) == (200, "AA")
    assert answer.done == (("DESTMSSANTEPS", "WAITING"), ("DESTMSSANTEPAT", "WAITING"))
    assert (seen(camille), stored(camille)) == ([], [])
    [one] = asked(camille)
    assert one.contents == (Enclosed(written.id, one.contents[0].title, "11490-0", "text/xml", letter(written)),)
    assert (one.documents, one.to_professionals, one.to_patient) == ((), ("hoda.adam@test.mssante.fr",), True)
    assert b"ClinicalDocument" not in rows(camille)[0][1]
    assert [line.verb for line in lines_of(camille) if line.verb in (Verb.MAIL, Verb.DEPOSIT)] == [Verb.MAIL]


@pytest.mark.parametrize(
    ("flags", "done"),
    [(BOTH, ["DESTMSSANTEPS", "DESTMSSANTEPAT"]), (PATIENT_ALONE, ["DESTMSSANTEPAT"]),
     (PROFESSIONALS_ALONE, ["DESTMSSANTEPS"])],
)  # fmt: skip
def test_the_three_legal_combinations(camille: Holder, token: str, flags: tuple[str, ...], done: list[str]) -> None:
    answer = send(message(camille, frame(camille), *flags), token)

    assert answer.done == tuple((name, "WAITING") for name in done)
    held = flags is PROFESSIONALS_ALONE
    assert asked(camille)[0].contents[0].hidden == ({Visibility.INVISIBLE_PATIENT} if held else set())
    assert [bool(line.hidden_from) for line in lines_of(camille) if line.verb is Verb.MAIL] == [held]


def test_sent_again_it_is_asked_for_once_and_never_with_other_bytes(camille: Holder, token: str) -> None:
    written = frame(camille)
    first, again = (send(message(camille, written, *BOTH), token) for _ in range(2))
    assert [one.done[0][1] for one in (first, again)] == ["WAITING", "REPEATED"]
    other = message(camille, written, *BOTH, content=letter(written).replace(b"</title>", b" bis</title>", 1))
    refused = send(other, token)
    assert (refused.outcome, refused.codes) == ("AE", ("unique_id_reused",))
    assert len(asked(camille)) == 1


def test_the_record_and_the_mail_of_others_are_not_in_the_way(camille: Holder, token: str) -> None:
    written = frame(camille)
    other = feeder_token(organisation("Clinique", source_id="1.2.250.1.999.10.2"), scope=FEED)
    answers = [
        send(message(camille, written, *BOTH), token),
        send(message(camille, written, *BOTH), other),
        send(message(camille, written), token),
        send(message(camille, written, *BOTH, status="D"), token),
    ]

    assert [one.done[0][1] for one in answers] == ["WAITING", "WAITING", "FILED", "WAITING"]
    assert [one.act for one in asked(camille)] == ["file", "file", "delete"]
    assert len(seen(camille)) == 1


def test_a_professional_may_and_what_is_wrong_is_refused_as_in_a_deposit(camille: Holder, token: str) -> None:
    anne = professional_token(professional())
    assert send(message(camille, frame(camille), *BOTH), anne).outcome == "AA"
    stranger = replace(camille, ins=fresh_ins())
    spoiled = {
        "traits_disagree": message(camille, frame(camille), *BOTH, patient=pid(camille, birth_name="AUTRE")),
        "space_unknown": message(stranger, frame(stranger), *BOTH),
        "xml_malformed": message(camille, frame(camille), *BOTH, content=b"<ClinicalDocument>"),
        "ins_not_qualified": message(camille, frame(camille), *BOTH, patient=pid(camille, status="PROV")),
    }
    assert [send(data, token).codes for data in spoiled.values()] == [(code,) for code in spoiled]
    assert len(asked(camille)) == 1
