"""What the kit expects of links, folders, national requests and archives: a right answer, and each almost right one."""

from dataclasses import dataclass

import pytest

from espace.site.conform.answers import Answer
from espace.site.conform.equipment import NOBODY, Equipment, Party, Patient
from espace.site.conform.facts import Step
from espace.site.conform.making import ebxml
from espace.site.conform.scenarios import SCENARIOS
from espace.site.conform.staging import Stage

WHO = Patient()
SUCCESS = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Success"
TITLE = "Document du banc, autrement intitulé"
ADDRESS = "https://sante.example.org/pro/ouvrir/abc/"


@dataclass(frozen=True)
class Row:
    """The body of a right answer to the last step of that kind of a scenario, and what makes it wrong."""

    scenario: str
    step: int
    right: str
    changes: tuple[tuple[str, str], ...]


def stage() -> Stage:
    kit = Equipment("https://localhost", WHO, Party(), Party(), "2.25.7500.1", "https://localhost/xds")
    return Stage(kit, {"entry": "e1", "set": "s"})


def entry(of: Stage, name: str, id_: str, title: str = "") -> str:
    named = f'<Name><LocalizedString value="{title}"/></Name>'
    return f'<ExtrinsicObject id="{id_}">{named}<ExternalIdentifier value="{of.letter(name).oid}"/></ExtrinsicObject>'


def found(*objects: str) -> str:
    return f'<AdhocQueryResponse status="{SUCCESS}">{"".join(objects)}</AdhocQueryResponse>'


def existing(code: str, said: str) -> str:
    observations = "".join(
        f'<administrativeObservation><code code="{name}"/><value code="{value}"/></administrativeObservation>'
        for name, value in (("STATUT_DMP", "ACTIF"), ("AUTORISATION_PS", said))
    )
    return f'<r><patient>{observations}</patient><queryResponseCode code="{code}"/></r>'


def rows(of: Stage) -> tuple[Row, ...]:
    first, second = entry(of, "first", "e1"), entry(of, "second", "e2")
    link = f'<Association associationType="{ebxml.APND}" sourceObject="e2" targetObject="e1"/>'
    folder = f'<RegistryPackage id="f"><ExternalIdentifier value="{ebxml.folder_oid(of)}"/></RegistryPackage>'
    member = '<Association associationType="m" sourceObject="f" targetObject="e1"/>'
    kept = '<Slot name="repositoryUniqueId"><ValueList><Value>2.25.7500.1</Value></ValueList></Slot>'
    package = f'<RegistryPackage id="s"><ExternalIdentifier value="{ebxml.set_uid(of)}"/></RegistryPackage>'
    patient = f'<r><status>OK</status><patientId extension="{WHO.ins}"/></r>'
    return (
        Row("soap-iti41-append", -1, found(first, second, link), ((second, ""), (link, ""), ("APND", "XFRM"))),
        Row("soap-iti41-folder", -2, found(folder), ((folder, ""), (folder, folder * 2))),
        Row("soap-iti41-folder", -1, found(folder, first, member), ((member, ""), (first, ""), ('"e1"/', '"e2"/'))),
        Row("soap-iti57-restate", -1, found(entry(of, "first", "e1", TITLE)), (("autrement", "toujours"),)),
        Row("soap-iti42-register", -1, found(kept), (("2.25.7500.1", "2.25.7500.2"), (kept, ""))),
        Row("soap-iti18-sets", -2, found('<ObjectRef id="s"/>'), (('"s"', '"x"'),)),
        Row(
            "soap-iti18-sets", -1, found(package, folder, first, member),
            ((package, ""), (folder, ""), (first, ""), (member, ""), (package, package * 2)),
        ),
        Row("soap-iti18-folders", -1, found(folder), ((folder, ""), (folder, first))),
        Row("soap-iti18-all", -3, found('<ObjectRef id="e1"/>'), (('"e1"', '"e2"'),)),
        Row("soap-iti18-all", -1, found(member), (('"e1"', '"e2"'),)),
        Row("td02-exists", 0, existing("OK", "NON_EXISTE"), (("ACTIF", "FERME"), ("OK", "NF"))),
        Row("td02-reader", 0, existing("OK", "VALIDE"), (("VALIDE", "EXPIRE"),)),
        Row("td02-nobody", 0, '<r><queryResponseCode code="NF"/></r>', (("<query", "<patient/><query"), ("NF", "OK"))),
        Row("td03-attending", 0, "<r><status>ERREUR</status></r>", (("ERREUR", "OK"), ("<status>ERREUR</status>", ""))),
        Row(
            "td03-authorisation", 1, "<r><status>OK</status><autorisation>NON_EXISTE</autorisation></r>",
            (("NON_EXISTE", "VALIDE"), ("OK", "ERREUR")),
        ),
        Row("td04-patients", 0, patient, ((WHO.ins, NOBODY), ("OK", "ERREUR"))),
        Row(
            "td09-address", 0, f"<r><status>OK</status><adresse>{ADDRESS}</adresse></r>",
            (("abc", WHO.ins), ("https:", "javascript:"), (ADDRESS, "https://[/")),
        ),
    )  # fmt: skip


def step(row: Row) -> Step:
    return next(one for one in SCENARIOS if one.id == row.scenario).steps[row.step]


def differs(row: Row, of: Stage, body: str) -> bool:
    space = "http://www.w3.org/2003/05/soap-envelope"
    data = f'<e:Envelope xmlns:e="{space}"><e:Body>{body}</e:Body></e:Envelope>'.encode()
    answer = Answer(200, {"content-type": "application/soap+xml"}, data)
    return any(one.found(of, answer) for one in step(row).expects)


@pytest.mark.parametrize("number", range(17))
def test_a_right_answer_passes_and_an_almost_right_one_does_not(number: int) -> None:
    of = stage()
    row = rows(of)[number]
    assert not differs(row, of, row.right), row.scenario
    for before, after in row.changes:
        changed = row.right.replace(before, after)
        assert changed != row.right
        assert differs(row, of, changed), (row.scenario, before, after)


ARCHIVED = b'<RegistryResponse xmlns="r" status="urn:x:Failure"><RegistryError errorCode="%s"/></RegistryResponse>'


@pytest.mark.parametrize(
    ("status", "code", "passes"),
    [
        (422, b"XDSRepositoryMetadataError", True),
        (200, b"XDSRepositoryMetadataError", False),
        (422, b"XDSRegistryError", False),
        (500, b"XDSRepositoryMetadataError", False),
    ],
)
def test_a_spoiled_archive_is_refused_with_the_code_of_the_standard(status: int, code: bytes, *, passes: bool) -> None:
    [one] = next(one for one in SCENARIOS if one.id == "xdm-hash").steps
    answer = Answer(status, {"content-type": "application/xml"}, ARCHIVED % code)
    assert passes == (not any(each.found(stage(), answer) for each in one.expects))
