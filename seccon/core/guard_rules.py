"""The guard's rules about a mail itself: what it says, encloses and names, and where it goes. Each yields what it refuses."""

import re
from collections.abc import Callable, Iterable, Iterator

import msgspec

from seccon.core.circle import Circle, words
from seccon.core.ids import address_key
from seccon.core.instants import Instant
from seccon.core.keys import Key, faults
from seccon.core.letter import (
    ANNOUNCEMENT,
    ARCHIVE,
    MAX_ATTACHED,
    Letter,
    Line,
    Refusal,
    Way,
    blanks,
    clean_line,
    quotes,
)
from seccon.core.policy import MailingList
from seccon.core.report import Address

_FAIL_CLOSED = "what should be encrypted is never sent clear"
_LEAK_GUARD = "leak guard"
_SHEET = "pre-send sheet"
_APART = "parties are not told of each other, nor of a reporter's thread"
_RELEASE = "no disclosure before the date; a passing date lifts nothing by itself, a person's recorded release does"
_NAMING = "who may know is each reporter's to permit; how they want to be credited is asked first (H)"
_GATE = "completeness gate before announcing"
_ARCHIVE = "the decrypted details go to the private list, encrypted where the list can"


class Question(msgspec.Struct, frozen=True):
    """Everything a rule may look at."""

    letter: Letter
    circle: Circle
    lines: tuple[Line, ...]
    sender: Address | None
    signer: Key | None
    now: Instant

    @property
    def clear(self) -> bool:
        """Its text can be read on the way: signed alone is clear text too."""
        return self.letter.protection != "encrypted"

    @property
    def going(self) -> tuple[Line, ...]:
        """The lines that were not left out."""
        return tuple(line for line in self.lines if not line.left_out)


Rule = Callable[[Question], Iterable[Refusal]]


def _content(asked: Question) -> Iterator[Refusal]:
    letter = asked.letter
    if not any(not line.via for line in asked.going):
        yield Refusal("no-recipient", "The mail has no recipient.", _SHEET)
    if not letter.text.strip():
        yield Refusal("no-text", "The mail has no text.", _SHEET)
    if clean_line(letter.subject, 400) != letter.subject.strip() or len(letter.subject) > 400:
        yield Refusal(
            "bad-subject", "The subject holds a line break, an invisible character, or more than 400 characters.", _LEAK_GUARD
        )
    blank = next(blanks(letter.text), None)
    if blank:
        sentence = f"The text still holds the blank '{clean_line(blank)}'."
        yield Refusal("unfinished", sentence, _SHEET, ways=(Way.MEND, Way.OVERRIDE))


def _sender(asked: Question) -> Iterator[Refusal]:
    if asked.sender is None:
        sentence = f"No identity of the configuration has the address '{clean_line(asked.letter.identity)}'."
        yield Refusal("no-identity", sentence, "the From is an identity of the configuration")
        return
    if asked.letter.protection == "clear":
        return
    if asked.signer is None:
        sentence = f"The identity {asked.sender.address} has no signing key here, so nothing can be signed from it."
        yield Refusal("signer-missing", sentence, "each identity with its signing key")
        return
    for fault in faults(asked.signer, asked.now, "sign"):
        yield Refusal(
            "signer-unusable", f"The signing key of {asked.sender.address} {fault}.", "each identity with its signing key"
        )


def _clear_text(asked: Question) -> Iterator[Refusal]:
    """Clear text of a case that is not public: only to a reporter who wrote in clear, or the case's own clear list."""
    if not asked.clear or asked.circle.public:
        return
    letter, circle = asked.letter, asked.circle
    if letter.secret or circle.encrypted:
        who = "A report of this case came" if letter.party else "The reporter wrote"
        what = "nothing of it" if letter.party else "an answer on this thread"
        sentence = f"{who} encrypted: {what} is not sent in clear text."
        yield Refusal("clear-encrypted", sentence, *_clear_archive(asked, _FAIL_CLOSED))
    open_to = [line for line in asked.going if _wrote_clear(line, circle)]
    for line in asked.going:
        # Who stands beside a reporter who wrote in clear reads the same open text; alone, nobody asked for clear text.
        if line in open_to or (open_to and line.may_know):
            continue
        state = f"{circle.label} is under embargo" if circle.embargoed else f"{circle.label} is not public"
        sentence = f"{state}: {line.recipient.address} is not sent clear text, because nobody there wrote in clear."
        yield Refusal("clear-secret", sentence, _FAIL_CLOSED, line.recipient.address, (Way.MEND, Way.OVERRIDE))


