"""Start a reply: recipients, thread and protection planned, template filled, the mail quoted. Writes nothing."""

import secrets
from typing import ClassVar

import msgspec

from seccon.core.case import Case, Report
from seccon.core.circle import circle_of
from seccon.core.errors import ConfigError, MailNotFoundError, RefusedError
from seccon.core.ids import MessageId, address_key
from seccon.core.letter import Letter, clean_line, run_marks
from seccon.core.pinning import confirmed
from seccon.core.policy import Policy
from seccon.core.ports import Unlock
from seccon.core.reply import Reach, plan_reply, quote
from seccon.core.report import Address, Mail
from seccon.desk.mail_file import digests_of, mail_file
from seccon.desk.office import Office
from seccon.desk.party_letter import PrepareParty
from seccon.desk.pins import pins_of
from seccon.desk.request import Request, load, policy_of, require_member
from seccon.desk.room import Known, room, team_entries, trust_of
from seccon.desk.roster import roster_of
from seccon.desk.secret_passages import secret_passages


class PrepareReply(Request, frozen=True, kw_only=True):
    """Ask for a reply to a mail of a case; the newest from the reporter, where none is named."""

    beside: ClassVar[bool] = True

    case: int
    mail: MessageId | None = None
    report: MessageId | None = None
    """The report whose reporter is answered, where no mail is named."""
    purpose: str = ""
    """Name of a template; empty: no text to start from."""
    reach: Reach = "all"
    quoted: bool = True
    missing: tuple[str, ...] = ()
    """Ids of the policy's items that a needs-info reply asks for."""
    reason: str = ""
    """Id of the policy's out-of-scope reason."""
    values: dict[str, str] = msgspec.field(default_factory=dict)
    """Further values for the template: `cve`, `commit`, `url`, `note` …"""
    unlock: Unlock = Unlock.QUIET
    passphrase: bytes | None = None

    def perform(self, office: Office) -> Letter:
        """Give the letter to edit. Raises RefusedError, MailNotFoundError, ConfigError."""
        require_member(office)
        case = load(office, self.case)
        party = next((one.party for one in case.mails if one.mail == self.mail and one.party), "")
        if party:  # who is answered is the party, on a thread of its own
            return PrepareParty(
                case=self.case, party=party, purpose=self.purpose, mail=self.mail, quoted=self.quoted,
                unlock=self.unlock, passphrase=self.passphrase,
            ).perform(office)  # fmt: skip
        policy = policy_of(office, case)
        report, wanted = _answered(case, self.mail, self.report)
        if any(post.mail == wanted for post in case.work.holding):
            sentence = "The post is held by its list and has not come: there is nothing to answer yet."
            raise RefusedError("held", sentence, policy.moderation.source, "Release it on the list's own pages first.")
        mail = self._read(office, case, wanted)
        circle = circle_of(case, policy, roster_of(office), office.identities, report.id)
        heading = mail.heading
        named = (*heading.sender, *heading.reply_to, *heading.to, *heading.cc)
        addresses = [report.reporter.address, *(one.address for one in named)]
        trust = trust_of(office, addresses, confirmed(team_entries(office)), Known(office.keyring))
        name = secrets.token_hex(8)
        letter = plan_reply(name, case.number, mail, report.id, report.reporter, circle, trust, office.identities, self.reach)
        text = self._text(office, case, policy, report, letter)
        if self.quoted:
            text += "\n" + quote(mail, _author(mail, report))
        if not letter.secret:  # else it is never sent in clear text
            known, doubt = secret_passages(office, case, report.id)
            own = run_marks(text)  # what both reporters wrote is told to nobody
            letter = msgspec.structs.replace(
                letter, secret_marks=tuple(sorted(known - own)), doubts=(*letter.doubts, *filter(None, [doubt]))
            )
        return msgspec.structs.replace(letter, text=text, purpose=self.purpose)

    def _read(self, office: Office, case: Case, wanted: MessageId) -> Mail:
        """Read the mail that the journal knew first, not another of the same Message-ID."""
        try:
            path = mail_file(office, wanted, digests_of(case, wanted))
        except MailNotFoundError as error:
            raise MailNotFoundError(error.sentence, f"{error.hint} Else answer another mail of the case.") from None
        return office.reader.read(path, pins_of(office), self.unlock, self.passphrase)

    def _text(self, office: Office, case: Case, policy: Policy, report: Report, letter: Letter) -> str:
        if not self.purpose:
            return ""
        file = policy.templates.get(self.purpose, self.purpose)
        return room(office).templates.render(file, self._occasion(office, case, policy, report, letter))

    def _occasion(self, office: Office, case: Case, policy: Policy, report: Report, letter: Letter) -> dict[str, object]:
        """Give what a template may name. Values that are not there are missing, and the template says so in a sentence."""
        asks = {item.id: item.ask or item.title for item in policy.item}
        unknown = [one for one in self.missing if one not in asks]
        if unknown:
            raise ConfigError(f"The policy {policy.key} has no item '{unknown[0]}'.")
        clause = next((one for one in policy.reason if one.id == self.reason), None)
        if self.reason and clause is None:
            raise ConfigError(f"The policy {policy.key} has no reason '{self.reason}'.")
        identity = next((one for one in office.identities if one.address == letter.identity), None)
        embargo = case.embargo
        offered = next((one for one in reversed(embargo.proposals) if one.open), None)
        return {
            **self.values,
            "case": case.id or "",
            "reporter": clean_line(report.reporter.name) or report.reporter.address,
            "received": report.arrived,
            "member": roster_of(office).display(office.person),
            "team": identity.name if identity else "",
            "process": policy.title,
            "source": policy.source,
            "severity": case.severity,
            "embargo": embargo.until if embargo.active else None,
            "proposed": offered.until if offered else None,
            "zone": offered.zone if offered and not embargo.active else embargo.zone,
            "missing": tuple(asks[one] for one in self.missing),
            "clause": clause.clause if clause else "",
            "clause_source": (clause.source or policy.source) if clause else "",
            "reason": clause.title if clause else "",
        }


def _answered(case: Case, wanted: MessageId | None, about: MessageId | None) -> tuple[Report, MessageId]:
    """Find the mail to answer and the report on whose thread it stands."""
    if not case.reports:
        raise RefusedError("no-report", f"Case {case.label} holds no report that could be answered.")
    known = {one.mail: one.report for one in case.mails}
    if wanted is None:
        first = case.report(about) if about else case.reports[0]
        if first is None:
            raise RefusedError("other-case", f"This report does not belong to case {case.label}.")
        author = address_key(first.reporter.address)
        incoming = [one for one in case.mails if one.report == first.id and one.direction == "in"]
        theirs = [one for one in incoming if address_key(one.sender.address) == author]
        return first, theirs[-1].mail if theirs else first.id
    report = case.report(known.get(wanted, wanted))
    if report is None:
        raise RefusedError("other-case", f"This mail does not belong to case {case.label}.")
    return report, wanted


def _author(mail: Mail, report: Report) -> Address:
    """Name whom is quoted: of a list that rewrites From, the reporter."""
    sender = mail.sender
    if mail.heading.message_id == report.id or not sender.address:
        return Address(report.reporter.name, report.reporter.address)
    return sender
