"""SOAP 1.2 and WS-Addressing: what is understood, what is refused, and how a refusal is said."""

import pytest

from espace.kernel.reasons import Reason, transport
from espace.kernel.reasons import soap as reasons
from espace.kernel.words import Refused
from espace.wire.soap.envelope import SOAP, fault, message_id_of, read, write
from espace.wire.xml import Element, parse_xml
from soaping import ACTION, INCLUDE, MESSAGE_ID, envelope

SECURITY = (
    '<w:Security xmlns:w="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd" '
    's:mustUnderstand="1"/>'
)


def tree(text: str) -> Element:
    parsed = parse_xml(text.encode())
    assert parsed.root is not None
    return parsed.root


def test_an_envelope_says_what_it_asks() -> None:
    found = read(tree(envelope("<x/>", security=SECURITY)))
    assert (found.action, found.message_id, found.body.tag) == (ACTION, MESSAGE_ID, "x")
    assert found.security is not None
    assert read(tree(envelope("<x/>"))).security is None


GOOD = envelope("<x/>", security=SECURITY)
ELSEWHERE = "<a:{0}><a:Address>http://canary/</a:Address></a:{0}>"
REFUSED: list[tuple[Reason, str]] = [
    (reasons.SOAP_VERSION, GOOD.replace(SOAP, "http://schemas.xmlsoap.org/soap/envelope/")),
    (reasons.ENVELOPE_MALFORMED, "<Envelope/>"),
    (reasons.ENVELOPE_MALFORMED, f'<s:Envelope xmlns:s="{SOAP}"/>'),
    (reasons.ENVELOPE_MALFORMED, envelope("")),
    (reasons.ENVELOPE_MALFORMED, envelope("<x/><y/>")),
    (reasons.ENVELOPE_MALFORMED, GOOD.replace("</s:Envelope>", "<s:Body/></s:Envelope>")),
    (reasons.ENVELOPE_MALFORMED, GOOD.replace("<s:Body>", "<s:Header/><s:Body>")),
    (reasons.ENVELOPE_MALFORMED, envelope("<x/>", security=SECURITY * 2)),
    (reasons.ENVELOPE_MALFORMED, envelope("<x/>", more=f"<m>{INCLUDE}</m>")),
    (reasons.HEADER_NOT_UNDERSTOOD, envelope("<x/>", more='<m s:mustUnderstand="1"/>')),
    (reasons.HEADER_NOT_UNDERSTOOD, envelope("<x/>", more='<m s:mustUnderstand=" true " s:role=""/>')),
    (reasons.HEADER_NOT_UNDERSTOOD, envelope("<x/>", more=f'<m s:mustUnderstand="1" s:role="{SOAP}/role/next"/>')),
    (reasons.ADDRESSING_INVALID, GOOD.replace("/anonymous", "/none")),
    (reasons.ADDRESSING_INVALID, envelope("<x/>", more=ELSEWHERE.format("FaultTo"))),
    (reasons.ADDRESSING_INVALID, envelope("<x/>", more=ELSEWHERE.format("ReplyTo"))),
    (reasons.ADDRESSING_INVALID, envelope("<x/>", more="<a:Action>urn:other</a:Action>")),
    (reasons.ADDRESSING_INVALID, envelope("<x/>", message_id="")),
    (reasons.ADDRESSING_INVALID, envelope("<x/>", message_id="a<b/>")),
    (reasons.ADDRESSING_INVALID, envelope("<x/>", message_id="a" * 2_001)),
]


@pytest.mark.parametrize(("reason", "text"), REFUSED)
def test_an_envelope_that_is_none_or_could_be_two_is_refused(reason: Reason, text: str) -> None:
    with pytest.raises(Refused) as refused:
        read(tree(text))
    assert refused.value.reason == reason


def test_a_header_for_somebody_else_or_that_may_be_ignored_is() -> None:
    more = '<m s:mustUnderstand="1" s:role="urn:else"/><n s:mustUnderstand="0"/><o/>'
    assert read(tree(envelope("<x/>", more=more))).message_id == MESSAGE_ID


def test_an_answer_refers_to_what_it_answers_and_carries_its_body_as_it_is() -> None:
    root = tree(write(b'<x xmlns="urn:x"/>', action="urn:a", message_id="urn:m", relates_to="<&>").decode())
    assert [root[0][n].text for n in range(3)] == ["urn:a", "urn:m", "<&>"]
    assert root[1][0].tag == "{urn:x}x"
    assert len(tree(write(b"<x/>", action="urn:a", message_id="urn:m").decode())[0]) == 2


def test_what_a_fault_refers_to_is_found_however_bad_the_rest_is() -> None:
    assert message_id_of(tree(GOOD.replace("<s:Body>", "<s:Header/><s:Body>"))) == MESSAGE_ID
    assert message_id_of(tree("<Envelope/>")) == ""
    assert message_id_of(tree(envelope("<x/>", message_id=""))) == ""


@pytest.mark.parametrize(
    ("reason", "subcode", "value", "more"),
    [
        (reasons.ENVELOPE_MALFORMED, "", "s:Sender", ""),
        (reasons.SOAP_VERSION, "", "s:VersionMismatch", ""),
        (reasons.HEADER_NOT_UNDERSTOOD, "", "s:MustUnderstand", ""),
        (reasons.ADDRESSING_INVALID, "", "s:Sender", "a:InvalidAddressingHeader"),
        (reasons.ACTION_UNKNOWN, "", "s:Sender", "a:ActionNotSupported"),
        (transport.UNEXPECTED_FAULT, "", "s:Receiver", ""),
        (transport.TEMPORARILY_UNAVAILABLE, "FailedCheck", "s:Receiver", ""),
        (transport.TOKEN_INVALID, "FailedAuthentication", "s:Sender", "w:FailedAuthentication"),
    ],
)
def test_a_fault_has_its_code_and_says_what_to_do(reason: Reason, subcode: str, value: str, more: str) -> None:
    refused = Refused(reason, place='Envelope["x"]', detail="a < b")
    root = tree(fault(refused, message_id="urn:m", relates_to=MESSAGE_ID, subcode=subcode).decode())
    names = {"s": SOAP}
    assert root.findtext("s:Body/s:Fault/s:Code/s:Value", namespaces=names) == value
    assert root.findtext("s:Body/s:Fault/s:Code/s:Subcode/s:Value", default="", namespaces=names) == more
    french, english = root.findall("s:Body/s:Fault/s:Reason/s:Text", names)
    assert reason.fix
    assert french.text == f"{reason.professional.fr} {reason.fix.fr}"
    assert english.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"
    detail = root.find("s:Body/s:Fault/s:Detail/{urn:espace:refused}refused", names)
    assert detail is not None
    assert (detail.get("code"), detail.get("place"), detail.text) == (reason.told_code, 'Envelope["x"]', "a < b")
    assert (more or value).partition(":")[0] in root[1][0].nsmap
