"""CVSS (T3): vectors of 3.1 and 4.0 are worked out, bad ones refused in words, and a policy says which it wants."""

import msgspec
import pytest

from seccon.core.errors import RefusedError
from seccon.core.journal.cases import Assessed
from seccon.core.policy import Policy
from seccon.core.scoring import VERSIONS, metrics, read, score, write
from seccon.core.severity import check
from tests.story import shipped

QEMU = shipped("qemu")
V3 = "CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:H"
V4 = "CVSS:4.0/AV:L/AC:L/AT:N/PR:L/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H"


def rating(cvss: str, severity: str = "Important") -> Assessed:
    return Assessed(genuine="yes", misuse="yes", apparent=severity, severity=severity, cvss=cvss)


def wanting(cvss: str) -> Policy:
    return msgspec.structs.replace(QEMU, severity=msgspec.structs.replace(QEMU.severity, cvss=cvss))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("vector", "said"),
    [
        (V3, "CVSS 3.1: 8.8 High"),
        (V4, "CVSS 4.0: 9.3 Critical"),
        (f"{V3}/E:P/RL:O", "CVSS 3.1: 7.9 High"),
        (f"{V3}/MAV:N", "CVSS 3.1: 10.0 Critical"),
        (f"{V4}/E:P", "CVSS 4.0: 8.5 High"),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", "CVSS 3.1: 0.0 None"),
    ],
)
def test_a_vector_comes_to_its_score(vector: str, said: str) -> None:
    assert str(score(vector)) == said


@pytest.mark.parametrize("vector", [V3, V4, f"{V3}/E:P", f"{V4}/CR:H/U:Red"])
def test_what_is_read_is_written_again(vector: str) -> None:
    found = score(vector)
    assert write(found.version, read(vector)) == vector == found.vector


@pytest.mark.parametrize("version", VERSIONS)
def test_a_vector_without_its_base_says_what_is_left(version: str) -> None:
    with pytest.raises(ValueError, match="still to be chosen: Attack Vector, Attack Complexity"):
        write(version, {"E": "P"})  # type: ignore[arg-type]
    assert sum(metric.must_be_set for metric in metrics(version)) in (8, 11)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("vector", "because"),
    [
        ("7.5", "is no CVSS vector: it begins with"),
        ("CVSS:2.0/AV:N", "it begins with CVSS:3.1/"),
        ("CVSS:3.1/AV:Q", 'Unknown value "Q"'),
        ("CVSS:4.0/AV:L", "Missing mandatory"),
        (f"{V3}/AV:N", "Duplicate"),
        (f"{V3}/" + "E:P/" * 200, "longer than 400"),
    ],
)
def test_a_bad_vector_is_refused_in_words(vector: str, because: str) -> None:
    with pytest.raises(RefusedError) as refused:
        check(QEMU, rating(vector))
    assert because in refused.value.sentence
    assert refused.value.rule == "severity.cvss"


def test_a_rating_keeps_the_vector_in_its_one_written_form() -> None:
    assert check(QEMU, rating(" CVSS:3.1/AC:L/AV:L/PR:L/UI:N/S:C/C:H/I:H/A:H/E:X ")).cvss == V3


def test_a_policy_may_want_none_or_one_version() -> None:
    assert check(wanting("optional"), rating("")).cvss == ""
    assert check(wanting("none"), rating("")).cvss == ""
    assert check(wanting("4.0"), rating(V4)).cvss == V4
    for policy, cvss, because in (
        ("none", V3, "does not rate by CVSS"),
        ("4.0", V3, "the vector is of 3.1"),
        ("3.1", "", "no vector"),
    ):
        with pytest.raises(RefusedError, match=because):
            check(wanting(policy), rating(cvss))


def test_what_is_no_security_issue_needs_no_vector() -> None:
    none = Assessed(genuine="no", misuse="unknown", why="")
    assert check(wanting("4.0"), none).cvss == ""
