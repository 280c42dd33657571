"""The signature of a lot, checked before anything of the lot is filed, whatever brought it."""

from collections.abc import Sequence

from espace import edge
from espace.exchange.xds.trusting import trust
from espace.kernel.reasons.signing import LOT_SIGNATURE_UNCHECKED
from espace.kernel.words import Problem, Refused, RefusedProblems
from espace.wire.lot_signature import Lot, bare, check
from espace.wire.xds import NewDocument, Submission


def unchecked(submission: Submission) -> Sequence[Problem]:
    """The signatures of the lot that were not checked, for an answer that succeeds. Raises RefusedProblems where one of
    those that were is wrong: nothing of a lot is filed under a signature of something else."""
    found = [problem for one in submission.documents if one.signs for problem in _checked(one, submission)]
    if any(one.reason is not LOT_SIGNATURE_UNCHECKED for one in found):
        raise RefusedProblems(tuple(found))
    return found


def _checked(signature: NewDocument, submission: Submission) -> Sequence[Problem]:
    contents = {bare(one.entry.unique_id): one.content for one in submission.documents if not one.signs}
    lot = Lot(contents, {bare(one) for one in signature.signs}, bare(submission.unique_id))
    try:
        other = check(bytes(signature.content), lot, trust(), edge.now())
    except Refused as refused:
        return (Problem(refused.reason, signature.entry.place, refused.detail),)
    return (Problem(LOT_SIGNATURE_UNCHECKED, signature.entry.place, other),) if other else ()
