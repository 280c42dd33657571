"""The life of a digital adviser's session, through the gate: a code, its use, what ends it, what codes do not do."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import pytest
from django.db import connection, connections

from access.helped import Someone, acts, answers, asks, family, lines, reads, refusal, someone
from cast import AT, put_state
from espace.enrolment.facts import State
from espace.identity import queries as identity
from espace.identity.actions import mandates as helps
from espace.identity.actions.advising import name_adviser, new_code, remove_adviser
from espace.identity.facts.mandates import Helps, Mandate, Scope
from espace.identity.queries.advising import advisers, code_token, structure_of
from espace.identity.queries.mandates import asked_with, over_by_itself, representatives_of, session_of
from espace.identity.rules.advising import LETTERS, shown, spelled, typed
from espace.kernel.ids import PatientId
from espace.kernel.reasons import Reason, advising, helping
from espace.kernel.reasons import decisions as reasons
from espace.kernel.words import Refused, Verb

MINUTE = timedelta(minutes=1)
HOUR = 60 * MINUTE
COUNTER = "France services de Saint-Junien"


def adviser(name: str = "NOÉMIE") -> Someone:
    who = someone(name)
    name_adviser(account=who.of.actor.id, structure=COUNTER)
    return who


def code_of(who: Someone, *, scope: Scope = Scope.READ, of: Someone | None = None, at: datetime = AT) -> str:
    code = new_code()
    acts(who, of or who, Verb.ADVISE, partial(helps.ask_adviser, scope=scope, code=code), at=at)
    return code


def begins(who: Someone, of: Someone, code: str, *, at: datetime = AT) -> Mandate:
    return answers(who, of, code_token(code), at=at)


@pytest.fixture
def session(db: None) -> tuple[Someone, Someone, Mandate]:
    """Camille, Noémie who helps her for an hour, and the mandate."""
    camille, noemie = someone(), adviser()
    return camille, noemie, begins(noemie, camille, code_of(camille, scope=Scope.ACT))


def test_codes_are_read_aloud_and_typed_back() -> None:
    assert spelled(0) == "AAAAAAAA" and spelled(25**8 - 1) == "99999999" and spelled(26) == "AAAAAACC"
    assert shown("ACDEFGHJ") == "ACDE FGHJ"
    assert {typed(one) for one in ("acde fghj", "ACDE-FGHJ", " A C D E F G H J ")} == {"ACDEFGHJ"}
    assert {typed(one) for one in ("", "ACDE FGH", "ACDEFGHJK", "ACDE FGH0", "ACDE FGHO", "ÀCDEFGHJ")} == {""}
    assert len(LETTERS) == len(set(LETTERS)) == 25
    assert typed(new_code()) and new_code() != new_code()


def test_a_session_begins_with_a_code_and_both_people_are_in_the_log(session: tuple[Someone, Someone, Mandate]) -> None:
    camille, noemie, began = session
    assert (began.helper_name, began.structure, began.until) == ("Noémie Duval", COUNTER, AT + HOUR)
    assert (began.kind, began.scope, began.account) == (Helps.ADVISER, Scope.ACT, noemie.of.actor.id)
    assert reads(noemie, camille) == "allowed"
    assert session_of(camille.patient, AT) == began
    assert [one.mandate.id for one in identity.helped_by(noemie.actor, AT)] == [began.id]
    told = [(one.verb, one.actor_name, one.organisation_name, one.reason) for one in lines(camille)]
    assert told == [
        (Verb.LIST, "Noémie Duval", COUNTER, "adviser_acts"),
        (Verb.ANSWER, "Noémie Duval", COUNTER, "adviser_acts"),
    ]


def test_it_ends_by_itself_to_the_moment(session: tuple[Someone, Someone, Mandate]) -> None:
    camille, noemie, began = session
    assert reads(noemie, camille, at=AT + HOUR - timedelta(seconds=1)) == "allowed"
    assert reads(noemie, camille, at=AT + HOUR) == "advising_over"
    assert over_by_itself(camille.patient, began.id, at=AT + HOUR) and not over_by_itself(
        camille.patient, began.id, at=AT
    )


@pytest.mark.parametrize("by", ["holder", "adviser"])
def test_either_of_the_two_ends_it_at_once(session: tuple[Someone, Someone, Mandate], by: str) -> None:
    camille, noemie, began = session
    if by == "holder":
        assert acts(camille, camille, Verb.END_HELP, helps.end_session) == "Noémie Duval"
    else:
        acts(noemie, camille, Verb.END_HELP, lambda grant: helps.end_help(grant, began.id))
    assert reads(noemie, camille) == "advising_over"
    assert session_of(camille.patient, AT) is None
    assert acts(camille, camille, Verb.END_HELP, helps.end_session) == ""
    assert over_by_itself(camille.patient, began.id, at=AT + HOUR) is None
    with connection.cursor() as cursor:
        cursor.execute("SELECT advised_until FROM identity_account WHERE patient_id = %s", [camille.patient])
        assert cursor.fetchone() == (None,)


def test_a_code_serves_once_for_ten_minutes_and_for_an_adviser_alone(db: None) -> None:
    camille, noemie, marie = someone(), adviser(), someone("MARIE")
    code = code_of(camille)
    assert refusal(lambda: begins(marie, camille, code)) is helping.INVITATION_UNKNOWN
    assert identity.invitation(code_token(code), actor=noemie.actor, at=AT) is None
    late = AT + 10 * MINUTE
    assert refusal(lambda: begins(noemie, camille, code, at=late)) is helping.INVITATION_UNKNOWN
    assert refusal(lambda: begins(noemie, marie, code)) is helping.INVITATION_UNKNOWN
    assert refusal(lambda: begins(noemie, camille, new_code())) is helping.INVITATION_UNKNOWN
    assert asked_with(code_token(code), at=AT) == camille.patient
    assert asked_with(code_token(code), at=late) is None
    begins(noemie, camille, code, at=late - MINUTE)
    assert refusal(lambda: begins(adviser("PAUL"), camille, code)) is helping.INVITATION_UNKNOWN
    assert refusal(lambda: begins(noemie, camille, code)) is helping.INVITATION_UNKNOWN


def test_a_new_code_takes_the_place_of_the_one_before(db: None) -> None:
    camille, noemie = someone(), adviser()
    first, second = code_of(camille), code_of(camille)
    assert refusal(lambda: begins(noemie, camille, first)) is helping.INVITATION_UNKNOWN
    begins(noemie, camille, second)
    assert refusal(lambda: code_of(camille)) is advising.ADVISED_ALREADY
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM identity_mandate WHERE patient_id = %s", [camille.patient])
        assert cursor.fetchone() == (1,)


def test_the_holder_alone_begins_one_and_who_stands_for_them_ends_it(db: None) -> None:
    mother, son = family()
    noemie = adviser()
    assert refusal(lambda: code_of(mother, of=son)) is helping.HELPER_MAY_NOT
    begins(noemie, son, code_of(son))
    assert representatives_of(son.patient, AT) == (mother.patient,)
    assert acts(mother, son, Verb.END_HELP, helps.end_session) == "Noémie Duval"
    begins(noemie, son, code_of(son))
    assert refusal(lambda: acts(noemie, son, Verb.END_HELP, helps.end_session)) is helping.HELPER_MAY_NOT


def test_one_session_at_a_time_and_not_with_whom_one_is_near(
    session: tuple[Someone, Someone, Mandate], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, noemie, began = session
    other = someone("MARIE")
    code = code_of(other)
    assert refusal(lambda: begins(noemie, other, code)) is advising.ADVISES_ALREADY
    began_again = begins(noemie, other, code_of(other, at=AT + HOUR), at=AT + HOUR)
    assert began_again.until == AT + 2 * HOUR and began_again.id != began.id
    own = code_of(noemie)
    assert refusal(lambda: begins(noemie, noemie, own)) is helping.HELP_ONESELF
    tokens, hashed = list[str](), helps.token_hash

    def token_hash(token: str) -> bytes:
        tokens.append(token)
        return hashed(token)

    monkeypatch.setattr(helps, "token_hash", token_hash)
    camille, paul = someone(), adviser("PAUL")
    asks(camille, paul)
    answers(paul, camille, tokens[-1])
    assert refusal(lambda: begins(paul, camille, code_of(camille))) is helping.HELPS_ALREADY
    asks(paul, other)
    answers(other, paul, tokens[-1], at=AT + 2 * HOUR)
    late = AT + 2 * HOUR
    assert refusal(lambda: begins(paul, other, code_of(other, at=late), at=late)) is helping.HELP_CIRCLE


def test_who_is_an_adviser_no_more_has_no_session_and_begins_none(session: tuple[Someone, Someone, Mandate]) -> None:
    camille, noemie, _ = session
    assert remove_adviser(account=noemie.of.actor.id) and not remove_adviser(account=noemie.of.actor.id)
    assert reads(noemie, camille) == "advising_over"
    other = someone("MARIE")
    code = code_of(other)
    assert refusal(lambda: begins(noemie, other, code)) is helping.INVITATION_UNKNOWN


def test_an_adviser_s_row_that_was_altered_or_copied_makes_nobody_an_adviser(db: None) -> None:
    noemie, eve = adviser(), someone("EVE")
    mine, hers = noemie.of.actor.id, eve.of.actor.id
    assert [one.structure for one in advisers() if one.account == mine] == [COUNTER]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE identity_account SET adviser = (SELECT adviser FROM identity_account WHERE id = %s) WHERE id = %s",
            [mine, hers],
        )
    assert (structure_of(mine), structure_of(hers)) == (COUNTER, "")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE identity_account SET adviser = NULL WHERE id = %s", [hers])


@pytest.mark.parametrize("state", [State.SUSPENDED, State.CLOSED])
def test_a_space_that_closes_closes_to_the_adviser_too(
    session: tuple[Someone, Someone, Mandate], state: State
) -> None:
    camille, noemie, began = session
    put_state(camille.patient, state)
    refused: Reason = refusal(lambda: acts(noemie, camille, Verb.LIST, lambda grant: None))
    assert refused in (reasons.SPACE_SUSPENDED, reasons.SPACE_NOT_OPEN)
    acts(noemie, camille, Verb.END_HELP, lambda grant: helps.end_help(grant, began.id))


def test_of_two_advisers_with_one_code_at_once_one_begins(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    camille, two = someone(), [adviser(), adviser("PAUL")]
    code, hold, both = code_of(camille), helps._hold, threading.Barrier(2)
    looked = threading.local()

    def waits(*people: PatientId) -> None:
        if not hasattr(looked, "once"):
            looked.once = both.wait(20)
        hold(*people)

    monkeypatch.setattr(helps, "_hold", waits)
    found: list[str] = []

    def run(work: Callable[[], object]) -> None:
        try:
            work()
            found.append("begun")
        except Refused as refused:
            found.append(refused.reason.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(partial(begins, one, camille, code),)) for one in two]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    assert sorted(found) == ["begun", "invitation_unknown"]


def test_what_is_kept_of_it_is_sealed(session: tuple[Someone, Someone, Mandate]) -> None:
    camille, noemie, _ = session
    code = code_of(someone())
    with connection.cursor() as cursor:
        cursor.execute("SELECT helper, sealed FROM identity_mandate WHERE patient_id = %s", [camille.patient])
        row = cursor.fetchone()
        cursor.execute("SELECT adviser FROM identity_account WHERE id = %s", [noemie.of.actor.id])
        sealed = bytes(cursor.fetchone()[0])
        cursor.execute("SELECT token_hash FROM identity_help_invitation")
        hashes = {bytes(one[0]) for one in cursor.fetchall()}
    kept = bytes(row[0]) + bytes(row[1]) + sealed
    assert b"Saint-Junien" not in kept and noemie.patient.bytes not in kept
    assert helps.token_hash(code) not in hashes and helps.token_hash(code_token(code)) in hashes
