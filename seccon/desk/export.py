"""Writing an advisory's form: as a publication only of what the public may know, else as a draft that says so (D2 E10)."""

from collections.abc import Mapping
from typing import ClassVar

import msgspec

from seccon.core.advisory import Advisory, about, advisory, first_public
from seccon.core.advisory_rule import next_notice
from seccon.core.case import Case
from seccon.core.errors import RefusedError
from seccon.core.formats import FORMS, Document, document, form_of
from seccon.core.gate import Finding, gate
from seccon.core.ids import TEAM_FILE, CveId
from seccon.core.instants import Instant
from seccon.core.policy import Policy
from seccon.desk.attachments import files
from seccon.desk.office import Office
from seccon.desk.request import Request, load, policy_of


class Exported(msgspec.Struct, frozen=True):
    """A document, or what it lacks; `path` is where it was written."""

    case: str
    document: Document
    draft: bool
    path: str = ""
    others: tuple[CveId, ...] = ()
    """Ids of the case that this form has no place for: each has a record of its own."""


class Export(Request, frozen=True, kw_only=True):
    """Write one form of a case's advisory; to `path`, or only give it. Changes nothing in the ledger."""

    beside: ClassVar[bool] = True

    case: int
    form: str
    draft: bool = False
    cve: str = ""
    """Which of several ids the record is of; empty: the case's own."""
    path: str = ""
    directory: str | None = None
    """Save it there under its own name, never over another file; empty: the private directory."""

    def perform(self, office: Office) -> Exported:
        """Give it. Raises RefusedError before the public may know, StoreError where the file cannot be written."""
        case = load(office, self.case)
        policy = policy_of(office, case)
        if not self.draft:
            require_public(case, policy)
        told = self._of_one(case, advisory(case, policy, draft=self.draft, weaknesses=office.weaknesses))
        written = document(form_of(self.form), told)
        path = ""
        if written.text and self.path:
            path = files(office).put(self.path, written.text.encode(), private=self.draft)
        elif written.text and self.directory is not None:
            path = files(office).save(self.directory, written.name, written.text.encode())
        return Exported(case.label, written, self.draft, path, told.also if self.form in OF_ONE_ID else ())

    def _of_one(self, case: Case, told: Advisory) -> Advisory:
        if not self.cve:
            return told
        if self.form not in OF_ONE_ID:
            raise RefusedError("export.form", f"The form {self.form} tells of all ids of a case at once.")
        try:
            return about(told, case, CveId(self.cve.strip().upper()))
        except KeyError:
            known = ", ".join(told.cves) or "none"
            raise RefusedError("export.cve", f"Case {case.label} has no id '{self.cve[:40]}'; it has {known}.") from None


OF_ONE_ID = ("cve", "cna", "osv")
"""Forms that are the record of one CVE id."""


def taken(office: Office, case: Case) -> dict[str, str]:
    """Give the CVE ids and notice numbers of the other cases of the project, with what those are called."""
    found: dict[str, str] = {}
    numbers = {*office.ledger.cases_recording("cve-assigned"), *office.ledger.cases_recording("advisory-set")}
    for number in sorted(numbers - {case.number, TEAM_FILE}):
        other = load(office, number)
        if other.merged_into is not None:
            continue
        found |= {str(one.cve): other.label for one in other.work.cves}
        if other.work.advisory and other.work.advisory.notice and other.project == case.project:
            found[other.work.advisory.notice] = other.label
    return found


def require_public(case: Case, policy: Policy) -> None:
    """Refuse a publication of what is not public: an embargo holds, or nothing yet says that everybody may know."""
    hint = "A draft says on its first line that it is one: --draft."
    if case.embargo.active and not case.public:
        until = case.embargo.until
        said = f"The embargo of case {case.label} holds until {until:%Y-%m-%d %H:%M}Z: no advisory leaves before it is released."
        raise RefusedError("export.embargo", said, policy.embargo.source, hint)
    if first_public(case) is None and not case.embargo.ended:
        said = f"Case {case.label} is not public: no embargo was released, nothing was announced, no public bug, no public flag."
        raise RefusedError("export.secret", said, policy.embargo.source, hint)


class AdvisoryView(msgspec.Struct, frozen=True):
    """What the advisory's screen shows."""

    case: Case
    policy: Policy
    told: Advisory
    findings: tuple[Finding, ...]
    documents: tuple[Document, ...]
    now: Instant
    taken: dict[str, str] = {}
    """CVE ids and notice numbers of other cases."""
    free: str = ""
    """The next number of a notice that no other case has."""
    weaknesses: Mapping[str, str] = {}


class ReadAdvisory(Request, frozen=True, kw_only=True):
    """Read words, gate and all forms of a case; while it is secret, each form is a draft."""

    case: int

    def perform(self, office: Office) -> AdvisoryView:
        """Give them. Raises LedgerError, RefusedError."""
        case = load(office, self.case)
        policy, now = policy_of(office, case), office.clock()
        told = advisory(case, policy, draft=is_secret(case, policy), weaknesses=office.weaknesses)
        others = taken(office, case)
        return AdvisoryView(
            case=case,
            policy=policy,
            told=told,
            findings=gate(case, policy, now, taken=others),
            documents=tuple(document(one, told) for one in FORMS),
            now=now,
            taken=others,
            free=next_notice(policy.advisory, (told.reported or now).year, others),
            weaknesses=office.weaknesses,
        )


def is_secret(case: Case, policy: Policy) -> bool:
    """Say whether a form can only be a draft."""
    try:
        require_public(case, policy)
    except RefusedError:
        return True
    return False
