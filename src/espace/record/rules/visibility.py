"""Which restrictions a depositor or author may state together. Sources: D50-D58, EX_2.1-1050, JDV_J58.

A table of all that is allowed: what is not here is refused, at every door. The holder's own mask is no part of it: it
stands beside whatever others state, and nobody but the holder learns of it.

« Restricted » and « very restricted » (`R`, `V`) are refused nowhere: that such documents « should not » be shared
(D58) is their author's to weigh, who shares them all the same.
"""

from collections.abc import Mapping, Set

from espace.kernel.words import Visibility

_MASKED, _HELD = Visibility.MASQUE_PS, Visibility.INVISIBLE_PATIENT
_FROM_PARENTS = Visibility.INVISIBLE_REPRESENTANTS_LEGAUX

ALLOWED: Mapping[frozenset[Visibility], str] = {
    frozenset(): "everybody who may read",
    frozenset({_MASKED}): "the patient; of professionals, its author and the attending doctor",
    frozenset({_HELD}): "professionals; the patient once it is announced, after a month at the latest",
    frozenset({_FROM_PARENTS}): "the minor and professionals",
    frozenset({_MASKED, _FROM_PARENTS}): "the minor; of professionals, its author and the attending doctor",
    frozenset({_HELD, _FROM_PARENTS}): "professionals; once it is announced the minor, and never their representatives",
}
"""To whom each combination leaves a document. Hidden from professionals and patient alike it would be nobody's to
announce: refused (EX_2.1-1050), whatever stands beside."""


def refused_together(labels: Set[Visibility]) -> str:
    """What may not be stated together, to be said in a refusal; "" where it may."""
    return "" if frozenset(labels) in ALLOWED else " + ".join(sorted(labels))
