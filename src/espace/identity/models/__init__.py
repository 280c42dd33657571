"""Tables of people, organisations, professionals and accounts."""

from espace.identity.models.account import Account
from espace.identity.models.professionals import Activity, Listed, Professional
from espace.identity.models.session import MailCode, ProfessionalSession, SpentLogout, WebSession
from espace.identity.models.tables import InsLookup, Organisation, Person

__all__ = [
    "Account",
    "Activity",
    "InsLookup",
    "Listed",
    "MailCode",
    "Organisation",
    "Person",
    "Professional",
    "ProfessionalSession",
    "SpentLogout",
    "WebSession",
]
