"""ZIP files written a piece at a time are read by Python's own reader, whatever is in them and however large."""

import io
import zipfile
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from espace.wire import zip

AT = datetime(2026, 3, 4, 9, 30, 15, tzinfo=UTC)
NAMES = st.text(st.characters(exclude_characters="/\\\0", exclude_categories=("Cs",)), min_size=1, max_size=40)


def written(files: dict[str, list[bytes]]) -> bytes:
    out, members = b"", []
    for name, pieces in files.items():
        packed, one = zip.member(name, pieces, moment=AT, offset=len(out))
        out += packed
        members.append(one)
    return out + zip.directory(members, offset=len(out))


@settings(max_examples=15, deadline=None)
@given(st.dictionaries(NAMES, st.lists(st.binary(max_size=300), max_size=4), max_size=6))
def test_what_was_written_is_read(files: dict[str, list[bytes]]) -> None:
    with zipfile.ZipFile(io.BytesIO(written(files))) as found:
        assert found.testzip() is None
        assert {one.filename: found.read(one) for one in found.infolist()} == {
            name: b"".join(pieces) for name, pieces in files.items()
        }


def test_a_member_bears_its_moment_and_is_its_owner_s() -> None:
    with zipfile.ZipFile(io.BytesIO(written({"documents/é.txt": [b"a" * 5000]}))) as found:
        (one,) = found.infolist()
    assert one.filename == "documents/é.txt"
    assert one.date_time == (2026, 3, 4, 9, 30, 14)
    assert one.external_attr >> 16 == 0o100600
    assert one.compress_size < 100 < one.file_size == 5000


def test_beyond_four_gigabytes_places_are_in_64_bits() -> None:
    """The members before it are not there: the reader takes the directory, which says where each begins."""
    far = 5 * 2**32
    packed, one = zip.member("loin.txt", [b"loin"], moment=AT, offset=far)
    end = zip.directory([one], offset=far + len(packed))
    entry = end[: end.index(b"PK\x06\x06")]
    assert int.from_bytes(entry[-8:], "little") == far
    assert end[len(entry) + 48 : len(entry) + 56] == (far + len(packed)).to_bytes(8, "little")


def test_more_members_than_16_bits_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of few members, here, told as of many."""
    monkeypatch.setattr(zip, "_MOST16", 3)
    packed, one = zip.member("un.txt", [b"1"], moment=AT, offset=0)
    end = zip.directory([one] * 4, offset=len(packed))
    assert end[-22:-12] == b"PK\x05\x06\0\0\0\0\x03\0"
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 3)
    with zipfile.ZipFile(io.BytesIO(packed + end)) as found:
        assert len(found.infolist()) == 4


def test_years_that_the_form_cannot_say_are_the_nearest_ones() -> None:
    dates = [zip.member("a", [b""], moment=datetime(year, 1, 2, tzinfo=UTC), offset=0)[1].date for year in (1969, 2200)]
    assert [1980 + (one >> 9) for one in dates] == [1980, 2107]


def test_a_member_of_four_gigabytes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip, "_MOST32", 10)
    with pytest.raises(ValueError, match="4 GiB"):
        zip.member("grand", [b"0123456789"], moment=AT, offset=0)
