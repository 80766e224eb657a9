"""The parts of the mail at hand: listed, seen, opened as a mail of their own, saved (features, R1 R7)."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeVar

import msgspec

from seccon.core.errors import MailNotFoundError, SecconError
from seccon.core.file_name import safe_name
from seccon.core.ports import Unlock
from seccon.core.report import Mail
from seccon.desk.attachments import OpenWithin, PartOf, ReadPart, SavePart
from seccon.desk.read_mail import MailView as MailRead
from seccon.screens.attachments import MailWithin, PartChosen, Parts, PartView, shown
from seccon.screens.flows.frame import Desk
from seccon.screens.flows.secret import way_to_open
from seccon.screens.form_screen import FormScreen
from seccon.widgets.dump import dump_lines
from seccon.widgets.form import Field
from seccon.widgets.line_view import Line
from seccon.widgets.part_list import Held

T = TypeVar("T")


class Trail:
    """The mails within mails that lead to where we are, and whether anything of the way was encrypted."""

    def __init__(self, case: int, read: MailRead) -> None:
        self.case, self._read = case, read
        self.within: tuple[str, ...] = ()
        self.digest = ""
        self.secret = False

    def part(self, held: Held) -> PartOf:
        """Say where a part is."""
        return PartOf(self._read.id, self.digest or held.mail.heading.digest, held.part.path, self.within)

    def below(self, held: Held) -> "Trail":
        """Go into a mail that a part is."""
        trail = Trail(self.case, self._read)
        trail.within = (*self.within, held.part.path)
        trail.digest = self.digest or held.mail.heading.digest
        trail.secret = self.secret or held.part.encrypted
        return trail


async def attachments(desk: Desk, case: int, read: MailRead) -> None:
    """Show the parts of a mail, and of other files under its Message-ID where they hold something else."""
    first = {(part.path, part.size, part.type) for part in read.mail.parts}
    held = [Held(read.mail, part) for part in read.mail.parts]
    for copy in read.copies:
        held += [Held(copy, part, another=True) for part in copy.parts if (part.path, part.size, part.type) not in first]
    await _walk(desk, Trail(case, read), read.mail, tuple(held))


async def _walk(desk: Desk, trail: Trail, mail: Mail, held: tuple[Held, ...]) -> None:
    """Let a person go through the parts until they leave."""
    at = next((place for place, one in enumerate(held) if not one.part.inline), 0)
    while True:
        chosen = await desk.wait_for(Parts(mail.subject or "(no subject)", held, at))
        if chosen is None:
            return
        at = held.index(chosen.held)
        try:
            await _act(desk, trail, chosen)
        except SecconError as error:
            desk.show_error(error)


async def _act(desk: Desk, trail: Trail, chosen: PartChosen) -> None:
    part, where = chosen.held.part, trail.part(chosen.held)
    if chosen.what == "save":
        await _save(desk, trail, chosen.held)
    elif chosen.what == "view" and part.type == "message/rfc822":
        await _open(desk, trail, chosen.held)
    else:
        data = await _with_key(
            desk,
            lambda unlock, word: desk.ask(ReadPart(part=where, unlock=unlock, passphrase=word)),
            locked=_may_lock(trail, chosen.held),
        )
        if data is not None:
            lines = dump_lines(data) if chosen.what == "dump" else shown(part, data)
            if await desk.wait_for(PartView(part, lines)):
                await _save(desk, trail, chosen.held)


async def _open(desk: Desk, trail: Trail, held: Held) -> None:
    """Open a mail within the mail: the marks on view are its own, earned by itself."""
    where = trail.part(held)
    inner: Mail | None = await _with_key(
        desk, lambda unlock, word: desk.ask(OpenWithin(part=where, unlock=unlock, passphrase=word)), locked=_may_lock(trail, held)
    )
    while inner is not None and await desk.wait_for(MailWithin(inner)):
        await _walk(desk, trail.below(held), inner, tuple(Held(inner, part) for part in inner.parts))


async def _save(desk: Desk, trail: Trail, held: Held) -> None:
    """Ask where to, and save; what was encrypted is said to lie in clear from then on, before and after."""
    part = held.part
    secret = part.encrypted or trail.secret
    name, directory = safe_name(part.filename, f"part-{part.path}"), desk.place
    warning = (Line("This was encrypted; on disk it is not. Saving it is noted in the case.", "alarm", ("! ", "alarm")),)
    while True:
        given = await desk.wait_for(
            FormScreen(
                "Save a part",
                (
                    Field("name", "name", value=name, help="A number is added where the name is taken; nothing is overwritten."),
                    Field("directory", "directory", value=directory,
                          help="It is made for you alone where it does not exist; so is the file, and never executable."),
                ),
                advise=(lambda _values: warning) if secret else None,
                does="save",
            )
        )  # fmt: skip
        if given is None:
            return
        name, directory = given["name"], given["directory"]
        request = SavePart(part=trail.part(held), case=trail.case, name=name, directory=directory, secret=secret)
        try:
            path = await _with_key(desk, partial(_saved, desk, request), locked=_may_lock(trail, held))
        except SecconError as error:
            desk.show_error(error)
            continue
        if path is not None:
            desk.say(f"Saved: {path}" + (" — IN CLEAR: it was encrypted, on disk it is not." if secret else ""), wrong=secret)
        return


def _may_lock(trail: Trail, held: Held) -> bool:
    """Say whether a passphrase could be what is missing."""
    return trail.secret or held.part.encrypted or bool(held.mail.locked)


async def _saved(desk: Desk, request: SavePart, unlock: Unlock, word: bytes | None) -> str:
    path: str = await desk.ask(msgspec.structs.replace(request, unlock=unlock, passphrase=word))
    return path


async def _with_key(desk: Desk, ask: Callable[[Unlock, bytes | None], Awaitable[T]], *, locked: bool) -> T | None:
    """Ask quietly; where it may be locked and that cannot open it, as the person says. None: they left."""
    try:
        return await ask(Unlock.QUIET, None)
    except MailNotFoundError as error:
        if not locked:
            raise
        problem = error
    while True:
        way = await way_to_open(desk, "Open a part", str(problem))
        if way is None:
            return None
        try:
            return await ask(*way)
        except MailNotFoundError as error:
            problem = error
