"""Documents of a minor's secret care: made secret, read there, opened to the representatives once and for good.

The two worlds of a representative, with and without all of it: tests/portal/test_two_worlds_of_a_mother.py."""

from datetime import date, datetime
from uuid import UUID

import pytest

from cast import AT, Holder, consents, document, entry, holder, names_doctor, professional, submission
from espace.identity.facts import Professional
from espace.kernel.reasons import care, decisions
from espace.kernel.values import replace
from espace.kernel.words import Actor, Grant, Refused, RefusedProblems, Verb, Visibility
from espace.record import actions, queries
from espace.record.facts import Change
from espace.record.rules import line_shown
from espace.trace import queries as trace
from espace.trace.facts import TraceEvent
from espace.wire.xds import Author
from record.secret import FROM_PARENTS, agrees, as_holder, as_professional, as_proxy, minor, mother_of

pytestmark = pytest.mark.usefixtures("db")
HELD = frozenset({Visibility.INVISIBLE_PATIENT})


def files(
    of: Holder,
    by: Professional,
    title: str,
    *,
    secret: bool = True,
    labels: frozenset[Visibility] = frozenset(),
    replaces: UUID | None = None,
    wrote: bool = True,
    at: datetime = AT,
) -> UUID:
    """Deposited by a professional where they practise; `wrote`: they are its author too."""
    author = Author(family=by.family, given=by.given, person_id=by.national_id if wrote else "")
    stated = replace(entry(title=title, visibility=labels), authors=(author,))
    old = f"DocumentReference/{replaces}" if replaces else None
    sent = submission(of, document(stated, title.encode(), replaces=old), source_id="")

    def act(grant: Grant) -> UUID:
        return actions.submit(grant, submission=sent, headers=[None]).documents[0]

    return as_professional(of, by, Verb.DEPOSIT, act, secret=secret, at=at)


def titles(grant: Grant) -> list[str]:
    return sorted(one.entry.title for one in queries.documents(grant))


def seen(of: Holder, by: Professional, *, secret: bool) -> list[str]:
    return as_professional(of, by, Verb.LIST, titles, secret=secret)


def lines(of: Holder) -> list[TraceEvent]:
    return [one.event for one in as_holder(of, Verb.HISTORY, trace.history)]


def told(of: Holder, mother: Actor) -> list[TraceEvent]:
    """The lines of the history that a representative reads."""

    def work(grant: Grant) -> list[TraceEvent]:
        visible = queries.visible_ids(grant)
        events = [one.event for one in trace.history(grant)]
        return [
            one for one in events if line_shown(one.verb, one.objects, one.hidden_from, visible, helper=True)
        ]

    return as_proxy(of, mother, Verb.HISTORY, work)


def test_secret_care_sees_and_makes_what_is_kept_from_representatives_and_nothing_else() -> None:
    leo, anne = minor(), professional()
    mother = mother_of(leo)
    agrees(leo, anne)
    files(leo, anne, "Contraception")
    files(leo, anne, "Rhume", secret=False)
    assert seen(leo, anne, secret=True) == ["Contraception"]
    assert as_holder(leo, Verb.LIST, titles) == ["Contraception", "Rhume"]
    assert as_proxy(leo, mother, Verb.LIST, titles) == ["Rhume"]
    consents(leo, anne)
    assert seen(leo, anne, secret=False) == ["Contraception", "Rhume"]
    assert seen(leo, anne, secret=True) == ["Contraception"]
    rhume = next(one for one in as_holder(leo, Verb.LIST, queries.documents) if one.entry.title == "Rhume")
    with pytest.raises(Refused) as caught:
        as_professional(leo, anne, Verb.READ, lambda grant: queries.document(grant, rhume.id))
    assert caught.value.reason is decisions.DOCUMENT_UNKNOWN


def test_the_attending_doctor_reads_it_as_usual_and_that_is_no_line_of_a_representative() -> None:
    leo, anne, paul = minor(), professional(), professional("Petit", "Paul")
    mother = mother_of(leo)
    names_doctor(leo, paul)
    one = files(leo, anne, "Contraception")
    assert seen(leo, paul, secret=False) == ["Contraception"]
    as_professional(leo, paul, Verb.READ, lambda grant: queries.document(grant, one), secret=False)
    (listed,) = [line for line in told(leo, mother) if line.actor_id == paul.id]
    assert (listed.verb, listed.objects, listed.count) == (Verb.LIST, (), 0)


