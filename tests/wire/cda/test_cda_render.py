"""The narrative as HTML: each construct of StrucDoc, and each attack CDA-01 to CDA-18 of the catalogue."""

import pytest

from espace.wire.cda import render_html, text_of
from wire.cda.cda_samples import cda, codes, read, rendered, section, structured, with_header

NOTE = '<span class="cda-note"> (site externe)</span>'
BOX = '<div class="cda-table" role="group" tabindex="0" aria-labelledby="cda-s-1-t">'


def table(inside: str) -> str:
    return f"{BOX}<table>{inside}</table></div>"


@pytest.mark.parametrize(
    ("narrative", "html"),
    [
        ("texte nu &lt;&amp;&gt; \" '", "texte nu &lt;&amp;&gt; \" '"),
        ("<paragraph>a</paragraph>", "<p>a</p>"),
        (
            "<paragraph ID='x' styleCode='Bold xallIndent inconnu'>a</paragraph>",
            '<p id="cda-n-x" class="cda-bold cda-indent">a</p>',
        ),
        ("<paragraph>a<br/>b</paragraph>", "<p>a<br>b</p>"),
        ("<paragraph><caption>t</caption>a</paragraph>", '<p><span class="cda-caption">t</span>a</p>'),
        (
            "<paragraph>a<list><item>b</item></list>c</paragraph>",
            '<div class="cda-paragraph">a<div class="cda-list"><ul><li>b</li></ul></div>c</div>',
        ),
        ("<content>a</content>", "<span>a</span>"),
        ("<content styleCode='bold'>a</content>", '<strong class="cda-bold">a</strong>'),
        ("<content styleCode='Italics'>a</content>", '<em class="cda-italics">a</em>'),
        ("<content styleCode='BoldItalics'>a</content>", '<strong class="cda-bold cda-italics">a</strong>'),
        ("<content styleCode='Underline'>a</content>", '<span class="cda-underline">a</span>'),
        (
            "<content revised='delete'>a</content><content revised='insert'>b</content>",
            "<del><span>a</span></del><ins><span>b</span></ins>",
        ),
        ("H<sub>2</sub>O<sup>+</sup>", "H<sub>2</sub>O<sup>+</sup>"),
        ("<list><item>a</item><item>b</item></list>", '<div class="cda-list"><ul><li>a</li><li>b</li></ul></div>'),
        (
            "<list listType='ordered' styleCode='LittleAlpha'><item>a</item></list>",
            '<div class="cda-list"><ol type="a"><li>a</li></ol></div>',
        ),
        (
            "<list><caption>t</caption><item>a</item></list>",
            '<div class="cda-list"><p class="cda-caption">t</p><ul><li>a</li></ul></div>',
        ),
        (
            "<table border='1' width='100%'><caption>t</caption><thead><tr><th>a</th></tr></thead>"
            "<tbody><tr><td>b</td></tr></tbody><tfoot><tr><td>c</td></tr></tfoot></table>",
            table(
                '<caption>t</caption><thead><tr><th scope="col">a</th></tr></thead>'
                "<tbody><tr><td>b</td></tr></tbody><tfoot><tr><td>c</td></tr></tfoot>"
            ),
        ),
        (
            "<table><tbody><tr><th>a</th><td>b</td></tr></tbody></table>",
            table('<tbody><tr><th scope="row">a</th><td>b</td></tr></tbody>'),
        ),
        (
            "<table><tbody><tr><th>a</th><th>b</th></tr></tbody></table>",
            table('<tbody><tr><th scope="col">a</th><th scope="col">b</th></tr></tbody>'),
        ),
        (
            "<table><tbody><tr><th scope='rowgroup' abbr='x'>a</th></tr></tbody></table>",
            table('<tbody><tr><th scope="rowgroup" abbr="x">a</th></tr></tbody>'),
        ),
        (
            "<table><thead><tr><th/><th align='right'>a</th></tr></thead></table>",
            table('<thead><tr><td></td><th class="cda-right" scope="col">a</th></tr></thead>'),
        ),
        (
            "<table><tr><td colspan='3' rowspan='2'>a</td><td colspan='1' rowspan='0'>b</td></tr></table>",
            table('<tr><td colspan="3" rowspan="2">a</td><td>b</td></tr>'),
        ),
        (
            "<footnote ID='f'>a</footnote>b<footnoteRef IDREF='f'/>",
            '<span id="cda-n-f" class="cda-footnote">a</span>b'
            '<a class="cda-note" href="#cda-n-f" aria-label="Voir la note">*</a>',
        ),
        (
            "<content ID='c'>a</content><linkHtml href='#c'>b</linkHtml>",
            '<span id="cda-n-c">a</span><a href="#cda-n-c">b</a>',
        ),
        ("<linkHtml href='#absent'>b</linkHtml>", '<span class="cda-link-removed">b</span>'),
        ("<content ID='c'>a</content><content ID='c'>b</content>", '<span id="cda-n-c">a</span><span>b</span>'),
        ("<content ID='a b'>a</content><content ID='&quot;&gt;'>b</content>", "<span>a</span><span>b</span>"),
    ],
)
def test_each_construct_has_its_html(narrative: str, html: str) -> None:
    assert rendered(narrative) == html


