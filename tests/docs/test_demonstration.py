"""What the pages say of the demonstration is what the demonstration is."""

import re
from datetime import date

from docs.generate import DOCS, ROOT
from espace.site.demo.crowd.population import population
from espace.site.demo.people import CAMILLE, CAST, PEOPLE
from espace.site.demo.progress import SEED
from espace.site.demo.relations import ATTENDING_OF, BLOCKED, consents
from espace.site.provider.accounts import ACCOUNTS
from espace.wire.datamatrix import read_datamatrix
from espace.wire.xds import PatientStatement

CARE = DOCS / "how-to" / "read-as-professional.md"


def test_the_datamatrix_of_the_page_is_that_of_the_patient_of_the_cast() -> None:
    [text] = re.findall(r"^IS01.*$", CARE.read_text(encoding="utf-8"), re.MULTILINE)
    read, camille = read_datamatrix(text), CAMILLE.patient
    assert isinstance(read, PatientStatement)
    assert (read.number, read.authority, read.birth_name) == (camille.ins, camille.authority, camille.birth_name)
    assert (read.given_names, read.birth_date, read.sex) == (camille.given_names, camille.birth_date, camille.sex)
    assert read.number in CARE.read_text(encoding="utf-8").replace(text, "")


def test_the_numbers_of_the_demonstration_on_the_first_page() -> None:
    """Spaces: everybody but those who objected. Documents are counted by the tests of the demonstration."""
    crowd = population(SEED, date(2026, 11, 23))
    spaces = len(PEOPLE) + sum(not who.opposed for who in crowd)
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"{spaces} spaces" in page
    assert (len(CAST), len(PEOPLE) - len(CAST), len(ACCOUNTS)) == (9, 20, 4)


def test_who_may_read_whom_is_what_the_demonstration_decides() -> None:
    """Camille and Monique named Dr Morvan, Camille blocked Dr Haddad and agreed with the nurse."""
    assert {person.name for person in ATTENDING_OF} == {"Camille Marchand", "Monique Marchand"}
    assert [(person.slug, who.family) for person, who in BLOCKED] == [("camille", "HADDAD")]
    in_force = {(one.person.slug, one.by.family) for one in consents(()) if one.standing.value == "in_force"}
    assert ("camille", "LE GALL") in in_force
