"""What a decision is taken on: named facts, nothing else."""

from dataclasses import dataclass

from espace.enrolment.facts import State
from espace.kernel.words import ActorKind, Purpose, Verb


@dataclass(frozen=True, slots=True)
class Facts:
    """`own_record` says that the actor is the holder of this very record; `state` is None without a space."""

    actor: ActorKind
    purpose: Purpose
    verb: Verb
    own_record: bool
    state: State | None
