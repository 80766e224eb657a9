"""Posts that a mailing list holds back: what a notice to its moderators tells of them, and the cookies that it must not tell.

Pure: a mail's parts in, a held post out. Which mails are notices is the policy's query; who sent one proves nothing, and
what it embeds is a claim like any forwarded mail. A confirmation cookie releases or discards the post for whoever has it:
it is masked wherever a mail is read (features, I4).
"""

import base64
import binascii
import re
from collections.abc import Callable, Collection, Iterable, Mapping

import msgspec

from seccon.core.ids import MessageId, message_id
from seccon.core.report import Address, Heading, Mail, Part

MASK = "[cookie masked]"
_LONGEST = 1 << 18
"""Characters of one text that are looked at for what a notice says; masking looks at all of it."""
_COOKIE = r"(?=[A-Za-z0-9]*[0-9])[A-Za-z0-9]{16,80}"
_LINE = re.compile(
    rf"^[ \t>|*]*(?:subject:[ \t]*)?(?:re:[ \t]*)*confirm(?:[ \t]|\r?\n[ \t]|=20|=\r?\n)+({_COOKIE})[ \t]*\r?$", re.I | re.M
)
_MAILBOX = re.compile(rf"[-_.]confirm(?:\+|%2b|=2b)({_COOKIE})(?:@|%40|=40)", re.I)
_LINK = re.compile(rf"/confirm/(?:[^\s/?#]{{1,80}}/)?({_COOKIE})\b", re.I)
_BLOCK = re.compile(r"(?:^[A-Za-z0-9+/]{4,998}={0,2}[ \t]*\r?\n?)+", re.M)
_SOFT = re.compile(r"=\r?\n")

_MAILMAN_2 = re.compile(r"\A\s*(?P<list>[^@\s]{1,200}) post from (?P<sender>\S{1,254}) requires approval\s*\Z", re.I)
_MAILMAN_3 = re.compile(
    r"\A\s*(?P<list>[^@\s]{1,200}@[^@\s]{1,200}) post from (?P<sender>\S{1,254}) requires approval\s*\Z", re.I
)
_FIELD = re.compile(r"^[ \t]*(List|From|Subject|Message-ID):[ \t]*(.*(?:\n[ \t]+(?![\w-]+:)\S.*)*)$", re.I | re.M)
_CONFIRM = re.compile(r"\A\s*(?:re:\s*)*confirm\s", re.I)


class HeldPost(msgspec.Struct, frozen=True):
    """A post that has not reached its list, as the notice tells of it: all of it a claim."""

    mail: MessageId
    list: str = ""
    sender: Address = Address()
    subject: str = ""
    heading: Heading | None = None
    """The embedded post's own headers, where the notice embeds it."""


def cookies(texts: Iterable[str]) -> frozenset[str]:
    """Find the confirmation cookies that stand in some texts."""
    return frozenset(found for text in texts for form in (_LINE, _MAILBOX, _LINK) for found in form.findall(text))


def masked(text: str, known: Collection[str] = ()) -> str:
    """Give a text without confirmation cookies: those that stand in it, and those `known` from beside it."""
    for cookie in sorted({*known, *cookies([text])}, key=len, reverse=True):
        text = re.sub(re.escape(cookie), MASK, text, flags=re.IGNORECASE)
    return text


def masked_mail(mail: Mail) -> Mail:
    """Give a mail none of whose texts shows a cookie."""
    known = cookies(_texts(mail))
    if not known:
        return mail
    parts = tuple(
        msgspec.structs.replace(
            part,
            text=None if part.text is None else masked(part.text, known),
            filename=None if part.filename is None else masked(part.filename, known),
            forwarded=None if part.forwarded is None else masked_heading(part.forwarded, known),
        )
        for part in mail.parts
    )
    return msgspec.structs.replace(
        mail, heading=masked_heading(mail.heading, known), subject=masked(mail.subject, known), parts=parts
    )


def masked_heading(heading: Heading, known: Collection[str] = ()) -> Heading:
    """Give headers none of which shows a cookie: neither the subject nor an address that bears one."""
    found = {*known, *cookies(_heading_texts(heading))}
    if not found:
        return heading
    people = {
        name: tuple(Address(masked(one.name, found), masked(one.address, found)) for one in getattr(heading, name))
        for name in ("sender", "to", "cc", "reply_to", "original_from")
    }
    return msgspec.structs.replace(heading, subject=masked(heading.subject, found), **people)


