"""Aggregates only: no row is about a person."""

from django.db import models


class Counter(models.Model):
    """How many of one thing happened on one day."""

    pk = models.CompositePrimaryKey("day", "what", "kind", "sector", "region", "channel")
    day = models.DateField()
    what = models.CharField(max_length=16)
    kind = models.CharField(max_length=64)
    sector = models.CharField(max_length=64)
    region = models.CharField(max_length=64)
    channel = models.CharField(max_length=16)
    count = models.BigIntegerField()

    class Meta:
        db_table = "indicator_counter"


class CountedMark(models.Model):
    """The counter events of the last weeks that were counted, so that none counts twice."""

    pk = models.CompositePrimaryKey("day", "id")
    day = models.DateField()
    id = models.UUIDField()

    class Meta:
        db_table = "indicator_counted"
