"""Writing people, organisations, professionals and accounts. Callers hold the transaction."""

from espace.identity.actions.organisations import put_organisation
from espace.identity.actions.people import add_account, add_person, set_language
from espace.identity.actions.professionals import put_professional

__all__ = ["add_account", "add_person", "put_organisation", "put_professional", "set_language"]