def _wrote_clear(line: Line, circle: Circle) -> bool:
    address = address_key(line.recipient.address)
    mailing = circle.list_at(address)
    return address in circle.clear_reporters or (mailing is not None and mailing.transport == "clear" and not mailing.public)


def _quoted(asked: Question) -> Iterator[Refusal]:
    """What arrived encrypted never leaves in clear text, not even one line of it, and in a public case neither."""
    if not asked.clear:
        return
    letter, secret = asked.letter, set(asked.letter.secret_marks)
    texts = [letter.text, letter.subject.removeprefix("Re: ")]
    texts += [one.data.decode("utf-8", "replace") for one in letter.attachments]
    if letter.secret and any(line.startswith(">") for line in letter.text.split("\n")):
        found = True
    else:
        found = any(quotes(text, secret) for text in texts)
    if found:
        sentence = "The mail quotes in clear text what arrived encrypted."
        yield Refusal("quoted-cleartext", sentence, *_clear_archive(asked, _LEAK_GUARD))


def _clear_archive(asked: Question, source: str) -> tuple[str, str, tuple[Way, ...]]:
    """Only R10's letter may be decided otherwise, in writing, and only where its list can read nothing but clear text."""
    lists = [asked.circle.list_at(line.recipient.address) for line in asked.going]
    alone = lists and all(one is not None and _is_archive(one) and one.transport == "clear" for one in lists)
    if asked.letter.purpose != ARCHIVE or not alone:
        return source, "", (Way.MEND,)
    return _ARCHIVE, "", (Way.MEND, Way.OVERRIDE)


def _is_archive(mailing: MailingList | None) -> bool:
    return mailing is not None and "archive" in mailing.purpose and not mailing.public


def _archive(asked: Question) -> Iterator[Refusal]:
    """What arrived encrypted is archived on the private list, and nowhere else by the way."""
    if asked.letter.purpose != ARCHIVE:
        return
    for line in asked.going:
        address = line.recipient.address
        if not line.via and not _is_archive(asked.circle.list_at(address)):
            sentence = f"{address} is not the policy's archive: the details of an encrypted report are sent there alone."
            yield Refusal("archive-elsewhere", sentence, _ARCHIVE, address)


def _announcement(asked: Question) -> Iterator[Refusal]:
    """What tells the public goes to the policy's lists alone, once a person released it, and out of nobody's thread (E10)."""
    letter, circle = asked.letter, asked.circle
    if letter.purpose != ANNOUNCEMENT:
        return
    if not circle.public:
        state = "is under embargo" if circle.embargoed else "is not public"
        yield Refusal("announce-early", f"{circle.label} {state}: a person's release comes before every announcement.", _RELEASE)
    if circle.stopping:
        yield Refusal("announce-gate", " ".join(circle.stopping), _GATE, ways=(Way.MEND, Way.OVERRIDE))
    for line in asked.going:
        address = line.recipient.address
        if address_key(address) not in circle.announces:
            sentence = f"{address} is no list that the policy announces on: everybody would read who else was written to."
            yield Refusal("announce-elsewhere", sentence, _LEAK_GUARD, address)
    if letter.answers or letter.references:
        sentence = "The threading headers name a private mail."
        yield Refusal("announce-thread", sentence, _LEAK_GUARD)
    if any(line.startswith(">") for line in letter.text.split("\n")):
        yield Refusal("announce-quotes", "An announcement quotes no mail: take the lines that begin with > out.", _LEAK_GUARD)


def _enclosed(asked: Question) -> Iterator[Refusal]:
    size = sum(len(one.data) for one in asked.letter.attachments)
    if size > MAX_ATTACHED:
        sentence = f"The attachments are {size >> 20} MiB; more than {MAX_ATTACHED >> 20} MiB is refused by most servers."
        yield Refusal("too-large", sentence, _SHEET)


