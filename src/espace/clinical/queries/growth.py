"""The curves of growth that an operator brought: nobody's data."""

from django.db import connection

from espace.clinical.facts.growth import Percentiles, Reference


def reference(sex: str) -> Reference:
    """Those of one sex; an empty one where no operator brought any."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT source, measure, sex, age, p3, p50, p97 FROM clinical_growth WHERE sex = %s ORDER BY measure, age",
            [sex],
        )
        rows = cursor.fetchall()
    return Reference(rows[0][0], tuple(Percentiles(*row[1:]) for row in rows)) if rows else Reference()
