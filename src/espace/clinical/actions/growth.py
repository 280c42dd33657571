"""The curves of growth, brought by an operator: nobody's data."""

from collections.abc import Sequence

from django.db import connection, transaction

from espace.clinical.facts.growth import Percentiles


def put_growth(rows: Sequence[Percentiles], *, source: str) -> None:
    """These curves and no others, from now on; `source`: whose they are, as pages name them."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM clinical_growth")
        cursor.execute(
            "INSERT INTO clinical_growth (measure, sex, age, p3, p50, p97, source) SELECT *, %s FROM unnest("
            "%s::text[], %s::text[], %s::float8[], %s::float8[], %s::float8[], %s::float8[])",
            [
                source,
                [one.measure for one in rows],
                [one.sex for one in rows],
                [one.age for one in rows],
                [one.p3 for one in rows],
                [one.p50 for one in rows],
                [one.p97 for one in rows],
            ],
        )
