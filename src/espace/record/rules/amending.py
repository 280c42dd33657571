"""What may change of a document once filed. Sources: D24-D27, D50-D54; CI-SIS ITI-57; JDV_J52.

Its depositor or author archives it, deletes it, masks it to professionals, takes back their own mask, and lifts
what hides it from the patient: once visible it cannot be hidden again (D54). Nobody but the holder lifts the
holder's mask, which is no part of what is compared here.
"""

from collections.abc import Collection, Iterator, Mapping

from espace.kernel.reasons import care
from espace.kernel.reasons import documents as reasons
from espace.kernel.words import Problem, Visibility
from espace.record.facts import Amendable, Change, Kept, Status, Step
from espace.record.rules.filing import labels_of
from espace.record.rules.visibility import refused_together

TRANSITIONS: Mapping[tuple[Status, Step], Status] = {
    (Status.APPROVED, Step.REPLACE): Status.DEPRECATED,
    (Status.ARCHIVED, Step.REPLACE): Status.DEPRECATED,
    (Status.APPROVED, Step.ARCHIVE): Status.ARCHIVED,
    (Status.ARCHIVED, Step.UNARCHIVE): Status.APPROVED,
    (Status.APPROVED, Step.DELETE): Status.DELETED,
    (Status.ARCHIVED, Step.DELETE): Status.DELETED,
    (Status.DEPRECATED, Step.DELETE): Status.DELETED,
    (Status.DELETED, Step.RESTORE): Status.APPROVED,
}
"""A deleted document stays so: it is a tombstone, and what it replaced does not become current again. Only the holder
puts back, for a time, what they added and removed themselves (`owning`)."""

SAME: Mapping[tuple[Status, Step], Status] = {
    (Status.ARCHIVED, Step.ARCHIVE): Status.ARCHIVED,
    (Status.APPROVED, Step.UNARCHIVE): Status.APPROVED,
    (Status.DEPRECATED, Step.UNARCHIVE): Status.DEPRECATED,
    (Status.DELETED, Step.DELETE): Status.DELETED,
    (Status.APPROVED, Step.RESTORE): Status.APPROVED,
}
"""Steps asked again, or that have nothing to do: they change nothing and are no fault."""

ADDABLE = frozenset({Visibility.MASQUE_PS})
"""The one restriction that may be set after the deposit."""


def replaced(status: Status) -> Status:
    """What a document is once another replaces it; what was deleted stays so."""
    return TRANSITIONS.get((status, Step.REPLACE), status)


def after(status: Status, step: Step) -> Status | None:
    """The next status, or None where this step cannot happen."""
    return TRANSITIONS.get((status, step)) or SAME.get((status, step))


def status_after(now: Amendable, change: Change) -> Status | None:
    """The status that a change leads to; deleting comes before whatever else is asked. None where it is refused."""
    if change.deleted:
        return after(now.status, Step.DELETE)
    if change.archived is None:
        return now.status
    return after(now.status, Step.ARCHIVE if change.archived else Step.UNARCHIVE)


def amending_problems(now: Amendable, change: Change, newer: Collection[Kept] = ()) -> tuple[Problem, ...]:
    """Every reason why this change is refused, each with the FHIRPath of what may not be so.

    `newer` are the versions that replace it: a mask covers them too, and what is held among them stays held. Those
    that it replaces are never held when it is not (a new version inherits, and showing one shows the older ones).
    """
    return (*_state(now, change), *_labels(now, change, newer))


def _state(now: Amendable, change: Change) -> Iterator[Problem]:
    if status_after(now, change) is None:
        yield Problem(care.CHANGE_REFUSED, "DocumentReference.extension", f"the document is {now.status.lower()}")


def _labels(now: Amendable, change: Change, newer: Collection[Kept]) -> Iterator[Problem]:
    wanted = now.visibility if change.visibility is None else change.visibility
    place = "DocumentReference.securityLabel"
    says = change.visibility is not None or change.entry is not None
    if says and now.status is Status.DELETED and not change.deleted:
        yield Problem(care.CHANGE_REFUSED, place, "the document is deleted")
    added = wanted - now.visibility
    if hidden := added - ADDABLE:
        yield Problem(care.CHANGE_REFUSED, place, f"{', '.join(sorted(hidden))}: at the deposit only")
    elif added:
        covered = (wanted, *(added | labels_of(one) for one in newer if one.status is not Status.DELETED))
        if refused := next(filter(None, map(refused_together, covered)), ""):
            yield Problem(reasons.VISIBILITY_REFUSED, place, refused)
