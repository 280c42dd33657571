"""Too many authors, acts, sections or media are refused by name before any is read; as many as allowed are read."""

from time import process_time

import pytest

from wire.cda.cda_samples import HEADER, cda, read, section, structured

MEDIA = '<entry><observationMedia><value mediaType="text/plain">a</value></observationMedia></entry>'
REGION = "<entry><regionOfInterest/></entry>"
HEADERS = {
    "author": ("", "<author><assignedAuthor/></author>", ""),
    "serviceEvent": ("<documentationOf>", "<serviceEvent/>", "</documentationOf>"),
    "documentationOf": ("", "<documentationOf/>", ""),
    "order": ("<inFulfillmentOf>", '<order><id root="1.2"/></order>', "</inFulfillmentOf>"),
    "inFulfillmentOf": ("", "<inFulfillmentOf/>", ""),
    "relatedDocument": ("", '<relatedDocument typeCode="APND"/>', ""),
    "participant": ("", "<participant/>", ""),
    "performer": ("<documentationOf><serviceEvent>", "<performer/>", "</serviceEvent></documentationOf>"),
}


def header(name: str, count: int) -> bytes:
    """The sample with that many more elements of that name."""
    start, one, end = HEADERS[name]
    return cda(HEADER + start + one * count + end)


def body(sections: int = 1, media: int = 0, regions: int = 0) -> bytes:
    whole = structured("a", MEDIA * media + REGION * regions)
    end = "</structuredBody></component>"
    return cda(body=whole.removesuffix(end) + section("a") * (sections - 1) + end)


def excess(data: bytes) -> list[tuple[str, str, str]]:
    result = read(data)
    assert (result.document is None) == bool(result.problems)
    return [(each.reason.code, each.place, each.detail) for each in result.problems]


@pytest.mark.parametrize("name", HEADERS)
def test_1_000_of_a_participant_or_act_and_no_more(name: str) -> None:
    already = HEADER.count(f"<{name} ") + HEADER.count(f"<{name}>")
    around = (HEADERS[name][0] + HEADERS[name][2]).count(f"<{name}>")
    assert excess(header(name, 1_000 - already - around)) == []
    assert excess(header(name, 1_001 - already - around)) == [
        ("xml_limit", "/ClinicalDocument, line 1", f"more than 1000 {name}")
    ]


@pytest.mark.parametrize(
    ("most", "over", "detail"),
    [
        ({"sections": 2_000}, {"sections": 2_001}, "more than 2000 section"),
        ({"media": 200}, {"media": 201}, "more than 200 observationMedia"),
        ({"regions": 2_000}, {"regions": 2_001}, "more than 2000 regionOfInterest"),
    ],
)
def test_the_body_has_its_limits_too(most: dict[str, int], over: dict[str, int], detail: str) -> None:
    assert excess(body(**most)) == []
    assert excess(body(**over)) == [("xml_limit", "/ClinicalDocument, line 1", detail)]


def test_sections_count_at_any_depth() -> None:
    deep = "<component><section>" * 100 + "</section></component>" * 100
    assert excess(cda(body=structured("a", deep * 20)))[0][2] == "more than 2000 section"


def test_the_name_of_what_is_no_part_of_the_header_is_not_repeated() -> None:
    assert excess(cda(HEADER + "<DURAND/>" * 10_001))[0][2] == "more than 10000 elements of one name in the header"


def test_the_limit_is_told_before_anything_else_that_is_wrong() -> None:
    assert excess(cda("<author/>" * 1_001, body="")) == [
        ("xml_limit", "/ClinicalDocument, line 1", "more than 1000 author")
    ]


@pytest.mark.parametrize(("name", "count"), [("author", 100_000), ("serviceEvent", 139_000), ("order", 100_000)])
def test_beyond_the_limit_nothing_is_read(name: str, count: int) -> None:
    data = header(name, count)
    start = process_time()
    assert excess(data)[0][2] == f"more than 1000 {name}"
    assert process_time() - start < 2
