"""Filing through the gate: all or nothing, first ids again, traced."""

import pytest

from cast import AT, document, entry, holder, organisation, sender, submission
from espace.access import gate
from espace.kernel.values import replace
from espace.kernel.words import Purpose, Verb
from espace.record import actions
from espace.record.adapters import LocalContentStore
from espace.record.facts import Status
from espace.wire.xds import Coded
from record.filing import HELD, deposit, lines, listed, places, read, refused, rows

pytestmark = pytest.mark.usefixtures("db")


def test_what_is_deposited_is_listed_read_and_traced() -> None:
    camille, hospital = holder(), organisation()
    filed = deposit(camille, hospital, document(content=b"Tout va bien."))
    (seen,) = listed(camille)
    assert (seen.id, seen.status, seen.entry.title) == (filed.documents[0], Status.APPROVED, "Compte rendu de biologie")
    assert (seen.organisation_name, seen.size) == ("Hôpital des Remparts", 13)
    assert read(camille, seen.id) == b"Tout va bien."
    deposited = lines(camille)[-1]
    assert (deposited.actor_name, deposited.verb, deposited.outcome, deposited.reason, deposited.objects) == (
        "Hôpital des Remparts",
        Verb.DEPOSIT,
        "allowed",
        "feed_authorised",
        filed.documents,
    )


def test_several_documents_are_filed_together_or_not_at_all() -> None:
    camille, hospital = holder(), organisation()
    assert len(deposit(camille, hospital, document(), document(), document()).documents) == 3
    lying = document(replace(entry(), size=3))
    assert refused(camille, hospital, document(), lying) == ["size_mismatch"]
    assert rows("record_entry", camille) == 3


def test_sending_again_gives_the_first_ids_and_no_second_document() -> None:
    camille, hospital = holder(), organisation()
    one, set_id = document(), "urn:oid:1.2.3.4"
    first = deposit(camille, hospital, one, uid=set_id)
    again = deposit(camille, hospital, one, uid=set_id)
    elsewhere = deposit(camille, hospital, one)
    assert (again.repeated, again.documents, again.submission) == ((True,), first.documents, first.submission)
    assert elsewhere.documents == first.documents
    assert rows("record_entry", camille) == 1


def test_a_partly_repeated_submission_says_which() -> None:
    camille, hospital = holder(), organisation()
    one = document()
    deposit(camille, hospital, one)
    assert deposit(camille, hospital, one, document()).repeated == (True, False)


def test_a_unique_id_is_never_reused_for_something_else() -> None:
    camille, hospital, laboratory = holder(), organisation(), organisation("Laboratoire")
    one = document()
    deposit(camille, hospital, one)
    assert refused(camille, hospital, replace(one, content=b"autre")) == ["unique_id_reused"]
    assert refused(camille, laboratory, one) == ["unique_id_reused"]
    assert refused(camille, hospital, document(entry(uid="1.2")), document(entry(uid="1.2"))) == ["unique_id_reused"]


