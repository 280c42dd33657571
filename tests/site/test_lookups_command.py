"""`./espace lookups`: which accounts ask about numbers that are nobody's; never the numbers."""

import pytest
from django.db import connection

from cast import fresh_ins, professional
from door import form, professional_token
from espace.site import cli

pytestmark = pytest.mark.django_db


def test_who_asked_most_comes_first_and_no_number_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM trace_nobody")
    anne, karim = professional("KERVELLA"), professional("BENALI")
    asked = [fresh_ins() for _ in range(4)]
    for who, ins in ((anne, asked[0]), *((karim, one) for one in asked[1:])):
        named = f"urn:oid:{ins.authority}|{ins.number}"
        token = professional_token(who, scope="user/DocumentReference.cruds")
        form("/fhir/DocumentReference/_search", token=token, **{"patient.identifier": named})
    capsys.readouterr()
    assert cli.main(["lookups"]) == 0
    first, _, *rows = capsys.readouterr().out.splitlines()
    assert first == "Refusals about people who have no space: 4."
    assert [row.split()[0] for row in rows] == ["3", "1"]
    assert [str(one.id) in row for one, row in zip((karim, anne), rows, strict=True)] == [True, True]
    assert not any(one.number in row for one in asked for row in rows)
