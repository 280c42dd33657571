"""The matricule INS: form, key, Corsica, authority."""

import pytest

from espace.identity.facts import Ins
from espace.identity.rules import ins_key, ins_problem
from espace.kernel.reasons import Reason
from espace.kernel.reasons import identity as reasons

NIR = "1.2.250.1.213.1.4.8"
TEST = "1.2.250.1.213.1.4.10"


@pytest.mark.parametrize(
    ("number", "key"),
    [
        ("2790351215189", "89"),
        ("2770763220829", "10"),
        ("1460263220001", "96"),
        ("1240188524933", "34"),
        ("1800175056001", "03"),
        ("180012A004123", "43"),
        ("180012B004123", "70"),
    ],
)
def test_the_key_of_known_numbers(number: str, key: str) -> None:
    assert ins_key(number) == key


@pytest.mark.parametrize(
    ("number", "authority", "reason"),
    [
        ("279035121518989", NIR, None),
        ("279035121518989", "1.2.250.1.213.1.4.9", None),
        ("180012A00412343", NIR, None),
        ("279035121518988", NIR, reasons.INS_KEY_WRONG),
        ("279035121518989", TEST, reasons.INS_AUTHORITY_UNKNOWN),
        ("279035121518989", "1.2.250.1.213.1.4.2", reasons.INS_AUTHORITY_UNKNOWN),
        ("279035121518989", "", reasons.INS_AUTHORITY_UNKNOWN),
        ("2790351215189", NIR, reasons.INS_MALFORMED),
        ("979035121518989", NIR, reasons.INS_MALFORMED),
        ("27903512151898²", NIR, reasons.INS_MALFORMED),
        ("٢٧٩٠٣٥١٢١٥١٨٩٨٩", NIR, reasons.INS_MALFORMED),
        ("279032C21518989", NIR, reasons.INS_MALFORMED),
        ("279035121518989\n", NIR, reasons.INS_MALFORMED),
        (" 79035121518989", NIR, reasons.INS_MALFORMED),
        ("", NIR, reasons.INS_MALFORMED),
    ],
)
def test_what_is_wrong_with_a_number(number: str, authority: str, reason: Reason | None) -> None:
    assert ins_problem(Ins(number, authority), test_identities=False) is reason


def test_test_identities_accept_test_authorities_and_wrong_keys_but_no_wrong_form() -> None:
    assert ins_problem(Ins("221042545611404", TEST), test_identities=True) is None
    assert ins_problem(Ins("22104254561140", TEST), test_identities=True) is reasons.INS_MALFORMED
