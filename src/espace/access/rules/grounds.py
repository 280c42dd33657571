"""What a professional's reading stood on, as its line of the access log keeps it: the consent of that day, what their
profession was, whether masked documents showed. Whoever reads the line may know it (« why could they see this? »)."""

from collections.abc import Callable, Mapping

from espace.access.facts import Consent, Glass, Membership, Relation
from espace.kernel.reasons import care, emergency
from espace.kernel.reasons.teams import TEAM_CONSENT
from espace.kernel.words import Sight

Grounds = dict[str, str]


def grounds_of(reason_code: str, relation: Relation | None, *, profession: str, sight: Sight) -> Grounds:
    """By the reason that let them in; `profession` is a code of TRE_G15."""
    said: Grounds = {"profession": profession, "masked": "shown" if sight.masked else "hidden"}
    stood = _STOOD.get(reason_code)
    return said | (stood(relation) if stood and relation else {})


def _consent(consent: Consent | None) -> Grounds:
    if consent is None:
        return {}
    until = {"until": consent.until.isoformat()} if consent.until else {}
    return {"how": consent.how.value, "given": consent.at.isoformat(), **until}


def _team(member: Membership | None) -> Grounds:
    return {**_consent(member.consent), "recorder": member.recorder_name} if member else {}


def _glass(glass: Glass | None) -> Grounds:
    if glass is None:
        return {}
    return {"words": glass.words, "given": glass.at.isoformat(), "until": glass.until.isoformat()}


_STOOD: Mapping[str, Callable[[Relation], Grounds]] = {
    care.CONSENT_IN_FORCE.code: lambda relation: _consent(relation.consent),
    care.SECRET_CONSENT.code: lambda relation: _consent(relation.secret),
    TEAM_CONSENT.code: lambda relation: _team(relation.team),
    emergency.GLASS_IN_FORCE.code: lambda relation: _glass(relation.glass),
    emergency.DISPATCH_IN_FORCE.code: lambda relation: _glass(relation.glass),
}
