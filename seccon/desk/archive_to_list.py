"""Archive to the list: the decrypted details of an encrypted report, as a letter to the policy's private list (features, R10).

Only drafts: the letter passes the guard and the sheet like any other. Its delivery is recorded as the archive.
"""

import secrets
from collections.abc import Sequence
from typing import ClassVar, Literal

import msgspec

from seccon.core.case import Case, Report
from seccon.core.circle import Circle, circle_of
from seccon.core.errors import CryptoError, RefusedError
from seccon.core.file_name import safe_name
from seccon.core.ids import MessageId, address_key
from seccon.core.letter import ARCHIVE, Attachment, Letter, Recipient, clean_line, clean_text
from seccon.core.policy import MailingList, Policy
from seccon.core.ports import Unlock
from seccon.core.reply import is_message_id, references, secret_marks
from seccon.core.report import Mail, Part, Scope
from seccon.core.team import identity_for
from seccon.desk.attachments import media_type
from seccon.desk.mail_file import digests_of, mail_file
from seccon.desk.office import Office
from seccon.desk.pins import pins_of
from seccon.desk.request import Request, load, policy_of, require_member
from seccon.desk.roster import roster_of

_SOURCE = "archive to the list"
_NEUTRAL = "Archive of an encrypted report"
"""The subject of a letter in clear text: it tells nothing."""


class PrepareArchive(Request, frozen=True, kw_only=True):
    """Ask for the letter that archives a report."""

    beside: ClassVar[bool] = True

    case: int
    report: MessageId
    mails: Literal["report", "thread"] = "report"
    """The report alone, or all that its reporter wrote encrypted on its thread."""
    attached: bool = False
    """With the attachments themselves; else only their names."""
    unlock: Unlock = Unlock.QUIET
    passphrase: bytes | None = None

    def perform(self, office: Office) -> Letter:
        """Give the letter to edit. Raises RefusedError for what is not archived so, CryptoError for what is locked."""
        require_member(office)
        case = load(office, self.case)
        policy = policy_of(office, case)
        mailing, report = archive_of(policy), case.report(self.report)
        if report is None:
            raise RefusedError("archive.report", f"Case {case.label} has no such report.")
        opened = [self._opened(office, case, one) for one in _wanted(case, report, whole=self.mails == "thread")]
        circle = circle_of(case, policy, roster_of(office), office.identities, report.id)
        letter = _letter(office, case, report, mailing, circle, [mail for _, mail in opened])
        if not self.attached:
            return letter
        files = tuple(file for path, mail in opened for file in self._files(office, path, mail))
        return msgspec.structs.replace(letter, attachments=files)

    def _opened(self, office: Office, case: Case, name: MessageId) -> tuple[str, Mail]:
        """Read one mail; only what is encrypted as a whole, and could be opened, is archived."""
        path = mail_file(office, name, digests_of(case, name))
        mail = office.reader.read(path, pins_of(office), self.unlock, self.passphrase)
        if mail.verdict.encrypted is Scope.PART:
            sentence = "Only a part of this mail is encrypted: it is not archived, since such mails make programs tell secrets."
            raise RefusedError("archive.partly", sentence, _SOURCE, "Read it, and write what matters in a reply of your own.")
        if mail.locked:
            raise CryptoError(f"The mail cannot be opened. {mail.locked}", locked=True, card=mail.card)
        if mail.verdict.encrypted is not Scope.WHOLE:
            raise RefusedError(
                "archive.clear", "This mail was not encrypted: the list has it, or can be sent it as it is.", _SOURCE
            )
        return path, mail

    def _files(self, office: Office, path: str, mail: Mail) -> Sequence[Attachment]:
        found = []
        for part in mail.parts:
            if _is_file(part):
                data = office.reader.attachment(path, part.path, self.unlock, self.passphrase)
                name = safe_name(part.filename, f"part-{part.path}")
                found.append(Attachment(name, data, media_type(name, data)))
        return found


def archive_of(policy: Policy) -> MailingList:
    """Give the private list that keeps the details. Raises RefusedError where the policy names none."""
    found = next((one for one in policy.list if "archive" in one.purpose and not one.public), None)
    if found is None:
        raise RefusedError("archive.none", f"The policy {policy.key} names no private list for the archive.", policy.source)
    return found


def _wanted(case: Case, report: Report, *, whole: bool) -> tuple[MessageId, ...]:
    """Choose the mails: the report, and of its thread those of the reporter that say they are encrypted."""
    author = address_key(report.reporter.address)
    theirs = [
        one.mail
        for one in case.mails
        if one.report == report.id and one.from_reporter
        and one.encrypted and address_key(one.sender.address) == author
    ]  # fmt: skip
    return tuple(dict.fromkeys(theirs)) or (report.id,) if whole else (report.id,)


def _letter(office: Office, case: Case, report: Report, mailing: MailingList, circle: Circle, mails: Sequence[Mail]) -> Letter:
    """Write it. Where the list can read nothing but clear text, it says so itself, and the guard wants a written decision."""
    first = mails[0].heading
    identity = identity_for(office.identities, [one.address for one in (*first.to, *first.cc)])
    clear = mailing.transport == "clear"
    plain = "signed" if identity is not None and identity.sign_key is not None else "clear"
    known = frozenset[str]().union(*map(secret_marks, mails))
    return Letter(
        id=secrets.token_hex(8),
        case=case.number,
        identity=identity.address if identity else "",
        recipients=(Recipient(mailing.address, mailing.name, "list"),),
        subject=_NEUTRAL if clear else clean_line(f"Archive {case.label}: {mails[0].subject}", 300),
        text="\n".join((_lead(case, report), *map(_details, mails))),
        protection=plain if clear else "encrypted",  # type: ignore[arg-type]
        purpose=ARCHIVE,
        report=report.id,
        answers=report.id if is_message_id(report.id) else None,
        references=references(first, circle),
        wire="" if clear else first.subject,
        secret=True,
        secret_marks=tuple(sorted(known)),
    )


def _lead(case: Case, report: Report) -> str:
    who = clean_line(report.reporter.name) or report.reporter.address
    return f"The decrypted details of the encrypted report by {who} ({case.label}), for the archive of this list.\n"


def _details(mail: Mail) -> str:
    """Write what a mail held: its headers, its text, the names of its attachments."""
    heading, verdict = mail.heading, mail.verdict
    sender = ", ".join(clean_line(str(one), 200) for one in heading.sender)
    lines = ["-" * 72, f"From: {sender}"]
    lines += [f"Date: {heading.date:%Y-%m-%d %H:%M} UTC"] if heading.date else []
    lines += [f"Subject: {clean_line(mail.subject, 300)}", f"Message-ID: <{clean_line(heading.message_id, 200)}>"]
    if verdict.signed is Scope.WHOLE and verdict.fingerprint:
        ours = "never confirmed" if verdict.matches_from else "not proved to be the sender's"
        sure = "confirmed as the sender's" if verdict.trusted else ours
        lines.append(f"Signature: {verdict.signature}, key {verdict.fingerprint}, {sure}")
    lines += ["", clean_text(mail.text).rstrip("\n"), ""]
    lines += ["[The mail is longer than what was read of it.]"] if not mail.body_complete else []
    lines += [f"Attachment: {safe_name(part.filename)} ({part.type}, {part.size} bytes)" for part in mail.parts if _is_file(part)]
    return "\n".join(lines).rstrip("\n") + "\n"


def _is_file(part: Part) -> bool:
    return (not part.inline or part.text is None) and part.type != "application/pgp-signature"
