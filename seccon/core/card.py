"""The card of a case: what is said beside the list and on the case's own screen, as plain texts.

Made from a case, its policy and a moment; drawn by `widgets/card.py`. Texts that came from outside are still hostile here.
"""

from typing import Literal

import msgspec

Tone = Literal["", "good", "warn", "alarm", "quiet"]
"""How a line is meant: nothing special, done, near, over or wrong, of less interest."""


class CardLine(msgspec.Struct, frozen=True):
    """One line: what it is about, and what is to be said of it."""

    name: str
    text: str = ""
    tone: Tone = ""


class CheckLine(msgspec.Struct, frozen=True):
    """One thing a report should hold; `ticked` by a person, `evidence` is where it was found."""

    text: str
    ticked: bool = False
    evidence: str = ""


class CardView(msgspec.Struct, frozen=True):
    """What is known of one case, in the order in which it is wanted."""

    number: int
    label: str
    subject: str = ""
    state: str = ""
    """In words."""
    alarms: tuple[str, ...] = ()
    """What stands in red above all else: two mails under one id, a lapsed embargo."""
    step: str = ""
    """What the process wants next."""
    step_key: str = ""
    """The key that does it."""
    step_due: str = ""
    """By when, and how long that is still."""
    step_source: str = ""
    """Where the rule comes from."""
    later: tuple[str, ...] = ()
    """What else is owed now, each with the key that does it."""
    facts: tuple[CardLine, ...] = ()
    """Reporter and key, owner, severity, parties …"""
    clocks: tuple[CardLine, ...] = ()
    """Each clock with its reading."""
    checklist: tuple[CheckLine, ...] = ()
    mail_from: str = ""
    """Who wrote the last mail."""
    mail_when: str = ""
    mail_text: str = ""
    """Its beginning; never of a mail that was not decrypted as a whole."""
