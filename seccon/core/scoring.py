"""CVSS vectors: their metrics, score and rating (features, T3). The `cvss` library does the sums, and is named here alone."""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

Version = Literal["3.1", "4.0"]
VERSIONS: tuple[Version, ...] = ("3.1", "4.0")
_LONGEST = 400
_NOT_SET = "X"


class Metric(msgspec.Struct, frozen=True):
    """One metric: its letters in the vector, its name, its values by letter. What must be set comes without a value *not set*."""

    id: str
    name: str
    values: dict[str, str]

    @property
    def must_be_set(self) -> bool:
        """It belongs to the base of the vector."""
        return _NOT_SET not in self.values


class Score(msgspec.Struct, frozen=True):
    """What a vector comes to."""

    version: Version
    vector: str
    """In its one written form."""
    value: float
    rating: str
    """None, Low, Medium, High, Critical: the words of CVSS, not the policy's scale."""

    def __str__(self) -> str:
        return f"CVSS {self.version}: {self.value:.1f} {self.rating}"


def metrics(version: Version) -> tuple[Metric, ...]:
    """Give the metrics of a version, in the order of the vector."""
    from cvss import constants3, constants4

    known: Any = constants4 if version == "4.0" else constants3
    return tuple(
        Metric(str(short), str(known.METRICS_ABBREVIATIONS[short]), {str(key): str(word) for key, word in words.items()})
        for short, words in known.METRICS_VALUE_NAMES.items()
    )


def score(vector: str) -> Score:
    """Work a vector out. Raises ValueError with what is wrong with it."""
    from cvss import CVSS3, CVSS4
    from cvss.exceptions import CVSSError

    text = vector.strip()
    version = version_of(text)
    if len(text) > _LONGEST or not text.isascii():
        raise ValueError(f"the CVSS vector is longer than {_LONGEST} characters, or holds letters that no vector has")
    try:
        if version == "4.0":
            worked = CVSS4(text)
            return Score("4.0", str(worked.clean_vector()), float(worked.base_score), str(worked.severity))
        found = CVSS3(text)
    except CVSSError as error:
        raise ValueError(_words(str(error), text)) from None
    worst = found.scores()
    # With temporal or environmental metrics the last score that they change is the one that counts.
    place = 2 if any(f"/{one}:" in text for one in _ENVIRONMENT) else 1 if any(f"/{one}:" in text for one in _TIME) else 0
    return Score("3.1", str(found.clean_vector()), float(worst[place]), str(found.severities()[place]))


def base(vector: str) -> Score:
    """Give the score of the base metrics alone: what records and advisories tell. Raises ValueError."""
    found = score(vector)
    wanted = {metric.id for metric in metrics(found.version) if metric.must_be_set}
    kept = [part for part in found.vector.split("/")[1:] if part.partition(":")[0] in wanted]
    return score(f"CVSS:{found.version}/" + "/".join(kept))


_TIME = ("E", "RL", "RC")
_ENVIRONMENT = ("CR", "IR", "AR", "MAV", "MAC", "MPR", "MUI", "MS", "MC", "MI", "MA")


def version_of(vector: str) -> Version:
    """Say of which version a vector is. Raises ValueError for what is none, or of a version that is not worked with."""
    for version in VERSIONS:
        if vector.startswith(f"CVSS:{version}/"):
            return version
    raise ValueError(f"'{vector[:40]}' is no CVSS vector: it begins with CVSS:3.1/ or CVSS:4.0/")


def write(version: Version, values: Mapping[str, str]) -> str:
    """Write a vector of the metrics that are set. Raises ValueError that names those of the base which are not."""
    known = metrics(version)
    left = [metric.name for metric in known if metric.must_be_set and not values.get(metric.id)]
    if left:
        raise ValueError(f"still to be chosen: {', '.join(left)}")
    given = [(metric.id, values.get(metric.id, "")) for metric in known]
    return f"CVSS:{version}/" + "/".join(f"{name}:{value}" for name, value in given if value and value != _NOT_SET)


def read(vector: str) -> dict[str, str]:
    """Give the values of a vector by metric. Raises ValueError."""
    found = score(vector)
    return dict(part.split(":", 1) for part in found.vector.split("/")[1:])


def _words(error: str, vector: str) -> str:
    return f"'{vector[:120]}' is no CVSS vector: {error[:160]}"