def test_from_majority_on_it_is_refused_at_every_door() -> None:
    camille, anne = holder(born=date(2008, 3, 4)), professional()
    with pytest.raises(Refused) as caught:
        files(camille, anne, "Contraception")
    assert caught.value.reason is care.SECRET_FOR_MINORS
    with pytest.raises(RefusedProblems) as stated:
        files(camille, anne, "Contraception", secret=False, labels=FROM_PARENTS)
    assert [(one.reason.code, one.detail) for one in stated.value.problems] == [
        ("visibility_refused", "INVISIBLE_REPRESENTANTS_LEGAUX, > 18")
    ]


def opened(of: Holder, one: UUID) -> None:
    as_holder(of, Verb.UNVEIL, lambda grant: actions.open_to_representatives(grant, one))


def test_the_minor_opens_it_for_good_and_what_was_done_before_stays_between_them() -> None:
    leo, anne = minor(), professional()
    mother = mother_of(leo)
    agrees(leo, anne)
    older = files(leo, anne, "Contraception")
    newer = files(leo, anne, "Contraception, corrigé", replaces=older)
    latest = files(leo, anne, "Contraception, encore", replaces=newer)
    before = told(leo, mother)
    opened(leo, newer)
    opened(leo, newer)
    assert as_proxy(leo, mother, Verb.LIST, titles) == ["Contraception", "Contraception, corrigé"]
    assert [one.verb for one in told(leo, mother)][1:] == [Verb.HISTORY, *(one.verb for one in before)]
    opening = [one for one in lines(leo) if one.verb is Verb.UNVEIL]
    assert [(one.objects, one.hidden_from) for one in opening] == [((newer,), FROM_PARENTS)] * 2
    assert seen(leo, anne, secret=True) == ["Contraception, encore"]
    with pytest.raises(RefusedProblems) as again:
        amended(leo, anne, newer, FROM_PARENTS)
    assert [one.reason.code for one in again.value.problems] == ["change_refused"]
    opened(leo, latest)
    with pytest.raises(RefusedProblems) as version:
        files(leo, anne, "Contraception, caché", replaces=latest)
    assert [(one.reason.code, one.detail) for one in version.value.problems] == [
        ("visibility_refused", "INVISIBLE_REPRESENTANTS_LEGAUX: not on the version replaced")
    ]


def amended(of: Holder, by: Professional, one: UUID, wanted: frozenset[Visibility], *, secret: bool = False) -> None:
    change = Change(visibility=wanted)
    as_professional(of, by, Verb.AMEND, lambda grant: actions.amend(grant, one, change), secret=secret)


@pytest.mark.parametrize("secret", [True, False])
def test_who_made_it_opens_it_and_representatives_read_no_line_of_it(secret: bool) -> None:
    """From a session of secret care, or as software changes a deposit: the line would say that it had been hidden."""
    leo, anne, paul = minor(), professional(), professional("Petit", "Paul")
    mother = mother_of(leo)
    one = files(leo, anne, "Contraception")
    with pytest.raises(Refused) as caught:
        amended(leo, paul, one, frozenset(), secret=secret)
    assert caught.value.reason is care.NOT_THE_AUTHOR
    amended(leo, anne, one, frozenset(), secret=secret)
    assert as_proxy(leo, mother, Verb.LIST, titles) == ["Contraception"]
    assert {line.verb for line in told(leo, mother)} <= {Verb.STATE_HELP, Verb.ANSWER, Verb.LIST, Verb.HISTORY}
    assert [line.hidden_from for line in lines(leo) if line.verb is Verb.AMEND] == [FROM_PARENTS] * 2


def test_only_the_minor_s_own_grant_opens_it_and_what_they_may_not_see_is_not_there() -> None:
    leo, anne = minor(), professional()
    mother = mother_of(leo)
    held = files(leo, anne, "Résultat", labels=HELD)
    with pytest.raises(Refused) as caught:
        opened(leo, held)
    assert caught.value.reason is decisions.DOCUMENT_UNKNOWN
    with pytest.raises(Refused) as proxy:
        as_proxy(leo, mother, Verb.UNVEIL, lambda grant: actions.open_to_representatives(grant, held))
    assert proxy.value.reason.code == "helper_may_not"
    with pytest.raises(TypeError):
        as_proxy(leo, mother, Verb.LIST, lambda grant: actions.open_to_representatives(grant, held))
