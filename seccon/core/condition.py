"""Conditions of a policy: a fact, `not` a fact, or a comparison of the severity. A list of them holds when all of it holds."""

import re
from collections.abc import Collection, Iterable
from typing import NamedTuple

from seccon.core.problems import nearest

FACTS = {
    "received": "a report came in",
    "acknowledged": "every reporter of the case was acknowledged",
    "accepted": "a person took the case; it has its id",
    "assessed": "the case was rated, and the rating is not sealed",
    "rated": "the rating names a severity of the scale",
    "security": "the rating does not say that it is no security issue",
    "encrypted": "a report of the case came encrypted",
    "public": "the matter is public",
    "exploited": "the matter is exploited in the wild",
    "embargo-wanted": "`wanted` of `[embargo]` holds, and `forbidden` does not",
    "embargo-proposed": "a date is proposed, and none is in force",
    "embargo-active": "a date is in force",
    "embargo-revised": "a date is in force and another one is proposed",
    "embargo-ended": "the embargo was ended by a person",
    "released": "everybody may be told: a person ended the embargo because its date came, or the matter is public",
    "embargo-told": "every reporter was told the date in force",
    "claimed": "somebody answers for the case",
    "waiting": "the case waits for somebody",
    "complete": "every report holds every item of the checklist, or a person said that it need not",
    "checked": "every item of the checklist was looked at",
    "second-wanted": "a colleague is asked to rate it too, by the process or by who rated it",
    "second-rated": "a colleague rated it too",
    "settled": "the ratings agree, or the difference was settled by a rating after both",
    "permission": "a reporter permitted that somebody outside is told",
    "cve": "it has a CVE id",
    "bug": "the upstream bug is open",
    "bug-closed": "the upstream bug was closed with the commit",
    "fix-written": "a version of the patch exists, and no fault is known in the newest",
    "fix-faulty": "a problem was found with the newest version of the patch",
    "written": "on every branch (the policy's, and what else the case knows of the project) the fix is written, or not needed",
    "fixed": "on every one of these branches it is merged, released or not needed",
    "party": "somebody outside takes part",
    "parties-permitted": "each reporter permitted that each party is told",
    "parties-told": "every party was told",
    "parties-date": "every party was told the date in force",
    "parties-answered": "every party answered whether it is affected",
    "parties-hold": "every party that is affected holds the newest version of the patch",
    "parties-ready": "every party can publish with the newest version of the patch, or is not affected",
    "parties-go": "every party that is affected was told that it is released",
    "wish": "a reporter wishes a date",
    "cve-wanted": "it has no CVE id, and one may be asked for (`when` of `[cve]`)",
    "cve-requested": "a CVE id was asked for",
    "cve-published": "the record of its CVE id is public",
    "cve-disclosed": "the public can read of the issue by its CVE id",
    "cve-own": "the team publishes CVE records itself",
    "advisory": "the advisory's words are written",
    "credited": "it is known of each reporter how they want to be credited",
    "announcement-seen": "each list for announcements sent its announcement out: its copy came, or a person recorded the link",
    "announced": "every list for announcements that is owed one has its announcement",
    "disclosed": "all is done by which the day of disclosure tells the public",
    "archived": "the details of every encrypted report were sent to the private list",
    "closed": "the case is closed",
}
"""Every fact a condition may name, and what it means."""

_COMPARED = re.compile(r"severity\s*(<=|>=|<|>|=)\s*(\S.*)")


class Condition(NamedTuple):
    """One condition, as read: `fact` with `wanted`, or a comparison of `severity` with `word`."""

    fact: str
    wanted: bool = True
    sign: str = ""
    word: str = ""

    def __str__(self) -> str:
        return f"severity {self.sign} {self.word}" if self.sign else f"{'' if self.wanted else 'not '}{self.fact}"


def condition(text: str) -> Condition:
    """Read one condition. Raises ValueError with the nearest fact."""
    bare = " ".join(text.split())
    compared = _COMPARED.fullmatch(bare)
    if compared:
        return Condition("severity", True, compared.group(1), compared.group(2))
    wanted = not bare.startswith("not ")
    fact = bare.removeprefix("not ")
    if any(sign in bare for sign in "<=>"):
        raise ValueError(f"'{text[:60]}' is not a condition; only 'severity' is compared, such as 'severity > Low'")
    if fact not in FACTS:
        raise ValueError(f"'{text[:60]}' is not a condition{nearest(fact, FACTS)}")
    return Condition(fact, wanted)


def holds(conditions: Iterable[Condition], facts: Collection[str], rank: int, scale: tuple[str, ...]) -> bool:
    """Say whether all hold; a comparison with a severity that is not rated yet (`rank` -1) never does."""
    return all(_holds(one, facts, rank, scale) for one in conditions)


def _holds(one: Condition, facts: Collection[str], rank: int, scale: tuple[str, ...]) -> bool:
    if not one.sign:
        return (one.fact in facts) is one.wanted
    if rank < 0 or one.word not in scale:
        return False
    other = scale.index(one.word)
    return {
        "<": rank < other,
        "<=": rank <= other,
        "=": rank == other,
        ">=": rank >= other,
        ">": rank > other,
    }[one.sign]
