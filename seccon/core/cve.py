"""CVE ids: what may be recorded of one, and which are overdue (features, F1)."""

from datetime import timedelta

import msgspec

from seccon.core.case import Case
from seccon.core.errors import RefusedError
from seccon.core.ids import CveId, cve_id
from seccon.core.instants import Instant
from seccon.core.policy import Policy

FIRST_YEAR = 1999
"""The programme began with it."""
_AHEAD = timedelta(days=92)
"""How long before a year its ids are reserved: CVE-2021-20181 was on 2020-12-17."""


class ReservedCve(msgspec.Struct, frozen=True):
    """An id that an org reserved and has not published."""

    cve: CveId
    user: str = ""
    """Who asked for it, as CVE Services say."""
    reserved: Instant | None = None


class OpenCve(msgspec.Struct, frozen=True):
    """An id of a case whose record should be public, or rejected, and is not."""

    case: int
    label: str
    cve: CveId
    allocated: str
    """Who allocated it."""
    why: str
    ours: bool
    """Publishing it is our own duty."""


def record_url(cve: CveId) -> str:
    """Give where the CVE programme shows a record."""
    return f"https://www.cve.org/CVERecord?id={cve}"


def checked(text: str, now: Instant) -> CveId:
    """Take an id that a person gives. Raises RefusedError for another form, or a year that cannot be."""
    try:
        cve = cve_id(text)
    except ValueError as error:
        raise RefusedError("cve.form", f"{error}.") from None
    year = int(cve[4:8])
    latest = (now + _AHEAD).year
    if not FIRST_YEAR <= year <= latest:
        said = "is in the future" if year > latest else "is before the first ids"
        raise RefusedError("cve.year", f"{cve}: the year {year} {said}.", "CNA Operational Rules 4.2.19", "Look at the id again.")
    return cve


def open_cve(case: Case, policy: Policy) -> OpenCve | None:
    """Say whether the case's id is overdue: nothing holds its record back any more, and it is not on record as public."""
    cve = case.work.cve
    if cve is None or cve in case.work.published or case.merged_into is not None:
        return None
    why = _why(case)
    allocated = next((one.by for one in case.work.cves if one.cve == cve), "")
    return OpenCve(case.number, case.label, cve, allocated, why, policy.cve.own) if why else None


_ENDED_WELL = ("published", "public-bug")


def _why(case: Case) -> str:
    if case.closed and case.closed.outcome not in _ENDED_WELL:
        return f"the case is closed as {case.closed.outcome}: an id that is not used is rejected by its CNA"
    if case.closed:
        return "the case is closed, and the record is not known to be public"
    if case.public:
        return "the matter is public, and the record is not known to be"
    if case.embargo.state == "ended" and case.embargo.ended and case.embargo.ended.reason != "not-needed":
        return "the embargo is over, and the record is not known to be public"
    return ""
