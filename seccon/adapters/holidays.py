"""The holidays of countries, out of the `holidays` library. It is loaded where a policy names a country, not before.

What it knows of a year is computed once in a process and kept.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache

from seccon.core.policy import Policy
from seccon.core.problems import Problem, nearest


class CountryDays:
    """The holidays of some countries; `US` is a country, `DE-BY` a part of one."""

    def __init__(self, codes: Iterable[str]) -> None:
        self._codes = tuple(codes)

    def __contains__(self, day: object, /) -> bool:
        """Say whether a day is a holiday in any of them."""
        return isinstance(day, date) and any(day in _year(code, day.year) for code in self._codes)

    def named(self, first: date, last: date) -> Mapping[date, str]:
        """Give the holidays from `first` to `last`, each with its names and the codes of who has it."""
        found: dict[date, list[str]] = {}
        for code in self._codes:
            for year in range(first.year, last.year + 1):
                for day, name in _year(code, year).items():
                    if first <= day <= last:
                        found.setdefault(day, []).append(f"{name} ({code})")
        return {day: ", ".join(names) for day, names in sorted(found.items())}


def holidays_of(policies: Mapping[str, Policy]) -> dict[str, CountryDays]:
    """Give the holidays of each policy that names countries, by the policy's key; loads nothing yet."""
    return {key: CountryDays(policy.holidays) for key, policy in policies.items() if policy.holidays}


def problems(codes: Iterable[str]) -> Iterator[Problem]:
    """Find the codes that the library does not know."""
    for place, code in enumerate(codes, 1):
        country, _, part = code.partition("-")
        parts = _countries().get(country)
        at = f"holidays[{place}]"
        if parts is None:
            yield Problem(
                at, f"'{code}' is no country whose holidays are known; write ISO 3166 codes, such as 'US'{_near(country)}"
            )
        elif part and part not in parts:
            yield Problem(at, f"'{part}' is no part of {country} with holidays of its own{nearest(part, parts)}")


def _near(country: str) -> str:
    return nearest(country.upper(), [code for code in _countries() if code == country.upper()])


@cache
def _countries() -> dict[str, list[str]]:
    from holidays import list_supported_countries

    return list_supported_countries()


@cache
def _year(code: str, year: int) -> Mapping[date, str]:
    from holidays import country_holidays

    country, _, part = code.partition("-")
    return dict(country_holidays(country, subdiv=part or None, years=year, language="en_US", expand=False))
