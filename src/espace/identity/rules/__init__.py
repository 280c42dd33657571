"""What an INS is, when two statements of identity agree, and what a professional's numbers are."""

from espace.identity.rules.ins import ins_key, ins_problem, typed_ins
from espace.identity.rules.mandates import majority, mandate_state
from espace.identity.rules.professionals import (
    folded,
    is_finess,
    is_national_id,
    is_rpps,
    is_siret,
    is_technical_id,
    professional_uuid,
    search_words,
    structure_uuid,
)
from espace.identity.rules.senders import actor_of, bears, sends_as
from espace.identity.rules.statements import one_ins, qualification_problem
from espace.identity.rules.traits import disagreements, normalised

__all__ = [
    "actor_of",
    "bears",
    "disagreements",
    "folded",
    "ins_key",
    "ins_problem",
    "is_finess",
    "is_national_id",
    "is_rpps",
    "is_siret",
    "is_technical_id",
    "majority",
    "mandate_state",
    "normalised",
    "one_ins",
    "professional_uuid",
    "qualification_problem",
    "search_words",
    "sends_as",
    "structure_uuid",
    "typed_ins",
]