def test_a_guessed_identifier_leaves_a_deposit_when_it_is_free_or_tells_nothing() -> None:
    """Beside anything that refuses, a taken identifier and a free one are answered alike: to learn is to deposit."""
    camille, hospital, laboratory = holder(), organisation(), organisation("Laboratoire")
    ally = organisation("Cabinet allié")
    secret, mine, known = document(), document(), document()
    deposit(camille, hospital, secret, uid="1.2.77")
    deposit(camille, laboratory, mine, uid="1.2.78")
    deposit(camille, ally, known, uid="1.2.79")
    other_bytes = replace(mine, content=b"autre")
    more_secret = replace(mine, entry=replace(mine.entry, visibility=HELD))
    replaces_nothing = document(replaces="1.2.3.nothing")
    twice = (document(replaces=mine.entry.unique_id), document(replaces=mine.entry.unique_id))
    for guess in (secret, document()):
        probe = document(replace(guess.entry), b"sonde")
        assert refused(camille, laboratory, probe, replaces_nothing) == ["replace_refused"]
        assert refused(camille, laboratory, replace(probe, replaces="1.2.3.nothing")) == ["replace_refused"]
        assert refused(camille, laboratory, replace(probe, replaces=mine.entry.unique_id), twice[0]) == [
            "replace_refused"
        ]
        assert refused(camille, laboratory, probe, *twice) == ["replace_refused"]
        assert refused(camille, laboratory, probe, other_bytes) == ["unique_id_reused"]
        assert refused(camille, laboratory, probe, more_secret) == ["unique_id_reused"]
        assert refused(camille, laboratory, probe, uid="1.2.78") == ["unique_id_reused"]
        assert places(camille, laboratory, probe, uid="1.2.78") == [".identifier"]
        assert places(camille, laboratory, probe, known) == places(camille, laboratory, known, probe) == [""]
        assert places(camille, laboratory, probe, uid="1.2.79") == ["e0.masterIdentifier"]
        assert refused(camille, laboratory, document(replace(probe.entry, size=1))) == ["size_mismatch"]
    for uid in ("1.2.77", "1.2.76"):
        assert refused(camille, laboratory, replaces_nothing, uid=uid) == ["replace_refused"]
        assert places(camille, laboratory, known, uid=uid) == ["e0.masterIdentifier"]
        assert places(camille, laboratory, known, document(), uid=uid) == [""]
        assert deposit(camille, laboratory, mine, uid=uid).repeated == (True,)
    assert rows("record_entry", camille) == 3
    assert refused(camille, laboratory, secret) == ["unique_id_reused"]
    assert refused(camille, laboratory, document(), uid="1.2.77") == ["unique_id_reused"]
    deposit(camille, laboratory, document(), uid="1.2.76")
    assert rows("record_entry", camille) == 4


def test_the_unique_id_of_another_patient_is_filed_normally() -> None:
    camille, paul, hospital = holder(), holder(), organisation()
    one = document()
    assert deposit(camille, hospital, one).documents != deposit(paul, hospital, one).documents


def test_a_submission_id_is_not_reused_for_other_documents() -> None:
    camille, hospital = holder(), organisation()
    deposit(camille, hospital, document(), uid="1.2.9")
    assert refused(camille, hospital, document(), uid="1.2.9") == ["unique_id_reused"]


def test_a_submission_may_have_no_id_of_its_own() -> None:
    camille, hospital = holder(), organisation()
    deposit(camille, hospital, document(), uid="")
    deposit(camille, hospital, document(), uid="")
    assert rows("record_submission", camille) == 2


def test_the_answer_never_tells_that_the_first_is_hidden() -> None:
    camille, hospital, laboratory = holder(), organisation(), organisation("Laboratoire")
    one = document(entry(visibility=HELD))
    first = deposit(camille, hospital, one)
    assert deposit(camille, hospital, one).documents == first.documents
    assert refused(camille, laboratory, one) == ["unique_id_reused"]
    assert listed(camille) == ()


def test_a_type_without_a_published_class_takes_any_known_class() -> None:
    """The implant card is in JDV_J07 and lacks a row in ASS_X04."""
    implant = replace(entry(), type=Coded("101881-1"), class_=Coded("11"))
    assert deposit(holder(), organisation(), document(implant)).documents


def test_an_error_rolls_back_and_leaves_its_line() -> None:
    camille, hospital = holder(), organisation()
    sent = submission(camille, document())
    with (
        pytest.raises(RuntimeError),
        gate.open_record(
            actor=sender(hospital), patient=camille.patient, purpose=Purpose.FEED, verb=Verb.DEPOSIT, at=AT
        ) as grant,
    ):
        actions.submit(grant, submission=sent, headers=[None])
        raise RuntimeError("a fault after filing")
    assert rows("record_entry", camille) == 0
    assert [(line.outcome, line.reason) for line in lines(camille)] == [("refused", "temporarily_unavailable")]


def test_a_full_disk_is_a_refusal_and_nothing_is_filed(monkeypatch: pytest.MonkeyPatch) -> None:
    camille, hospital = holder(), organisation()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(LocalContentStore, "write", full)
    assert refused(camille, hospital, document()) == ["content_unavailable"]
    assert rows("record_entry", camille) == 0
