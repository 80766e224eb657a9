"""A policy: one revision of a project's process, as data. It is read from a mapping; every rule carries its source.

The language is described in docs/policy.md; nothing in Python knows any project.
"""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from seccon.core.condition import Condition, condition
from seccon.core.problems import Problem, ProblemsError, nearest
from seccon.core.shape import read
from seccon.core.spans import Span, span, zone

EVENTS = (
    "received", "mail-in", "mail-out", "acknowledged", "case-accepted", "assessed", "public", "exploited", "embargo-proposed",
    "embargo-agreed", "embargo-set", "embargo-communicated", "embargo-ended", "case-closed", "case-reopened", "case-claimed",
)  # fmt: skip
"""Events at which clocks may start and stop; entries yet to come add theirs."""


class MailingList(msgspec.Struct, frozen=True):
    """An address that mail of the project goes to. `transport` says how secrets travel there (features, R6)."""

    address: str
    name: str = ""
    public: bool = False
    transport: Literal["clear", "members", "list-key"] = "clear"
    purpose: tuple[Literal["reports", "archive", "announce", "development"], ...] = ()
    source: str = ""


class Intake(msgspec.Struct, frozen=True):
    """Which mail is a report: a notmuch query."""

    reports: str
    archive: bool = False
    """After triage the details of encrypted reports are sent to the list whose purpose is `archive`."""
    source: str = ""


class CaseForm(msgspec.Struct, frozen=True):
    """The form of case ids; fields: prefix, year, serial."""

    prefix: str
    form: str = "{prefix}-{year}-{serial:03}"


class Item(msgspec.Struct, frozen=True):
    """One thing that a report should hold."""

    id: str
    title: str
    ask: str = ""
    """How to ask for it in a reply."""
    source: str = ""


class Question(msgspec.Struct, frozen=True):
    """One question of the triage."""

    id: Literal["genuine", "misuse", "impact"]
    ask: str
    source: str = ""


class Level(msgspec.Struct, frozen=True):
    """What a word of the scale means, and who says so."""

    name: str
    meaning: str
    source: str = ""


class Consideration(msgspec.Struct, frozen=True):
    """A question whose answer may lower the severity; `lowers` is that answer; `never`: it only leads to another question."""

    id: str
    ask: str
    lowers: Literal["yes", "no", "never"]
    because: str = ""
    """The reason, as a reporter could be told it."""
    only_if: dict[str, str] = msgspec.field(default_factory=dict)
    """It is asked only where another consideration has this answer."""
    source: str = ""


class Severity(msgspec.Struct, frozen=True):
    """The scale, lowest first, and how a rating is suggested."""

    scale: tuple[str, ...]
    question: tuple[Question, ...] = ()
    level: tuple[Level, ...] = ()
    consideration: tuple[Consideration, ...] = ()
    lowered: str = ""
    """The word that is suggested where a consideration lowers; empty: the lowest of the scale."""
    source: str = ""


class ClockRule(msgspec.Struct, frozen=True):
    """A promise: from an event, so long, until another event."""

    id: str
    title: str
    start: str
    stop: tuple[str, ...]
    length: Span
    hard: bool = False
    again: bool = False
    """It starts anew with each `start` event, instead of running from the first."""
    when: tuple[Condition, ...] = ()
    warn: tuple[Span, ...] = ()
    zone: str = "UTC"
    source: str = ""


class Limit(msgspec.Struct, frozen=True):
    """How long an embargo window may be. Only `hard` refuses; `aim` wants a written reason."""

    id: str
    length: Span
    strength: Literal["hard", "aim"]
    sentence: str
    source: str
    when: tuple[Condition, ...] = ()


class EmbargoRule(msgspec.Struct, frozen=True):
    """When there is an embargo, who must agree, how long it may be."""

    wanted: tuple[Condition, ...] = ()
    forbidden: tuple[Condition, ...] = ()
    """It refuses when these hold; none given: never."""
    forbidden_because: str = ""
    agree: tuple[Literal["team", "reporters"], ...] = ("team", "reporters")
    limit: tuple[Limit, ...] = ()
    default: Span = Span(2, "weeks")
    restart_because: str = ""
    """What a restart is for; empty: the process knows no restart."""
    hour: str = "12:00"
    zone: str = "UTC"
    source: str = ""


class StepRule(msgspec.Struct, frozen=True):
    """One thing that the process wants, while `when` holds; the first that holds is the next step."""

    id: str
    title: str
    verb: Literal["acknowledge", "accept", "assess", "embargo", "tell", "release", "reply", "archive", "close", "claim", "wait"]
    when: tuple[Condition, ...]
    clock: str = ""
    """The clock whose due time is this step's; `embargo`: the date in force."""
    why: str = ""
    source: str = ""


