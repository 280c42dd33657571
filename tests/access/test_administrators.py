"""Administrators, and what the attending doctor does besides reading (CSP R1111-43, R1111-54; C15, C16, M01)."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.core.mail import EmailMessage

from access.test_relations import MASKED, file, titles
from access.test_teams import LATER, decides, known, opened, reads, refusal
from cast import AT, Holder, blocks, consents, holder, names_doctor, professional
from espace.access import actions as access
from espace.access.facts import Facts, Standing
from espace.access.rules import decide
from espace.edge import clock_at
from espace.enrolment.facts import State
from espace.identity import actions as identity
from espace.identity.facts import Professional
from espace.kernel.reasons import Reason, care, teams
from espace.kernel.values import replace
from espace.kernel.words import ActorKind, Purpose, Verb
from espace.site import worker
from espace.trace import queries as trace
from notices.people import activated_holder

database = pytest.mark.usefixtures("db")
NAMED = Facts(
    ActorKind.PROFESSIONAL, Purpose.CARE, Verb.READ, False, State.ACTIVATED, administrator=True, carer=True
)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, teams.ADMINISTRATOR),
        ({"verb": Verb.HISTORY}, teams.ADMINISTRATOR),
        ({"verb": Verb.BLOCK}, teams.ADMINISTRATOR),
        ({"standing": Standing.IN_FORCE}, teams.ADMINISTRATOR),
        ({"attending": True}, care.ATTENDING_DOCTOR),
        ({"attending": True, "administrator": False, "verb": Verb.HISTORY}, care.ATTENDING_DOCTOR),
        ({"attending": True, "administrator": False, "verb": Verb.BLOCK}, care.ATTENDING_DOCTOR),
        ({"administrator": False}, care.CONSENT_MISSING),
        ({"administrator": False, "verb": Verb.HISTORY}, teams.NOT_AN_ADMINISTRATOR),
        ({"administrator": False, "standing": Standing.IN_FORCE, "verb": Verb.HISTORY}, teams.NOT_AN_ADMINISTRATOR),
        ({"administrator": False, "team": Standing.IN_FORCE, "verb": Verb.BLOCK}, teams.NOT_AN_ADMINISTRATOR),
        ({"administrator": False, "glass": Standing.IN_FORCE, "verb": Verb.HISTORY}, teams.NOT_AN_ADMINISTRATOR),
        ({"carer": False}, care.CONSENT_MISSING),
        ({"carer": False, "verb": Verb.HISTORY}, teams.NOT_AN_ADMINISTRATOR),
        ({"blocked": True}, care.PROFESSIONAL_BLOCKED),
        ({"blocked": True, "verb": Verb.HISTORY}, care.PROFESSIONAL_BLOCKED),
        ({"within_budget": False, "verb": Verb.BLOCK}, care.ACCOUNT_FROZEN),
        ({"state": State.SUSPENDED, "verb": Verb.BLOCK}, None),
    ],
)
def test_what_an_administrator_may_do(change: dict[str, object], reason: Reason | None) -> None:
    decided = decide(replace(NAMED, **change))  # type: ignore[arg-type]
    assert decided is reason if reason else not decided.allows


def names(of: Holder, who: Professional) -> None:
    decides(of, Verb.NAME_ADMINISTRATOR, partial(access.name_administrator, professional=who))


def removes(of: Holder, who: Professional) -> None:
    decides(of, Verb.REMOVE_ADMINISTRATOR, partial(access.remove_administrator, professional=who.id))


def blocks_for(of: Holder, by: Professional, whom: Professional) -> None:
    opened(of, by, Verb.BLOCK, partial(access.block, professional=whom), LATER)


@database
def test_an_administrator_reads_what_is_masked_without_consent_until_removed() -> None:
    camille, nurse, anne = holder(), professional("Petit", "Luc", profession="60"), professional()
    file(camille, "Clair")
    file(camille, "Masqué", MASKED)
    for _twice in range(2):
        names(camille, nurse)
    names_doctor(camille, anne)
    assert titles(camille, nurse) == titles(camille, anne) == ["Clair", "Masqué"]
    assert reads(camille, nurse) == "administrator"
    consents(camille, nurse)
    assert titles(camille, nurse) == ["Clair", "Masqué"]
    for _twice in range(2):
        removes(camille, nurse)
    assert titles(camille, nurse) == ["Clair"]


@database
def test_who_cannot_be_an_administrator() -> None:
    camille, social, gone, blocked = (
        holder(), professional(profession="41"), professional("Roux"), professional("Le Bris")
    )  # fmt: skip
    identity.put_professional(replace(gone, active=False))
    blocks(camille, blocked)
    assert refusal(partial(names, camille, social)) == "not_a_health_profession"
    assert refusal(partial(names, camille, replace(gone, active=False))) == "not_a_health_profession"
    assert refusal(partial(names, camille, blocked)) == "professional_blocked"
    unknown = partial(access.remove_administrator, professional=uuid4())
    assert refusal(partial(decides, camille, Verb.REMOVE_ADMINISTRATOR, unknown)) == "professional_unknown"


@database
def test_they_block_for_the_holder_but_nobody_whom_the_holder_named() -> None:
    camille, anne, nurse, eve = (
        holder(), professional(), professional("Petit", "Luc", profession="60"), professional("Roux", "Eve")
    )  # fmt: skip
    names_doctor(camille, anne)
    names(camille, nurse)
    consents(camille, eve)
    assert refusal(partial(blocks_for, camille, eve, nurse)) == "not_an_administrator"
    assert refusal(partial(blocks_for, camille, nurse, anne)) == "named_by_the_patient"
    assert refusal(partial(blocks_for, camille, anne, nurse)) == "named_by_the_patient"
    assert refusal(partial(blocks_for, camille, nurse, nurse)) == "named_by_the_patient"
    for by in (nurse, anne):
        blocks_for(camille, by, eve)
    assert reads(camille, eve) == "professional_blocked"
    assert refusal(partial(opened, camille, nurse, Verb.UNBLOCK, lambda grant: None)) == "no_rule_allows"
    blocks(camille, nurse, at=LATER)
    assert known(camille)["Luc Petit"].administrator_since is None


@database
def test_the_log_is_read_by_whom_the_holder_named_and_by_nobody_else() -> None:
    camille, anne, eve = holder(), professional(), professional("Roux", "Eve")
    names_doctor(camille, anne)
    consents(camille, eve)
    found: list[str] = []
    opened(camille, anne, Verb.HISTORY, lambda grant: found.extend(one.event.verb for one in trace.history(grant)))
    assert found == ["consent", "name_doctor"]
    assert refusal(partial(opened, camille, eve, Verb.HISTORY, trace.history)) == "not_an_administrator"
    with pytest.raises(TypeError):
        opened(camille, anne, Verb.LIST, trace.history)


@database
def test_the_holder_is_told_of_each(mailoutbox: list[EmailMessage]) -> None:
    camille, nurse, eve = activated_holder()[0], professional("Petit", profession="60"), professional("Roux", "Eve")
    acts: tuple[Callable[[], None], ...] = (
        partial(names, camille, nurse), partial(blocks_for, camille, nurse, eve), partial(removes, camille, nurse),
    )  # fmt: skip
    for hour, act in enumerate(acts):
        act()
        with clock_at(AT + timedelta(hours=hour)):
            worker.run_until_idle()
    told = [mail for mail in mailoutbox if mail.subject == "Qui peut lire votre espace a changé"]
    assert len(told) == 3
    assert not any(name in mail.body for mail in told for name in ("Petit", "Roux"))
