"""Care teams: one consent for all of them, nobody joins alone, and what ends for whom; what the holder gives and takes
back by themselves (C09-C11, C14, C28; CSP L1110-12, L1111-17)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from itertools import product
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from django.core.mail import EmailMessage
from django.db import connections
from hypothesis import given
from hypothesis import strategies as st

from cast import AT, Holder, adds_member, begins_team, blocks, caring, consents, holder, names_doctor, professional
from espace.access import actions as access
from espace.access import gate, queries
from espace.access.facts import Consent, Facts, How, Membership, Relation, Standing
from espace.access.rules import decide, lasting, leaving_with, may_read, standing
from espace.edge import clock_at
from espace.enrolment.facts import State
from espace.identity import actions as identity
from espace.identity.facts import Professional
from espace.kernel.reasons import Reason, care, teams
from espace.kernel.values import replace
from espace.kernel.words import ActorKind, Grant, Purpose, Refused, Verb
from espace.record import queries as documents
from espace.site import worker
from espace.trace import queries as trace
from espace.trace.facts import TraceEvent
from notices.people import activated_holder

database = pytest.mark.usefixtures("db")
LATER = AT + timedelta(minutes=5)
MONTH = AT + timedelta(days=30)

IN_TEAM = Facts(
    ActorKind.PROFESSIONAL, Purpose.CARE, Verb.READ, False, State.ACTIVATED, team=Standing.IN_FORCE, carer=True
)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, teams.TEAM_CONSENT),
        ({"verb": Verb.LIST}, teams.TEAM_CONSENT),
        ({"verb": Verb.TEAM}, teams.TEAM_READ),
        ({"verb": Verb.ADD_MEMBER}, teams.MEMBER_ADDED),
        ({"standing": Standing.IN_FORCE}, care.CONSENT_IN_FORCE),
        ({"standing": Standing.LAPSED}, teams.TEAM_CONSENT),
        ({"attending": True}, care.ATTENDING_DOCTOR),
        ({"team": Standing.LAPSED}, care.CONSENT_LAPSED),
        ({"team": Standing.NONE}, care.CONSENT_MISSING),
        ({"team": Standing.LAPSED, "verb": Verb.ADD_MEMBER}, care.CONSENT_LAPSED),
        ({"team": Standing.NONE, "verb": Verb.ADD_MEMBER}, teams.TEAM_MISSING),
        ({"team": Standing.NONE, "standing": Standing.IN_FORCE, "verb": Verb.ADD_MEMBER}, teams.TEAM_MISSING),
        ({"team": Standing.NONE, "glass": Standing.IN_FORCE, "verb": Verb.ADD_MEMBER}, teams.TEAM_MISSING),
        ({"team": Standing.NONE, "attending": True, "verb": Verb.ADD_MEMBER}, teams.TEAM_MISSING),
        ({"carer": False, "verb": Verb.ADD_MEMBER}, teams.NOT_A_HEALTH_PROFESSION),
        ({"blocked": True}, care.PROFESSIONAL_BLOCKED),
        ({"blocked": True, "verb": Verb.ADD_MEMBER}, care.PROFESSIONAL_BLOCKED),
        ({"within_budget": False, "verb": Verb.ADD_MEMBER}, care.ACCOUNT_FROZEN),
    ],
)
def test_a_member_reads_and_adds_while_the_consent_lasts(change: dict[str, object], reason: Reason) -> None:
    assert decide(replace(IN_TEAM, **change)) is reason  # type: ignore[arg-type]


def test_whether_the_record_may_be_read_is_what_the_decision_says() -> None:
    """`may_read`, for who asks the status of a space, never differs from `decide` on any set of grounds."""
    lapsed, running = (Consent(How.ORAL, AT - timedelta(days=9), end) for end in (AT, MONTH))
    consents_known: tuple[Consent | None, ...] = (None, lapsed, running)
    for own, team, profession, since in product(consents_known, consents_known, ("10", "41"), (None, AT)):
        place = Membership(uuid4(), team, uuid4(), "Anne Morel", AT) if team else None
        known = Relation(uuid4(), "Luc Petit", profession, consent=own, team=place, administrator_since=since)
        facts = replace(
            IN_TEAM,
            standing=standing(own, AT),
            team=standing(team, AT),
            administrator=since is not None,
            carer=profession == "10",
        )
        assert may_read(known, AT, regulates=False) is decide(facts).allows


_ENDS = st.one_of(st.none(), st.integers(1, 400).map(lambda days: AT + timedelta(days=days)))


@given(_ENDS, _ENDS)
def test_of_two_consents_in_force_the_longer_holds(known: datetime | None, new: datetime | None) -> None:
    kept = lasting(Consent(How.HOLDER, AT, known), Consent(How.ORAL, AT, new))
    assert kept.until == (None if None in (known, new) else max(filter(None, (known, new))))


def test_a_consent_that_ended_gives_way() -> None:
    ended, new = Consent(How.HOLDER, AT - timedelta(days=9), AT), Consent(How.ORAL, AT, LATER)
    assert lasting(ended, new) is new
    assert lasting(None, new) is new


@given(st.lists(st.integers(0, 5), min_size=1, max_size=6), st.integers(0, 6))
def test_who_leaves_with_somebody_stood_on_their_word(adders: list[int], blocked: int) -> None:
    """Each member was added by one before them; whoever's line of adders holds the blocked one leaves, nobody else."""
    ids = [UUID(int=number + 1) for number in range(len(adders) + 1)]
    parent = {number + 1: adder % (number + 1) for number, adder in enumerate(adders)}
    team, blocked = uuid4(), blocked % len(ids)
    given_once = Consent(How.ORAL, AT, MONTH)

    def member(number: int) -> Relation:
        adder = ids[parent[number]] if number else None
        return Relation(ids[number], "", "60", team=Membership(team, given_once, ids[0], "", AT, adder))

    def stands_on(number: int) -> bool:
        return number != blocked and (blocked == parent.get(number) or (number in parent and stands_on(parent[number])))

    leaving = leaving_with(ids[blocked], [member(number) for number in range(len(ids))])
    assert leaving == {ids[number] for number in range(len(ids)) if stands_on(number) and number != blocked}


