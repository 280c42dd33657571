"""Words are taken out of files in a process of its own: whatever a file does to it, the others are read."""

from collections.abc import Sequence

import pikepdf
import pytest

from espace.clinical.adapters import File, Words, plain, words, words_of
from espace.clinical.facts import Unread
from espace.kernel.words import Refused
from espace.record.adapters.apart import Turns
from wire.files_made import RTF, pdf_saying

LOCKED = pikepdf.Encryption(owner="o", user="u", R=6)
OPEN = pikepdf.Encryption(owner="o", user="", R=6)
MOST = 200_000


def said(*files: bytes, most: int = MOST) -> list[str | Unread]:
    kinds = ("application/rtf" if data.startswith(b"{") else "application/pdf" for data in files)
    found = words_of([File(kind, data) for kind, data in zip(kinds, files, strict=True)], most=most)
    return [one.fault or one.words for one in found]


def test_each_file_has_its_own_answer() -> None:
    glycated = "Hémoglobine glyquée (HbA1c) : 7,2 %"
    assert said(
        pdf_saying(glycated), RTF, b"%PDF-1.7 rubbish", pdf_saying("secret", protection=LOCKED),
        pdf_saying("ouvert à tous", protection=OPEN), pdf_saying(""), pdf_saying("TSH", pages=2),
    ) == [
        glycated, "Glycémie 5,1 mmol/L", Unread.BROKEN, Unread.LOCKED,
        "ouvert à tous", Unread.NO_WORDS, "TSH\nTSH",
    ]  # fmt: skip
    assert said() == []


def test_a_thousand_pages_are_read_as_far_as_is_asked() -> None:
    (found,) = said(pdf_saying("mot", pages=1000, most=20))
    assert isinstance(found, str) and found.count("mot") == 20_000
    (cut,) = said(pdf_saying("mot", pages=1000, most=20), most=10)
    assert cut == "mot\nmot\n"


def raw_pdf(*objects: bytes) -> bytes:
    """The first one is the catalogue."""
    body, places = b"%PDF-1.7\n", list[int]()
    for number, one in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    head = b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, table)
    return b"%s%strailer<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF" % (body, head, count, len(body))


CATALOGUE, BLANK = b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Page/MediaBox[0 0 9 9]>>"
HOSTILE = (
    raw_pdf(CATALOGUE, b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2000000000>>"),
    raw_pdf(CATALOGUE, *(b"<</Type/Pages/Kids[%d 0 R]/Count 9>>" % (n + 1) for n in range(2, 3000)), BLANK),
    raw_pdf(
        CATALOGUE, *(b"<</Type/Pages/Kids[%s]/Count 9>>" % (b"%d 0 R " % (n + 1) * 50) for n in range(2, 20)), BLANK
    ),
    raw_pdf(CATALOGUE, b"<</A" * 200_000),
    b"{\\rtf1 " + b"{" * 100_000 + b"profond",
    b"{\\rtf1 \\bin999999999 loin}",
    b"",
    b"PK\3\4",
)


def test_files_made_to_hurt_say_nothing_and_those_after_them_are_read() -> None:
    """Pages within themselves, pages beyond number, groups without an end, what is no PDF."""
    found = said(*HOSTILE, pdf_saying("après"))
    assert found == [*[Unread.NO_WORDS] * 6, Unread.BROKEN, Unread.BROKEN, "après"]


@pytest.fixture
def bomb(monkeypatch: pytest.MonkeyPatch) -> bytes:
    """A page for which a process has no memory: it ends there."""
    monkeypatch.setattr(words, "MEMORY", 160 * 1024 * 1024)
    found = pdf_saying("A" * 30, most=200_000)
    assert len(found) < 60_000
    return found


def test_a_bomb_is_given_up_and_the_others_are_read(bomb: bytes) -> None:
    assert said(pdf_saying("avant"), bomb, pdf_saying("après")) == ["avant", Unread.TOO_LARGE, "après"]


def test_what_takes_too_long_is_left_for_later(monkeypatch: pytest.MonkeyPatch, bomb: bytes) -> None:
    monkeypatch.setattr(words, "PATIENCE", 0)
    assert said(bomb, pdf_saying("après")) == [Unread.TOO_LARGE]


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (b'{"words":"a"}\n{"words":"b"}\n{"words":"c"}\n', ["a", "b"]),
        (b'{"words":"abcdef"}\n{"fault":"locked"}\n', ["abc", Unread.LOCKED]),
        (b'{"words":"a"}\n{"fault":"anything"}\n', ["a", Unread.BROKEN]),
        (b'{"words":"a"}\n{"words":"cut', ["a", Unread.BROKEN]),
        (b"", [Unread.BROKEN, Unread.BROKEN]),
        (b"\n\n\n", [Unread.BROKEN, Unread.BROKEN]),
    ],
)
def test_what_the_process_answers_is_not_trusted(
    monkeypatch: pytest.MonkeyPatch, answer: bytes, found: Sequence[str | Unread]
) -> None:
    answers = iter((answer,))
    monkeypatch.setattr(words, "answered", lambda *_, **__: (b"{}\n" + next(answers, b""), True))
    assert said(b"%PDF-", b"%PDF-", most=3) == list(found)


def test_an_answer_is_read_up_to_its_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(words, "answered", lambda *_, most: (asked.append(most), (b"{}\n", False))[1])
    assert said(b"%PDF-", most=10) == [Unread.TOO_LARGE]
    assert asked == [180]


@pytest.mark.parametrize("answer", [b"", b"Traceback\n"])
def test_a_process_that_was_never_ready_accuses_no_file(monkeypatch: pytest.MonkeyPatch, answer: bytes) -> None:
    monkeypatch.setattr(words, "answered", lambda *_, **__: (answer, True))
    with pytest.raises(Refused) as refused:
        said(b"%PDF-")
    assert refused.value.reason.code == "temporarily_unavailable"


def test_too_many_at_once_are_told_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    turns = Turns(at_once=1, waiting=0, seconds=0)
    monkeypatch.setattr(words, "_TURNS", turns)
    with turns.taken(), pytest.raises(Refused) as refused:
        said(pdf_saying("TSH"))
    assert refused.value.reason.code == "files_busy"


def test_a_plain_text_is_read_in_the_letters_that_it_has() -> None:
    assert plain("\ufeffGlycémie".encode()) == "Glycémie"
    assert plain("Glycémie".encode("cp1252")) == "Glycémie"
    assert Words("a").fault is None
