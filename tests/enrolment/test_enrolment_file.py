"""The CSV of `./espace enrol`: every fault with its line and its reason, the other lines unharmed."""

from datetime import date

import pytest

from espace.enrolment.facts import Candidate
from espace.identity.facts import Ins, Traits
from espace.site.enrolment_file import Line, NotAnEnrolmentFile, read

HEADER = "ins,oid,birth_name,given_names,birth_date,sex,birth_place,email\n"
GOOD = "279035121518989,1.2.250.1.213.1.4.10,PAT-TROIS,DOMINIQUE MARIE-LOUISE,1979-03-28,F,51215,pat@exemple.fr"


def lines(*rows: str, test_identities: bool = True) -> list[Line]:
    return list(read((HEADER + "\n".join(rows)).encode(), test_identities=test_identities))


def test_a_good_line() -> None:
    expected = Candidate(
        Ins("279035121518989", "1.2.250.1.213.1.4.10"),
        Traits("PAT-TROIS", ("DOMINIQUE", "MARIE-LOUISE"), date(1979, 3, 28), "F", "51215"),
        "pat@exemple.fr",
    )
    assert lines(GOOD) == [Line(2, expected)]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("279035121518989", "27903512151898", "ins_malformed"),
        (".4.10", ".4.2", "ins_authority_unknown"),
        ("PAT-TROIS", "", "birth_name"),
        ("PAT-TROIS", "A" * 101, "birth_name"),
        ("PAT-TROIS", "PAT\tTROIS", "birth_name"),
        ("DOMINIQUE MARIE-LOUISE", " ", "given_names"),
        ("1979-03-28", "1979-02-30", "birth_date"),
        ("1979-03-28", "28/03/1979", "birth_date"),
        ("1979-03-28", "19790328", "birth_date"),
        (",F,", ",f,", "sex"),
        (",F,", ",U,", "sex"),
        (",51215,", ",5121,", "birth_place"),
        (",51215,", ",2C215,", "birth_place"),
        ("pat@exemple.fr", "pat@a@b", "email"),
        ("pat@exemple.fr", "pat", "email"),
        (",pat@exemple.fr", "", "7 fields instead of 8"),
        ("pat@exemple.fr", "pat@exemple.fr,more", "9 fields instead of 8"),
    ],
)
def test_a_refused_line_says_its_number_and_reason_and_leaves_the_others(old: str, new: str, says: str) -> None:
    before, bad, after = lines(GOOD, GOOD.replace(old, new), GOOD)
    assert (bad.number, bad.candidate) == (3, None)
    assert bad.refusal.startswith(says)
    assert before.candidate == after.candidate is not None


def test_a_wrong_key_is_refused_outside_demonstration_homes() -> None:
    child = "221042545611404,1.2.250.1.213.1.4.8,DECOURCY,Ruth Isabelle,2021-04-25,F,75056,"
    assert lines(child)[0].candidate is not None
    assert lines(child, test_identities=False)[0].refusal.startswith("ins_key_wrong")


def test_birth_place_and_email_may_be_unknown() -> None:
    assert lines(GOOD.replace("51215,pat@exemple.fr", ","))[0].candidate is not None


def test_a_byte_order_mark_and_windows_line_ends_do_not_matter() -> None:
    data = ("\ufeff" + HEADER + GOOD + "\n").replace("\n", "\r\n").encode()
    assert [line.number for line in read(data, test_identities=True)] == [2]


@pytest.mark.parametrize(
    "data",
    [b"", b"ins;oid\n", HEADER.encode("utf-16"), HEADER.encode() + b"\xff\xfe\n", HEADER.encode() + b'"never closed'],
)
def test_what_is_not_such_a_file_is_refused_whole(data: bytes) -> None:
    with pytest.raises(NotAnEnrolmentFile):
        list(read(data, test_identities=True))
