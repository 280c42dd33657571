"""Tables of people, organisations and accounts."""

from espace.identity.models.account import Account
from espace.identity.models.tables import InsLookup, Organisation, Person

__all__ = ["Account", "InsLookup", "Organisation", "Person"]
