"""The gate before an announcement, and the check that everything tells the same (features, D3).

A *gap* is something that is not there; the policy says which gaps stop (`[advisory] needs`). A *contradiction* is two places
that tell different things. *Odd* is what real histories have held and what a person should have seen. What stops can be let
pass with a written reason, except what would tell the public before the embargo ends.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

import msgspec

from seccon.core.advisory import Advisory, advisory
from seccon.core.case import Case
from seccon.core.instants import Instant
from seccon.core.policy import Policy

Kind = Literal["gap", "contradiction", "odd"]


class Words(msgspec.Struct, frozen=True):
    """A text that is to leave, or has left: an announcement, its mail. What was encrypted is never given here."""

    where: str
    """How people find it: `announcement to …`."""
    text: str
    announces: bool = True
    """It must name the issue's id; else it may."""


class Finding(msgspec.Struct, frozen=True):
    """One gap or contradiction: what, where, and the key that leads to where it is mended."""

    id: str
    """The rule, and after `:` what it is about; what a reason is recorded for."""
    kind: Kind
    sentence: str
    key: str = "E"
    stops: bool = True
    passable: bool = True
    passed: str = ""
    """The written reason for which it is let pass."""

    @property
    def rule(self) -> str:
        """The rule alone."""
        return self.id.partition(":")[0]

    @property
    def open(self) -> bool:
        """It stops, and nobody let it pass."""
        return self.stops and not self.passed


def gate(
    case: Case, policy: Policy, now: Instant, texts: Sequence[Words] = (), taken: Mapping[str, str] | None = None
) -> tuple[Finding, ...]:
    """Give everything that is missing or does not agree, what stops first; `texts` are compared with the case.

    `taken` are the CVE ids and notice numbers of other cases, with what those are called.
    """
    from seccon.core.consistency import contradictions
    from seccon.core.gaps import gaps

    told = advisory(case, policy)
    found = [*gaps(case, policy, told), *contradictions(case, policy, told, now, texts, taken or {})]
    passed = case.work.advisory.passed if case.work.advisory else {}
    known = {one.id: one for one in reversed(found)}
    judged = [
        msgspec.structs.replace(one, passed=passed.get(one.id, "") if one.passable else "") for one in reversed(known.values())
    ]
    return tuple(sorted(judged, key=_order))


def stopping(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Give those that forbid to announce."""
    return tuple(one for one in findings if one.open)


def of(told: Advisory) -> tuple[tuple[str, str], ...]:
    """Give the texts of an advisory by where they stand."""
    return (("title", told.title), ("description", told.description), ("impact", told.impact), ("workaround", told.workaround))


def _order(one: Finding) -> tuple[bool, bool, int]:
    return (not one.open, not one.stops, ("contradiction", "gap", "odd").index(one.kind))
