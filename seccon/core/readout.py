"""The JSON shape of `seccon read --json`, version 1, for scripts: documented; keys are added, never renamed."""

from collections.abc import Callable, Sequence
from typing import Any

from seccon.core.instants import Instant, to_text
from seccon.core.report import Address, Mail, Part, Verdict

Clean = Callable[[str], str]
"""Makes a stranger's text safe for a terminal."""
VERSION = 1


def readout(mail: Mail, clean: Clean) -> dict[str, Any]:
    """Give the mail as plain values. Every text in it went through `clean`, names and file names too."""
    heading = mail.heading
    return {
        "seccon": VERSION,
        "message_id": clean(heading.message_id),
        "from": _person(mail.sender, clean),
        "to": _people(heading.to, clean),
        "cc": _people(heading.cc, clean),
        "date": _when(heading.date),
        "subject": clean(mail.subject),
        "outer_subject": clean(heading.subject),
        "verdict": _verdict(mail.verdict, clean),
        "parts": [_part(part, clean) for part in mail.parts],
        "warnings": _warnings(mail, clean),
    }


def _warnings(mail: Mail, clean: Clean) -> list[dict[str, str]]:
    """Give the oddities; why a mail could not be decrypted is one of them, code `locked`."""
    found = [{"code": one.code, "text": clean(one.text)} for one in mail.warnings]
    return [*found, {"code": "locked", "text": clean(mail.locked)}] if mail.locked else found


def _person(who: Address, clean: Clean) -> dict[str, str]:
    return {"name": clean(who.name), "address": clean(who.address)}


def _people(who: Sequence[Address], clean: Clean) -> list[dict[str, str]]:
    return [_person(one, clean) for one in who]


def _when(instant: Instant | None) -> str | None:
    return None if instant is None else to_text(instant)


def _verdict(verdict: Verdict, clean: Clean) -> dict[str, Any]:
    return {
        "encrypted": verdict.encrypted.value,
        "signed": verdict.signed.value,
        "signature": verdict.signature.value,
        "fingerprint": verdict.fingerprint,
        "signer": None if verdict.signer is None else clean(verdict.signer),
        "matches_from": verdict.matches_from,
        "pinned": verdict.pinned,
    }


def _part(part: Part, clean: Clean) -> dict[str, Any]:
    return {
        "path": part.path,
        "type": clean(part.type),
        "charset": None if part.charset is None else clean(part.charset),
        "filename": None if part.filename is None else clean(part.filename),
        "size": part.size,
        "encrypted": part.encrypted,
        "signed": part.signed,
        "text": None if part.text is None else clean(part.text),
        "truncated": part.truncated,
    }
