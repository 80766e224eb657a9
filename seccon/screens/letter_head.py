"""The head of a letter: who it is from and for, its subject, how it is protected, and the files that go with it."""

from collections.abc import Sequence

import msgspec

from seccon.core.file_name import numbered
from seccon.core.ids import address_key
from seccon.core.letter import MAX_ATTACHED, Attachment, Letter, Recipient
from seccon.core.plural import count
from seccon.core.team import Identity
from seccon.screens.form_screen import FormScreen, Values
from seccon.widgets.fit import fit
from seccon.widgets.form import Field
from seccon.widgets.line_view import Line
from seccon.widgets.part_list import size
from seccon.widgets.plain import plain

_PROTECTION = {
    "encrypted": ("encrypted and signed", "good"),
    "signed": ("signed only: everybody on the way can read it", "alarm"),
    "clear": ("in clear: everybody on the way can read it", "alarm"),
}


def head_lines(letter: Letter) -> tuple[Line, ...]:
    """Write the head of a letter."""
    words, tone = _PROTECTION[letter.protection]
    lines = [
        Line(words, tone, ("Sent     ", "quiet")),
        Line(plain(letter.identity or "nobody: choose an identity", lines=False), "", ("From     ", "quiet")),
    ]
    for field, lead in (("to", "To       "), ("cc", "Cc       ")):
        people = [_named(one) for one in letter.recipients if one.field == field]
        if people or field == "to":
            lines.append(
                Line(plain(", ".join(people) or "nobody", lines=False, limit=600), "" if people else "alarm", (lead, "quiet"))
            )
    lines.append(Line(plain(letter.subject, lines=False, limit=200), "strong", ("Subject  ", "quiet")))
    for one in letter.attachments:
        lines.append(Line(plain(f"{one.name}  {size(len(one.data))}", lines=False, limit=200), "", ("Attached ", "quiet")))
    return tuple(lines)


def brief_lines(letter: Letter, width: int, room: int) -> tuple[Line, ...]:
    """Write as much of the head as has room in so many lines: how it is protected and for whom before all else."""
    words, tone = _PROTECTION[letter.protection]
    short = words.partition(":")[0]
    people = ", ".join(_named(one) for one in letter.recipients) or "nobody"
    subject, files = plain(letter.subject, lines=False, limit=200), len(letter.attachments)
    attached = f", {count(files, 'file')}" if files else ""
    said = [
        (f"{short}{attached}, to {plain(people, lines=False, limit=600)}", tone),
        (subject, "strong"),
        (f"From {plain(letter.identity or 'nobody', lines=False)}", ""),
    ]
    return tuple(Line(fit(text, width - 2).rstrip(), style) for text, style in said[:room])


def _named(one: Recipient) -> str:
    role = f" ({one.role})" if one.role != "other" else ""
    return f"{one.address}{role}"


def files_form(letter: Letter) -> FormScreen:
    """Ask for a file to attach, and which one shall not go after all."""
    held = sum(len(one.data) for one in letter.attachments)
    left = f"{size(held)} of {size(MAX_ATTACHED)} are used." if held else f"All files together: at most {size(MAX_ATTACHED)}."
    fields = [
        Field("path", "attach", value="", help=f"The whole path of a file, such as ~/fix.patch. {left} Its name goes along.")
    ]
    if letter.attachments:
        names = {str(at): f"{one.name}  {size(len(one.data))}" for at, one in enumerate(letter.attachments)}
        fields.append(
            Field("away", "take away", "choice", "", ("", *names), shown={"": "none", **names}, help="A file that shall not go.")
        )
    return FormScreen("Attachments", fields)


def with_file(letter: Letter, file: object) -> Letter:
    """Give the letter with one more file; another of the same name gets a number."""
    if not isinstance(file, Attachment):
        return letter
    taken = {one.name for one in letter.attachments}
    name = next(name for at in range(len(taken) + 1) if (name := numbered(file.name, at)) not in taken)
    return msgspec.structs.replace(letter, attachments=(*letter.attachments, msgspec.structs.replace(file, name=name)))


def without_file(letter: Letter, at: str) -> Letter:
    """Give the letter without the file at that place."""
    kept = tuple(one for place, one in enumerate(letter.attachments) if str(place) != at)
    return msgspec.structs.replace(letter, attachments=kept)


def head_form(letter: Letter, identities: Sequence[Identity]) -> FormScreen:
    """Ask for the head of a letter."""
    names = tuple(one.address for one in identities)
    people = {field: ", ".join(one.address for one in letter.recipients if one.field == field) for field in ("to", "cc")}
    return FormScreen(
        "Head of the letter",
        (
            Field("identity", "from", "choice", letter.identity, names, help="Who the reply comes from."),
            Field("to", "to", value=people["to"], help="Addresses, with commas between them."),
            Field("cc", "cc", value=people["cc"], help="Addresses, with commas between them. There is no Bcc."),
            Field("subject", "subject", value=letter.subject, help="The true one; an encrypted mail bears it inside only."),
            Field("protection", "protection", "choice", letter.protection, ("encrypted", "signed", "clear"),
                  shown={key: words for key, (words, _tone) in _PROTECTION.items()},
                  help="The sheet says whether the policy allows it."),
        ),
    )  # fmt: skip


def with_head(letter: Letter, values: Values) -> Letter:
    """Give the letter with another head; who was a recipient before keeps name and role."""
    known = {address_key(one.address): one for one in letter.recipients}
    recipients = tuple(
        msgspec.structs.replace(known.get(address_key(address), Recipient(address)), field=field)
        for field in ("to", "cc")
        for address in dict.fromkeys(part.strip() for part in values[field].split(","))
        if address
    )
    return msgspec.structs.replace(
        letter,
        identity=values["identity"],
        recipients=recipients,
        subject=values["subject"],
        protection=values["protection"],
    )
