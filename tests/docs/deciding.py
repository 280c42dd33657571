"""Who may do what, as the decision says when it is asked."""

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from docs.markdown import code, table
from espace.access.facts import Facts, Standing, Whose
from espace.access.rules import decide
from espace.enrolment.facts import State
from espace.identity.facts.mandates import Helps, MandateState, Scope
from espace.kernel import reasons
from espace.kernel.reasons import Reason
from espace.kernel.values import replace
from espace.kernel.words import ActorKind, Purpose, Verb

NO_SPACE = "no space"

Key = TypeVar("Key")
Value = TypeVar("Value")

Table = Mapping[tuple[Verb, State | None], Reason]
"""What is decided for each verb and state, for one actor and one purpose."""



def asked(purpose: Purpose, actor: ActorKind, own: bool) -> Table:
    return {
        (verb, state): decide(Facts(actor, purpose, verb, own, state))
        for verb, state in itertools.product(Verb, (None, *State))
    }


def who(actors: Sequence[tuple[ActorKind, bool]]) -> str:
    """The actors in few words: `own_record` is said only where it makes a difference."""
    if len(actors) == 2 * len(ActorKind):
        return "anybody"
    words = []
    for kind in ActorKind:
        own = {is_own for actor, is_own in actors if actor is kind}
        if own:
            words.append(kind.value + ("" if len(own) == 2 else ", own record" if own == {True} else ", other record"))
    return "; ".join(words)


def grouped(keys: Iterable[Key], value: Callable[[Key], Value]) -> list[tuple[Value, list[Key]]]:
    """Keys gathered by equal value, in the order of the first of each."""
    groups: list[tuple[Value, list[Key]]] = []
    for key in keys:
        found = value(key)
        for same, members in groups:
            if same == found:
                members.append(key)
                break
        else:
            groups.append((found, [key]))
    return groups


def listed(members: Sequence[object], everything: Sequence[object], all_words: str) -> str:
    if len(members) == len(everything):
        return all_words
    return ", ".join(NO_SPACE if one is None else str(one) for one in members)


def decisions(decided: Table) -> list[tuple[str, str, str]]:
    """(verbs, states, reason): every verb and state once."""
    states: tuple[State | None, ...] = (None, *State)
    by_verb = grouped(Verb, lambda verb: tuple(decided[verb, state].code for state in states))
    rows = []
    for codes, verbs in by_verb:
        of_state = dict(zip(states, codes, strict=True))
        for reason, members in grouped(states, of_state.__getitem__):
            rows.append((listed(verbs, tuple(Verb), "any"), listed(members, states, "any"), str(reason)))
    return rows


CARE = (
    Verb.STATUS, Verb.CONSENT, Verb.WITHDRAW, Verb.LIST, Verb.READ, Verb.DOWNLOAD, Verb.TEAM, Verb.ADD_MEMBER,
    Verb.HISTORY, Verb.BLOCK,
)  # fmt: skip
"""All that a professional may ask for the purpose of care."""

SITUATIONS: Mapping[str, Facts] = {
    "consent in force": (
        _IN_CARE := Facts(ActorKind.PROFESSIONAL, Purpose.CARE, Verb.READ, False, State.ACTIVATED, Standing.IN_FORCE)
    ),
    "member of a care team": replace(_IN_CARE, standing=Standing.NONE, team=Standing.IN_FORCE, carer=True),
    "member of a team whose consent lapsed": replace(_IN_CARE, standing=Standing.NONE, team=Standing.LAPSED),
    "administrator": replace(_IN_CARE, standing=Standing.NONE, administrator=True, carer=True),
    "attending doctor": replace(_IN_CARE, standing=Standing.NONE, attending=True),
    "no consent": replace(_IN_CARE, standing=Standing.NONE),
    "consent lapsed": replace(_IN_CARE, standing=Standing.LAPSED),
    "blocked by the holder": replace(_IN_CARE, blocked=True),
    "budget of the account spent": replace(_IN_CARE, within_budget=False),
    "budget of their organisation spent, no consent": replace(
        _IN_CARE, standing=Standing.NONE, braked=Whose.ORGANISATION
    ),
}
"""What may link a professional to an open space; where two hold, the last of this list decides."""


def care_table() -> str:
    rows = []
    for situation, facts in SITUATIONS.items():
        for reason, verbs in grouped(CARE, lambda verb, facts=facts: decide(replace(facts, verb=verb)).code):
            allowed = "yes" if reasons.REASONS[reason].allows else "no"
            rows.append((situation, listed(verbs, CARE, "any of these"), allowed, code(reason)))
    return table(("the professional", "asks to", "allowed", "reason"), rows)


HELPERS: Mapping[str, Facts] = {
    "parent of a minor": (
        _HELPING := Facts(
            ActorKind.HOLDER, Purpose.PROXY, Verb.READ, False, State.ACTIVATED,
            helps=Helps.PARENT, help_state=MandateState.IN_FORCE, scope=Scope.ACT,
        )
    ),
    "guardian who acts": replace(_HELPING, helps=Helps.GUARDIAN),
    "carer who acts": replace(_HELPING, helps=Helps.CARER),
    "guardian who reads": replace(_HELPING, helps=Helps.GUARDIAN, scope=Scope.READ),
    "digital adviser who acts": replace(_HELPING, helps=Helps.ADVISER),
    "digital adviser who looks": replace(_HELPING, helps=Helps.ADVISER, scope=Scope.READ),
    "somebody who was asked, or entered": replace(_HELPING, help_state=MandateState.WAITING),
    "a parent, the child being of age": replace(_HELPING, help_state=MandateState.OVER),
    "somebody whose help has ended": replace(_HELPING, help_state=MandateState.ENDED),
    "a digital adviser, the session being over": replace(
        _HELPING, helps=Helps.ADVISER, help_state=MandateState.OVER
    ),
}
"""Who helps the holder of an open space."""


def helping_table() -> str:
    rows = []
    for helper, facts in HELPERS.items():
        for reason, verbs in grouped(Verb, lambda verb, facts=facts: decide(replace(facts, verb=verb)).code):
            allowed = "yes" if reasons.REASONS[reason].allows else "no"
            rows.append((helper, listed(verbs, tuple(Verb), "anything"), allowed, code(reason)))
    return table(("who helps", "asks to", "allowed", "reason"), rows)


def access_table() -> str:
    actors = tuple(itertools.product(ActorKind, (True, False)))
    by_purpose = grouped(Purpose, lambda purpose: tuple(asked(purpose, kind, own) for kind, own in actors))
    rows = []
    for tables, purposes in by_purpose:
        of_actor = dict(zip(actors, tables, strict=True))
        for decided, members in grouped(actors, of_actor.__getitem__):
            for verbs, states, reason in decisions(decided):
                allowed = "yes" if reasons.REASONS[reason].allows else "no"
                rows.append((", ".join(map(str, purposes)), who(members), verbs, states, allowed, code(reason)))
    return table(("purpose", "who", "asks to", "state of the space", "allowed", "reason"), rows)
