"""Who is who."""

from espace.identity.queries.mandates import helped_by, helped_person, invitation, mandate_of, mandates
from espace.identity.queries.organisations import organisation, organisation_of
from espace.identity.queries.people import (
    actor_of_account,
    ins_index,
    own_person,
    patient_of,
    patient_of_number,
    person,
    require_traits,
    resolve,
)
from espace.identity.queries.professionals import (
    actor_of_professional,
    professional,
    professional_of,
    professionals_named,
    search_professionals,
)

__all__ = [
    "actor_of_account",
    "actor_of_professional",
    "helped_by",
    "helped_person",
    "ins_index",
    "invitation",
    "mandate_of",
    "mandates",
    "organisation",
    "organisation_of",
    "own_person",
    "patient_of",
    "patient_of_number",
    "person",
    "professional",
    "professional_of",
    "professionals_named",
    "require_traits",
    "resolve",
    "search_professionals",
]
