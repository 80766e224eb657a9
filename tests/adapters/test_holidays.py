"""Holidays of countries: which days, what they are called, which codes are known, and that nothing is loaded without need."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from seccon.adapters.holidays import CountryDays, holidays_of
from seccon.adapters.shipped import read_policy
from seccon.core.problems import ProblemsError
from tests.story import POLICIES, shipped


def test_a_day_is_off_where_any_of_the_countries_has_it_off() -> None:
    both = CountryDays(("US", "DE"))
    assert date(2026, 7, 3) in both  # Independence Day falls on a Saturday: observed
    assert date(2026, 10, 3) in both
    assert date(2026, 10, 5) not in both
    assert date(2026, 10, 3) not in CountryDays(("US",))


def test_a_part_of_a_country_has_its_own() -> None:
    assert date(2026, 1, 6) in CountryDays(("DE-BY",))
    assert date(2026, 1, 6) not in CountryDays(("DE",))


def test_names_say_whose_holiday_it_is() -> None:
    named = CountryDays(("US", "DE")).named(date(2026, 12, 20), date(2027, 1, 1))
    assert list(named) == [date(2026, 12, 25), date(2026, 12, 26), date(2027, 1, 1)]
    assert named[date(2026, 12, 26)] == "Second Day of Christmas (DE)"
    assert named[date(2026, 12, 25)].endswith("(US), Christmas Day (DE)")


def test_years_that_nobody_foresees_are_answered() -> None:
    assert date(9999, 12, 31) not in CountryDays(("US", "CN"))


def policy_with(tmp_path: Path, line: str) -> Path:
    made = tmp_path / "policy.toml"
    made.write_text(line + "\n" + (POLICIES / "qemu.toml").read_text())
    return made


def test_codes_that_nobody_knows_are_problems_of_the_policy_all_at_once(tmp_path: Path) -> None:
    with pytest.raises(ProblemsError) as caught:
        read_policy(policy_with(tmp_path, 'holidays = ["US", "us", "XX", "DE-ZZ"]'))
    assert [one.key for one in caught.value.problems] == ["holidays[2]", "holidays[3]", "holidays[4]"]
    assert "did you mean 'US'" in caught.value.sentence
    assert "ISO 3166" in caught.value.sentence


def test_a_policy_that_names_countries_has_its_days(tmp_path: Path) -> None:
    policy = read_policy(policy_with(tmp_path, 'holidays = ["US", "DE-BY"]'))
    found = holidays_of({policy.key: policy, "other": shipped("libvirt")})
    assert list(found) == [policy.key]
    assert date(2026, 12, 25) in found[policy.key]


def test_the_library_is_not_loaded_where_no_policy_names_a_country() -> None:
    code = (
        "import sys; from seccon.adapters.shipped import policies_of; import seccon.wiring as w;"
        "w._holidays(policies_of({'generic'})); assert 'holidays' not in sys.modules and 'icalendar' not in sys.modules"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0
