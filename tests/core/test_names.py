"""A display name is another's when only their key bears it; a name that is one's own, in any form, is nobody else's."""

import pytest

from seccon.core.ids import Fingerprint
from seccon.core.keys import Key
from seccon.core.names import is_anothers

ROE = Key(Fingerprint("A" * 40), ("Anna Roe (work) <roe@example.org>",))
EVE = Key(Fingerprint("E" * 40), ("Eve Mallory <eve@example.net>", "eve@example.net"))


@pytest.mark.parametrize(
    "name", ["Anna Roe", "anna  ROE", "Roe, Anna", "“Anna Roe”", "Anna_Roe", "\uff21nna Roe", "Anna.Roe", "[Anna] Roe"]
)
def test_a_name_of_another_is_known_in_any_dress(name: str) -> None:
    assert is_anothers(name, EVE, [ROE])
    assert is_anothers(name, None, [ROE])
    assert not is_anothers(name, ROE, [EVE])


@pytest.mark.parametrize("name", ["", "…", "Eve", "Mallory, Eve", "Anna", "Roe", "Security Team", "Anna Roe via list"])
def test_what_is_ones_own_or_nobodys_is_not_anothers(name: str) -> None:
    assert not is_anothers(name, EVE, [ROE])


def test_a_namesake_may_bear_the_name() -> None:
    namesake = Key(Fingerprint("B" * 40), ("Anna Roe <anna@example.com>",))
    assert not is_anothers("Anna Roe", namesake, [ROE])


def test_a_key_without_a_name_lends_none() -> None:
    assert not is_anothers(
        "", Key(Fingerprint("C" * 40), ("<c@example.org>",)), [Key(Fingerprint("D" * 40), ("<d@example.org>",))]
    )
    assert is_anothers("Anna Roe", Key(Fingerprint("C" * 40), ("c@example.org",)), [ROE])
