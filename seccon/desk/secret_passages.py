"""What arrived encrypted on other threads of a case: the guard knows its passages again in a letter that goes in clear (R6)."""

from seccon.core.case import Case
from seccon.core.errors import SecconError
from seccon.core.ids import MessageId
from seccon.core.letter import run_marks
from seccon.core.plural import count
from seccon.core.ports import Unlock
from seccon.desk.mail_file import digests_of, mail_file
from seccon.desk.office import Office
from seccon.desk.pins import pins_of

_MOST = 20
"""Mails that are opened for it, the newest first."""


def secret_passages(office: Office, case: Case, report: MessageId) -> tuple[frozenset[str], str]:
    """Give the marks of what came encrypted for others than this reporter's thread, and what of it could not be looked at."""
    names = dict.fromkeys(one.mail for one in reversed(case.mails) if one.encrypted and one.report != report)
    found: set[str] = set()
    shut = max(len(names) - _MOST, 0)
    for name in list(names)[:_MOST]:
        try:
            mail = office.reader.read(mail_file(office, name, digests_of(case, name)), pins_of(office), Unlock.QUIET)
        except SecconError:
            shut += 1
            continue
        found.update(*(run_marks(part.text) for part in mail.parts if part.text is not None))
        shut += bool(mail.locked)
    mails = count(shut, "encrypted mail")
    doubt = f"Nothing of another report may stand in clear text: {mails} of this case could not be compared." if shut else ""
    return frozenset(found), doubt