@pytest.mark.parametrize(
    ("narrative", "html"),
    [
        (
            "<table>x<tr>y<td>a</td>z</tr>w</table>",
            table(
                "<tbody><tr><td>x</td></tr></tbody><tr><td>y</td><td>a</td><td>z</td></tr>"
                "<tbody><tr><td>w</td></tr></tbody>"
            ),
        ),
        (
            "<table><tbody>x<paragraph>y</paragraph></tbody></table>",
            table("<tbody><tr><td>x</td></tr><tr><td><p>y</p></td></tr></tbody>"),
        ),
        ("<table><inconnu><tr><td>a</td></tr></inconnu><br/></table>", table("<tr><td>a</td></tr>")),
        (
            "<table><tr><td>a</td></tr><caption>t</caption></table>",
            table("<tr><td>a</td></tr><tbody><tr><td>t</td></tr></tbody>"),
        ),
        ("<table><colgroup><col/>x</colgroup></table>", table("<tbody><tr><td>x</td></tr></tbody>")),
        (
            "<list>x<item>a</item><content>b</content></list>",
            '<div class="cda-list"><ul><li>x</li><li>a</li><li><span>b</span></li></ul></div>',
        ),
        ("<tr><td>a</td></tr>", '<div class="cda-loose"><div class="cda-loose">a</div></div>'),
        ("<item>a</item>", '<div class="cda-loose">a</div>'),
        ("<content>a<table><tr><td>b</td></tr></table></content>", f"<div>a{table('<tr><td>b</td></tr>')}</div>"),
        ("a<inconnu>b<!-- c --></inconnu>d<?e f?>", "abd"),
    ],
)
def test_what_stands_where_html_forbids_it_keeps_its_text_in_order(narrative: str, html: str) -> None:
    assert rendered(narrative) == html


def test_a_paragraph_of_more_than_32_elements_is_a_block() -> None:
    assert rendered("<paragraph>a" + "<br/>" * 32 + "</paragraph>") == "<p>a" + "<br>" * 32 + "</p>"
    assert rendered("<paragraph>a" + "<br/>" * 33 + "</paragraph>") == (
        '<div class="cda-paragraph">a' + "<br>" * 33 + "</div>"
    )


def test_sections_are_headings_below_one_another() -> None:
    deepest = "<component><section><text>d</text></section></component>"
    inner = f"<component><section><title>B</title><text>c</text>{deepest}</section></component>"
    body = f"<component><structuredBody>{section('a', 'A &lt;', inner)}{section('e', 'E')}</structuredBody></component>"
    document = read(cda(body=body)).document
    assert document is not None
    assert render_html(document, media_url=lambda name: None) == (
        '<section id="cda-s-1"><h2 id="cda-s-1-t">A &lt;</h2><div class="cda-text">a</div>'
        '<section id="cda-s-1-1"><h3 id="cda-s-1-1-t">B</h3><div class="cda-text">c</div>'
        '<section id="cda-s-1-1-1"><div class="cda-text">d</div></section></section></section>'
        '<section id="cda-s-2"><h2 id="cda-s-2-t">E</h2>'
        '<div class="cda-text">e</div></section>'
    )
    assert text_of(document) == "Synthèse médicale\nA <\na\nB\nc\nd\nE\ne\n"


