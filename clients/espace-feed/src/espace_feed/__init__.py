"""Feeds a platform of personal health spaces: `Feeder(url, credentials, folder).submit(file, identity)`."""

from espace_feed.credentials import CommandCredentials, KeyCredentials
from espace_feed.facts import Author, Deposit, Description, Identity, Organisation, State, Why
from espace_feed.feeder import Feeder, Status

__all__ = [
    "Author",
    "CommandCredentials",
    "Deposit",
    "Description",
    "Feeder",
    "Identity",
    "KeyCredentials",
    "Organisation",
    "State",
    "Status",
    "Why",
]
