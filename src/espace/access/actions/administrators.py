"""Administrators: whom the holder gives the rights of the attending doctor (CSP R1111-54; C16)."""

from uuid import UUID

from espace.access.actions.relations import keep, known_to
from espace.access.events import AdministrationChanged
from espace.access.queries.relations import row_of
from espace.access.rules import gives_care
from espace.identity.facts import Professional
from espace.kernel.reasons import care, teams
from espace.kernel.values import replace
from espace.kernel.words import PERSONAL, Grant, Purpose, Refused, Verb
from espace.outbox import actions as outbox


def name_administrator(grant: Grant, professional: Professional) -> None:
    """From now on this health professional reads without asking again, masked documents too, and the access log; and
    blocks others for the holder. Again changes nothing, and tells nobody.

    Raises NOT_A_HEALTH_PROFESSION, also for whoever does not practise any more; PROFESSIONAL_BLOCKED.
    """
    grant.require(PERSONAL, Verb.NAME_ADMINISTRATOR)
    row, known = known_to(grant, professional)
    if not professional.active or not gives_care(professional.profession):
        raise Refused(teams.NOT_A_HEALTH_PROFESSION)
    if known.blocked_at is not None:
        raise Refused(care.PROFESSIONAL_BLOCKED)
    if known.administrator_since is None:
        keep(grant, row, replace(known, profession=professional.profession, administrator_since=grant.at))
        _tell(grant, professional.name)


def remove_administrator(grant: Grant, professional: UUID) -> None:
    """They are an administrator no more. Again changes nothing. PROFESSIONAL_UNKNOWN for whoever nothing links to this
    record."""
    grant.require(PERSONAL, Verb.REMOVE_ADMINISTRATOR)
    row = row_of(grant, professional)
    if row is None or (row.relation.secret_only and grant.purpose is not Purpose.HOLDER):
        raise Refused(care.PROFESSIONAL_UNKNOWN)
    grant.asked["professional"] = row.relation.name
    if row.relation.administrator_since is not None:
        keep(grant, row, replace(row.relation, administrator_since=None))
        _tell(grant, row.relation.name)


def _tell(grant: Grant, who: str) -> None:
    outbox.post(AdministrationChanged(grant.patient, who, at=grant.at), patient=grant.patient, at=grant.at)
