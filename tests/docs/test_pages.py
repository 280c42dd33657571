"""The pages: links lead somewhere, named files exist, the glossary and the dependencies are complete."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from enum import Enum
from importlib import import_module
from importlib.metadata import distribution, packages_distributions
from pathlib import Path

import pytest

from docs.generate import ROOT
from espace.site.config import BadConfiguration, load, whole
from espace.site.variables import VARIABLES, bounds

DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), ROOT / "README.md", ROOT / "CHANGELOG.md"])

_LINK = re.compile(r"\[[^\]]*\]\((?P<target>[^)\s]+)\)")
_FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_NAMED_FILE = re.compile(r"`((?:src|tests|docs|requirements)/[\w./-]+)`")


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def words(path: Path) -> str:
    """A page without its blocks of code."""
    return _FENCE.sub("", path.read_text(encoding="utf-8"))


def anchors(path: Path) -> set[str]:
    """What a heading is called in an address: lower case, words joined by hyphens."""
    headings = re.findall(r"^#+ (.+)$", words(path), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


# --- every page ---------------------------------------------------------------------------------------------


def test_links_lead_to_something_in_the_repository() -> None:
    assert {named(page): faults for page in PAGES if (faults := list(broken_links(page)))} == {}


def broken_links(page: Path) -> Iterator[str]:
    for found in _LINK.finditer(words(page)):
        target, _, anchor = found["target"].partition("#")
        if target.startswith(("http://localhost:", "https://")):
            continue
        there = (page.parent / target).resolve() if target else page
        if not there.exists():
            yield f"{found['target']} leads nowhere"
        elif anchor and anchor not in anchors(there):
            yield f"{found['target']}: no such heading"


def test_named_files_exist() -> None:
    assert [
        (named(page), name) for page in PAGES for name in _NAMED_FILE.findall(words(page)) if not (ROOT / name).exists()
    ] == []


def test_a_page_says_nothing_of_the_machine_where_it_was_written() -> None:
    machine = re.compile(r"/(?:work|tmp|root)/\S*|pypi\S*|npmjs\S*")
    assert [(named(page), said) for page in PAGES for said in machine.findall(page.read_text(encoding="utf-8"))] == []


def test_a_page_has_one_title_and_closes_its_code() -> None:
    titles = {named(page): len(re.findall(r"^# .", words(page), re.MULTILINE)) for page in PAGES}
    assert {name: count for name, count in titles.items() if count != 1} == {}
    fences = {named(page): len(re.findall(r"^```", page.read_text(encoding="utf-8"), re.MULTILINE)) for page in PAGES}
    assert {name: count for name, count in fences.items() if count % 2} == {}
    assert len(titles) > 100


def test_every_page_can_be_reached_from_the_first_one() -> None:
    reached: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached:
            continue
        reached.add(page)
        targets = (found["target"].partition("#")[0] for found in _LINK.finditer(words(page)))
        there = ((page.parent / target).resolve() for target in targets if target.endswith(".md"))
        waiting += [one for one in there if one.exists()]
    assert set(PAGES) - reached == set()


# --- decisions ----------------------------------------------------------------------------------------------

DECISIONS = sorted((DOCS / "adr").glob("0*.md"))


def test_a_decision_fits_one_page_and_has_its_four_parts() -> None:
    texts = {named(page): page.read_text(encoding="utf-8") for page in DECISIONS}
    parts = {name: re.findall(r"^## (.+)$", text, re.MULTILINE) for name, text in texts.items()}
    assert {
        name: said for name, said in parts.items() if said != ["Context", "Decision", "Refused", "Consequences"]
    } == {}
    assert {name: count for name, text in texts.items() if (count := len(text.split())) > 450} == {}


def test_decisions_are_numbered_without_a_gap_and_listed() -> None:
    numbers = [int(page.name[:4]) for page in DECISIONS]
    assert numbers == list(range(1, len(numbers) + 1))
    listed = (DOCS / "adr" / "README.md").read_text(encoding="utf-8")
    assert [page.name for page in DECISIONS if page.name not in listed] == []


# --- glossary -----------------------------------------------------------------------------------------------

VOCABULARIES = (
    "kernel.words",
    "access.facts",
    "keys.facts",
    "trace.facts",
    "outbox.events",
    "enrolment.facts",
    "identity.facts.mandates",
    "identity.facts.recovery",
    "clinical.facts.extracted",
    "clinical.facts.profile",
    "clinical.rules.analytes",
    "clinical.rules.changes",
    "clinical.rules.reconciling",
    "workstation.pages.medicines.choosing",
    "clinical.rules.writing.choosing",
    "clinical.rules.writing.drafting",
    "clinical.rules.childhood.values",
    "clinical.rules.marking",
    "clinical.rules.merging",
    "clinical.rules.trends",
    "clinical.rules.vaccines.values",
    "record.facts.documents",
    "record.facts.searching",
    "site.backup.facts",
    "site.config",
    "wire.dmp.addressing",
    "wire.dmp.authorising",
    "wire.dmp.listing",
    "wire.ebxml.schemes",
    "wire.fhir.provide_bundle",
    "wire.fhir.searching.parameters",
    "wire.fhir.searching.query",
    "wire.fhir.searching.values",
    "wire.hl7v2.values",
    "wire.hl7v3.existence",
    "wire.saml.certificates",
    "wire.xds",
    "wire.saml.vihf",
    "site.conform.facts",
    "site.bench.facts",
    "site.bench.crash.facts",
    "site.bench.theft.facts",
    "site.demo.relations",
    "site.refusals.facts",
    "site.sandbox.facts",
    "notices.facts",
    "record.events",
)


def labels() -> Iterator[tuple[str, str]]:
    for name in VOCABULARIES:
        module = import_module(f"espace.{name}")
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, Enum) and value.__module__ == module.__name__:
                said = [str(member.value) for member in value]
                # What a standard fixed as a URN is a number, not a word.
                yield from ((value.__name__, one) for one in said if one and not one.startswith("urn:"))


def test_no_closed_list_is_left_out_of_the_glossary() -> None:
    enums = re.compile(r"^class \w+\((?:Str|Int)?Enum\)", re.MULTILINE)
    found = {
        str(path.relative_to(ROOT / "src" / "espace").with_suffix("")).replace("/", ".")
        for path in (ROOT / "src" / "espace").rglob("*.py")
        if enums.search(path.read_text(encoding="utf-8"))
    }
    assert found - set(VOCABULARIES) == set()


def test_every_word_of_the_closed_lists_is_in_the_glossary() -> None:
    page, said = (DOCS / "glossary.md").read_text(encoding="utf-8"), sorted(set(labels()))
    assert len(said) > 500
    assert [(enum, label) for enum, label in said if f"`{label}`" not in page] == []


# --- dependencies -------------------------------------------------------------------------------------------

_ROW = re.compile(r"^\| `(?P<name>[\w.-]+)` \| (?P<licence>[^|]+?) \|", re.MULTILINE)
_AS_SPDX = {
    "BSD 2-Clause License": "BSD-2-Clause",
    "pytest-django is released under the BSD (3-clause) license": "BSD-3-Clause",
    "Apache Software License": "Apache-2.0",
    "MIT License": "MIT",
    "BSD": "BSD-3-Clause",
}


def declared(requirements: list[str]) -> list[str]:
    return sorted(re.split(r"[^\w.-]", requirement, maxsplit=1)[0] for requirement in requirements)


def licence_of(package: str) -> str:
    """The licence that an installed package states: expression, field, classifier, or the file it comes with."""
    stated = distribution(package)
    fields = stated.metadata
    classifiers = [one.split(" :: ")[-1] for one in fields.get_all("Classifier", []) if one.startswith("License ::")]
    said = next(iter([*fields.get_all("License-Expression", []), *fields.get_all("License", []), *classifiers]), "")
    if not said:
        files = [file for file in stated.files or [] if "LICENSE" in file.name.upper()]
        said = files[0].read_text().strip() if files else ""
    first = said.splitlines()[0].strip().rstrip(".") if said else ""
    return _AS_SPDX.get(first, first)


@pytest.mark.parametrize(
    ("heading", "path"), [("To run", ("project", "dependencies")), ("To test and check", ("dependency-groups", "dev"))]
)
def test_the_dependencies_are_those_of_the_project_with_their_licences(heading: str, path: tuple[str, str]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    section = (DOCS / "dependencies.md").read_text(encoding="utf-8").split(f"## {heading}\n")[1].split("\n## ")[0]
    rows = {row["name"]: row["licence"] for row in _ROW.finditer(section)}
    assert sorted(rows) == declared(project[path[0]][path[1]])
    assert {name: licence for name, licence in rows.items() if licence_of(name) != licence} == {}


def test_what_the_program_imports_is_declared_or_said_to_come_with_a_declared_part() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    allowed = set(declared(project["project"]["dependencies"]))
    imported: set[str] = set()
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                imported.add(node.module.partition(".")[0])
    owners = packages_distributions()
    foreign = imported - set(sys.stdlib_module_names) - {"espace", "_typeshed"}
    known = {name: {one.lower().replace("_", "-") for one in owners.get(name, [])} for name in foreign}
    undeclared = {name for name, by in known.items() if not by & allowed}
    page = (DOCS / "dependencies.md").read_text(encoding="utf-8")
    assert {name for name in undeclared if f"`{name}`" not in page} == set()


# --- configuration ------------------------------------------------------------------------------------------

CONFIGURATION = DOCS / "reference" / "configuration.md"


def test_every_variable_that_the_code_reads_is_explained_and_no_other() -> None:
    site = ROOT / "src" / "espace" / "site"
    read = set()
    for path in site.rglob("*.py"):
        if path != site / "variables.py":
            read |= set(re.findall(r"\"(ESPACE_[A-Z_]+)\"", path.read_text(encoding="utf-8")))
    explained = set(re.findall(r"`(ESPACE_[A-Z_]+)`", CONFIGURATION.read_text(encoding="utf-8")))
    assert explained == read
    # What the program sets itself is said in a sentence; all the rest has its row.
    assert read - set(VARIABLES) == {"ESPACE_BOUND_TO_PARENT", "ESPACE_TESTBED"}
    assert set(VARIABLES) <= read


@pytest.mark.parametrize("name", [name for name, one in VARIABLES.items() if one.bounds])
def test_the_bounds_that_are_written_are_kept(name: str) -> None:
    least, most = bounds(name)
    assert [whole({name: str(value)}, name) for value in (least, most)] == [least, most]
    for value in (least - 1, most + 1):
        with pytest.raises(BadConfiguration, match=f"^{name} must be a whole number between {least} and {most}"):
            whole({name: str(value)}, name)


def test_the_defaults_that_are_written_are_taken() -> None:
    rows = dict(re.findall(r"^\| `(ESPACE_[A-Z_]+)` \|([^|]*)\|", CONFIGURATION.read_text("utf-8"), re.MULTILINE))
    config = load({"ESPACE_HOME": "/nowhere"})
    assert rows["ESPACE_PORT"] == f" {config.port} "
    assert rows["ESPACE_MAIL_FROM"] == f" `{config.mail_from}` "
    assert rows["ESPACE_MAX_DOCUMENT_BYTES"] == f" {config.max_document_bytes} "
    assert rows["ESPACE_METRICS_TOKEN"].strip() == config.metrics_token == ""
