"""Who is signed in, which announcements of log-out have served, which codes by mail are worth something."""

from django.db import models


class ProfessionalSession(models.Model):
    """One sign-in. `organisation_id` is where they act, None until they said; `sid` and `sub`, the provider's names
    of the session and of the person, are blind indexes: an announced log-out finds its sessions by them."""

    id = models.UUIDField(primary_key=True)
    professional_id = models.UUIDField()
    organisation_id = models.UUIDField(null=True)
    sid = models.BinaryField(null=True)
    sub = models.BinaryField()
    started_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    regulates = models.BooleanField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "identity_professional_session"
        indexes = (
            models.Index(fields=["sub"], name="professional_session_sub"),
            models.Index(fields=["expires_at"], name="professional_session_end"),
        )


class SpentLogout(models.Model):
    """An announcement of log-out serves once: the hash of its issuer and jti, until it would be too old anyway."""

    digest = models.BinaryField(primary_key=True)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "identity_spent_logout"


class WebSession(models.Model):
    """A holder's session beside its row in `django_session`, which `key` names: what its holder is shown of it.

    No address and no version: `browser` and `system` are words of closed lists.
    """

    pk = models.CompositePrimaryKey("account_id", "id")
    account_id = models.UUIDField()
    id = models.UUIDField()
    key = models.CharField(max_length=40, unique=True)
    browser = models.CharField(max_length=12)
    system = models.CharField(max_length=12)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "identity_web_session"


class MailCode(models.Model):
    """The last code mailed to an account: a blind index of it, until it is spent or `expires_at`."""

    account_id = models.UUIDField(primary_key=True)
    digest = models.BinaryField()
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    tries = models.IntegerField()

    class Meta:
        db_table = "identity_mail_code"


class Recovery(models.Model):
    """The one way back that an account has asked for: the hash of its link, and when it opens, null until it waits."""

    account_id = models.UUIDField(primary_key=True)
    token_hash = models.BinaryField(unique=True)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(db_index=True)
    tries = models.IntegerField()

    class Meta:
        db_table = "identity_recovery"
