"""The ids whose records should be public by now and are not on record as that (features, F1)."""

from seccon.core.case import fold
from seccon.core.cve import OpenCve, open_cve
from seccon.desk.office import Office
from seccon.desk.request import Request


class ReadOpenCves(Request, frozen=True, kw_only=True):
    """Ask for all of them, also those of closed cases."""

    def perform(self, office: Office) -> tuple[OpenCve, ...]:
        """Look at every case that has an id. Raises LedgerError."""
        cases = (fold(office.ledger.entries(number)) for number in office.ledger.cases_recording("cve-assigned"))
        judged = ((case, office.policies.get(case.policy)) for case in cases)
        return tuple(found for case, policy in judged if policy and (found := open_cve(case, policy)))
