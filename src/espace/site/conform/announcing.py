"""What a server announces: what it does not, is not asked of it."""

from collections.abc import Iterator, Mapping

from espace.site.conform.answers import Answer, at, listed
from espace.site.conform.client import Client, NoAnswer
from espace.site.conform.facts import CannotRun, Door, Request, Who
from espace.site.conform.making import ebxml, national
from espace.wire.xml import parse_xml

FHIR, XDM, HL7, WSDL = "fhir", "xdm", "hl7v2", "wsdl"
TRANSACTION = "transaction"
CREATE, SEARCH, PATCH, DELETE, READ = (
    f"DocumentReference.{one}" for one in ("create", "search-type", "patch", "delete", "read")
)
LISTS, CONTENTS = "List.search-type", "Binary.read"
_ACTIONS: Mapping[Door, tuple[str, ...]] = {
    Door.REPOSITORY: (ebxml.PROVIDE, ebxml.RETRIEVE),
    Door.REGISTRY: (ebxml.QUERY, ebxml.UPDATE, ebxml.REGISTER),
    Door.PATIENTS: (national.EXISTS,),
    Door.HABILITATIONS: (national.AUTHORISE, national.LIST, national.ADDRESS),
}
_STANDARD = frozenset({Door.REPOSITORY, Door.REGISTRY})
"""What is understood there is known without a description."""
_FOUND: Mapping[Door, str] = {Door.XDM: XDM, Door.HL7: HL7}
"""Addresses that nothing describes: they are there, or not."""
_WSDL = "{http://schemas.xmlsoap.org/wsdl/}"


def announced(client: Client) -> frozenset[str]:
    """The interactions of the CapabilityStatement, the actions of the WSDL, which of the other addresses there are.

    An address of XDS.b that serves no WSDL is taken to understand everything, one of national requests nothing. Raises
    CannotRun where nobody answers.
    """
    try:
        statement = client.ask(Request(Door.FHIR, path="/metadata", headers={"Accept": "application/fhir+json"}))
    except NoAnswer as error:
        raise CannotRun(f"Nobody answers: {error}.") from error
    found = set(_stated(statement))
    for door, actions in _ACTIONS.items():
        found |= _described(client, door, actions)
    found |= {said for door, said in _FOUND.items() if _status(client, door) not in (0, 404)}
    return frozenset(found)


def _stated(statement: Answer) -> Iterator[str]:
    if statement.status != 404:
        yield FHIR
    for rest in listed(statement.json.get("rest")):
        for one in listed(at(rest, "interaction")):
            yield str(at(one, "code"))
        for resource in listed(at(rest, "resource")):
            for one in listed(at(resource, "interaction")):
                yield f"{at(resource, 'type')}.{at(one, 'code')}"


def _described(client: Client, door: Door, actions: tuple[str, ...]) -> set[str]:
    try:
        answer = client.ask(Request(door, path="?wsdl", by=Who.FEEDER))
    except NoAnswer:
        return set()
    root = parse_xml(answer.body).root if answer.status == 200 else None
    if root is None or root.tag != f"{_WSDL}definitions":
        return set(actions) if door in _STANDARD else set()
    said = {value for one in root.iter(f"{_WSDL}input", "{*}operation") for value in one.attrib.values()}
    return {WSDL} | (set(actions) & said)


def _status(client: Client, door: Door) -> int:
    try:
        return client.ask(Request(door)).status
    except NoAnswer:
        return 0
