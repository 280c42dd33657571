"""The changes of the page « deposit a document » that make a bundle refused, and one that does not."""

import base64
import hashlib
from collections.abc import Callable
from typing import Any
from uuid import uuid4

INS, NOBODY = b"285054499900161", b"179079999900218"

Bundle = dict[str, Any]
Change = Callable[[Bundle], None]


def resource(bundle: Bundle, index: int) -> dict[str, Any]:
    found: dict[str, Any] = bundle["entry"][index]["resource"]
    return found


def no_type(bundle: Bundle) -> None:
    del resource(bundle, 1)["type"]


def other_type(bundle: Bundle) -> None:
    resource(bundle, 1)["type"]["coding"][0]["code"] = "99999-9"


def other_class(bundle: Bundle) -> None:
    resource(bundle, 1)["category"][0]["coding"][0]["code"] = "42"


def wrong_hash(bundle: Bundle) -> None:
    resource(bundle, 1)["content"][0]["attachment"]["hash"] = "AAAAAAAAAAAAAAAAAAAAAAAAAAA="


def other_source(bundle: Bundle) -> None:
    resource(bundle, 0)["extension"][0]["valueIdentifier"]["value"] = "urn:oid:1.2.3.4"


def change_cda(bundle: Bundle, old: bytes, new: bytes) -> None:
    """Other words in the CDA, with the size and the hash that they make."""
    data = base64.b64decode(resource(bundle, 2)["data"]).replace(old, new)
    attachment = resource(bundle, 1)["content"][0]["attachment"]
    attachment["size"] = len(data)
    attachment["hash"] = base64.b64encode(hashlib.sha1(data).digest()).decode()
    resource(bundle, 2)["data"] = base64.b64encode(data).decode()


def other_ins_in_cda(bundle: Bundle) -> None:
    change_cda(bundle, INS, NOBODY)


def other_birth_date(bundle: Bundle) -> None:
    resource(bundle, 1)["contained"][0]["birthDate"] = "1985-05-15"


def unknown_ins(bundle: Bundle) -> None:
    change_cda(bundle, INS, NOBODY)
    resource(bundle, 0)["subject"]["identifier"]["value"] = NOBODY.decode()
    resource(bundle, 1)["contained"][0]["identifier"][0]["value"] = NOBODY.decode()


def same(bundle: Bundle) -> None:
    """Nothing is changed in the bundle."""


CHANGES: dict[str, Change] = {
    "no `Authorization` header": same,
    "a comma too many": same,
    "no `type`": no_type,
    "`type` 99999-9": other_type,
    "`category` 42": other_class,
    "a wrong `hash`": wrong_hash,
    "another `sourceId`": other_source,
    "another INS in the CDA": other_ins_in_cda,
    "another `birthDate`": other_birth_date,
    "an INS of nobody, everywhere": unknown_ins,
}


def no_set_id(bundle: Bundle) -> None:
    del resource(bundle, 0)["identifier"]
    resource(bundle, 1)["masterIdentifier"]["value"] = f"urn:uuid:{uuid4()}"