# --- Through the gate


def opened(of: Holder, who: Professional, verb: Verb, act: Callable[[Grant], object], at: datetime = AT) -> None:
    def once() -> None:
        with gate.open_record(
            actor=caring(who), patient=of.patient, purpose=Purpose.CARE, verb=verb, at=at
        ) as grant:
            act(grant)

    gate.run_again(once)


def decides(of: Holder, verb: Verb, act: Callable[[Grant], object], at: datetime = AT) -> None:
    def once() -> None:
        with gate.open_record(
            actor=of.actor, patient=of.patient, purpose=Purpose.HOLDER, verb=verb, at=at
        ) as grant:
            act(grant)

    gate.run_again(once)


def reads(of: Holder, who: Professional, *, at: datetime = LATER) -> str:
    """The reason of the reading, allowed or not."""
    try:
        with gate.open_record(
            actor=caring(who), patient=of.patient, purpose=Purpose.CARE, verb=Verb.LIST, at=at
        ) as grant:
            documents.documents(grant)
            return grant.reason.code
    except Refused as refused:
        return refused.reason.code


def refusal(act: Callable[[], None]) -> str:
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.reason.code


def known(of: Holder) -> dict[str, Relation]:
    found: dict[str, Relation] = {}
    decides(of, Verb.HISTORY, lambda grant: found.update({one.name: one for one in queries.relations(grant)}))
    return found


def team_of(of: Holder, name: str = "Anne Morel") -> UUID:
    place = known(of)[name].team
    assert place is not None
    return place.team


def last_lines(of: Holder, count: int) -> list[TraceEvent]:
    found: list[TraceEvent] = []
    decides(of, Verb.HISTORY, lambda grant: found.extend(line.event for line in trace.history(grant, limit=count)))
    return found


@database
def test_one_consent_is_valid_for_whoever_a_member_added() -> None:
    camille, anne, luc, lise = holder(), professional(), nurse("Luc"), nurse("Lise")
    begins_team(camille, anne)
    assert reads(camille, luc) == "consent_missing"
    adds_member(camille, anne, luc)
    adds_member(camille, luc, lise, at=LATER)
    assert [reads(camille, one) for one in (anne, luc, lise)] == ["team_consent"] * 3
    assert last_lines(camille, 1)[0].asked == {"added_by": "Luc Petit"}
    members = {one.team.adder_name if one.team else "" for one in known(camille).values()}
    assert members == {"", "Anne Morel", "Luc Petit"}
    assert [reads(camille, one, at=MONTH) for one in (anne, luc, lise)] == ["consent_lapsed"] * 3


@database
def test_members_know_who_is_in_their_team_and_nobody_else_does() -> None:
    camille, anne, luc, eve = holder(), professional(), nurse("Luc"), professional("Roux", "Eve")
    begins_team(camille, anne)
    adds_member(camille, anne, luc, at=LATER)
    consents(camille, eve)
    found: list[str] = []
    opened(camille, luc, Verb.TEAM, lambda grant: found.extend(one.name for one in queries.team_of(grant)), LATER)
    assert found == ["Anne Morel", "Luc Petit"]
    assert refusal(lambda: opened(camille, eve, Verb.TEAM, queries.team_of)) == "team_missing"


