"""What an INS is, and when two statements of identity agree."""

from espace.identity.rules.ins import ins_key, ins_problem
from espace.identity.rules.statements import one_ins, qualification_problem
from espace.identity.rules.traits import disagreements, normalised

__all__ = ["disagreements", "ins_key", "ins_problem", "normalised", "one_ins", "qualification_problem"]
