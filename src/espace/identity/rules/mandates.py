"""The life of a right to help: a table of what it is worth, and what refuses a new one. Sources: A18-A26; Code civil,
388 and 414 (majority), 382 and 425-494-12."""

from collections.abc import Iterable
from datetime import date, datetime

from espace.identity.facts.mandates import CHOSEN, Helps, Mandate, MandateState, Proof, Protection
from espace.kernel.reasons import Reason, advising, helping

MAJORITY = 18
MOST_REPRESENTATIVES = 2
MOST_CARERS, MOST_HELPED = 3, 5
"""A26: three carers a person, five persons a carer."""
_ALIVE = frozenset({MandateState.WAITING, MandateState.IN_FORCE})


def majority(birth_date: date) -> date:
    """The first day of being of age; whoever was born on 29 February, on 1 March of a common year."""
    try:
        return birth_date.replace(year=birth_date.year + MAJORITY)
    except ValueError:
        return date(birth_date.year + MAJORITY, 3, 1)


def mandate_state(mandate: Mandate, at: datetime) -> MandateState:
    """What it is worth at that moment; an end comes before all else."""
    if mandate.ended_at is not None:
        return MandateState.ENDED
    if mandate.refused_at is not None:
        return MandateState.REFUSED
    if mandate.until is not None and mandate.until <= at:
        return MandateState.OVER
    if mandate.accepted_at is not None:
        return MandateState.IN_FORCE
    return MandateState.WAITING if at < mandate.answer_by else MandateState.LAPSED


def living(mandates: Iterable[Mandate], at: datetime) -> tuple[Mandate, ...]:
    """Those that are in force, or may be yet."""
    return tuple(one for one in mandates if mandate_state(one, at) in _ALIVE)


def refused_to_ask(
    kind: Helps, *, there: Iterable[Mandate], minor: bool, until: datetime | None, at: datetime
) -> Reason | None:
    """Why nobody more may be asked to help in this space, or None. `there` are its mandates."""
    same = [one for one in living(there, at) if one.kind is kind]
    if until is not None and until <= at:
        return helping.HELP_TERM
    if kind is Helps.PARENT:
        if not minor:
            return helping.NO_REPRESENTATIVE
        return helping.REPRESENTATIVES_FULL if len(same) >= MOST_REPRESENTATIVES else None
    return helping.CARERS_FULL if kind is Helps.CARER and len(same) >= MOST_CARERS else None


def refused_to_state(
    kind: Helps, *, oneself: bool, helps_already: bool, helped_back: bool, proof: Proof | None
) -> Reason | None:
    """Why an authority's statement is not taken, or None. Curatelle alone gives no access: it assists, and the adult's
    own consent is needed (A25)."""
    if kind in CHOSEN:
        return helping.HELPER_MAY_NOT
    if oneself:
        return helping.HELP_ONESELF
    if helps_already:
        return helping.HELPS_ALREADY
    if kind is Helps.PARENT:
        return None
    if helped_back:
        return helping.HELP_CIRCLE
    if proof is None or not proof.decision:
        return helping.PROOF_MISSING
    return helping.ASSISTS_ONLY if proof.protection is Protection.CURATELLE else None


def session_now(mandates: Iterable[Mandate], at: datetime) -> Mandate | None:
    """The session of a digital adviser that lasts at that moment; there is one at most."""
    advising_now = (one for one in mandates if one.kind is Helps.ADVISER)
    return next((one for one in advising_now if mandate_state(one, at) is MandateState.IN_FORCE), None)


def refused_to_answer(mandate: Mandate, *, helps_already: bool, helped_back: bool, helping_now: int) -> Reason | None:
    """Why the person invited may not accept, or None. `helped_back`: who asks helps them too; `helping_now` counts
    those whom they are carers of, or for a digital adviser those whom they advise."""
    if helps_already:
        return helping.HELPS_ALREADY
    if helped_back:  # whatever was stated before the other began to help
        return helping.HELP_CIRCLE
    if mandate.kind not in CHOSEN:
        return None
    if mandate.kind is Helps.ADVISER:
        return advising.ADVISES_ALREADY if helping_now else None
    return helping.HELPS_TOO_MANY if helping_now >= MOST_HELPED else None
