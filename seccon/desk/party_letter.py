"""Start a mail to one party, on a thread of its own: nothing in it names a reporter, their thread, or another party (F5)."""

import secrets
from contextlib import suppress
from typing import ClassVar

from seccon.core.case import Case
from seccon.core.errors import ConfigError, MailNotFoundError, RefusedError
from seccon.core.facts import GO, is_public
from seccon.core.ids import MessageId
from seccon.core.journal.work import FixProposed
from seccon.core.letter import MAX_ATTACHED, Attachment, Letter, Recipient, clean_line
from seccon.core.party import Party
from seccon.core.party_thread import mails, root
from seccon.core.policy import Policy
from seccon.core.ports import Unlock
from seccon.core.reply import is_message_id, quote, reply_subject, secret_marks
from seccon.core.report import Mail
from seccon.core.team import Identity, identity_for
from seccon.desk.mail_file import digests_of, mail_file
from seccon.desk.office import Office
from seccon.desk.party import require_party
from seccon.desk.party_word import require_permission
from seccon.desk.pins import pins_of
from seccon.desk.request import Request, load, policy_of, require_member
from seccon.desk.room import room
from seccon.desk.roster import roster_of

SUBJECT = "Confidential, please read and answer"
"""It tells nothing, also where a party reads no encrypted mail."""
PURPOSES = {
    "party-invite": "tell them of the issue: what is asked of them, until when it is secret",
    "party-patch": "send them the newest version of the patch",
    "party-date": "tell them the date, or ask whether they agree to it",
    GO: "the date has come: publish now",
    "": "free text",
}
"""Template -> what it is for."""
CARRIES_PATCH = ("party-invite", "party-patch")
_PATCHES = (".patch", ".diff")
_MANY_REFERENCES = 30


class PrepareParty(Request, frozen=True, kw_only=True):
    """Ask for a mail to a party; `mail` is one of theirs that is answered and quoted."""

    beside: ClassVar[bool] = True

    case: int
    party: str
    purpose: str = ""
    mail: MessageId | None = None
    quoted: bool = True
    unlock: Unlock = Unlock.QUIET
    passphrase: bytes | None = None

    def perform(self, office: Office) -> Letter:
        """Give the letter to edit. Raises RefusedError where a reporter has not permitted it, MailNotFoundError, ConfigError."""
        require_member(office)
        if self.purpose not in PURPOSES:
            raise ConfigError(f"'{clean_line(self.purpose)}' is no text for a party.", f"There are: {', '.join(PURPOSES)}")
        case = load(office, self.case)
        if self.purpose == GO and not is_public(case):
            sentence = "Nobody has released the issue: parties are told to publish after that."
            raise RefusedError("party.go", sentence, "simultaneous release", "e, then E releases it on its date.")
        policy, party = policy_of(office, case), require_party(case, self.party)
        require_permission(case, party, policy)
        answered = self._read(office, case, self.mail) if self.mail is not None else None
        fix = case.work.fixes[-1] if case.work.fixes and self.purpose in CARRIES_PATCH else None
        files, secret, marks = self._files(office, case, fix)
        exchanged = [one for one in mails(case, party.address) if is_message_id(one)]
        identity = identity_for(office.identities, [to for one in case.mails[:1] for to in one.to])
        text = self._text(office, case, policy, party, fix, bool(files), identity)
        if answered is not None and self.quoted:
            text += "\n" + quote(answered, answered.sender)
        return Letter(
            id=secrets.token_hex(8),
            case=case.number,
            identity=identity.address if identity else "",
            recipients=(Recipient(party.address, clean_line(party.name), "party"),),
            subject=_subject(answered, exchanged),
            text=text,
            purpose=self.purpose,
            report=root(case, party.address),
            answers=self.mail if self.mail in exchanged else next(reversed(exchanged), None),
            references=tuple(exchanged[-_MANY_REFERENCES:]),
            attachments=files,
            secret=secret,
            secret_marks=marks + (secret_marks(answered) if answered is not None and answered.heading.encrypted else ()),
            party=party.address,
            patch=fix.version if fix else 0,
        )

    def _read(self, office: Office, case: Case, wanted: MessageId) -> Mail:
        path = mail_file(office, wanted, digests_of(case, wanted))
        return office.reader.read(path, pins_of(office), self.unlock, self.passphrase)

    def _files(self, office: Office, case: Case, fix: FixProposed | None) -> tuple[tuple[Attachment, ...], bool, tuple[str, ...]]:
        """Find the patch in the mail that holds it; say too whether something of the case arrived encrypted, with its marks."""
        secret = any(one.encrypted and one.direction == "in" for one in case.mails)
        if fix is None or fix.mail is None or not digests_of(case, fix.mail):
            return (), secret, ()
        with suppress(MailNotFoundError):
            path = mail_file(office, fix.mail, digests_of(case, fix.mail))
            mail = office.reader.read(path, pins_of(office), self.unlock, self.passphrase)
            secret = secret or mail.heading.encrypted
            parts = [part for part in mail.parts if part.size <= MAX_ATTACHED and _is_patch(part.filename, part.type)]
            files = tuple(
                Attachment(
                    clean_line(part.filename or f"v{fix.version}.patch"),
                    office.reader.attachment(path, part.path, self.unlock, self.passphrase),
                    "text/x-patch",
                )
                for part in parts
            )
            return files, secret, secret_marks(mail) if mail.heading.encrypted else ()
        return (), secret, ()

    def _text(
        self,
        office: Office,
        case: Case,
        policy: Policy,
        party: Party,
        fix: FixProposed | None,
        enclosed: bool,
        by: Identity | None,
    ) -> str:
        if not self.purpose:
            return ""
        embargo, advisory, table = case.embargo, case.work.advisory, case.embargo.table
        values: dict[str, object] = {
            "party": clean_line(party.name) or party.address,
            "project": case.project,
            "case": case.id or "",
            "member": roster_of(office).display(office.person),
            "team": by.name if by else "",
            "process": policy.title,
            "source": policy.source,
            "severity": case.severity,
            "cve": case.work.cve or "",
            "summary": advisory.title if advisory else "",
            "description": advisory.description if advisory else "",
            "impact": advisory.impact if advisory else "",
            "workaround": advisory.workaround if advisory else "",
            "branches": tuple(f"{name}: {one.state}" for name, one in case.work.branches.items() if not one.owner),
            "embargo": embargo.until if embargo.active else None,
            "proposed": table[0].until if table else None,
            "zone": table[0].zone if table and not embargo.active else embargo.zone,
            "agrees": party.agrees or "parties" in policy.embargo.agree,
            "patch": fix.version if fix else None,
            "before": party.holds if fix and 0 < party.holds < fix.version else None,
            "enclosed": enclosed,
        }
        return room(office).templates.render(policy.templates.get(self.purpose, self.purpose), values)


def _subject(answered: Mail | None, exchanged: list[MessageId]) -> str:
    if answered is not None:
        return reply_subject(answered.subject)
    return reply_subject(SUBJECT) if exchanged else SUBJECT


def _is_patch(name: str | None, kind: str) -> bool:
    return kind in ("text/x-patch", "text/x-diff") or (name or "").casefold().endswith(_PATCHES)
