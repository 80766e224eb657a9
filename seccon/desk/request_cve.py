"""Ask for a CVE id: the text out of the case, as an encrypted mail where that address may know; and the record of asking."""

import secrets
from collections.abc import Sequence
from typing import ClassVar, Literal

import msgspec

from seccon.core.addressee import standing
from seccon.core.case import Case
from seccon.core.circle import Circle, circle_of
from seccon.core.condition import holds
from seccon.core.errors import RefusedError
from seccon.core.facts import facts
from seccon.core.ids import MessageId
from seccon.core.instants import Instant
from seccon.core.journal import Body
from seccon.core.journal.disclosure import CveRequested
from seccon.core.letter import CVE_REQUEST, Letter, Recipient, clean_line
from seccon.core.policy import Policy
from seccon.core.reply import role_of
from seccon.core.team import identity_for
from seccon.core.work import Work
from seccon.desk.office import Office
from seccon.desk.request import CaseRequest, Request, load, policy_of, require_member, require_open
from seccon.desk.room import room
from seccon.desk.roster import roster_of


class RequestCve(CaseRequest, frozen=True, kw_only=True):
    """Record that an id was asked for, of whom and how."""

    cna: str = ""
    how: Literal["mail", "service", "form"] = "form"
    mail: MessageId | None = None
    why: str = ""

    def decide(self, case: Case, policy: Policy, now: Instant) -> Sequence[Body]:
        """Write it; not for a case that has one, and not before the process wants one."""
        require_askable(case, policy)
        cna = self.cna.strip() or policy.cve.cna
        if not cna:
            raise RefusedError("cve.cna", "Say whom it was asked of.", policy.cve.source)
        return (CveRequested(cna=cna, how=self.how, mail=self.mail, why=self.why.strip()),)


class CveDraft(msgspec.Struct, frozen=True):
    """A request as it is drafted. Without `letter` it is taken to a form; `because` says why."""

    text: str
    cna: str
    letter: Letter | None = None
    form: str = ""
    because: str = ""


class DraftCveRequest(Request, frozen=True, kw_only=True):
    """Ask for the text of a request; it becomes a letter where the address that is asked may know of the case."""

    beside: ClassVar[bool] = True

    case: int

    def perform(self, office: Office) -> CveDraft:
        """Fill the template. Raises RefusedError, ConfigError. Writes nothing."""
        require_member(office)
        case = load(office, self.case)
        policy = policy_of(office, case)
        require_askable(case, policy)
        file = policy.templates.get(CVE_REQUEST, CVE_REQUEST)
        text = room(office).templates.render(file, _occasion(office, case, policy))
        rule = policy.cve
        if not rule.request_to:
            return CveDraft(text, rule.cna, form=rule.form, because="the policy names no address that is asked")
        report = case.reports[0].id if case.reports else None
        circle = circle_of(case, policy, roster_of(office), office.identities, report)
        may_know, why = standing(rule.request_to, circle)
        if not may_know:
            return CveDraft(text, rule.cna, form=rule.form, because=f"{rule.request_to} may not know of the case yet: {why}")
        return CveDraft(text, rule.cna, _letter(office, case, circle, rule.request_to, text), rule.form)


def require_askable(case: Case, policy: Policy) -> None:
    """Refuse to ask for an id where the case has one, or the process does not want one yet."""
    require_open(case)
    rule = policy.cve
    if case.work.cve is not None:
        raise RefusedError(
            "cve.one", f"Case {case.label} has {case.work.cve}: each issue has one id.", rule.source or policy.source
        )
    if not holds(rule.when, facts(case, policy), policy.rank(case.severity), policy.severity.scale):
        wanted = ", ".join(map(str, rule.when))
        raise RefusedError("cve.when", rule.because or f"The process asks for an id only when: {wanted}.", rule.source)


def _letter(office: Office, case: Case, circle: Circle, address: str, text: str) -> Letter:
    """Begin a mail of its own: whoever allocates ids reads no thread of a reporter's."""
    report = case.reports[0]
    root = next((mail for mail in case.mails if mail.mail == report.id), None)
    identity = identity_for(office.identities, root.to if root else ())
    return Letter(
        id=secrets.token_hex(8),
        case=case.number,
        identity=identity.address if identity else "",
        recipients=(Recipient(address, "", role_of(address, circle)),),
        subject=f"CVE request: {_title(case)}",
        text=text,
        purpose=CVE_REQUEST,
        report=report.id,
        secret=not circle.public,
    )


def _title(case: Case) -> str:
    advisory = case.work.advisory
    return clean_line((advisory.title if advisory else "") or case.label, 200)


def _occasion(office: Office, case: Case, policy: Policy) -> dict[str, object]:
    """Give what the template may name: the facts that the CVE programme wants of a record (CNA rules 5.1), where known."""
    advisory, rating = case.work.advisory, case.assessment.body if case.assessment else None
    return {
        "case": case.id or "",
        "product": policy.cve.product or case.project,
        "title": advisory.title if advisory else "",
        "cwe": advisory.cwe if advisory else "",
        "description": advisory.description if advisory else "",
        "impact": (advisory.impact if advisory else "") or (rating.impact if rating else ""),
        "severity": case.severity,
        "cvss": rating.cvss if rating else "",
        "versions": _versions(case.work),
        "commits": tuple(f"{one.branch}: {one.commit}" for one in case.work.branches.values() if one.commit),
        "references": _references(case),
        "embargo": case.embargo.until if case.embargo.active else None,
        "zone": case.embargo.zone,
        "public": case.public,
        "cna": policy.cve.cna,
        "member": roster_of(office).display(office.person),
    }


def _versions(work: Work) -> tuple[str, ...]:
    """Say of each branch from which tag on it is affected, and which tag has the fix, where that is known."""
    found = []
    for name, one in work.branches.items():
        if one.state == "not-affected":
            continue
        since = f"affected from {one.vulnerable_tags[0]}" if one.vulnerable_tags else "affected"
        fixed = f", fixed in {one.fixed_tags[0]}" if one.fixed_tags else ""
        found.append(f"{name}: {since}{fixed}")
    return tuple(found)


def _references(case: Case) -> tuple[str, ...]:
    """Give the links that anybody may be given: the advisory's, and the bug where everybody can read it."""
    advisory, bug = case.work.advisory, case.work.bug
    links = [one.url for one in advisory.references] if advisory else []
    links += [bug.url] if bug and bug.public else []
    return tuple(dict.fromkeys((*links, *(one.url for one in case.work.announced if one.url))))