def masked_source(source: str) -> str:
    """Give the raw source of a mail without cookies, also where they stand encoded."""
    joined = _SOFT.sub("", source)
    encoded = {block: _decoded(block) for block in _BLOCK.findall(source)}
    known = cookies([source, joined, *encoded.values()])
    if not known:
        return source
    for block, said in encoded.items():
        if any(cookie.casefold() in said.casefold() for cookie in known):
            source = source.replace(block, f"{MASK} in encoded text\n")
    for cookie in known:
        # A soft line break may stand inside of it.
        form = r"(?:=\r?\n)?".join(map(re.escape, cookie))
        source = re.sub(form, MASK, source, flags=re.IGNORECASE)
    return source


def masked_bytes(data: bytes, mail_texts: Iterable[str]) -> bytes:
    """Give a part's bytes without the cookies that stand in its mail's texts; untouched where there are none."""
    known = cookies(mail_texts)
    for cookie in known:
        data = re.sub(re.escape(cookie.encode()), MASK.encode(), data, flags=re.IGNORECASE)
    return data


def _decoded(block: str) -> str:
    bare = "".join(block.split()).rstrip("=")
    try:
        return base64.b64decode(bare + "=" * (-len(bare) % 4)).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""


def _texts(mail: Mail) -> Iterable[str]:
    yield from (mail.subject, *_heading_texts(mail.heading))
    for part in mail.parts:
        yield from (part.text or "", part.filename or "")
        if part.forwarded is not None:
            yield from _heading_texts(part.forwarded)


def _heading_texts(heading: Heading) -> Iterable[str]:
    yield heading.subject
    for one in (*heading.sender, *heading.to, *heading.cc, *heading.reply_to, *heading.original_from):
        yield from (one.name, one.address)


def held_post(mail: Mail, kinds: Collection[str]) -> HeldPost | None:
    """Read a notice; None where the mail is none of these kinds, or names no post: it is then mail like any other."""
    for kind in kinds:
        found = _KINDS[kind](mail)
        if found is not None:
            return found
    return None


def _mailman_2(mail: Mail) -> HeldPost | None:
    """Mailman 2: `LIST post from ADDRESS requires approval`, the post embedded, and another mail that is the cookie's."""
    return _mailman(mail, _MAILMAN_2.match(" ".join(mail.subject.split())))


def _mailman_3(mail: Mail) -> HeldPost | None:
    """Mailman 3: the same with the list's whole address; the text may name the post's Message-ID."""
    return _mailman(mail, _MAILMAN_3.match(" ".join(mail.subject.split())))


_KINDS: Mapping[str, Callable[[Mail], HeldPost | None]] = {"mailman2": _mailman_2, "mailman3": _mailman_3}


def _mailman(mail: Mail, said: re.Match[str] | None) -> HeldPost | None:
    if said is None:
        return None
    fields = _fields(mail)
    embedded = next((part.forwarded for part in mail.parts if _is_post(part)), None)
    name = embedded.message_id if embedded else _named(fields.get("message-id", ""))
    if name is None:
        return None
    sender = embedded.sender[0] if embedded and len(embedded.sender) == 1 else Address(address=said["sender"])
    return HeldPost(
        mail=name,
        list=fields.get("list") or said["list"],
        sender=sender,
        subject=embedded.subject if embedded else fields.get("subject", ""),
        heading=embedded,
    )


def _is_post(part: Part) -> bool:
    """Say whether a part is an embedded mail with an id of its own, and not the one that carries the cookie."""
    heading = part.forwarded
    return heading is not None and not _CONFIRM.match(heading.subject) and not heading.message_id.startswith("notmuch-sha1-")


def _fields(mail: Mail) -> dict[str, str]:
    """Give what the notice's first text says of the post."""
    text = next((part.text for part in mail.parts if part.text is not None and part.forwarded is None), "")
    found: dict[str, str] = {}
    for name, value in _FIELD.findall(text[:_LONGEST]):
        found.setdefault(name.casefold(), " ".join(value.split()))
    return found


def _named(text: str) -> MessageId | None:
    try:
        return message_id(text)
    except ValueError:
        return None
