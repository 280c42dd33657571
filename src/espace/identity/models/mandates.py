"""Who helps whom is sealed: that somebody needs help, or whose parent one is, tells of people."""

from django.db import models


class Mandate(models.Model):
    """`helper` is a blind index of the person who helps, null until somebody answers; `contested_at` is there for the
    operator, who must find what somebody says is wrong, and opens nothing."""

    pk = models.CompositePrimaryKey("patient_id", "id")
    patient_id = models.UUIDField()
    id = models.UUIDField()
    helper = models.BinaryField(null=True)
    contested_at = models.DateTimeField(null=True)
    sealed = models.BinaryField()

    class Meta:
        db_table = "identity_mandate"
        indexes = (
            models.Index(fields=("helper",), name="mandate_helper"),
            models.Index(
                fields=("contested_at",), name="mandate_contested", condition=models.Q(contested_at__isnull=False)
            ),
        )


class HelpInvitation(models.Model):
    """The link of an invitation to help: the hash of its token, until it is answered or `expires_at`."""

    token_hash = models.BinaryField(primary_key=True)
    patient_id = models.UUIDField()
    mandate_id = models.UUIDField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "identity_help_invitation"