def nurse(given_name: str) -> Professional:
    return professional("Petit", given_name, profession="60")


@database
def test_who_cannot_be_added_is_refused_and_a_block_is_told_as_another_team_is() -> None:
    camille, anne = holder(), professional()
    begins_team(camille, anne)
    social, gone, blocked, elsewhere = professional("Le Dû", profession="41"), nurse("Max"), nurse("Zoé"), nurse("Paul")
    identity.put_professional(replace(gone, active=False))
    blocks(camille, blocked)
    begins_team(camille, elsewhere)
    reasons = [
        _refused(partial(adds_member, camille, anne, one))
        for one in (social, replace(gone, active=False), blocked, elsewhere)
    ]
    assert [one.code for one in reasons] == [
        "not_a_health_profession", "professional_unknown", "member_blocked", "member_refused",
    ]  # fmt: skip
    assert (reasons[2].told_code, reasons[2].professional, reasons[2].fix, reasons[2].status) == (
        reasons[3].told_code, reasons[3].professional, reasons[3].fix, reasons[3].status,
    )  # fmt: skip
    assert reads(camille, blocked) == "professional_blocked"


def _refused(act: Callable[[], None]) -> Reason:
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.reason


@database
def test_consent_for_a_team_is_for_health_professions_and_within_a_year() -> None:
    camille, social, anne = holder(), professional(profession="41"), professional()
    assert refusal(lambda: begins_team(camille, social)) == "not_a_health_profession"
    assert refusal(lambda: begins_team(camille, anne, until=AT)) == "consent_term_refused"
    assert refusal(lambda: begins_team(camille, anne, until=AT + timedelta(days=367))) == "consent_term_refused"
    assert known(camille) == {}


@database
def test_a_consent_of_ones_own_adds_nobody() -> None:
    camille, anne, luc = holder(), professional(), nurse("Luc")
    consents(camille, anne)
    assert refusal(lambda: adds_member(camille, anne, luc)) == "team_missing"
    names_doctor(camille, anne)
    assert refusal(lambda: adds_member(camille, anne, luc)) == "team_missing"
    assert set(known(camille)) == {"Anne Morel"}


@database
def test_a_member_leaves_alone_and_the_holder_removes_one_or_ends_all() -> None:
    camille, anne, luc, lise = holder(), professional(), nurse("Luc"), nurse("Lise")
    begins_team(camille, anne)
    for one in (luc, lise):
        adds_member(camille, anne, one)
    team = team_of(camille)
    opened(camille, anne, Verb.WITHDRAW, access.withdraw_consent)
    assert [reads(camille, one) for one in (anne, luc)] == ["consent_missing", "team_consent"]
    decides(camille, Verb.END_ACCESS, lambda grant: access.end_access(grant, luc.id))
    assert [reads(camille, one) for one in (luc, lise)] == ["consent_missing", "team_consent"]
    for _twice in range(2):
        decides(camille, Verb.END_TEAM, lambda grant: access.end_team(grant, team), LATER)
    assert reads(camille, lise) == "consent_lapsed"
    assert reads(camille, lise, at=LATER - timedelta(minutes=2)) == "consent_lapsed"  # the clock was put back
    assert refusal(lambda: adds_member(camille, lise, luc, at=LATER)) == "consent_lapsed"
    assert refusal(partial(decides, camille, Verb.END_TEAM, lambda grant: access.end_team(grant, uuid4()))) == (
        "team_unknown"
    )


@database
def test_a_block_takes_those_who_stood_on_that_word() -> None:
    camille, anne, luc, lise, zoe = holder(), professional(), nurse("Luc"), nurse("Lise"), nurse("Zoé")
    begins_team(camille, anne)
    adds_member(camille, anne, luc)
    adds_member(camille, luc, lise)
    adds_member(camille, anne, zoe)
    blocks(camille, luc, at=LATER)
    found = [reads(camille, one) for one in (anne, luc, lise, zoe)]
    assert found == ["team_consent", "professional_blocked", "consent_missing", "team_consent"]
    opened(camille, anne, Verb.WITHDRAW, access.withdraw_consent, LATER)
    blocks(camille, anne, at=LATER)
    assert reads(camille, zoe) == "consent_missing"


@database
def test_a_renewal_is_for_all_members_and_shortens_nobody() -> None:
    camille, anne, luc = holder(), professional(), nurse("Luc")
    begins_team(camille, anne)
    adds_member(camille, anne, luc)
    begins_team(camille, luc, until=LATER + timedelta(hours=1), at=LATER)
    assert reads(camille, anne, at=LATER + timedelta(hours=2)) == "team_consent"
    begins_team(camille, luc, until=MONTH + timedelta(days=9), at=LATER)
    assert [reads(camille, one, at=MONTH) for one in (anne, luc)] == ["team_consent"] * 2
    assert {one.team.recorder_name for one in known(camille).values() if one.team} == {"Luc Petit"}


