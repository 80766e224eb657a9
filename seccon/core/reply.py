"""Plan a reply: who gets it, from which identity, on which thread, under which subject, with what quoted, how protected.

Decides only; what may really leave is judged by `guard`, however the plan was changed meanwhile.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from seccon.core.addressee import Trust
from seccon.core.circle import Circle
from seccon.core.doubts import doubts
from seccon.core.ids import MessageId, address_key
from seccon.core.journal.replies import Protection
from seccon.core.letter import Letter, Recipient, Role, clean_line, clean_text, is_address, marks
from seccon.core.report import Address, Correspondent, Heading, Mail, Scope
from seccon.core.team import Identity, identity_for

Reach = Literal["reporter", "all", "internal"]
"""To the reporter alone; to all who may know; to the team and its lists, without the reporter (an explicit choice)."""

_REPLY = re.compile(r"\s*(re|aw|sv|antw|odp)(\[\d+\]|\^\d+)?\s*:\s*", re.IGNORECASE)
_SAFE_ID = re.compile(r"[!-;=?-~]{1,900}")
_MANY_REFERENCES = 30
_QUOTED_LINES = 2000
_MANY_ASKED = 5
"""Addresses of a Reply-To, beyond which nobody of it is written to."""
_SENT_ON = ("from-differs", "recipients-differ", "date-differs")
"""Warnings by which a mail may be somebody else's, sent on or again."""


def plan_reply(
    letter: str,
    case: int,
    mail: Mail,
    report: MessageId,
    reporter: Correspondent,
    circle: Circle,
    trust: Mapping[str, Trust],
    identities: Sequence[Identity],
    reach: Reach = "all",
) -> Letter:
    """Plan the answer to `mail`, a mail on the thread of `report`; its text is empty still. `letter` is its new id."""
    heading = mail.heading
    identity = identity_for(identities, [one.address for one in (*heading.to, *heading.cc)])
    secret = circle.encrypted or heading.encrypted or mail.verdict.encrypted is not Scope.NO
    asked = tuple(_recipients(heading, reporter, circle, reach))
    protection = protection_for(asked, circle, trust, secret=secret, signs=bool(identity and identity.sign_key))
    subject = mail.subject if protection == "encrypted" or not secret else heading.subject
    return Letter(
        id=letter,
        case=case,
        identity=identity.address if identity else "",
        recipients=tuple(one for one in asked if _travels(one, circle, protection)),
        subject=reply_subject(subject),
        protection=protection,
        report=report,
        answers=heading.message_id if is_message_id(heading.message_id) else None,
        references=references(heading, circle),
        wire=heading.subject,
        secret=secret,
        secret_marks=secret_marks(mail) if secret else (),
        doubts=doubts(mail, {address_key(one.address) for one in circle.lists}),
    )


def protection_for(
    recipients: Sequence[Recipient], circle: Circle, trust: Mapping[str, Trust], *, secret: bool, signs: bool
) -> Protection:
    """Propose encryption, unless the reporter wrote in clear and somebody who must read it has no usable key of theirs."""
    if secret or circle.encrypted or not circle.clear_reporters:
        return "encrypted"
    people = [one for one in recipients if circle.list_at(one.address) is None and one.role == "reporter"]
    if people and all(trust.get(address_key(one.address), Trust()).fingerprint for one in people):
        return "encrypted"
    return "signed" if signs else "clear"


def _recipients(heading: Heading, reporter: Correspondent, circle: Circle, reach: Reach) -> Iterator[Recipient]:
    """Give To, then Cc, each address once: never ours, never another report's reporter."""
    seen = set(circle.own) | set(circle.others)
    to = [] if reach == "internal" else list(_addressed(heading, reporter, circle))
    cc = [*heading.to, *heading.cc] if reach != "reporter" else []
    for field, some in (("to", to), ("cc", cc)):
        for one in some:
            key = address_key(one.address)
            if key in seen or not is_address(one.address):
                continue
            seen.add(key)
            role = role_of(one.address, circle)
            if reach != "internal" or role in ("team", "member", "list"):
                yield Recipient(one.address, clean_line(one.name), role, "to" if field == "to" else "cc")


