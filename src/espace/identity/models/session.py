"""Who of the professionals is signed in, and which announcements of log-out have served."""

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
