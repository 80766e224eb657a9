"""An entry: one thing that happened to one case, who did it and when, chained to the entry before it."""

import hashlib
import re
from datetime import UTC
from typing import Annotated, Any, get_args, get_type_hints

import msgspec

from seccon.core.errors import LedgerError
from seccon.core.instants import Instant, from_text, instant, to_text
from seccon.core.journal import cases, disclosure, embargoes, parties, replies, work
from seccon.core.journal.body import Body
from seccon.core.problems import nearest, unknown

KINDS: dict[str, type[Body]] = {
    str(kind.__struct_config__.tag): kind
    for module in (cases, embargoes, replies, work, parties, disclosure)
    for kind in vars(module).values()
    if isinstance(kind, type) and issubclass(kind, Body) and kind is not Body
}
"""Kind -> body, for every kind there is."""
_TIMES: dict[type[Body], tuple[str, ...]] = {
    shape: tuple(name for name, hint in get_type_hints(shape).items() if Instant in (hint, *get_args(hint)))
    for shape in KINDS.values()
}
"""Body -> its fields that are instants."""


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
        return {key: _times(item) for key, item in value.items()}
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
        plain = msgspec.json.decode(body, type=dict[str, Any])
        found = _in_utc(msgspec.convert({**plain, "kind": kind}, shape))
    except (msgspec.MsgspecError, ValueError, TypeError, RecursionError) as error:
        raise LedgerError(f"An entry of kind '{kind}' cannot be read: {_in_words(error)}.") from None
    if found.v != 1:
        said = f"The journal holds an entry of kind '{kind}' in form {found.v}, which this version does not know."
        raise LedgerError(said, "Install the newer seccon.")
    return found


def _in_utc(body: Body) -> Body:
    """Give the body with its times as instants. Raises ValueError for a time without a zone."""
    changes: dict[str, Instant] = {}
    for name in _TIMES[type(body)]:
        found = getattr(body, name)
        if found is not None and (found.tzinfo is not UTC or found.microsecond):
            try:
                changes[name] = instant(found)
            except ValueError as error:
                raise ValueError(f"'{name}': {error}") from None
    return msgspec.structs.replace(body, **changes) if changes else body


_LACKS = re.compile(r"Object missing required field `(\w+)`.*")
_OTHER = re.compile(r"Expected `([^`]+)`, got `([^`]+)`(?: - at `\$\.?([^`]*)`)?")
_BOUND = re.compile(r"Expected `int` (>=|<=) (\d+) - at `\$\.?([^`]*)`")
_INVALID = re.compile(r"(Invalid .*?) - at `\$\.?([^`]*)`")
_JSON_NAMES = {
    "str": "a text", "int": "a whole number", "bool": "true or false", "array": "a list", "object": "an object",
    "null": "null", "float": "a number",
}  # fmt: skip


def _in_words(error: Exception) -> str:
    """Say what is wrong with a body, or a line, for people who write them by hand."""
    said = str(error)
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    if found := _LACKS.fullmatch(said):
        return f"'{found[1]}' is missing"
    if found := _OTHER.fullmatch(said):
        wanted = " or ".join(_JSON_NAMES.get(one, one) for one in found[1].split(" | "))
        where = f"'{found[3]}'" if found[3] else "it"
        return f"{where} must be {wanted}, and is {_JSON_NAMES.get(found[2], found[2])}"
    if found := _BOUND.fullmatch(said):
        return f"'{found[3]}' must be {'at least' if found[1] == '>=' else 'at most'} {found[2]}"
    if found := _INVALID.fullmatch(said):
        return f"'{found[2]}': {found[1][0].lower()}{found[1][1:]}"
    return said[:1].lower() + said[1:] if said[:4] != "JSON" else said


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
        found = msgspec.json.decode(line, type=_Line)
        at = _moment(found.at)
    except (msgspec.MsgspecError, ValueError, TypeError, RecursionError) as error:
        raise LedgerError(f"This is not an entry: {_in_words(error)}.") from None
    if found.kind not in KINDS:
        raise LedgerError(unknown(f"There is no kind of entry '{found.kind[:40]}'", found.kind[:40], KINDS))
    body = body_from_json(found.kind, bytes(found.body))
    return Entry(found.case, found.seq, at, found.by, found.policy, body)


def _moment(text: str) -> Instant:
    try:
        return from_text(text)
    except ValueError as error:
        raise ValueError(f"'at' is no time such as 2026-11-21T19:13:00Z ({error})") from None


class _Line(msgspec.Struct, frozen=True):
    """One line of such a file."""

    case: Annotated[int, msgspec.Meta(ge=0, lt=1 << 53)]
    seq: Annotated[int, msgspec.Meta(ge=1, lt=1 << 53)]
    at: str
    by: str
    kind: str
    body: msgspec.Raw
    policy: str = ""


def unread(line: bytes | str) -> tuple[str, ...]:
    """Name the fields of a line that can be read, and that no version knows: what a slip of the pen leaves out."""
    plain = msgspec.json.decode(line)
    known = KINDS[plain["kind"]].__struct_fields__
    odd = [name for name in plain if name not in (*_Line.__struct_fields__, "prev", "hash")]
    inner = [f"'{name}'{nearest(name, known)}" for name in plain["body"] if name not in (*known, "kind")]
    return (*(f"'{name}'" for name in odd), *inner)


def chain_hash(before: str, entry: Entry) -> str:
    """Give the hash that seals `entry` after the row whose hash is `before` (empty for the first row), in hex."""
    head = "\n".join((before, str(entry.case), str(entry.seq), to_text(entry.at), entry.by, entry.policy, entry.kind))
    return hashlib.sha256(head.encode("utf-8", "surrogatepass") + b"\n" + body_to_json(entry.body)).hexdigest()