def _addressed(heading: Heading, reporter: Correspondent, circle: Circle) -> Iterator[Address]:
    """Give whom the answer speaks to: the reporter, and who wrote the answered mail, if that is somebody of the case."""
    yield Address(reporter.name, reporter.address)
    listed = {address_key(one.address) for one in circle.lists}
    for one in heading.sender:
        if address_key(one.address) not in listed and address_key(one.address) in circle.told | circle.parties:
            yield one
    listed |= {address_key(heading.list_post)}
    asked = [one for one in heading.reply_to if address_key(one.address) not in listed]
    # Where they want the answer (RFC 5322, 3.6.2), beside the reporter themselves: that header is signed by nobody, so an
    # address that nobody of the case knows stands on the sheet as a stranger's, and a list's own is no author's. Hundreds
    # would hide the sheet's other lines, and each would have to be taken out by hand: so many are a crowd, no author's wish.
    yield from asked if len(asked) <= _MANY_ASKED else ()


def role_of(address: str, circle: Circle) -> Role:
    """Say what somebody is to the case."""
    key = address_key(address)
    if key in circle.reporters:
        return "reporter"
    if circle.list_at(address) is not None:
        return "list"
    if key in circle.own:
        return "team"
    if circle.member_at(address) is not None:
        return "member"
    return "party" if key in circle.parties else "other"


def _travels(recipient: Recipient, circle: Circle, protection: Protection) -> bool:
    """Leave out the lists that could not read it, or where it must not be read."""
    mailing = circle.list_at(recipient.address)
    if mailing is None:
        return True
    if mailing.public and not circle.public:
        return False
    return protection != "encrypted" or mailing.transport != "clear"


def reply_subject(subject: str) -> str:
    """Give `Re: …` with exactly one mark of a reply, on one clean line."""
    bare = clean_line(subject, 300)
    while found := _REPLY.match(bare):
        bare = bare[found.end() :]
    return f"Re: {bare}".rstrip()


def is_message_id(text: str) -> bool:
    """Say whether an id can stand in a header of ours as it is."""
    return _SAFE_ID.fullmatch(text) is not None


def references(heading: Heading, circle: Circle) -> tuple[MessageId, ...]:
    """Give the References of an answer (RFC 5322, 3.6.4), kept to this thread: a case's other threads are not named."""
    known = [*(heading.references or heading.in_reply_to[:1]), heading.message_id]
    safe = [one for one in dict.fromkeys(known) if is_message_id(one) and not circle.is_of_another(one)]
    return tuple(safe if len(safe) <= _MANY_REFERENCES else [safe[0], *safe[1 - _MANY_REFERENCES :]])


def quote(mail: Mail, who: Address | Correspondent) -> str:
    """Quote the text of a mail, cleaned, with the line that says whose it is and when (in UTC).

    What was decrypted out of a mail that is not encrypted as a whole is not quoted: such mails make programs tell secrets.
    Nor is what another than its sender signed, or wrote by its own header: a mail may be a stranger's copy of somebody's secret.
    """
    whole = mail.verdict.encrypted is Scope.WHOLE and not _is_anothers(mail)
    shown = [part for part in mail.parts if part.inline and part.text is not None]
    texts = [part.text or "" for part in shown if whole or not part.encrypted]
    if len(texts) < len(shown):
        texts.append("[Encrypted text is left out: it may not be the sender's own.]")
    lines = clean_text("\n".join(texts)).rstrip("\n").split("\n")
    cut = ["[…]"] if len(lines) > _QUOTED_LINES else []
    kept = [line.rstrip() for line in lines[:_QUOTED_LINES]] + cut
    when = f"On {mail.heading.date:%Y-%m-%d %H:%M} UTC, " if mail.heading.date else ""
    name = clean_line(who.name) or clean_line(who.address)
    body = "\n".join(f">{line}" if line.startswith(">") else f"> {line}".rstrip() for line in kept)
    return f"{when}{name} wrote:\n{body}\n"


def _is_anothers(mail: Mail) -> bool:
    """Say whether what was decrypted claims another author than the mail: replayed, it would be read out to who sent it."""
    if mail.verdict.trusted:
        return False
    signed = mail.verdict.fingerprint is not None and not mail.verdict.matches_from
    return signed or any(warned.code in _SENT_ON for warned in mail.warnings)


def secret_marks(mail: Mail) -> tuple[str, ...]:
    """Give the marks of all that was encrypted; what its outside said is no secret."""
    texts = [mail.subject, *(part.text for part in mail.parts if part.text is not None)]
    found = frozenset[str]().union(*map(marks, texts))
    return tuple(sorted(found - marks(mail.heading.subject)))
