"""Assertions wrapped in all the known ways around one that is genuine.

The eight transforms are those of SAML Raider, for an assertion in WS-Security; with an evil subject, role, structure
and purpose each.
"""

import copy
from collections.abc import Callable

from lxml import etree

from attesting import DS, WSSE, Words, envelope, person, signed, text_of
from espace.wire.xml import Element

EVIL = {
    "subject": {"subject": "899700999999"},
    "role": {"role": "21"},
    "structure": {"place": "1990000017"},
    "ground": {"ground": "bris_de_glace"},
}


CARD = person()
WORDS = Words(issuer=CARD.name)


def genuine() -> Element:
    return signed(text_of(WORDS), CARD)


def evil(what: str, *, same_id: bool = False) -> Element:
    """An assertion that nobody signed."""
    changed = {**vars(WORDS), **EVIL[what], "id": WORDS.id if same_id else "_evil"}
    root = etree.fromstring(text_of(Words(**changed)).encode())
    root.remove(root.find(f"{DS}Signature"))
    return root


def bare(assertion: Element) -> Element:
    found = copy.deepcopy(assertion)
    found.remove(found.find(f"{DS}Signature"))
    return found


def _with(forged: Element, sign: Element) -> Element:
    """An evil assertion with the genuine signature in its place."""
    forged.insert(1, copy.deepcopy(sign))
    return forged


def sign_of(assertion: Element) -> Element:
    found = assertion.find(f"{DS}Signature")
    assert found is not None
    return found


def _inside(outer: Element, *inner: Element) -> Element:
    outer.extend([copy.deepcopy(one) for one in inner])
    return outer


def _xsw1(what: str) -> bytes:
    """The genuine assertion inside the signature of the evil one."""
    whole = genuine()
    forged = _with(evil(what), sign_of(whole))
    _inside(sign_of(forged), bare(whole))
    return envelope(forged)


def _xsw2(what: str) -> bytes:
    """The genuine assertion before a signature that stands in the evil one."""
    whole = genuine()
    forged = _with(evil(what), sign_of(whole))
    forged.insert(1, bare(whole))
    return envelope(forged)


def _xsw3(what: str) -> bytes:
    return envelope(evil(what), genuine())


def _xsw4(what: str) -> bytes:
    return envelope(_inside(evil(what), genuine()))


def _xsw5(what: str) -> bytes:
    whole = genuine()
    return envelope(_with(evil(what), sign_of(whole)), bare(whole))


def _xsw6(what: str) -> bytes:
    whole = genuine()
    forged = _with(evil(what, same_id=True), sign_of(whole))
    _inside(sign_of(forged), whole)
    return envelope(forged)


def _xsw7(what: str) -> bytes:
    extensions = etree.Element("Extensions")
    return envelope(_inside(extensions, evil(what)), genuine())


def _xsw8(what: str) -> bytes:
    whole = genuine()
    forged = _with(evil(what), sign_of(whole))
    _inside(sign_of(forged), _inside(etree.Element(f"{DS}Object"), bare(whole)))
    return envelope(forged)


def _moved_to_body(what: str) -> bytes:
    whole = genuine()
    return envelope(_with(evil(what), sign_of(whole)), body=etree.tostring(bare(whole)).decode())


def _same_id_in_body(what: str) -> bytes:
    return envelope(genuine(), body=etree.tostring(evil(what, same_id=True)).decode())


def _same_id_beside(what: str) -> bytes:
    return envelope(genuine(), body=f'<q xml:id="{WORDS.id}"/>')


def _evil_with_signature(what: str) -> bytes:
    """The signature of another assertion, taken as it is."""
    return envelope(_with(evil(what, same_id=True), sign_of(genuine())))


def _reference_beside(what: str) -> bytes:
    told = f'<wsse:SecurityTokenReference xmlns:wsse="{WSSE[1:-1]}"><wsse:Reference URI="#_other"/>'
    return envelope(genuine(), beside=f"{told}</wsse:SecurityTokenReference>")


def _of_another_name_space(what: str) -> bytes:
    """An assertion of SAML 1.1 beside the one that is signed."""
    return envelope(genuine(), beside='<a:Assertion xmlns:a="urn:oasis:names:tc:SAML:1.0:assertion"/>')


WRAPPED: dict[str, Callable[[str], bytes]] = {
    "XSW1": _xsw1, "XSW2": _xsw2, "XSW3": _xsw3, "XSW4": _xsw4, "XSW5": _xsw5, "XSW6": _xsw6, "XSW7": _xsw7,
    "XSW8": _xsw8, "moved to the body": _moved_to_body, "its ID in the body": _same_id_in_body,
    "its ID as xml:id": _same_id_beside, "the signature alone": _evil_with_signature,
    "a token reference": _reference_beside, "SAML 1.1 beside": _of_another_name_space,
}  # fmt: skip
