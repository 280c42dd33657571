"""Who signs in here: the professionals of the demonstration that have a way in."""

from espace.site.demo.accounts import ACCOUNTS, Account, account_of

__all__ = ["ACCOUNTS", "Account", "account_of"]
