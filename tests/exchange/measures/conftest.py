"""A holder, and an application that they let in to send what it measures."""

import pytest

from cast import Holder, holder, organisation
from exchange.measuring import app_token, lets_in, registered


@pytest.fixture
def camille() -> Holder:
    return holder()


@pytest.fixture
def client(camille: Holder) -> str:
    found = registered(organisation("Éditions du Pouls"))
    lets_in(camille, found)
    return found


@pytest.fixture
def app(camille: Holder, client: str) -> str:
    return app_token(camille, client)
