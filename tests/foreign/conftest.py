"""What the foreign clients and validators judge: a live FHIR door, and a record with seven documents behind it."""

from dataclasses import dataclass
from typing import Any

import pytest

from cast import Holder, consents, holder, organisation, professional
from door import deposit_of, feeder_token, holder_token, professional_token, send
from espace import edge
from espace.identity.facts import Organisation
from exchange.publishing import FEED


@dataclass(frozen=True)
class World:
    """Who is there, a token of each, and the ids of seven documents in the order of their deposit."""

    base: str
    camille: Holder
    hospital: Organisation
    documents: tuple[str, ...]
    holder: str
    professional: str
    organisation: str

    @property
    def ins(self) -> str:
        """The patient as a search names them."""
        return f"urn:oid:{self.camille.ins.authority}|{self.camille.ins.number}"


@pytest.fixture(scope="session")
def address(site: str) -> str:
    """Of a server that calls itself by the address at which it listens, as foreign clients expect."""
    return site


@pytest.fixture
def world(address: str, db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setenv("NO_PROXY", "localhost")
    settings.ESPACE_PUBLIC_URL = address
    camille, hospital, anne = holder(), organisation(), professional()
    consents(camille, anne, at=edge.now())
    documents = tuple(_deposited(camille, hospital, f"Bilan {number}") for number in range(1, 8))
    return World(
        base=f"{address}/fhir",
        camille=camille,
        hospital=hospital,
        documents=documents,
        holder=holder_token(camille.patient),
        professional=professional_token(anne),
        organisation=feeder_token(hospital, scope=FEED),
    )


def _deposited(of: Holder, by: Organisation, title: str) -> str:
    made = deposit_of(of, f"{title} : glycémie 5,1 mmol/L".encode())
    made["entry"][1]["resource"]["content"][0]["attachment"]["title"] = title
    answer = send(made, by)
    assert answer.status == 200, answer.body
    return str(answer.json["entry"][1]["response"]["location"].split("/")[1])
