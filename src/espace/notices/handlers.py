"""Reactions to what happens below."""

from django.conf import settings

from espace.enrolment.events import HolderInvited
from espace.identity import queries as identity
from espace.kernel.ids import PatientId
from espace.notices import rules
from espace.notices.adapters import send


def invite_holder(event: HolderInvited) -> None:
    """Mail the activation link; a person without an e-mail address is told by letter (A03), not from here."""
    email = identity.person(PatientId(event.patient)).email
    if email:
        send(rules.invitation(to=email, link=f"{settings.ESPACE_PUBLIC_URL}/activation/{event.token}/"))
