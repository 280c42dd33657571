"""Spaces and the invitations to activate them."""

from django.db import models

from espace.enrolment.facts import State


class Space(models.Model):
    patient_id = models.UUIDField(primary_key=True)
    state = models.CharField(max_length=20)
    state_since = models.DateTimeField()

    class Meta:
        db_table = "enrolment_space"
        constraints = (
            models.CheckConstraint(condition=models.Q(state__in=[s.value for s in State]), name="space_state"),
        )


class Invitation(models.Model):
    token_hash = models.BinaryField(primary_key=True)
    patient_id = models.UUIDField(db_index=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0)

    class Meta:
        db_table = "enrolment_invitation"
