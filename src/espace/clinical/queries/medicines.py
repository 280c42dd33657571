"""The list of medicines that an operator loaded: nobody's data."""

from django.db import connection

from espace.clinical.facts.profile import Medicine
from espace.clinical.rules.medicines import searched

_COLUMNS = "SELECT cip, name, substance, atc FROM clinical_medicine"


def medicine(cip: str) -> Medicine | None:
    """The box of this code."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_COLUMNS} WHERE cip = %s", [cip])
        row = cursor.fetchone()
    return Medicine(*row) if row else None


def any_medicines() -> bool:
    """Whether an operator loaded a list."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM clinical_medicine)")
        return bool(cursor.fetchone()[0])


def medicines_named(beginning: str, *, most: int) -> tuple[Medicine, ...]:
    """The boxes whose name begins so, accents and capitals apart, by name; none for less than three letters."""
    words = searched(beginning)
    if len(words) < 3:
        return ()
    with connection.cursor() as cursor:
        cursor.execute(f"{_COLUMNS} WHERE words LIKE %s ORDER BY words, cip LIMIT %s", [f"{words}%", most])
        return tuple(Medicine(*row) for row in cursor.fetchall())
