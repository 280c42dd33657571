"""Level 1 and level 3: what is embedded is believed only when its bytes show it, and nothing is fetched."""

from base64 import b64encode

import pytest

from espace.wire.cda import CdaResult, Media, render_html, text_of
from espace.wire.xds import Coded
from wire.cda.cda_samples import cda, codes, level_1, read, section, structured

PDF = b"%PDF-1.7\n%%EOF"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00"
FILES = {
    "application/pdf": PDF,
    "image/jpeg": b"\xff\xd8\xff\xe0abc",
    "image/png": PNG,
    "image/tiff": b"II*\x00abc",
    "image/gif": b"GIF89aabc",
    "application/rtf": b"{\\rtf1 a}",
    "text/plain": "Bonjour é\n".encode(),
}


def body(data: bytes, kind: str = "application/pdf", representation: str = ' representation="B64"') -> CdaResult:
    text = f'<text mediaType="{kind}"{representation}>{b64encode(data).decode()}</text>'
    return read(cda(body=level_1(text)))


def media(identifier: str, data: bytes, kind: str) -> str:
    value = f'<value mediaType="{kind}" representation="B64">{b64encode(data).decode()}</value>'
    return f'<entry><observationMedia ID="{identifier}">{value}</observationMedia></entry>'


@pytest.mark.parametrize("kind", FILES)
def test_each_accepted_type_is_decoded(kind: str) -> None:
    result = body(FILES[kind], kind)
    assert result.document is not None and result.warnings == ()
    assert result.document.body_level == 1
    assert result.document.media == (Media("body", kind, FILES[kind]),)


@pytest.mark.parametrize(
    ("kind", "accepted"),
    [
        ("text/rtf", "application/rtf"),
        ("IMAGE/JPG", "image/jpeg"),
        ("image/tif", "image/tiff"),
    ],
)
def test_the_other_names_of_a_type_are_understood(kind: str, accepted: str) -> None:
    result = body(FILES[accepted], kind)
    assert result.document is not None and result.document.media[0].media_type == accepted
    assert result.warnings == ()


def test_base64_may_be_broken_into_lines_and_lack_its_padding() -> None:
    data = PDF + bytes(range(256)) * 300
    text = b64encode(data).decode().rstrip("=")
    lines = "\r\n\t".join(text[at : at + 77] for at in range(0, len(text), 77))
    result = read(cda(body=level_1(f'<text mediaType="application/pdf" representation="B64">\n{lines}\n</text>')))
    assert result.document is not None and result.document.media[0].data == data


def test_a_pdf_of_20_mb_is_read() -> None:
    data = PDF + bytes(range(256)) * 80_000
    result = body(data)
    assert result.document is not None and result.document.media[0].data == data


def test_the_bytes_win_over_the_type_declared() -> None:
    result = body(PNG, "image/jpeg")
    assert result.document is not None and result.document.media[0].media_type == "image/png"
    assert [each.reason.code for each in result.warnings] == ["content_type_mismatch"]


def test_a_type_that_is_missing_is_that_of_the_bytes() -> None:
    result = body(PDF, "")
    assert result.document is not None and result.document.media[0].media_type == "application/pdf"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('<text mediaType="application/pdf" representation="B64">JVBE$$$$</text>', "value_invalid"),
        ('<text mediaType="application/pdf" representation="B64">é</text>', "value_invalid"),
        ('<text mediaType="application/pdf" representation="B64">J</text>', "value_invalid"),
        ('<text mediaType="application/pdf" representation="B64">JVBE=RiJVBE</text>', "value_invalid"),
        ('<text mediaType="application/pdf" representation="B64">AAAA</text>', "content_type_mismatch"),
        ('<text mediaType="text/plain" representation="B64">AAAA</text>', "content_type_mismatch"),
        ('<text mediaType="application/pdf" representation="B64"> </text>', "content_empty"),
        ('<text mediaType="application/pdf" representation="HEX">AA</text>', "cda_incomplete"),
        (
            '<text mediaType="application/pdf" representation="B64" compression="DF">AAAA</text>',
            "content_type_unsupported",
        ),
        ('<text mediaType="text/html" representation="B64">PGI+</text>', "content_type_unsupported"),
        ('<text mediaType="image/svg+xml" representation="B64">PHN2Zy8+</text>', "content_type_unsupported"),
        (
            '<text mediaType="image/png,x&quot; onerror=&quot;a" representation="B64">AAAA</text>',
            "content_type_unsupported",
        ),
        ('<text representation="B64">PGI+</text>', "content_type_unsupported"),
        ('<text mediaType="application/pdf"><reference value="//evil.example/p.pdf"/></text>', "content_empty"),
        ('<text mediaType="text/html"><reference value="/admin/delete"/></text>', "content_empty"),
        ("", "cda_incomplete"),
    ],
)
def test_a_body_that_cannot_be_read_refuses_with_its_reason(text: str, code: str) -> None:
    result = read(cda(body=level_1(text)))
    assert result.document is None
    assert codes(result) == [code]
    assert result.problems[0].place.startswith("/ClinicalDocument/component/nonXMLBody/text")


@pytest.mark.parametrize(
    "inside", ["", "<structuredBody/>", "<structuredBody><component/></structuredBody>", "<other/>"]
)
def test_a_component_without_body_refuses(inside: str) -> None:
    assert codes(read(cda(body=f"<component>{inside}</component>"))) == ["cda_incomplete"]


