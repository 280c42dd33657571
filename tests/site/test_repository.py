"""The OID of the repository: the one configured, else one made from the address, the same as long as that stays."""

import pytest

from espace.site.config import BadConfiguration, load
from espace.site.repository import repository_oid


def test_it_is_made_from_the_address() -> None:
    made = repository_oid("", "https://sante.example.org")
    assert made == "2.25.4127828569276873279783380264933639882"
    assert repository_oid("", "https://autre.example.org") != made
    assert repository_oid("1.2.250.1.999.7", "https://sante.example.org") == "1.2.250.1.999.7"


@pytest.mark.parametrize("said", ["urn:oid:1.2", "1.2.", "1.02", "3.1", f"1.2{'.1' * 31}"])
def test_what_is_no_oid_gives_a_sentence(said: str) -> None:
    with pytest.raises(BadConfiguration, match=r"^ESPACE_REPOSITORY_OID must be an OID of 64 characters at most\.$"):
        load({"ESPACE_HOME": "/nowhere", "ESPACE_REPOSITORY_OID": said})
