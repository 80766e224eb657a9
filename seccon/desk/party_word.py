"""What a party was told, and what it said: told by another way than our mail, answered, ready (features, F5).

A party's word is recorded with the mail that says it. A From proves nothing: what is proved of that mail is kept with it.
"""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from seccon.core.case import Case
from seccon.core.errors import MailNotFoundError, RefusedError
from seccon.core.facts import is_public, lacking, may_tell
from seccon.core.ids import MessageId, address_key
from seccon.core.instants import Instant
from seccon.core.journal import Body, Entry
from seccon.core.journal.parties import Affected, PartyAnswered, PartyReady, PartyTold, Proof
from seccon.core.party import Party
from seccon.core.policy import Policy
from seccon.desk.mail_file import digests_of, mail_file
from seccon.desk.office import Office
from seccon.desk.party import require_party
from seccon.desk.pins import pins_of
from seccon.desk.request import CaseRequest, load, record

PERMISSION = "nobody outside is told without the permission of each reporter"


def require_permission(case: Case, party: Party, policy: Policy) -> None:
    """Refuse to tell a party while a reporter has not permitted it; what is public nobody need permit."""
    if is_public(case) or may_tell(case, party.address):
        return
    who = [report.reporter.name or report.reporter.address for report in lacking(case, party.address)]
    said = f"{' and '.join(who)} {'has' if len(who) == 1 else 'have'} not permitted it" if who else "no reporter permitted it"
    raise RefusedError(
        "party-permission",
        f"{party.label} may not be told: {said}.",
        next((rule.source for rule in policy.step if rule.verb == "permission" and rule.source), PERMISSION),
        "Ask each reporter; P records the permission with its mail.",
    )


class RecordTold(CaseRequest, frozen=True, kw_only=True):
    """Record that a party was told by another way than a mail of seccon: by telephone, on a list, by a colleague's mail."""

    party: str
    when: Instant | None = None
    mail: MessageId | None = None
    patch: int = 0
    until: Instant | None = None
    evidence: str = ""

    def decide(self, case: Case, policy: Policy, now: Instant) -> Sequence[Body]:
        """Write it, with the mail or the evidence; whoever may not be told is not told by telephone either."""
        party = require_party(case, self.party)
        require_permission(case, party, policy)
        if not (self.mail or self.evidence.strip()):
            raise RefusedError("party.evidence", f"Say how {party.label} was told: a mail, or in words.")
        if self.when is not None and self.when > now:
            raise RefusedError("party.when", f"{self.when:%Y-%m-%d %H:%M}Z has not come: record it once they were told.")
        _require_version(case, self.patch)
        told = PartyTold(party=party.address, when=self.when, mail=self.mail, patch=self.patch, until=self.until)
        return (msgspec.structs.replace(told, evidence=self.evidence.strip()),)


class _Word(CaseRequest, frozen=True, kw_only=True):
    """What a party said, with the mail that says it or how else it is known."""

    party: str
    mail: MessageId | None = None
    why: str = ""

    def said(self, case: Case, party: Party, proof: Proof) -> Body:
        """Give what is written, or refuse."""
        raise NotImplementedError

    def perform(self, office: Office) -> tuple[Entry, ...]:
        """Look at the mail before the transaction, and write what it says with what is proved of it."""
        proof = proof_of(office, load(office, self.case), self.party, self.mail)
        return record(office, self.case, self.seen, self._decide(proof))

    def _decide(self, proof: Proof) -> Callable[[Case, Policy, Instant], Sequence[Body]]:
        def decide(case: Case, policy: Policy, now: Instant) -> Sequence[Body]:
            party = require_party(case, self.party)
            _require_word(case, party, self.mail, self.why)
            return (self.said(case, party, proof),)

        return decide

    def decide(self, case: Case, policy: Policy, now: Instant) -> Sequence[Body]:
        """Say what would be written where nobody looked at the mail."""
        return self._decide("")(case, policy, now)


class RecordAnswer(_Word, frozen=True, kw_only=True):
    """Record whether what a party ships is affected, as they say."""

    affected: Affected

    def said(self, case: Case, party: Party, proof: Proof) -> Body:
        """Give the answer."""
        return PartyAnswered(party=party.address, affected=self.affected, mail=self.mail, signature=proof, why=self.why.strip())


class SetReady(_Word, frozen=True, kw_only=True):
    """Record that a party can publish with a version of the patch, or no longer can."""

    ready: bool = True
    patch: int | None = None
    """None: the newest that they hold."""

    def said(self, case: Case, party: Party, proof: Proof) -> Body:
        """Give their word; nobody is ready with what they do not have."""
        patch = party.holds if self.patch is None else self.patch
        _require_version(case, patch)
        if self.ready and not party.told:
            raise RefusedError("party.untold", f"{party.label} was not told yet: they cannot be ready.", hint="t tells them.")
        if self.ready and patch > party.holds:
            holds = f"version {party.holds}" if party.holds else "no version of the patch"
            sentence = f"{party.label} holds {holds}: they cannot be ready with version {patch}."
            raise RefusedError("party.holds", sentence, hint="t sends it; o records that they got it by another way.")
        return PartyReady(
            party=party.address, ready=self.ready, patch=patch, mail=self.mail, signature=proof, why=self.why.strip()
        )


def _require_version(case: Case, patch: int) -> None:
    if patch < 0 or patch > case.work.patch:
        newest = f"the newest is {case.work.patch}" if case.work.patch else "none is recorded yet"
        raise RefusedError("party.patch", f"There is no version {patch} of the patch: {newest}.", hint="f records a version.")


def _require_word(case: Case, party: Party, mail: MessageId | None, why: str) -> None:
    """A mail of somebody else's, or one that the case does not hold, says nothing by itself."""
    if why.strip():
        return
    if mail is None:
        raise RefusedError("party.proof", f"Name the mail in which {party.label} says so, or write how you know.")
    found = [one for one in case.mails if one.mail == mail]
    if not found:
        raise RefusedError("party.mail", f"Case {case.label} holds no such mail.", hint="Write how you know.")
    if not any(address_key(one.sender.address) == address_key(party.address) for one in found):
        sentence = f"That mail is {found[0].sender.address}'s, not {party.address}'s."
        raise RefusedError("party.other", sentence, hint="Write how you know that it speaks for them.")


def proof_of(office: Office, case: Case, address: str, mail: MessageId | None) -> Proof:
    """Say what is proved of a party's mail; nobody is asked for a passphrase. Empty where it cannot be looked at."""
    digests = digests_of(case, mail) if mail is not None else ()
    if mail is None or not digests:
        return ""
    theirs = any(one.mail == mail and address_key(one.sender.address) == address_key(address) for one in case.mails)
    for digest in digests:
        verdict: Any = office.ledger.verdict(mail, digest)
        if verdict is None:
            try:
                read = office.reader.read(mail_file(office, mail, (digest,)), pins_of(office))
            except MailNotFoundError:
                return ""
            if read.locked:
                return ""
            verdict = read.verdict
            office.ledger.keep_verdict(mail, digest, verdict)
        if not (verdict.trusted and theirs):
            return "unproved"
    return "good"
