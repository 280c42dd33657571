"""Where a holder has no room left for their own documents, the page says so beside the files; nothing is half added."""

from typing import Any

import pytest

from portal.helpers import member, signed_in
from portal.own import documents_of, send, text_file

pytestmark = pytest.mark.django_db


def test_the_page_says_that_there_is_no_room_and_keeps_what_was_typed(settings: Any) -> None:
    settings.ESPACE_OWN_DOCUMENTS = 2
    camille = member()
    browser = signed_in(camille)
    assert send(browser, text_file("un.txt", "un"), text_file("deux.txt", "deux")).status_code == 200
    full = send(browser, text_file("trois.txt", "trois"), title="Mes vaccins")
    page = full.content.decode()
    assert "Il n’y a plus assez de place pour les documents ajoutés ici. Supprimez ceux" in page
    assert 'value="Mes vaccins"' in page
    assert len(documents_of(camille)) == 2
    assert "C’est fait" in send(browser, text_file("encore.txt", "un")).content.decode()