def test_plain_text_has_a_line_for_each_row_and_item() -> None:
    narrative = "<table><tr><th>a</th><td>b</td></tr></table><list><item>c</item><item>d</item></list>e<br/>f"
    document = read(cda(body=structured(narrative))).document
    assert document is not None
    assert text_of(document) == "Synthèse médicale\nSection\na\tb\t\n\nc\nd\n\ne\nf\n"


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java&#9;script:alert(1)",
        "&#x85;javascript:alert(1)",
        "vbscript:x",
        "data:text/html,x",
        "//evil.example",
        "/logout",
        "/fhir/Patient",
        "logout",
        "http://www.example.org/wado",
        "file:///etc",
        "\\\\evil",
        "https:evil",
        "https:///evil",
        "https://a@evil.example/",
        "https://evil.example/&quot;onclick=&quot;x",
        "https://evil.example/&lt;script",
        "https://evil.example/&#x202E;x",
        "ftp://x",
        "mailto:a@b",
        "",
        "#",
        "https://é.fr/",
        "https://www.ameli.fr\\@evil.example/",
    ],
)
def test_cda_01_to_04_a_link_elsewhere_keeps_its_text_and_loses_its_target(href: str) -> None:
    assert rendered(f'a<linkHtml href="{href}">b</linkHtml>c') == 'a<span class="cda-link-removed">b</span>c'


@pytest.mark.parametrize(
    "href", ["https://www.ameli.fr/", "https://www.ameli.fr:443/a?b=c&amp;d#e", "HTTPS://WWW.AMELI.FR"]
)
def test_cda_05_an_https_link_works_and_says_that_it_leaves(href: str) -> None:
    assert rendered(f'<linkHtml href="{href}" onclick="x()">b</linkHtml>') == (
        f'<a class="cda-external" rel="noopener noreferrer" href="{href}">b{NOTE}</a>'
    )


def test_a_link_without_text_shows_its_address_and_links_do_not_nest() -> None:
    assert rendered("<linkHtml href='https://a.fr/'/>") == (
        '<a class="cda-external" rel="noopener noreferrer" href="https://a.fr/">'
        f'<span class="cda-note">https://a.fr/</span>{NOTE}</a>'
    )
    assert rendered(
        "<linkHtml href='https://a.fr/'>b<content><linkHtml href='https://c.fr/'>d</linkHtml></content></linkHtml>"
    ) == (
        '<a class="cda-external" rel="noopener noreferrer" href="https://a.fr/">b<span>'
        f'<span class="cda-link-removed">d</span></span>{NOTE}</a>'
    )


def test_cda_06_handlers_and_styles_are_dropped() -> None:
    narrative = (
        "<table onmouseover='x()' style='position:fixed'><tr onclick='x()'>"
        "<td style='a' onfocus='x()' background='//e'>"
        "b</td></tr></table>"
    )
    assert rendered(narrative) == table("<tr><td>b</td></tr>")


def test_cda_07_a_word_in_an_attribute_stops_nothing() -> None:
    narrative = "<table><tr><th abbr='formation JavaScript &lt;&quot;'>a</th></tr></table>"
    assert rendered(narrative) == table('<tr><th scope="col" abbr="formation JavaScript &lt;&quot;">a</th></tr>')


@pytest.mark.parametrize("value", ["//tracker.example/p.gif", "/api/logout", "https://tracker.example/"])
def test_cda_08_a_media_by_reference_is_not_shown(value: str) -> None:
    reference = f"<value mediaType='image/png'><reference value='{value}'/></value>"
    rest = f"<entry><observationMedia ID='m'>{reference}</observationMedia></entry>"
    assert rendered("<renderMultiMedia referencedObject='m'/>", rest) == (
        '<span class="cda-media"><span class="cda-note">Pièce jointe qui ne peut pas être affichée.</span></span>'
    )


PNG = "<value mediaType='{}' representation='B64'>iVBORw0KGgoAAA==</value>"


@pytest.mark.parametrize("kind", ["image/png", "image/png,x&quot; onerror=&quot;a()", "image/svg+xml", "text/html", ""])
def test_cda_09_10_and_12_the_type_of_a_media_is_never_the_one_declared(kind: str) -> None:
    rest = f"<entry><observationMedia ID='m'>{PNG.format(kind)}</observationMedia></entry>"
    assert rendered(
        "<renderMultiMedia referencedObject='m'><caption>Un \"schéma\"</caption></renderMultiMedia>", rest
    ) == (
        '<span class="cda-media"><img src="/media/m" alt="Un &quot;schéma&quot;" loading="lazy">'
        '<span class="cda-caption">Un "schéma"</span></span>'
    )


