"""Tables of people, organisations, professionals, accounts and tries."""

from espace.identity.models.account import Account
from espace.identity.models.mandates import HelpInvitation, Mandate
from espace.identity.models.professionals import Activity, Listed, Professional
from espace.identity.models.session import MailCode, ProfessionalSession, Recovery, SpentLogout, WebSession
from espace.identity.models.tables import InsLookup, Organisation, Person
from espace.identity.models.tally import Tally

__all__ = [
    "Account",
    "Activity",
    "HelpInvitation",
    "InsLookup",
    "Listed",
    "MailCode",
    "Mandate",
    "Organisation",
    "Person",
    "Professional",
    "ProfessionalSession",
    "Recovery",
    "SpentLogout",
    "Tally",
    "WebSession",
]
