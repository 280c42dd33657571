"""Tables that a narrow page lays out as cards, and those that it leaves as they are."""

import pytest

from espace.wire.cda import render_html
from wire.cda.cda_samples import cda, read, structured

HEAD = "<thead><tr><th>Nom &lt;</th><th>Dose</th></tr></thead>"
BODY = "<tbody><tr><td>a</td><td>-</td></tr></tbody>"


def shown(narrative: str) -> str:
    document = read(cda(body=structured(narrative))).document
    assert document is not None
    page = render_html(document, media_url=lambda name: None, cards=True)
    return page.partition('<div class="cda-text">')[2].removesuffix("</div></section>")


def test_each_cell_bears_the_title_of_its_column_and_each_element_its_role() -> None:
    row = "<tr ID='r'><th>a</th><td styleCode='Bold' ID='d'><content>1</content></td></tr>"
    assert shown(f"<table ID='t'>{HEAD}<tbody>{row}<tr><td>b</td><td> - </td></tr></tbody></table>") == (
        '<div class="cda-table" role="group" tabindex="0" aria-labelledby="cda-s-1-t">'
        '<table id="cda-n-t" role="table" data-cards><thead role="rowgroup"><tr role="row">'
        '<th role="columnheader" scope="col">Nom &lt;</th><th role="columnheader" scope="col">Dose</th></tr></thead>'
        '<tbody role="rowgroup"><tr id="cda-n-r" role="row">'
        '<th role="rowheader" data-label="Nom &lt;" scope="row">a</th>'
        '<td id="cda-n-d" class="cda-bold" role="cell" data-label="Dose"><span>1</span></td></tr>'
        '<tr role="row"><td role="cell" data-label="Nom &lt;">b</td>'
        '<td role="cell" data-label="Dose" data-empty> - </td></tr></tbody></table></div>'
    )


@pytest.mark.parametrize(
    "inside",
    [
        BODY,
        HEAD,
        f"<thead/>{BODY}",
        HEAD.replace("Dose", "") + BODY,
        HEAD.replace("Dose", "d" * 201) + BODY,
        HEAD.replace("</thead>", "<tr><th>c</th><th>d</th></tr></thead>") + BODY,
        HEAD + "<tbody><tr><td>a</td></tr></tbody>",
        HEAD + "<tbody><tr><td colspan='2'>a</td><td>b</td></tr></tbody>",
        HEAD + "<tbody><tr><td rowspan='2'>a</td><td>b</td></tr></tbody>",
        HEAD + BODY + "<tfoot><tr><td>a</td><td>b</td></tr></tfoot>",
        HEAD + BODY + "<tr><td>a</td><td>b</td></tr>",
        HEAD + "<tbody><tr><td>a</td><td><table><tr><td>b</td></tr></table></td></tr></tbody>",
        HEAD + "<tbody>" + "<tr><td>a</td><td>b</td></tr>" * 1000 + "</tbody>",
    ],
)
def test_what_cannot_be_labelled_for_certain_stays_a_table(inside: str) -> None:
    page = shown(f"<table>{inside}</table>")
    assert "data-cards" not in page and "data-label" not in page and "<table>" in page


def test_a_table_beside_has_nothing_of_another_one_s() -> None:
    page = shown(f"<table>{HEAD}{BODY}</table><table><tr><td>c</td></tr></table>")
    assert page.count("data-cards") == 1 and page.endswith("<table><tr><td>c</td></tr></table></div>")


def test_nobody_who_does_not_ask_gets_any() -> None:
    document = read(cda(body=structured(f"<table>{HEAD}{BODY}</table>"))).document
    assert document is not None
    assert "data-" not in render_html(document, media_url=lambda name: None)