@database
def test_the_holder_adds_a_member_of_a_team_of_theirs() -> None:
    camille, paule, anne, luc = holder(), holder(), professional(), nurse("Luc")
    begins_team(camille, anne)
    begins_team(paule, anne)
    team = team_of(camille)
    act = partial(access.add_member, professional=luc, team=team)
    assert refusal(partial(decides, paule, Verb.ADD_MEMBER, act)) == "team_unknown"
    decides(camille, Verb.ADD_MEMBER, act)
    assert reads(camille, luc) == "team_consent"
    place = known(camille)["Luc Petit"].team
    assert place is not None
    assert (place.by_holder, place.adder) == (True, None)


@database
def test_the_holder_gives_access_for_good_or_until_a_day_and_takes_it_back() -> None:
    camille, anne, lise, social = holder(), professional(), professional("Roux", "Lise"), professional(profession="41")
    for one, until in ((anne, None), (lise, MONTH), (social, MONTH)):
        decides(camille, Verb.GIVE_ACCESS, partial(access.give_access, professional=one, until=until))
    assert [reads(camille, one) for one in (anne, lise, social)] == ["consent_in_force"] * 3
    assert reads(camille, anne, at=AT + timedelta(days=4000)) == "consent_in_force"
    assert reads(camille, lise, at=MONTH) == "consent_lapsed"
    consents(camille, anne, at=LATER)
    assert reads(camille, anne, at=AT + timedelta(days=400)) == "consent_in_force"
    for _twice in range(2):
        decides(camille, Verb.END_ACCESS, lambda grant: access.end_access(grant, anne.id))
    assert reads(camille, anne) == "consent_missing"


@database
@pytest.mark.parametrize("until", [AT, AT - timedelta(days=1), AT + timedelta(days=3661)])
def test_a_gift_that_is_not_allowed_keeps_nothing(until: datetime) -> None:
    camille, anne = holder(), professional()
    act = partial(access.give_access, professional=anne)
    assert refusal(partial(decides, camille, Verb.GIVE_ACCESS, partial(act, until=until))) == "consent_term_refused"
    blocks(camille, anne)
    assert refusal(partial(decides, camille, Verb.GIVE_ACCESS, partial(act, until=None))) == "professional_blocked"
    assert refusal(partial(decides, camille, Verb.END_ACCESS, partial(access.end_access, professional=uuid4()))) == (
        "professional_unknown"
    )


@database
def test_nobody_states_the_holders_own_consent() -> None:
    camille, anne = holder(), professional()
    states = partial(access.record_consent, how=How.HOLDER, until=MONTH)
    assert refusal(partial(opened, camille, anne, Verb.CONSENT, states)) == "consent_term_refused"


@database
def test_the_holder_is_told_of_a_team_and_of_each_member(mailoutbox: list[EmailMessage]) -> None:
    camille, anne, luc = activated_holder()[0], professional(), nurse("Luc")
    begins_team(camille, anne)
    with clock_at(AT):
        worker.run_until_idle()
    adds_member(camille, anne, luc, at=AT + timedelta(hours=1))
    with clock_at(AT + timedelta(hours=1)):
        worker.run_until_idle()
    told = [mail for mail in mailoutbox if mail.subject == "Une équipe de soins lit votre espace"]
    assert len(told) == 2
    assert not any(name in mail.body for mail in told for name in ("Morel", "Petit", "Anne", "Luc"))


@database
@pytest.mark.parametrize("ending", ["end_team", "block"])
def test_who_joins_while_the_team_ends_is_never_left_behind(ending: str) -> None:
    """Both at once, again and again: whoever came in before the end left with it, and afterwards nobody comes in."""
    for _round in range(3):
        camille, anne, luc = holder(), professional(), nurse("Luc")
        begins_team(camille, anne)
        ends = partial(decides, camille, Verb.END_TEAM, partial(access.end_team, team=team_of(camille)))
        if ending == "block":
            ends = partial(decides, camille, Verb.BLOCK, partial(access.block, professional=anne))
        together(partial(adds_member, camille, anne, luc), ends)
        assert reads(camille, luc) in ("consent_missing", "consent_lapsed")


def together(*acts: Callable[[], None]) -> None:
    ready = Barrier(len(acts))

    def act(one: Callable[[], None]) -> None:
        ready.wait()
        try:
            one()
        except Refused:
            pass
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as people:
        list(people.map(act, acts))