def test_cda_13_a_pdf_is_offered_by_the_address_given() -> None:
    rest = (
        "<entry><observationMedia ID='m'><value mediaType='application/pdf' representation='B64'>JVBERi0xLjc=</value>"
        "</observationMedia></entry>"
    )
    assert rendered("<renderMultiMedia referencedObject='m'/>", rest) == (
        '<span class="cda-media"><a class="cda-note" href="/media/m">Ouvrir la pièce jointe (PDF)</a></span>'
    )


@pytest.mark.parametrize(
    "foreign",
    [
        "<h:script xmlns:h='http://www.w3.org/1999/xhtml'>alert(1)</h:script>",
        "<script>alert(1)</script>",
        "<svg xmlns='http://www.w3.org/2000/svg' onload='x()'>alert(1)</svg>",
        "<img onerror='x()' src='x'>alert(1)</img>",
        "<iframe src='//evil'>alert(1)</iframe>",
        "<xsl:value-of xmlns:xsl='http://www.w3.org/1999/XSL/Transform' select='x'>alert(1)</xsl:value-of>",
        "<style>alert(1)</style>",
        "<table xmlns='http://www.w3.org/1999/xhtml'>alert(1)</table>",
        "<![CDATA[alert(1)]]>",
    ],
)
def test_cda_14_an_element_of_another_kind_is_only_its_text(foreign: str) -> None:
    assert rendered(f"a{foreign}b") == "aalert(1)b"


def test_markup_in_text_stays_text() -> None:
    assert rendered("&lt;script&gt;alert(1)&lt;/script&gt;<![CDATA[<img onerror=x>]]>") == (
        "&lt;script&gt;alert(1)&lt;/script&gt;&lt;img onerror=x&gt;"
    )


@pytest.mark.parametrize(
    ("attribute", "html"),
    [
        ("colspan='1000000000'", "<td>b</td>"),
        ("colspan='999999999'", '<td colspan="100">b</td>'),
        ("rowspan='65000'", '<td rowspan="1000">b</td>'),
        ("colspan='-3'", "<td>b</td>"),
        ("colspan='²'", "<td>b</td>"),
        ("width='1000000000px'", "<td>b</td>"),
        ("styleCode='position:fixed; x'", "<td>b</td>"),
        ("styleCode='\"&gt;&lt;script&gt;'", "<td>b</td>"),
        ("align='right\" x=\"'", "<td>b</td>"),
    ],
)
def test_cda_15_spans_are_bounded_and_styles_are_a_closed_list(attribute: str, html: str) -> None:
    quoted = attribute.replace("='", '="').removesuffix("'").replace('"', "&quot;").replace("&quot;", '"', 1) + '"'
    assert rendered(f"<table><tr><td {quoted}>b</td></tr></table>") == table(f"<tr>{html}</tr>")


@pytest.mark.parametrize("style", ["display:none", "Hidden", "hidden", "visibility", "white", "xHidden", "invisible"])
def test_cda_16_nothing_can_hide_a_text(style: str) -> None:
    assert rendered(f"<content styleCode='{style}' hidden='hidden' class='x'>a</content>") == "<span>a</span>"


def test_cda_17_two_patients_in_one_document_refuse() -> None:
    result = read(
        with_header(
            '<id extension="IPP-42" root="1.2.3.4"/>', '<id extension="146026322000196" root="1.2.250.1.213.1.4.8"/>'
        )
    )
    assert codes(result) == ["identities_differ"]


def test_cda_18_a_language_is_only_a_word() -> None:
    document = read(with_header('code="fr-FR"', 'code="../../x"')).document
    assert document is not None and document.entry.language == "../../x"
    assert "../" not in render_html(document, media_url=lambda name: None)


def test_controls_of_direction_are_seen_and_have_no_effect() -> None:
    assert rendered("a\u202eb\u2066c\u2069") == "a\ufffdb\ufffdc\ufffd"
    assert rendered("<table><tr><th abbr='a\u202eb'>c</th></tr></table>") == (
        table('<tr><th scope="col" abbr="ab">c</th></tr>')
    )


def test_an_address_given_by_the_caller_is_escaped() -> None:
    document = read(
        cda(
            body=structured(
                "<renderMultiMedia referencedObject='m'/>",
                rest=(f"<entry><observationMedia ID='m'>{PNG.format('image/png')}</observationMedia></entry>"),
            )
        )
    ).document
    assert document is not None
    assert 'src="/a?b=&quot;&amp;c"' in render_html(document, media_url=lambda name: '/a?b="&c')
