"""Verdicts on one page: whole in its file, without a program, for screens of any width and for paper."""

from collections.abc import Iterator, Sequence
from importlib.resources import files
from itertools import groupby

from espace.site.conform import words
from espace.site.conform.facts import FAMILIES, Difference, Report, Result, Verdict
from espace.site.conform.words import COUNTS, VERDICTS, html, said

_ORDER = (Verdict.FAILED, Verdict.PASSED, Verdict.NOT_APPLICABLE)
_OWN = """
.counts { display: flex; flex-wrap: wrap; gap: var(--s4); margin: 0; }
.stack > .counts, .stack > .said { margin-top: var(--s3); }
.counts > div { flex: 1 1 9rem; }
.counts dt { color: var(--ink-soft); }
.counts dd { margin: 0; font-size: var(--h1); font-weight: 700; line-height: 1.1; }
.verdict { border: 1px solid currentcolor; border-radius: var(--r1); font-size: var(--small); font-weight: 600;
  padding: 0 var(--s2); white-space: nowrap; }
.passed { color: var(--brand); }
.failed { color: var(--alert); }
.not-applicable { color: var(--ink-soft); }
.scenario { border-top: 1px solid var(--line); padding: var(--s3) 0; }
.scenario h3, .scenario h4 { display: flex; flex-wrap: wrap; gap: var(--s2); align-items: baseline; }
.said { display: grid; grid-template-columns: minmax(6rem, 12rem) minmax(0, 1fr); gap: var(--s1) var(--s4); margin: 0; }
.said dt { color: var(--ink-soft); }
.said dd { margin: 0; overflow-wrap: anywhere; }
.wrong { background: var(--alert-wash); border-radius: var(--r2); margin-top: var(--s3); padding: var(--s3) var(--s4); }
code { overflow-wrap: anywhere; }
@media (max-width: 34rem) { .said { grid-template-columns: minmax(0, 1fr); } .said dd { margin-bottom: var(--s2); } }
"""


def written(report: Report, language: str) -> bytes:
    """The whole page, in UTF-8."""
    style = files("espace.looks").joinpath("static/looks/site.css").read_text("utf-8")
    title = said(words.TITLE, language)
    parts = (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n',
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n",
        f"<title>{html(title)} – {html(report.of)}</title>\n<style>\n{style}{_OWN}</style>\n</head>\n<body>\n",
        f'<a class="skip" href="#main">{html(said(words.SKIP, language))}</a>\n',
        f'<main id="main" class="frame stack-wide">\n<div class="stack"><h1>{html(title)}</h1>\n',
        _rows([(said(words.OF, language), html(report.of)), (said(words.AT, language), html(report.at))]),
        "</div>\n",
        _summary(report, language),
        _failures(report, language),
        _everything(report, language),
        f'<p class="soft small">{html(said(words.ABOUT, language))}</p>\n</main>\n</body>\n</html>\n',
    )
    return "".join(parts).encode()


def _summary(report: Report, language: str) -> str:
    counts = "".join(
        f'<div class="card"><dt>{html(said(COUNTS[one], language))}</dt>'
        f'<dd class="{one}">{report.count(one)}</dd></div>'
        for one in _ORDER
    )
    return (
        f'<section class="stack" aria-labelledby="summary"><h2 id="summary">{html(said(words.SUMMARY, language))}</h2>'
        f'<dl class="counts">{counts}</dl></section>\n'
    )


def _failures(report: Report, language: str) -> str:
    failed = [one for one in report.results if one.verdict is Verdict.FAILED]
    inside = "".join(_failure(one, language) for one in failed)
    return (
        f'<section class="stack" aria-labelledby="wrong"><h2 id="wrong">{html(said(words.FAILURES, language))}</h2>'
        f"{inside or f'<p>{html(said(words.NOTHING_WRONG, language))}</p>'}</section>\n"
    )


def _failure(one: Result, language: str) -> str:
    told = "".join(f'<div class="wrong">{_difference(each, language)}</div>' for each in one.differences)
    return f'<article class="scenario stack">{_head(one, language, 3)}{_rule(one, language)}{told}</article>\n'


def _difference(each: Difference, language: str) -> str:
    return _rows([(name, html(text)) for name, text in words.rows(each, language)])


def _everything(report: Report, language: str) -> str:
    return (
        f'<section class="stack-wide" aria-labelledby="all"><h2 id="all">{html(said(words.ALL, language))}</h2>'
        f"{''.join(_families(report, language))}</section>\n"
    )


def _families(report: Report, language: str) -> Iterator[str]:
    for family, group in groupby(report.results, key=lambda one: one.family):
        inside = "".join(_line(one, language) for one in group)
        yield f"<div><h3>{html(said(FAMILIES[family], language))}</h3>{inside}</div>\n"


def _line(one: Result, language: str) -> str:
    why = f'<p class="soft">{html(said(one.why, language))}</p>' if one.why else ""
    return f'<article class="scenario">{_head(one, language, 4)}{why}{_rule(one, language)}</article>\n'


def _head(one: Result, language: str, level: int) -> str:
    verdict = f'<span class="verdict {one.verdict}">{html(said(VERDICTS[one.verdict], language))}</span>'
    id_ = "" if one.id in one.title.fr else f' <code class="small soft">{html(one.id)}</code>'
    return f"<h{level}>{verdict} <span>{html(said(one.title, language))}</span>{id_}</h{level}>"


def _rule(one: Result, language: str) -> str:
    return (
        f'<p class="small">{html(said(one.rule.said, language))} '
        f'<span class="soft">({html(one.rule.source)})</span></p>'
    )


def _rows(rows: Sequence[tuple[str, str]]) -> str:
    """A list of names and values; values are HTML."""
    inside = "".join(f"<dt>{html(name)}</dt><dd>{value}</dd>" for name, value in rows)
    return f'<dl class="said">{inside}</dl>\n'
