"""A search finds what the patient states, apart from the documents, for whoever is shown it."""

import pytest

from cast import organisation
from clinical.scene import deposit
from clinical.test_results_pages import desk_of, searched, text
from clinical.test_words_searched import bare
from espace.clinical.rules.searching import asked, extracts
from portal.helpers import Member, member, signed_in
from portal.test_health import states

pytestmark = pytest.mark.usefixtures("db")
FOUND = "Trouvé dans ce que la personne déclare"


@pytest.fixture
def camille() -> Member:
    """She states an allergy, and has a document about something else."""
    found = member()
    states(found, "allergies", name="Pollen de bouleau")
    deposit(found.of, organisation(), bare(b"Entorse", "text/plain"))
    return found


def test_both_doors_find_it_and_lead_to_it(camille: Member) -> None:
    for reader, place, path in (
        (signed_in(camille), "/documents/", "/sante/"),
        (desk_of(camille.of), f"/pro/patients/{camille.of.patient}/", f"/pro/patients/{camille.of.patient}/declare/"),
    ):
        page = searched(reader, place, "bouleaux")
        assert f"{FOUND} Pollen de bouleau" in text(page) and "<mark>bouleau</mark>" in page
        assert f'href="{path}"' in page[page.index(FOUND) :]
        assert "Aucun document ne correspond" in page
        assert FOUND not in searched(reader, place, "entorse")
        assert FOUND not in searched(reader, place, "bouleau entorse")


def test_a_section_that_is_hidden_is_not_searched_for_professionals(camille: Member) -> None:
    holder = signed_in(camille)
    desk, place = desk_of(camille.of), f"/pro/patients/{camille.of.patient}/"
    assert FOUND in searched(desk, place, "bouleau")
    assert holder.post("/sante/allergies/choisir/", {"choix": "masquer"}).status_code == 302
    assert FOUND not in searched(desk, place, "bouleau")
    assert FOUND in searched(holder, "/documents/", "bouleau")


def test_a_line_that_another_one_has_is_not_said_again() -> None:
    (one,) = extracts(asked("hba1c"), ["Hémoglobine glyquée (HbA1c) : 6,8 %", "Hémoglobine glyquée (HbA1c)"], most=2)
    assert "".join(words for words, _ in one.parts) == "Hémoglobine glyquée (HbA1c) : 6,8 %"
