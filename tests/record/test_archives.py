"""Archives are opened in a process of their own, with bounds: what it says is what the server believes, and its end is
an answer too."""

import pytest

from espace.kernel.words import Refused
from espace.record.adapters import archives
from xdm_made import zipped

HELD = {"INDEX.HTM": b"<html/>", "ihe_xdm/SUBSET01/A.BIN": bytes(range(256)) * 9, "IHE_XDM/SUBSET01/B.TXT": b"\n"}


def refused(data: bytes, most: int = 10_000) -> tuple[str, str]:
    with pytest.raises(Refused) as caught:
        archives.unpacked(data, folder="IHE_XDM/", most=most)
    return caught.value.reason.code, caught.value.detail


def test_the_files_of_a_folder_come_byte_for_byte() -> None:
    found = archives.unpacked(zipped(HELD), folder="IHE_XDM/", most=10_000)
    assert found == {name: data for name, data in HELD.items() if name != "INDEX.HTM"}


def test_a_name_of_old_tools_stands_in_no_file_s_way() -> None:
    """Archives made on a French desktop have such a copy in PDF beside the folder."""
    data = zipped({**HELD, "CONSULT_e.PDF": b"%PDF"}).replace(b"CONSULT_e.PDF", b"CONSULT_\x82.PDF")
    assert archives.unpacked(data, folder="IHE_XDM/", most=10_000).keys() == HELD.keys() - {"INDEX.HTM"}


def test_what_is_wrong_is_told() -> None:
    assert refused(b"noise") == ("archive_malformed", "no end of the directory")
    assert refused(zipped(HELD), most=2_000) == ("archive_outsized", "more than 2000 bytes once opened")


def test_a_process_that_dies_or_hangs_is_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "_SECONDS", 0.001)
    assert refused(zipped(HELD)) == ("archive_outsized", "")
    monkeypatch.setattr(archives, "TURNS", archives.Turns(at_once=1, waiting=0, seconds=0))
    with archives.TURNS.taken():
        assert refused(zipped(HELD))[0] == "files_busy"
    monkeypatch.setattr(archives.sys, "executable", "/nowhere")
    assert refused(zipped(HELD))[0] == "temporarily_unavailable"
