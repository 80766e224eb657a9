"""Identifiers that were checked: each type can only come out of the function that checks it."""

import re
from typing import NewType

MessageId = NewType("MessageId", str)
"""A Message-ID without angle brackets. What a stranger put between them is kept; it is quoted at each door."""
Fingerprint = NewType("Fingerprint", str)
"""40 upper-case hexadecimal digits, of a primary key."""
CaseId = NewType("CaseId", str)
"""What people call a case, such as `Q-2026-041`; its form is the policy's."""
CveId = NewType("CveId", str)

TEAM_FILE = 0
"""The file that holds what belongs to no case: pinned keys, the roster."""

_FINGERPRINT = re.compile(r"[0-9A-F]{40}")
_CVE = re.compile(r"CVE-[0-9]{4}-[0-9]{4,19}")


def message_id(text: str) -> MessageId:
    """Take a Message-ID as headers or notmuch give it. Raises ValueError when nothing is left of it."""
    bare = text.strip()
    if bare.startswith("<") and bare.endswith(">"):
        bare = bare[1:-1]
    bare = "".join(bare.split())
    if not bare:
        raise ValueError("an empty Message-ID")
    return MessageId(bare)


def fingerprint(text: str) -> Fingerprint:
    """Take a full fingerprint, with or without spaces. Raises ValueError: short ids are never identity (see hostile ids)."""
    bare = "".join(text.split()).upper().removeprefix("0X")
    if not _FINGERPRINT.fullmatch(bare):
        raise ValueError(f"'{text[:60]}' is not a full fingerprint of 40 hexadecimal digits")
    return Fingerprint(bare)


def cve_id(text: str) -> CveId:
    """Take a CVE id (CVE programme: a year and at least four digits). Raises ValueError."""
    bare = text.strip().upper()
    if not _CVE.fullmatch(bare):
        raise ValueError(f"'{text[:60]}' is not a CVE id, such as CVE-2026-12345")
    return CveId(bare)


def address_key(address: str) -> str:
    """Give the form in which two addresses are compared: mail systems in use fold case, so do we."""
    return address.strip().casefold()