class Reason(msgspec.Struct, frozen=True):
    """A citable reason for which a report is out of scope."""

    id: str
    title: str
    clause: str
    source: str = ""


class Policy(msgspec.Struct, frozen=True):
    """One revision of one process."""

    name: str
    revision: str
    title: str
    since: str
    """The day from which it is in force, ISO 8601."""
    source: str
    intake: Intake
    case: CaseForm
    severity: Severity
    mail: bool = True
    """False: this process takes no reports by mail, and seccon says so."""
    note: str = ""
    list: tuple[MailingList, ...] = ()
    item: tuple[Item, ...] = ()
    clock: tuple[ClockRule, ...] = ()
    embargo: EmbargoRule = EmbargoRule()
    step: tuple[StepRule, ...] = ()
    reason: tuple[Reason, ...] = ()
    outer_subject: str = "..."
    """What the outside of an encrypted mail says in place of its subject."""
    templates: dict[str, str] = msgspec.field(default_factory=dict)
    """Purpose -> file in `templates/`; a purpose that is not named has the file of its own name."""

    @property
    def key(self) -> str:
        """What entries bear: `name@revision`."""
        return f"{self.name}@{self.revision}"

    def rank(self, word: str) -> int:
        """Give the place of a word on the scale, lowest 0; -1 for what is not on it."""
        return self.severity.scale.index(word) if word in self.severity.scale else -1

    def clock_rule(self, name: str) -> ClockRule | None:
        """Find a clock by id."""
        return next((rule for rule in self.clock if rule.id == name), None)


READERS = {Span: span, Condition: condition}


def policy_from(file: str, given: Mapping[str, Any]) -> Policy:
    """Read a policy out of a parsed TOML file. Raises ProblemsError with everything that is wrong with it."""
    problems: list[Problem] = []
    policy = read(Policy, given, READERS, problems)
    if policy is not None:
        problems += _cross_checks(policy)
    if problems or policy is None:
        raise ProblemsError(file, problems)
    return policy


def _cross_checks(policy: Policy) -> list[Problem]:
    """Find references to what the policy does not define."""
    found: list[Problem] = []
    scale = policy.severity.scale
    if not scale:
        found.append(Problem("severity.scale", "names no word"))
    clocks = [rule.id for rule in policy.clock]
    asked = [one.id for one in policy.severity.consideration]
    for place, rule in enumerate(policy.clock, 1):
        for key, name in [("start", rule.start), *(("stop", stop) for stop in rule.stop)]:
            if name not in EVENTS:
                found.append(Problem(f"clock[{place}].{key}", f"'{name}' is not an event{nearest(name, EVENTS)}"))
        found += _zone_problems(f"clock[{place}].zone", rule.zone)
        found += _condition_problems(f"clock[{place}].when", rule.when, scale)
    for place, step in enumerate(policy.step, 1):
        if step.clock and step.clock not in (*clocks, "embargo"):
            found.append(Problem(f"step[{place}].clock", f"no clock is called '{step.clock}'{nearest(step.clock, clocks)}"))
        found += _condition_problems(f"step[{place}].when", step.when, scale)
    for place, one in enumerate(policy.severity.consideration, 1):
        for name in one.only_if:
            if name not in asked:
                found.append(Problem(f"severity.consideration[{place}].only_if", f"'{name}' is not asked{nearest(name, asked)}"))
    for key in ("wanted", "forbidden"):
        found += _condition_problems(f"embargo.{key}", getattr(policy.embargo, key), scale)
    for place, limit in enumerate(policy.embargo.limit, 1):
        found += _condition_problems(f"embargo.limit[{place}].when", limit.when, scale)
    found += _zone_problems("embargo.zone", policy.embargo.zone)
    if policy.severity.lowered and policy.severity.lowered not in scale:
        found.append(Problem("severity.lowered", f"'{policy.severity.lowered}' is not on the scale"))
    return found + _twice("clock", clocks) + _twice("step", [step.id for step in policy.step]) + _twice("consideration", asked)


def _condition_problems(at: str, conditions: tuple[Condition, ...], scale: tuple[str, ...]) -> list[Problem]:
    return [
        Problem(at, f"'{one.word}' is not on the scale{nearest(one.word, scale)}")
        for one in conditions
        if one.sign and one.word not in scale
    ]


def _zone_problems(at: str, name: str) -> list[Problem]:
    try:
        zone(name)
    except ValueError as error:
        return [Problem(at, str(error))]
    return []


def _twice(what: str, names: list[str]) -> list[Problem]:
    return [Problem(what, f"'{name}' is defined twice") for name in sorted(set(names)) if names.count(name) > 1]
