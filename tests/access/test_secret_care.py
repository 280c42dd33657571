"""The secret care of a minor: who may begin it, what its consent opens, and of whom representatives know nothing."""

from datetime import UTC, datetime, timedelta

import pytest

from cast import AT, Holder, caring, consents, names_doctor, organisation, professional
from espace.access import actions, gate, queries
from espace.access.facts import How, Relation
from espace.identity.facts import Professional
from espace.kernel.reasons import care
from espace.kernel.values import replace
from espace.kernel.words import Actor, Grant, Purpose, Refused, Verb
from espace.trace import queries as trace
from espace.trace.facts import TraceEvent
from record.secret import FROM_PARENTS, agrees, as_holder, as_professional, as_proxy, minor, mother_of

pytestmark = pytest.mark.usefixtures("db")


def relations(of: Holder, *, mother: Actor | None = None) -> dict[str, Relation]:
    if mother is None:
        found = as_holder(of, Verb.HISTORY, queries.relations)
    else:
        found = as_proxy(of, mother, Verb.HISTORY, queries.relations)
    return {one.name: one for one in found}


def lines(of: Holder) -> list[TraceEvent]:
    return [one.event for one in as_holder(of, Verb.HISTORY, trace.history)]


def reads(of: Holder, who: Professional, *, secret: bool, at: datetime = AT) -> str:
    """Why they may, or may not, list the record."""
    try:
        return as_professional(of, who, Verb.LIST, lambda grant: grant.reason.code, secret=secret, at=at)
    except Refused as refused:
        return refused.reason.code


def test_a_consent_to_secret_care_opens_nothing_else_and_the_usual_one_opens_both() -> None:
    leo, anne, paul = minor(), professional(), professional("Petit", "Paul")
    agrees(leo, anne)
    assert [reads(leo, anne, secret=one) for one in (True, False)] == ["secret_consent", "consent_missing"]
    consents(leo, paul)
    assert [reads(leo, paul, secret=one) for one in (True, False)] == ["consent_in_force", "consent_in_force"]
    consents(leo, anne)
    as_professional(leo, anne, Verb.WITHDRAW, actions.withdraw_consent, secret=False)
    assert [reads(leo, anne, secret=one) for one in (True, False)] == ["secret_consent", "consent_missing"]
    consents(leo, anne)
    as_professional(leo, anne, Verb.WITHDRAW, actions.withdraw_consent)
    assert [reads(leo, anne, secret=one) for one in (True, False)] == ["consent_in_force", "consent_in_force"]


def test_it_ends_at_its_term_and_at_majority() -> None:
    leo, anne = minor(), professional()
    agrees(leo, anne, days=2)
    assert reads(leo, anne, secret=True, at=AT + timedelta(days=2)) == "consent_lapsed"
    eve = datetime(2029, 3, 3, 22, 59, tzinfo=UTC)
    agrees(leo, anne, at=eve)
    assert reads(leo, anne, secret=True, at=eve) == "secret_consent"
    assert reads(leo, anne, secret=True, at=eve + timedelta(minutes=1)) == "secret_for_minors"  # midnight in Paris
    with pytest.raises(Refused) as caught:
        agrees(leo, anne, at=eve + timedelta(minutes=1))
    assert caught.value.reason is care.SECRET_FOR_MINORS


def test_the_usual_consent_is_not_recorded_in_secret_nor_the_other_way_round() -> None:
    leo, anne = minor(), professional()
    until = AT + timedelta(days=1)
    with pytest.raises(TypeError):
        as_professional(
            leo, anne, Verb.CONSENT, lambda grant: actions.record_consent(grant, how=How.ORAL, until=until)
        )
    with pytest.raises(TypeError):
        as_professional(
            leo, anne, Verb.CONSENT,
            lambda grant: actions.record_secret_consent(grant, how=How.ORAL, until=until), secret=False,
        )  # fmt: skip
    assert relations(leo) == {}


def test_every_line_of_it_is_hidden_refused_ones_too() -> None:
    leo, anne = minor(), professional()
    assert reads(leo, anne, secret=True) == "consent_missing"
    agrees(leo, anne)
    assert reads(leo, anne, secret=True) == "secret_consent"
    as_professional(leo, anne, Verb.STATUS, queries.relation)
    found = [one for one in lines(leo) if one.actor_id == anne.id]
    assert [one.verb for one in found] == [Verb.STATUS, Verb.LIST, Verb.CONSENT, Verb.LIST]
    assert {one.hidden_from for one in found} == {FROM_PARENTS}