def test_plain_text_is_shown_and_found() -> None:
    document = body("Bonjour <b>é</b>".encode(), "text/plain").document
    assert document is not None
    assert render_html(document, media_url=lambda name: None) == (
        '<pre class="cda-plain">Bonjour &lt;b&gt;é&lt;/b&gt;</pre>'
    )
    assert text_of(document) == "Synthèse médicale\nBonjour <b>é</b>\n"


def test_text_may_stand_in_the_clear() -> None:
    document = read(cda(body=level_1('<text mediaType="text/plain">a &lt;b&gt; c</text>'))).document
    assert document is not None and document.media[0].data == b"a <b> c"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (
            "application/pdf",
            '<p class="cda-attachment"><a class="cda-note" href="/m/body">Ouvrir la pièce jointe (PDF)</a></p>',
        ),
        (
            "application/rtf",
            '<p class="cda-attachment"><a class="cda-note" href="/m/body">Ouvrir la pièce jointe (RTF)</a></p>',
        ),
        (
            "image/png",
            '<p class="cda-attachment"><img src="/m/body" alt="Image jointe au document" loading="lazy"></p>',
        ),
        (
            "image/tiff",
            '<p class="cda-attachment"><a class="cda-note" href="/m/body">Ouvrir la pièce jointe (image TIFF)</a></p>',
        ),
    ],
)
def test_a_level_1_file_is_shown_or_offered(kind: str, expected: str) -> None:
    document = body(FILES[kind], kind).document
    assert document is not None
    assert render_html(document, media_url=lambda name: f"/m/{name}") == expected


def test_sections_are_values_with_their_entries() -> None:
    inner = section("b", "In").replace("<title>", "<code code='1' codeSystem='2'/><title>")
    document = read(cda(body=structured("a", rest=f"<entry><act/></entry>{inner}"))).document
    assert document is not None
    (first,) = document.sections
    assert (first.anchor, first.title, first.code) == ("cda-s-1", "Section", None)
    assert [child.tag for child in first.element.iter("{urn:hl7-org:v3}act")] == ["{urn:hl7-org:v3}act"]
    (below,) = first.sections
    assert (below.anchor, below.title, below.code) == ("cda-s-1-1", "In", Coded("1", "2"))


def test_embedded_media_have_their_name_or_one_of_ours() -> None:
    rest = (
        media("scan", PNG, "image/png")
        + media("../../x", PDF, "application/pdf")
        + media("scan", PDF, "application/pdf")
    )
    document = read(cda(body=structured("a", rest=rest))).document
    assert document is not None
    assert [each.id for each in document.media] == ["scan", "media-2", "media-3"]


@pytest.mark.parametrize(
    ("kind", "data", "code"),
    [
        ("image/svg+xml", b"<svg onload='a()'/>", "content_type_unsupported"),
        ("text/html", b"<script/>", "content_type_unsupported"),
        ("image/png", b"GIF", "content_type_mismatch"),
    ],
)
def test_a_media_that_cannot_be_shown_warns_and_the_document_stays_readable(kind: str, data: bytes, code: str) -> None:
    rest = media("x", data, kind)
    result = read(cda(body=structured("<renderMultiMedia referencedObject='x'/>", rest=rest)))
    assert result.document is not None and result.document.media == ()
    assert [each.reason.code for each in result.warnings] == [code]
    html = render_html(result.document, media_url=lambda name: f"/m/{name}")
    assert "Pièce jointe qui ne peut pas être affichée." in html and "/m/" not in html


def test_a_media_without_content_warns() -> None:
    result = read(cda(body=structured("a", rest='<entry><observationMedia ID="x"/></entry>')))
    assert result.document is not None and result.document.media == ()
    assert [each.detail for each in result.warnings] == ["the content"]


def test_a_media_by_reference_is_never_asked_for() -> None:
    value = '<value><reference value="//tracker.example/p.gif"/></value>'
    rest = f'<entry><observationMedia ID="x">{value}</observationMedia></entry>'
    asked: list[str] = []
    document = read(cda(body=structured("<renderMultiMedia referencedObject='x'/>", rest=rest))).document
    assert document is not None
    assert "tracker" not in render_html(document, media_url=asked.append)
    assert asked == []


def test_a_media_that_the_narrative_forgets_is_offered_at_the_end() -> None:
    document = read(cda(body=structured("a", rest=media("x", PDF, "application/pdf")))).document
    assert document is not None
    assert render_html(document, media_url=lambda name: f"/m/{name}").endswith(
        '<p class="cda-attachment"><a class="cda-note" href="/m/x">Ouvrir la pièce jointe (PDF)</a></p>'
    )


def test_a_region_of_interest_leads_to_its_image() -> None:
    region = (
        '<entry><observationMedia ID="x"><value mediaType="image/png" representation="B64">'
        f'{b64encode(PNG).decode()}</value><entryRelationship><regionOfInterest ID="roi"/></entryRelationship>'
        "</observationMedia></entry>"
    )
    document = read(cda(body=structured("<renderMultiMedia referencedObject='roi'/>", rest=region))).document
    assert document is not None
    assert 'src="/m/x"' in render_html(document, media_url=lambda name: f"/m/{name}")
