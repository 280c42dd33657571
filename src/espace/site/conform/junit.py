"""Verdicts in JUnit XML, as continuous integration reads it: a suite for each family, a case for each scenario."""

from itertools import groupby

from lxml import etree

from espace.site.conform.facts import FAMILIES, Difference, Report, Result, Verdict
from espace.site.conform.words import RULE, plain, rows, said
from espace.wire.xml import Element


def written(report: Report, language: str) -> bytes:
    """The whole file, in UTF-8."""
    root = etree.Element("testsuites", {"name": "espace conform", **_counts(report.results)})
    for family, group in groupby(report.results, key=lambda one: one.family):
        results = tuple(group)
        told = {
            "name": said(FAMILIES[family], language),
            "timestamp": report.at.removesuffix("Z"),
            "hostname": plain(report.of),
        }
        suite = etree.SubElement(root, "testsuite", {**told, **_counts(results)})
        for one in results:
            _case(suite, one, language)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _counts(results: tuple[Result, ...]) -> dict[str, str]:
    verdicts = [one.verdict for one in results]
    return {
        "tests": str(len(results)),
        "failures": str(verdicts.count(Verdict.FAILED)),
        "errors": "0",
        "skipped": str(verdicts.count(Verdict.NOT_APPLICABLE)),
        "time": f"{sum(one.seconds for one in results):.3f}",
    }


def _case(suite: Element, one: Result, language: str) -> None:
    title = said(one.title, language)
    case = etree.SubElement(
        suite, "testcase", classname=f"conform.{one.family}", name=f"{plain(one.id)}: {title}",
        time=f"{one.seconds:.3f}",
    )  # fmt: skip
    if one.verdict is Verdict.NOT_APPLICABLE and one.why:
        etree.SubElement(case, "skipped", message=said(one.why, language))
    if one.verdict is Verdict.FAILED:
        first = one.differences[0]
        message = f"{said(first.expected, language)}: {plain(first.found)}"
        told = etree.SubElement(case, "failure", type=plain(first.reason or one.id), message=message)
        told.text = "\n\n".join(_lines(one, each, language) for each in one.differences)


def _lines(one: Result, each: Difference, language: str) -> str:
    rule = (said(RULE, language), f"{said(one.rule.said, language)} ({one.rule.source})")
    return "\n".join(f"{name}: {text}" for name, text in (*rows(each, language), rule))
