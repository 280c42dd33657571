"""« Applications »: which ones the holder lets in, what they sent, and how they are sent away."""

import json
import re

import pytest
from django.db import connection

from cast import organisation
from door import post
from exchange.measuring import app_token, bundle, device, entry, lets_in, measure, registered
from portal.helpers import Member, member, signed_in
from portal.test_health import plain

pytestmark = pytest.mark.usefixtures("db")
PAGE, MEASURES = "/partage/applications/", "/sante/mesures/"


def sends(of: Member, client: str) -> int:
    weighed = measure(of.of, device={"reference": "Device/1"})
    made = bundle(device("1"), entry(weighed))
    return post("/fhir", json.dumps(made).encode(), token=app_token(of.of, client)).status


def test_an_application_is_let_in_told_of_and_sent_away() -> None:
    camille, client = member(), registered(organisation("Éditions du Pouls"), "Carnet de tension")
    browser = signed_in(camille)
    assert "Aucune application n’est autorisée" in plain(browser.get(PAGE))
    assert sends(camille, client) == 401
    lets_in(camille.of, client)
    assert sends(camille, client) == 200
    page = plain(browser.get(PAGE))
    assert "Carnet de tension Éditions du Pouls Ajoute des mesures depuis le" in page
    sent = r"71 kg \d+\w* \w+ \d{4} Depuis l’application Carnet de tension, OMRONHEALTHCARE HEM-9200T"
    assert re.search(sent, plain(browser.get(MEASURES)))
    after = plain(browser.post(f"{PAGE}{client}/retirer/", follow=True))
    assert "cette application n’ajoute plus rien" in after and "Accès retirés Carnet de tension" in after
    assert sends(camille, client) == 401
    history = plain(browser.get("/partage/historique/"))
    assert "Carnet de tension, Éditions du Pouls a complété le profil de santé" in history
    assert "Vous avez donné accès à Carnet de tension" in history
    assert "Vous avez retiré l’accès à Carnet de tension" in history


def test_only_ones_own_application_is_sent_away() -> None:
    camille, other, client = member(), member(), registered(organisation())
    lets_in(camille.of, client)
    assert signed_in(other).post(f"{PAGE}{client}/retirer/").status_code == 404
    assert signed_in(other).post(f"{PAGE}nobody/retirer/").status_code == 404
    assert sends(camille, client) == 200


def test_which_application_somebody_uses_is_nowhere_in_clear_and_an_altered_consent_is_none() -> None:
    camille, client = member(), registered(organisation(), "Carnet")
    lets_in(camille.of, client)
    token = app_token(camille.of, client)
    with connection.cursor() as cursor:
        cursor.execute("SELECT client, sealed FROM catalogue_consent WHERE patient_id = %s", [camille.of.patient])
        [(blind, sealed)] = cursor.fetchall()
        assert client.encode() not in bytes(blind) + bytes(sealed)
        altered = bytes(sealed[:-1]) + bytes([sealed[-1] ^ 1])
        cursor.execute("UPDATE catalogue_consent SET sealed = %s WHERE patient_id = %s", [altered, camille.of.patient])
    body = json.dumps(bundle(device("1"), entry(measure(camille.of, device={"reference": "Device/1"})))).encode()
    assert post("/fhir", body, token=token).status == 401
    assert "Aucune application n’est autorisée" in plain(signed_in(camille).get(PAGE))


def test_a_measure_changed_by_hand_is_no_more_the_applications() -> None:
    camille, client = member(), registered(organisation(), "Carnet")
    lets_in(camille.of, client)
    sends(camille, client)
    browser = signed_in(camille)
    page = browser.get(MEASURES).content.decode()
    item = _item(page)
    typed = {"measure": "weight", "value": "71", "day": "22/02/2026", "comment": "Le matin"}
    browser.post(f"{MEASURES}{item}/", typed)
    assert "Depuis l’application Carnet" in plain(browser.get(MEASURES))
    browser.post(f"{MEASURES}{item}/", {**typed, "value": "70"})
    changed = plain(browser.get(MEASURES))
    assert "70 kg" in changed and "Depuis l’application" not in changed


def _item(page: str) -> str:
    """The id of the one item of the page."""
    return page.split("/liens/")[0].rpartition("/")[2]
