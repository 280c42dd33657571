"""Professionals are in clear by design: the directory is public, and nothing here names a patient."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models


class Professional(models.Model):
    """`folded` holds the words of the name, upper case without diacritics: what a search compares."""

    id = models.UUIDField(primary_key=True)
    national_id = models.CharField(max_length=12, unique=True)
    family = models.CharField(max_length=100)
    given = models.CharField(max_length=100)
    profession = models.CharField(max_length=3)
    specialty = models.CharField(max_length=20, blank=True)
    active = models.BooleanField(default=True)
    folded = models.TextField()

    class Meta:
        db_table = "identity_professional"
        indexes = (GinIndex(SearchVector("folded", config="simple"), name="professional_folded"),)


class Activity(models.Model):
    pk = models.CompositePrimaryKey("professional_id", "organisation_id")
    professional_id = models.UUIDField()
    organisation_id = models.UUIDField(db_index=True)

    class Meta:
        db_table = "identity_activity"


class Listed(models.Model):
    """The lines of a directory file while it is imported, to know at its end who is not in it.

    `organisation_id` is null for a line without a structure; `refused` for a line that was not taken.
    """

    pk = models.CompositePrimaryKey("batch", "line")
    batch = models.UUIDField()
    line = models.IntegerField()
    national_id = models.CharField(max_length=12)
    organisation_id = models.UUIDField(null=True)
    refused = models.BooleanField()

    class Meta:
        db_table = "identity_listed"
