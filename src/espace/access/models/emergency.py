"""What a holder decided for emergencies, and the emergencies that were declared."""

from django.db import models


class Switches(models.Model):
    """A holder who decided; without a row the law's default holds. Sealed: a refusal tells of the person."""

    patient_id = models.UUIDField(primary_key=True)
    sealed = models.BinaryField()

    class Meta:
        db_table = "access_switches"


class Emergency(models.Model):
    """An emergency that somebody declared. `attending` is a blind index of the attending doctor of that moment, who
    reads of it; empty without one."""

    pk = models.CompositePrimaryKey("patient_id", "id")
    patient_id = models.UUIDField()
    id = models.UUIDField()
    at = models.DateTimeField()
    attending = models.BinaryField()
    sealed = models.BinaryField()

    class Meta:
        db_table = "access_emergency"
        indexes = (models.Index(fields=("attending", "at"), name="emergency_of_doctor"),)
