"""Reading a policy out of a mapping: everything that is wrong with it at once, also references to what it does not define."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from seccon.core.advisory_rule import advisory_problems
from seccon.core.condition import Condition, condition
from seccon.core.notmuch_query import faults_of
from seccon.core.outward import Preflight
from seccon.core.pattern import Pattern, pattern
from seccon.core.policy import EVENTS, Branch, Item, Policy
from seccon.core.problems import Problem, ProblemsError, nearest
from seccon.core.shape import read, rough
from seccon.core.spans import Span, span, zone

READERS = {Span: span, Condition: condition, Pattern: pattern}
_BLANKS = {Span: span("1 day"), Condition: condition("received"), Pattern: pattern("x")}
"""What stands for a value that cannot be read, while the rest is looked at."""
_FORM = re.compile(r"(?:[A-Za-z0-9._#-]|\{(?:prefix|year|serial(?::0[1-9])?)\}){1,60}")
"""A format string reaches into the program and takes any width: only these three blanks are allowed in one."""

_HOUR = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")
_ARCHIVE = re.compile(r"https?://[^\s{}]*\{(?:message_id|hash)\}[^\s{}]*")


def policy_from(file: str, given: Mapping[str, Any]) -> Policy:
    """Read a policy out of a parsed TOML file. Raises ProblemsError with everything that is wrong with it."""
    problems: list[Problem] = []
    policy = read(Policy, given, READERS, problems)
    if policy is None:
        problems += _beyond(problems, _cross_checks(rough(Policy, given, READERS, _BLANKS)))
    else:
        problems += _cross_checks(policy)
    if problems or policy is None:
        raise ProblemsError(file, problems)
    return policy


def _beyond(told: list[Problem], found: list[Problem]) -> list[Problem]:
    """Leave out what comes of the faults that are told already: blanks, and words of a scale that could not be read."""
    keys = [one.key for one in told]
    scale = any(key == "severity" or key.startswith("severity.scale") for key in keys)
    return [
        one
        for one in found
        if not one.sentence.startswith("'' ")
        and not (scale and "is not on the scale" in one.sentence)
        and not any(one.key == key or one.key.startswith((f"{key}.", f"{key}[")) for key in keys)
    ]


def _cross_checks(policy: Policy) -> list[Problem]:
    """Find references to what the policy does not define."""
    return [
        *_form_problems(policy),
        *_clock_problems(policy),
        *_step_problems(policy),
        *_severity_problems(policy),
        *_embargo_problems(policy),
        *_condition_problems("cve.when", policy.cve.when, policy.severity.scale),
        *(found for place, rule in enumerate(policy.preflight, 1) for found in _preflight_problems(f"preflight[{place}]", rule)),
        *(found for place, item in enumerate(policy.item, 1) for found in _item_problems(f"item[{place}]", item)),
        *(found for place, one in enumerate(policy.branch, 1) for found in _branch_problems(f"branch[{place}]", one)),
        *_odd_values(policy),
        *_advisory_problems(policy),
        *_day_problems(policy),
        *_twice("outside", [one.id for one in policy.outside]),
        *_twice("preflight", [one.id for one in policy.preflight]),
        *_twice("item", [item.id for item in policy.item]),
        *_twice("branch", list(policy.branch_names)),
        *_twice("clock", [rule.id for rule in policy.clock]),
        *_twice("step", [step.id for step in policy.step]),
        *_twice("consideration", [one.id for one in policy.severity.consideration]),
    ]


def _form_problems(policy: Policy) -> Iterator[Problem]:
    """Find a scale without words, a form without a serial, a query that the store would not understand."""
    if not policy.severity.scale:
        yield Problem("severity.scale", "names no word")
    if not _FORM.fullmatch(policy.case.form) or "{serial" not in policy.case.form:
        said = "must hold {serial}, such as {serial:03}; besides it {prefix}, {year}, letters, digits and .-_#"
        yield Problem("case.form", said)
    for key, query in (("intake.reports", policy.intake.reports), ("moderation.notices", policy.moderation.notices)):
        yield from (Problem(key, fault) for fault in (faults_of(query) if query else ()))


def _clock_problems(policy: Policy) -> Iterator[Problem]:
    for place, rule in enumerate(policy.clock, 1):
        for key, name in [("start", rule.start), *(("stop", stop) for stop in rule.stop)]:
            yield from _event_problems(f"clock[{place}].{key}", name)
        yield from _zone_problems(f"clock[{place}].zone", rule.zone)
        yield from _condition_problems(f"clock[{place}].when", rule.when, policy.severity.scale)
        for word in rule.lengths:
            yield from _word_problems(f"clock[{place}].lengths", word, policy)


def _step_problems(policy: Policy) -> Iterator[Problem]:
    clocks = [rule.id for rule in policy.clock]
    for place, step in enumerate(policy.step, 1):
        if step.clock and step.clock not in (*clocks, "embargo"):
            yield Problem(f"step[{place}].clock", f"no clock is called '{step.clock}'{nearest(step.clock, clocks)}")
        yield from _condition_problems(f"step[{place}].when", step.when, policy.severity.scale)


def _severity_problems(policy: Policy) -> Iterator[Problem]:
    asked = [one.id for one in policy.severity.consideration]
    for place, one in enumerate(policy.severity.consideration, 1):
        for name in one.only_if:
            if name not in asked:
                yield Problem(f"severity.consideration[{place}].only_if", f"'{name}' is not asked{nearest(name, asked)}")
    yield from _condition_problems("severity.second.when", policy.severity.second.when, policy.severity.scale)
    if policy.severity.lowered:
        yield from _word_problems("severity.lowered", policy.severity.lowered, policy)


def _embargo_problems(policy: Policy) -> Iterator[Problem]:
    rule, scale = policy.embargo, policy.severity.scale
    yield from _condition_problems("embargo.wanted", rule.wanted, scale)
    yield from _condition_problems("embargo.forbidden", rule.forbidden, scale)
    for place, limit in enumerate(rule.limit, 1):
        yield from _condition_problems(f"embargo.limit[{place}].when", limit.when, scale)
    if rule.counts_from:
        yield from _event_problems("embargo.counts_from", rule.counts_from)
    yield from _zone_problems("embargo.zone", rule.zone)


def _event_problems(key: str, name: str) -> Iterator[Problem]:
    if name not in EVENTS:
        yield Problem(key, f"'{name}' is not an event{nearest(name, EVENTS)}")


def _word_problems(key: str, word: str, policy: Policy) -> Iterator[Problem]:
    if word not in policy.severity.scale:
        yield Problem(key, f"'{word}' is not on the scale{nearest(word, policy.severity.scale)}")


def _odd_values(policy: Policy) -> list[Problem]:
    """Find a day that is none, an hour that is none, and words that are there twice or mean nothing."""
    found: list[Problem] = []
    try:
        date.fromisoformat(policy.since)
    except ValueError:
        found.append(Problem("since", f"'{policy.since[:60]}' is not a day such as 2020-12-01"))
    if not _HOUR.fullmatch(policy.embargo.hour):
        found.append(Problem("embargo.hour", f"'{policy.embargo.hour[:60]}' is not an hour such as 12:00"))
    for place, level in enumerate(policy.severity.level, 1):
        if level.name not in policy.severity.scale:
            said = f"'{level.name}' is not on the scale{nearest(level.name, policy.severity.scale)}"
            found.append(Problem(f"severity.level[{place}].name", said))
    found += _twice("severity.scale", list(policy.severity.scale))
    found += _twice("embargo.limit", [one.id for one in policy.embargo.limit])
    return found + _twice("reason", [one.id for one in policy.reason])


def _day_problems(policy: Policy) -> list[Problem]:
    """Find lines of the day that could never be done, and forms of links that name no mail."""
    found: list[Problem] = []
    for place, line in enumerate(policy.day, 1):
        for key in ("when", "needs", "done"):
            found += _condition_problems(f"day[{place}].{key}", getattr(line, key), policy.severity.scale)
        if not line.done and line.verb != "announce":
            found.append(Problem(f"day[{place}].done", "is missing: the line would never be done"))
    for place, mailing in enumerate(policy.list, 1):
        if mailing.archive and not _ARCHIVE.fullmatch(mailing.archive):
            said = "must be a link (https://…) that holds {message_id} or {hash}, and no other blank"
            found.append(Problem(f"list[{place}].archive", said))
    return found + _twice("day", [line.id for line in policy.day])


def _item_problems(at: str, item: Item) -> list[Problem]:
    """Find evidence that cannot be looked for, and names that nothing looks at."""
    found = []
    if "command-line" in item.evidence and not item.programs:
        found.append(Problem(f"{at}.programs", "is missing: 'command-line' looks for the programs that it names"))
    for key, names, wanted in (("programs", item.programs, "command-line"), ("products", item.products, "version")):
        if names and wanted not in item.evidence:
            found.append(Problem(f"{at}.{key}", f"does nothing without '{wanted}' in evidence"))
        found += [Problem(f"{at}.{key}", "holds an empty name") for name in names if not name.strip("* ")]
    return found


def _branch_problems(at: str, one: Branch) -> list[Problem]:
    """Find a branch that is none, and forms that would match everything or take long to."""
    found = []
    if bool(one.name) == bool(one.pattern):
        found.append(Problem(at, "has a 'name', or a 'pattern' for several branches, and not both"))
    if one.pattern and not one.pattern.strip("*"):
        found.append(Problem(f"{at}.pattern", "would take every branch that anybody ever made"))
    for key, form in (("pattern", one.pattern or "-"), *(("tags", form.removeprefix("!")) for form in one.tags)):
        if not form or form.count("*") > 3:
            found.append(Problem(f"{at}.{key}", f"'{form[:60]}' is no form of a name: letters, with at most three *"))
    return found


_NEEDS: dict[str, str] = {"tag": "tag", "also": "list", "before": "address"}
"""Check -> the key without which it checks nothing."""


def _preflight_problems(at: str, rule: Preflight) -> list[Problem]:
    key = _NEEDS.get(rule.check, "")
    return [Problem(f"{at}.{key}", f"is missing: '{rule.check}' looks at it")] if key and not getattr(rule, key).strip() else []


def _advisory_problems(policy: Policy) -> list[Problem]:
    """Find what no advisory could be published with, and products of branches that are not there."""
    branches, names = policy.branch_names, [one.name for one in policy.advisory.product]
    found = [
        Problem(f"branch[{place}].product", f"'{one.product}' is no product of [advisory]{nearest(one.product, names)}")
        for place, one in enumerate(policy.branch, 1)
        if one.product and one.product not in names
    ]
    return [*advisory_problems(policy.advisory, policy.severity.scale, branches), *found, *_twice("advisory.product", names)]


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
