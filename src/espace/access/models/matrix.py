"""The entitlement matrices that the operator brought, each from its day on."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Matrix(models.Model):
    """What one profession reads and writes from a day on; `reads` are the types read or, with `others`, all that are
    not. `sources` has a key for each type that the matrix names: who says so."""

    pk = models.CompositePrimaryKey("in_force_from", "profession")
    in_force_from = models.DateField()
    profession = models.CharField(max_length=3)
    reads = ArrayField(models.TextField())
    others = models.BooleanField()
    writes = ArrayField(models.TextField())
    sources = models.JSONField()

    class Meta:
        db_table = "access_matrix"
