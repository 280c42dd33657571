"""zeep asks the national requests by the description of their addresses alone."""

from pathlib import Path
from typing import Any

import pytest
import zeep
from django.conf import settings as django_settings
from lxml import etree
from pytest_django.fixtures import Settings

import soap_door as soap
from carded import authorities
from cast import holder, professional
from exchange.xds.national_asking import HABILITATIONS, PATIENTS, existence
from foreign.test_zeep import Assertion, Direct

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _trusting(tmp_path: Path, settings: Settings) -> None:
    settings.ESPACE_AUTHORITIES = authorities(tmp_path)


def client(path: str, who: tuple[Any, Any]) -> Any:
    url = f"{django_settings.ESPACE_PUBLIC_URL}{path}?wsdl"
    return zeep.Client(url, transport=Direct(who[0]), wsse=Assertion(*who))


def test_a_foreign_client_asks_whether_a_space_exists() -> None:
    camille = holder()
    asked = etree.fromstring(existence(camille.ins.number, camille.ins.authority))
    service = client(PATIENTS, soap.as_feeder(soap.hospital())).service
    answer = service.PRPA_IN201307UV02(_value_1=list(asked), ITSVersion="XML_1.0")
    told = {one.get("code") for one in answer._value_1 for one in one.iter("{urn:hl7-org:v3}value")}
    assert "ACTIF" in told


def test_a_foreign_client_adds_lists_and_opens() -> None:
    camille, place = holder(), soap.hospital("Cabinet des Tilleuls")
    anne = professional(at=place)

    def service() -> Any:
        return client(HABILITATIONS, soap.as_doctor(anne, place)).service

    who = {"root": camille.ins.authority, "extension": camille.ins.number}
    added = service().setAuthorization(patientId=who, action="AJOUT", role="STANDARD")
    assert (added.status, added.autorisation, added.fin is not None) == ("OK", "VALIDE", True)
    found = service().listPatients(nombre=5)
    assert [one.patientId.extension for one in found.patient] == [camille.ins.number]
    opened = service().getContextualAddress(patientId=who, page="DROITS")
    assert opened.adresse.startswith(f"{django_settings.ESPACE_PUBLIC_URL}/pro/ouvrir/")
    refused = service().setAuthorization(patientId=who, action="AJOUT", role="MEDECIN_TRAITANT")
    assert [one.code for one in refused.error] == ["attending_not_by_oneself"]
