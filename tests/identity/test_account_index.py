"""Sign-in compares identifiers without regard to case, and finds them through the index that keeps them apart."""

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, transaction

pytestmark = pytest.mark.usefixtures("db")


def test_sign_in_looks_identifiers_up_in_the_unique_index() -> None:
    account = get_user_model().objects.filter(identifier__iexact="Camille.Duval")
    with transaction.atomic(), connection.cursor() as cursor:
        # The table of the tests is too small for an index to be worth its while.
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = account.explain()
    assert "account_identifier_folded" in plan
    assert "Seq Scan" not in plan
