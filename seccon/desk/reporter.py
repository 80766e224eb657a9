"""Name the true reporter of a report that somebody handed on (features: relayed reports)."""

import msgspec

from seccon.core.arrival import Rules, acknowledgement
from seccon.core.case import Case
from seccon.core.errors import RefusedError
from seccon.core.ids import MessageId, address_key
from seccon.core.journal import Body, Entry
from seccon.core.journal.cases import Acknowledged, ReporterSet
from seccon.core.letter import clean_line, is_address
from seccon.core.report import Correspondent
from seccon.core.team import own_addresses
from seccon.desk.office import Office
from seccon.desk.request import CaseRequest, policy_of, record
from seccon.desk.roster import roster_of

_SOURCE = "the reporter is who found it, not who handed it on"


class SetReporter(CaseRequest, frozen=True, kw_only=True):
    """Name the reporter, with the evidence. An acknowledgement is owed to them, unless a mail of the team went to them too."""

    report: MessageId
    name: str
    address: str
    evidence: str
    claimed: bool = True
    """Nobody proved that it is them: true for all that a relayed mail says."""

    def perform(self, office: Office) -> tuple[Entry, ...]:
        """Write it, and what mails that are known already mean for the new reporter."""
        roster, own = roster_of(office), own_addresses(office.identities)

        def decide(case: Case, policy: object, now: object) -> tuple[Body, ...]:
            lists = frozenset(address_key(one.address) for one in policy_of(office, case).list)
            rules = Rules(case.project, case.policy, office.clock(), roster, own, lists)
            said = self._checked(case, rules)
            told = _acknowledged(case, said, rules)
            return (said, told) if told else (said,)

        return record(office, self.case, self.seen, decide)

    def _checked(self, case: Case, rules: Rules) -> ReporterSet:
        report, address = case.report(self.report), self.address.strip()
        if report is None:
            raise RefusedError("reporter.report", f"Case {case.label} has no such report.")
        if not is_address(address):
            raise RefusedError("reporter.address", f"'{clean_line(address)}' is not an address.", "RFC 5321, 4.1.2")
        who = Correspondent(" ".join(self.name.split()), address, self.claimed)
        if address_key(address) in rules.lists or rules.is_ours(who):
            raise RefusedError("reporter.ours", f"{address} is the team's own: nobody reports to themselves.", _SOURCE)
        if who.name == report.reporter.name and address_key(address) == address_key(report.reporter.address):
            raise RefusedError("reporter.same", f"{address} is the reporter already.")
        if not self.evidence.strip():
            raise RefusedError("reporter.evidence", "Write how it is known: where the mail says so.", _SOURCE)
        return ReporterSet(report=report.id, reporter=who, evidence=self.evidence.strip())


def _acknowledged(case: Case, said: ReporterSet, rules: Rules) -> Acknowledged | None:
    """Find the first mail of the team that went to the new reporter as well."""
    changed = tuple(
        msgspec.structs.replace(one, reporter=said.reporter, acknowledged=None) if one.id == said.report else one
        for one in case.reports
    )
    report = case.report(said.report)
    if report is not None and address_key(report.reporter.address) == address_key(said.reporter.address):
        return None
    then = msgspec.structs.replace(case, reports=changed)
    found = (acknowledgement(then, mail, rules) for mail in case.mails if mail.report == said.report)
    return next((one for one in found if one), None)
