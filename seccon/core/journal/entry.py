"""An entry: one thing that happened to one case, who did it and when, chained to the entry before it."""

import hashlib
from typing import Any

import msgspec

from seccon.core.errors import LedgerError
from seccon.core.instants import Instant, from_text, to_text
from seccon.core.journal import cases, disclosure, embargoes, parties, replies, work
from seccon.core.journal.body import Body

KINDS: dict[str, type[Body]] = {
    str(kind.__struct_config__.tag): kind
    for module in (cases, embargoes, replies, work, parties, disclosure)
    for kind in vars(module).values()
    if isinstance(kind, type) and issubclass(kind, Body) and kind is not Body
}
"""Kind -> body, for every kind there is."""


class Entry(msgspec.Struct, frozen=True):
    """`seq` counts from 1 in each case (`case` is the file's number; 0 the team's file); `by` is a login, or `seccon`."""

    case: int
    seq: int
    at: Instant
    by: str
    policy: str
    """Revision that judged it, `NAME@REVISION`; empty in the team's file."""
    body: Body

    @property
    def kind(self) -> str:
        """The kind of what happened, such as `acknowledged`."""
        return str(self.body.__struct_config__.tag)


def body_to_json(body: Body) -> bytes:
    """Write a body in its one stored form: keys sorted, times as `to_text`, the kind left to its own column."""
    plain = msgspec.to_builtins(body, builtin_types=(Instant,), str_keys=True)
    plain.pop("kind")
    plain["v"] = body.v
    return msgspec.json.encode(_times(plain), order="sorted")


def _times(value: Any) -> Any:
    if isinstance(value, Instant):
        return to_text(value)
    if isinstance(value, dict):
        return {key: _times(item) for key, item in value.items() if key != "kind"}
    if isinstance(value, list | tuple):
        return [_times(item) for item in value]
    return value


def body_from_json(kind: str, body: bytes | str) -> Body:
    """Read a stored body. Raises LedgerError for a kind or a form that this version does not know."""
    shape = KINDS.get(kind)
    if shape is None:
        raise LedgerError(
            f"The journal holds an entry of kind '{kind[:40]}', which this version does not know.",
            "Install the newer seccon.",
        )
    try:
        plain = msgspec.json.decode(body)
        return msgspec.convert({**plain, "kind": kind}, shape)
    except (msgspec.MsgspecError, ValueError, TypeError) as error:
        raise LedgerError(f"An entry of kind '{kind}' cannot be read: {error}.") from None


def entry_to_json(entry: Entry) -> str:
    """Write one line of a JSONL file of entries (docs/journal.md)."""
    head = {
        "case": entry.case,
        "seq": entry.seq,
        "at": to_text(entry.at),
        "by": entry.by,
        "policy": entry.policy,
        "kind": entry.kind,
    }
    return msgspec.json.encode({**head, "body": msgspec.Raw(body_to_json(entry.body))}).decode()


def entry_from_json(line: bytes | str) -> Entry:
    """Read one line of a JSONL file of entries. Raises LedgerError with what is wrong."""
    try:
        plain = msgspec.json.decode(line)
        body = body_from_json(plain["kind"], msgspec.json.encode(plain["body"]))
        return Entry(
            case=int(plain["case"]), seq=int(plain["seq"]), at=from_text(plain["at"]), by=str(plain["by"]),
            policy=str(plain.get("policy", "")), body=body,
        )  # fmt: skip
    except KeyError as error:
        raise LedgerError(f"An entry lacks {error}.") from None
    except (msgspec.MsgspecError, ValueError, TypeError) as error:
        raise LedgerError(f"This is not an entry: {error}.") from None


def chain_hash(before: str, entry: Entry) -> str:
    """Give the hash that seals `entry` after the row whose hash is `before` (empty for the first row), in hex."""
    head = "\n".join((before, str(entry.case), str(entry.seq), to_text(entry.at), entry.by, entry.policy, entry.kind))
    return hashlib.sha256(head.encode("utf-8", "surrogatepass") + b"\n" + body_to_json(entry.body)).hexdigest()
