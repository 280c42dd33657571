"""Whatever comes, nothing raises; whatever is shown is balanced HTML with every word once and in order."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from espace.wire.cda import render_html, text_of
from wire.cda.cda_extractor import Shown, narrative_text, squeezed
from wire.cda.cda_samples import cda, read, structured

NAMES = (
    "paragraph",
    "content",
    "list",
    "item",
    "caption",
    "table",
    "thead",
    "tbody",
    "tfoot",
    "tr",
    "td",
    "th",
    "br",
    "linkHtml",
    "sub",
    "sup",
    "footnote",
    "footnoteRef",
    "renderMultiMedia",
    "col",
    "colgroup",
    "script",
    "zz",
)
ATTRIBUTES = st.dictionaries(
    st.sampled_from(
        ["ID", "styleCode", "href", "colspan", "listType", "revised", "IDREF", "scope", "align", "onclick", "style"]
    ),
    st.sampled_from(["a", "b", "#a", "https://a.fr/", "javascript:x", "ordered", "Bold", "3", "delete", "row", "<>&'"]),
    max_size=2,
)


def _element(name: str, attributes: dict[str, str], inside: list[str]) -> str:
    said = "".join(f' {key}="{value.replace("&", "&amp;").replace("<", "&lt;")}"' for key, value in attributes.items())
    return f"<{name}{said}>{''.join(inside)}</{name}>"


NARRATIVES = st.recursive(
    st.text(alphabet="abé01 \n", max_size=5),
    lambda inside: st.builds(_element, st.sampled_from(NAMES), ATTRIBUTES, st.lists(inside, max_size=4)),
    max_leaves=25,
)


@settings(max_examples=300)
@given(st.lists(NARRATIVES, max_size=4))
def test_any_narrative_is_balanced_html_with_all_its_text_once_and_in_order(parts: list[str]) -> None:
    data = cda(body=structured("".join(parts)))
    document = read(data).document
    assert document is not None
    shown = Shown(render_html(document, media_url=lambda name: None))
    assert shown.squeezed == narrative_text(data)
    assert len(set(shown.ids())) == len(shown.ids())
    for tag, attributes in shown.tags:
        assert tag not in ("script", "style", "iframe", "svg", "object")
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        assert re.fullmatch(r"https://a\.fr/|#cda-n-\w+", attributes.get("href") or "#cda-n-x")
    assert squeezed(text_of(document)) == squeezed("Synthèse médicale") + narrative_text(data)


@settings(max_examples=200)
@given(st.data())
def test_a_mutated_document_never_raises(data: st.DataObject) -> None:
    whole = bytearray(cda(body=structured("<table><tr><th ID='a'>b</th></tr></table><linkHtml href='#a'>c</linkHtml>")))
    for _ in range(data.draw(st.integers(1, 4))):
        at, length = data.draw(st.integers(0, len(whole) - 1)), data.draw(st.integers(0, 40))
        whole[at : at + length] = data.draw(
            st.one_of(
                st.binary(max_size=8),
                st.sampled_from([b"<id/>", b"<text>", b"&#0;", b"<!--", b"]]>", b'value="x"', b"<a>", b"\xff"]),
            )
        )
    result = read(bytes(whole))
    assert (result.document is None) == bool(result.problems)
    if result.document is not None:
        Shown(render_html(result.document, media_url=lambda name: "/m"))
        text_of(result.document)


@given(st.binary(max_size=300))
def test_arbitrary_bytes_never_raise(data: bytes) -> None:
    assert read(data).document is None
