"""ITI-43: what is asked for is read whole or refused; the answer says of each document in which part it is."""

import pytest

from espace.kernel.words import RefusedProblems
from espace.wire.ebxml.responses import RegistryError
from espace.wire.ebxml.retrieval import Retrieved, Wanted, read, response
from espace.wire.ebxml.schemes import XDSB
from wire.ebxml.asking import parsed, retrieve

ONE = "<DocumentRequest><RepositoryUniqueId>1.2</RepositoryUniqueId>%s</DocumentRequest>"
ID = "<DocumentUniqueId>1.3</DocumentUniqueId>"


def asking(body: str) -> bytes:
    return f'<RetrieveDocumentSetRequest xmlns="{XDSB}">{body}</RetrieveDocumentSetRequest>'.encode()


def refused(data: bytes) -> list[str]:
    with pytest.raises(RefusedProblems) as refusal:
        read(parsed(data))
    assert {one.reason.code for one in refusal.value.problems} == {"retrieval_malformed"}
    return [one.place for one in refusal.value.problems]


def test_each_document_is_wanted_once() -> None:
    asked = retrieve(("1.2", "1.3"), ("urn:oid:1.2", "urn:oid:1.3"), ("1.9", "1.3"), ("1.2", "URN:UUID:AB"))
    assert read(parsed(asked)) == (
        Wanted("DocumentRequest[1]", "1.2", "1.3"),
        Wanted("DocumentRequest[3]", "1.9", "1.3"),
        Wanted("DocumentRequest[4]", "1.2", "urn:uuid:ab"),
    )
    home = ONE % ("<HomeCommunityId>urn:oid:1.5</HomeCommunityId>" + ID)
    assert read(parsed(asking(home))) == (Wanted("DocumentRequest[1]", "1.2", "1.3"),)


@pytest.mark.parametrize(
    ("body", "places"),
    [
        ("", [""]),
        (ONE % "", ["DocumentRequest[1]"]),
        (ONE % ID + ONE % (ID * 2), ["DocumentRequest[2]"]),
        (ONE % "<DocumentUniqueId> </DocumentUniqueId>", ["DocumentRequest[1]"]),
        (ONE % f"<DocumentUniqueId>{'1' * 301}</DocumentUniqueId>", ["DocumentRequest[1]"]),
        (ID, ["DocumentRequest[1]"]),
        ((ONE % ID) * 51, [""]),
    ],
)
def test_a_request_of_another_form_is_refused(body: str, places: list[str]) -> None:
    assert refused(asking(body)) == places


def test_the_answer_points_to_its_parts() -> None:
    told = response("1.2", [Retrieved("1.3", "text/xml", "document1@espace")]).decode()
    assert told == (
        '<RetrieveDocumentSetResponse xmlns="urn:ihe:iti:xds-b:2007" '
        'xmlns:rs="urn:oasis:names:tc:ebxml-regrep:xsd:rs:3.0"><rs:RegistryResponse '
        'status="urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Success"></rs:RegistryResponse>'
        "<DocumentResponse><RepositoryUniqueId>1.2</RepositoryUniqueId><DocumentUniqueId>1.3</DocumentUniqueId>"
        '<mimeType>text/xml</mimeType><Document><xop:Include xmlns:xop="http://www.w3.org/2004/08/xop/include" '
        'href="cid:document1@espace"/></Document></DocumentResponse></RetrieveDocumentSetResponse>'
    )


def test_it_succeeds_in_part_or_not_at_all() -> None:
    missing = [RegistryError("XDSDocumentUniqueIdError", "inconnu", "DocumentRequest[2]")]
    part = response("1.2", [Retrieved("1.3", "text/xml", "a@b")], missing).decode()
    assert 'status="urn:ihe:iti:2007:ResponseStatusType:PartialSuccess"' in part
    assert 'errorCode="XDSDocumentUniqueIdError"' in part
    nothing = response("1.2", [], missing).decode()
    assert 'status="urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Failure"' in nothing
