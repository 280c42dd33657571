"""The account of a person who signs in with an identifier and a password."""

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Upper


class AccountManager(BaseUserManager["Account"]):
    def get_by_natural_key(self, username: str | None) -> "Account":
        """Identifiers are compared without regard to case."""
        return self.get(identifier__iexact=username)


class Account(AbstractBaseUser):
    """`mail_codes`: the holder chose that a code sent to `email` is one of their second factors. `helps`: they were
    asked to help somebody once, so that the pages of all others ask nothing about it; whom is sealed. `adviser` is
    the sealed structure of a digital adviser, null for everybody else. `advised_until`: a digital adviser helps this
    holder until then, at the latest, and null again once they do not: no other page asks for it."""

    id = models.UUIDField(primary_key=True)
    identifier = models.CharField(max_length=60, unique=True)
    email = models.EmailField(blank=True)
    patient_id = models.UUIDField(null=True, unique=True)
    language = models.CharField(max_length=2, default="fr")
    is_active = models.BooleanField(default=True)
    mail_codes = models.BooleanField(default=False, db_default=False)
    helps = models.BooleanField(default=False, db_default=False)
    adviser = models.BinaryField(null=True)
    advised_until = models.DateTimeField(null=True)

    objects: ClassVar[AccountManager] = AccountManager()

    USERNAME_FIELD = "identifier"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        db_table = "identity_account"
        # Upper, as Django's iexact: what sign-in compares is what this index holds.
        # The way back finds the accounts of an address.
        indexes = (models.Index(Upper("email"), name="account_email_folded"),)
        constraints = (models.UniqueConstraint(Upper("identifier"), name="account_identifier_folded"),)