def test_representatives_know_of_nobody_whom_secret_care_alone_links() -> None:
    leo, anne, paul = minor(), professional(), professional("Petit", "Paul")
    mother = mother_of(leo)
    agrees(leo, anne)
    consents(leo, paul)
    agrees(leo, paul)
    known = relations(leo, mother=mother)
    assert list(known) == [paul.name] and known[paul.name].secret is None
    assert set(relations(leo)) == {anne.name, paul.name}
    as_professional(leo, anne, Verb.WITHDRAW, actions.withdraw_consent)
    assert list(relations(leo, mother=mother)) == [paul.name]
    consents(leo, anne)
    assert set(relations(leo, mother=mother)) == {anne.name, paul.name}


def test_what_makes_a_link_known_does_not_tell_where_the_secret_care_was() -> None:
    """The place of a relation is that of the visible act."""
    leo, anne = minor(), professional()
    clinic, actor = organisation("Planification familiale"), caring(anne)
    elsewhere = replace(actor, organisation=clinic.id, organisation_name=clinic.name)
    with gate.open_record(
        actor=elsewhere, patient=leo.patient, purpose=Purpose.CARE, verb=Verb.CONSENT, at=AT, secret=True
    ) as grant:
        actions.record_secret_consent(grant, how=How.ORAL, until=AT + timedelta(days=9))
    assert relations(leo)[anne.name].organisation_name == clinic.name
    mother = mother_of(leo)
    names_doctor(leo, anne)
    assert relations(leo, mother=mother)[anne.name].organisation_name == anne.activities[0].name


def test_what_the_minor_decides_about_it_is_hidden_and_a_representative_cannot_undo_what_they_cannot_know() -> None:
    leo, anne = minor(), professional()
    mother = mother_of(leo)
    agrees(leo, anne)
    for verb, act in (
        (Verb.UNBLOCK, lambda grant: actions.unblock(grant, anne.id)),
        (Verb.END_ACCESS, lambda grant: actions.end_access(grant, anne.id)),
        (Verb.REMOVE_ADMINISTRATOR, lambda grant: actions.remove_administrator(grant, anne.id)),
    ):
        with pytest.raises(Refused) as caught:
            as_proxy(leo, mother, verb, act)
        assert caught.value.reason is care.PROFESSIONAL_UNKNOWN
    as_holder(leo, Verb.END_ACCESS, lambda grant: actions.end_access(grant, anne.id))
    assert reads(leo, anne, secret=True) == "consent_missing"
    as_holder(leo, Verb.BLOCK, lambda grant: actions.block(grant, anne))
    as_holder(leo, Verb.UNBLOCK, lambda grant: actions.unblock(grant, anne.id))
    as_holder(leo, Verb.BLOCK, lambda grant: actions.block(grant, anne))
    decided = [one for one in lines(leo) if one.verb in (Verb.BLOCK, Verb.UNBLOCK, Verb.END_ACCESS)]
    assert [one.hidden_from for one in decided if one.actor_id == leo.actor.id] == [FROM_PARENTS] * 4
    assert reads(leo, anne, secret=True) == "professional_blocked"
    assert relations(leo, mother=mother) == {}
    assert looks_as(leo, anne) == "professional_blocked"
    stranger = professional("Petit", "Paul")
    assert looks_as(leo, anne, mother=mother) == looks_as(leo, stranger, mother=mother) == "consent_missing"
    as_proxy(leo, mother, Verb.BLOCK, lambda grant: actions.block(grant, stranger))
    assert looks_as(leo, stranger, mother=mother) == "professional_blocked"
    assert [reads(leo, one, secret=False) for one in (anne, stranger)] == ["professional_blocked"] * 2
    tried = {one.actor_id: one.hidden_from for one in lines(leo) if one.reason == "professional_blocked"}
    assert tried == {anne.id: FROM_PARENTS, stranger.id: frozenset()}


def looks_as(of: Holder, who: Professional, *, mother: Actor | None = None) -> str:
    """What « Voir comme… » says to the minor, or to their mother."""

    def look(grant: Grant) -> str:
        reason = gate.look_as(grant, caring(who))
        assert reason is not None
        return reason.code

    return as_proxy(of, mother, Verb.SEE_AS, look) if mother else as_holder(of, Verb.SEE_AS, look)


def test_a_representative_s_own_block_closes_both_and_shows() -> None:
    leo, anne = minor(), professional()
    mother = mother_of(leo)
    agrees(leo, anne)
    as_proxy(leo, mother, Verb.BLOCK, lambda grant: actions.block(grant, anne))
    assert reads(leo, anne, secret=True) == "professional_blocked"
    assert relations(leo, mother=mother)[anne.name].blocked_at == AT
    assert not [one for one in lines(leo) if one.verb is Verb.BLOCK and one.hidden_from]
