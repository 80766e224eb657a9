"""The tables as peewee knows them, and how instants lie in them. Migrations make them; a test holds the two together."""

from typing import Any

from peewee import BlobField, BooleanField, CompositeKey, Field, IntegerField, Model, TextField

from seccon.core.board import Row
from seccon.core.instants import Instant, from_text, to_text


class InstantField(Field):
    """An instant in the text form that sorts as time; `absent` is the word for none, chosen for where none sorts."""

    field_type = "TEXT"

    def __init__(self, absent: str = "never", **options: Any) -> None:
        self.absent = absent
        super().__init__(**options)

    def db_value(self, value: Instant | None) -> str:
        """Write it."""
        return self.absent if value is None else to_text(value)

    def python_value(self, value: str) -> Instant | None:
        """Read it."""
        return None if value == self.absent else from_text(value)


class EntryTable(Model):
    """The journal. `id` counts without gaps; `prev` is the hash of the row before, so that a fork is an error."""

    id = IntegerField(primary_key=True)
    case = IntegerField()
    seq = IntegerField()
    at = InstantField()
    by = TextField()
    policy = TextField()
    kind = TextField()
    body = TextField()
    prev = TextField(unique=True)
    hash = TextField()

    class Meta:
        table_name = "entry"


class HeadTable(Model):
    """The last entry's id and hash: the only thing that knows of rows cut off at the end."""

    one = IntegerField(primary_key=True)
    entry = IntegerField()
    hash = TextField()

    class Meta:
        table_name = "head"


class BoardTable(Model):
    """A projection: one row a case, the fields of core's Row, then what sorting, searching and the mark need."""

    number = IntegerField(primary_key=True)
    id = TextField()
    project = TextField()
    state = TextField()
    subject = TextField()
    reporter = TextField()
    address = TextField()
    report = TextField(null=True)
    severity = TextField()
    rank = IntegerField()
    opened = InstantField()
    touched = InstantField(absent="")
    step = TextField()
    next = TextField()
    due = InstantField()
    owner = TextField()
    mails = IntegerField()
    reporters = IntegerField()
    encrypted = BooleanField()
    signed = BooleanField()
    embargo = InstantField()
    alarm = TextField()
    calm = IntegerField()
    """0 where there is an alarm: sorts first."""
    byname = TextField()
    """The reporter, in the form in which names are compared."""
    key = TextField(index=True)
    """The id, in the form in which it is looked up."""
    proof = TextField()
    """Digest of the report's mail, whose verdict makes the mark; empty where more than one bears its Message-ID."""
    search = TextField()

    class Meta:
        table_name = "board"


class DatedTable(Model):
    """A projection: what calendars show."""

    case = IntegerField()
    ord = IntegerField()
    kind = TextField()
    name = TextField()
    title = TextField()
    start = InstantField()
    due = InstantField()
    rank = IntegerField()
    open = BooleanField()
    hard = BooleanField()

    class Meta:
        table_name = "dated"
        primary_key = CompositeKey("case", "ord")


class MailTable(Model):
    """A projection: which mails stand in which cases."""

    case = IntegerField()
    ord = IntegerField()
    mail = TextField(index=True)
    digest = TextField()
    report = TextField()
    arrived = InstantField()
    direction = TextField()

    class Meta:
        table_name = "mail"
        primary_key = CompositeKey("case", "ord")


class SeenTable(Model):
    """How many mails of a case a person has seen."""

    person = TextField()
    case = IntegerField()
    mails = IntegerField()

    class Meta:
        table_name = "seen"
        primary_key = CompositeKey("person", "case")


class VerdictTable(Model):
    """What was proved of a mail, and the mark that lists draw for it."""

    mail = TextField()
    digest = TextField()
    mark = TextField()
    fingerprint = TextField()
    verdict = TextField()

    class Meta:
        table_name = "verdict"
        primary_key = CompositeKey("mail", "digest")


class ItemTable(Model):
    """The outbox: the fields of core's OutItem, and who is sending it."""

    id = TextField(primary_key=True)
    case = IntegerField()
    mail = TextField()
    sender = TextField()
    recipients = TextField()
    message = BlobField()
    state = TextField(index=True)
    queued = InstantField()
    by = TextField()
    tries = IntegerField()
    retry = InstantField(absent="")
    problem = TextField()
    label = TextField()
    taker = TextField()
    """The process that took it for sending, as `taker.py` writes it."""
    late = TextField()
    refused = TextField()

    class Meta:
        table_name = "outbox"


class DraftTable(Model):
    """Replies that are being written."""

    id = TextField(primary_key=True)
    person = TextField(index=True)
    case = IntegerField()
    saved = InstantField()
    sealed = BlobField()
    encrypted = BooleanField()

    class Meta:
        table_name = "draft"


class MarkTable(Model):
    """Bookkeeping values by name."""

    name = TextField(primary_key=True)
    value = TextField()

    class Meta:
        table_name = "mark"


class SerialTable(Model):
    """The last serial ever given for a project's year."""

    project = TextField()
    year = IntegerField()
    last = IntegerField()

    class Meta:
        table_name = "serial"
        primary_key = CompositeKey("project", "year")


TABLES: tuple[type[Any], ...] = (
    EntryTable, HeadTable, BoardTable, DatedTable, MailTable,
    SeenTable, VerdictTable, ItemTable, DraftTable, MarkTable, SerialTable,
)  # fmt: skip

ROW_COLUMNS: tuple[str, ...] = tuple(name for name in Row.__struct_fields__ if name in BoardTable._meta.fields)
"""The fields of core's Row that are kept; `unread` and `mark` are worked out for the person who asks."""


def names_of(table: type[Any]) -> tuple[str, ...]:
    """Give the columns of a table, in order."""
    return tuple(table._meta.sorted_field_names)


def columns(names: tuple[str, ...], table: str = "") -> str:
    """Give a list of columns for a statement, quoted: `case` is a word of SQL."""
    prefix = f"{table}." if table else ""
    return ", ".join(f'{prefix}"{name}"' for name in names)


def select(names: tuple[str, ...], table: str, rest: str) -> str:
    """Write a statement that reads; `rest` is what follows the table's name."""
    return " ".join(("SELECT", columns(names), "FROM", table, rest))


def insert(names: tuple[str, ...], table: str, key: tuple[str, ...] = ()) -> str:
    """Write a statement that adds a row, or replaces the one with the same `key`."""
    values = ", ".join("?" * len(names))
    text = " ".join(("INSERT INTO", table, f"({columns(names)})", f"VALUES ({values})"))
    if not key:
        return text
    others = ", ".join(f'"{name}" = excluded."{name}"' for name in names if name not in key)
    return f"{text} ON CONFLICT ({columns(key)}) DO UPDATE SET {others}"
