"""The list of medicines, brought by an operator: nobody's data."""

from collections.abc import Sequence

from django.db import connection, transaction

from espace.clinical.facts.profile import Medicine
from espace.clinical.rules.medicines import searched


def put_medicines(medicines: Sequence[Medicine]) -> None:
    """This list and no other, from now on: what was stated with another one keeps what that said."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM clinical_medicine")
        cursor.execute(
            "INSERT INTO clinical_medicine (cip, name, words, substance, atc) "
            "SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[])",
            [
                [one.cip for one in medicines],
                [one.name for one in medicines],
                [searched(one.name) for one in medicines],
                [one.substance for one in medicines],
                [one.atc for one in medicines],
            ],
        )