def _public_lists(asked: Question) -> Iterator[Refusal]:
    if asked.circle.public:
        return
    for line in asked.going:
        mailing = asked.circle.list_at(line.recipient.address)
        if mailing is None or not mailing.public:
            continue
        state = "is under embargo" if asked.circle.embargoed else "is not public"
        ways = (Way.MEND,) if asked.circle.embargoed else (Way.MEND, Way.OVERRIDE)
        sentence = f"{line.recipient.address} is a public list, and {asked.circle.label} {state}."
        yield Refusal("public-list", sentence, mailing.source or _LEAK_GUARD, line.recipient.address, ways)


def _outer_subject(asked: Question) -> Iterator[Refusal]:
    """The Subject on the outside tells nothing that was not told in clear on this very thread before."""
    if asked.circle.public:
        return
    outer = asked.letter.subject if asked.clear else asked.circle.outer
    known = words(asked.letter.wire)
    telling = sorted(word for word in words(outer) & asked.circle.telling_words if word not in known)
    if telling:
        sentence = f"The subject that everybody can read would tell '{telling[0]}'."
        yield Refusal("telling-subject", sentence, _LEAK_GUARD)


def _threads(asked: Question) -> Iterator[Refusal]:
    letter = asked.letter
    others = [one for one in (letter.answers, *letter.references) if one and asked.circle.is_of_another(one)]
    if others:
        sentence = "The threading headers name a mail of another reporter's thread; they would learn of each other."
        yield Refusal("mixed-threads", sentence, "design §3: a report is one thread")


def _named(asked: Question) -> Iterator[Refusal]:
    """Who else reported it is not told by the text either: a line of theirs, or their name, is soon pasted in."""
    circle, letter = asked.circle, asked.letter
    if circle.public or not any(address_key(line.recipient.address) in circle.reporters for line in asked.going):
        return
    said = _said(letter)
    named = sorted(one for one in circle.others | circle.other_names if one in said)
    if named:
        sentence = f"The mail names '{clean_line(named[0])}', who reported the same issue on another thread."
        yield Refusal("other-reporter-named", sentence, "issue of several reporters", ways=(Way.MEND, Way.OVERRIDE))


def _said(letter: Letter) -> str:
    """Give everything that a letter says, files and quotations too, in folded case with single blanks."""
    texts = [letter.subject, letter.text, *(f"{one.name} {one.data.decode('utf-8', 'replace')}" for one in letter.attachments)]
    return " ".join("\n".join(texts).replace("\n>", "\n").casefold().split())


def _reported_by(asked: Question) -> Iterator[Refusal]:
    """A party is told of the issue, not of who found it: a trailer of the patch, a line of the report names them soon enough."""
    circle, letter = asked.circle, asked.letter
    going = {address_key(line.recipient.address) for line in asked.going}
    if circle.public or not (letter.party or going & circle.invited.keys()):
        return
    said = _said(letter)
    held = [one for reporter, some in circle.unnamed.items() if reporter not in going for one in some]
    named = sorted(one for one in held if re.search(rf"(?<![\w@.-]){re.escape(one)}(?![\w@-])", said))
    if named:
        sentence = f"The mail tells a party of '{clean_line(named[0])}', who reported it and has not said that they may be named."
        yield Refusal("reporter-named", sentence, _NAMING, ways=(Way.MEND, Way.OVERRIDE))


def _apart(asked: Question) -> Iterator[Refusal]:
    """Each party gets mails of its own: on another's, or on a reporter's thread, it would learn who else takes part."""
    letter, circle = asked.letter, asked.circle
    if circle.public:
        return
    for line in asked.going:
        key = address_key(line.recipient.address)
        if key not in circle.invited or line.via or key in circle.told | circle.present or circle.member_at(key) is not None:
            continue
        if key != address_key(letter.party):
            sentence = f"{circle.invited[key]} is a party: what they get is a mail of their own (v, then t), not this one."
            yield Refusal("party-apart", sentence, _APART, line.recipient.address)
    if letter.party and address_key(letter.party) not in {address_key(line.recipient.address) for line in asked.going}:
        yield Refusal("party-apart", f"{letter.party}, for whom this mail was begun, does not get it.", _APART)


RULES: tuple[Rule, ...] = (
    _content, _enclosed, _sender, _clear_text, _quoted, _archive, _announcement, _public_lists, _outer_subject, _threads, _named,
    _reported_by, _apart,
)  # fmt: skip
"""All rules but those about one recipient's key and standing; their ids are for ever: entries name them."""
