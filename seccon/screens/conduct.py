"""The App's way from a verb to the desk: runs flows, one at a time for each case, and shows the screens they ask for."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Executor
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from textual.app import App, SuspendNotSupported
from textual.binding import Binding, BindingType
from textual.screen import Screen

from seccon.core.errors import ConfigError, SecconError
from seccon.desk.roster import known_roster
from seccon.screens.frame import Frame
from seccon.screens.request import CaseChosen
from seccon.screens.snap import Snap
from seccon.screens.verbs import STEP_VERBS, VerbChosen

if TYPE_CHECKING:
    from seccon.core.team import Identity
    from seccon.desk.office import Office
    from seccon.desk.request import Request
    from seccon.screens.advisory import DocumentWanted
    from seccon.screens.at_hand import PartsWanted, SearchWanted
    from seccon.screens.branches import BranchVerb
    from seccon.screens.case import MailKeysWanted, SourceWanted, UnlockWanted
    from seccon.screens.compose import EditorWanted
    from seccon.screens.keys import KeyVerb
    from seccon.screens.outbox import OutboxVerb
    from seccon.screens.parties import PartyVerb
    from seccon.screens.team import TeamVerb

T = TypeVar("T")


class Conductor(App[None]):
    """What the App does with the facts that screens announce."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+k", "keys", "keys", show=False, id="place.keys", tooltip="all keys that matter, and what is wrong"),
    ]
    office: "Office"
    desk: Executor
    """Carries out requests in the order in which they were asked."""
    errands: Executor
    """Carries out what takes time: gpg, delivery."""

    warned = False
    """It was said what the person's editor may leave behind."""

    @property
    def identities(self) -> "Sequence[Identity]":
        """Who replies can come from."""
        return self.office.identities

    @property
    def keeps_passphrase(self) -> bool:
        """The configuration wishes that the keyring keeps the passphrase."""
        return self.office.passphrases is not None

    @property
    def place(self) -> str:
        """The private directory that is proposed for what is saved."""
        return self.office.files.place if self.office.files is not None else ""

    def name_of(self, login: str) -> str:
        """Give what a person is called."""
        return known_roster(self.office).display(login)

    async def ask(self, request: "Request") -> Any:
        """Have a request carried out beside the screens, in order. Raises SecconError."""
        return await asyncio.wrap_future(self.hands(request).submit(request.perform, self.office))

    def hands(self, request: object) -> Executor:
        """Say who carries a request out."""
        return self.errands if getattr(request, "beside", False) else self.desk

    async def wait_for(self, screen: Screen[T]) -> T | None:
        """Show a screen until it is dismissed."""
        return await self.push_screen_wait(screen)

    def say(self, sentence: str, *, wrong: bool = False) -> None:
        """Tell the person something in passing."""
        raise NotImplementedError

    def show_error(self, error: SecconError) -> None:
        """Tell what went wrong."""
        raise NotImplementedError

    def _conduct(self, flow: Callable[[], Awaitable[None]], name: str) -> None:
        """Run a flow to its end; a second press of the same key while its form is open starts nothing."""
        if any(worker.name == name and worker.is_running for worker in self.workers):
            return

        async def run() -> None:
            try:
                await flow()
            except SecconError as error:
                self.show_error(error)

        self.run_worker(run(), name=name, group="flow", exit_on_error=True)

    def on_verb_chosen(self, message: VerbChosen) -> None:
        """Carry out a verb on a case."""
        places = {
            "advisory": self._show_advisory,
            "embargo": self._show_embargo,
            "branches": self._show_branches,
            "day": self._show_day,
            "parties": self._show_parties,
        }
        if message.verb in places:
            places[message.verb](message.case)
            return
        if message.verb == "next":
            self._conduct(partial(self._next_step, message.case), f"next {message.case}")
            return

        async def run() -> None:
            from seccon.screens.flows import bulk_flow, flow

            if not message.marked:
                await flow(message.verb)(self, message.case)
            elif await bulk_flow(message.verb)(self, message.marked) and message.done is not None:
                message.done()

        self._conduct(run, f"{message.verb} {message.marked or message.case}")

    async def _next_step(self, case: int) -> None:
        """Do what the process wants next; a step whose time has not come says so itself."""
        from seccon.desk.open_case import CaseView, OpenCase

        view: CaseView = await self.ask(OpenCase(case=case))
        if not view.steps:
            self.say("Nothing is owed.")
        else:
            verb = view.steps[0].verb
            self.post_message(VerbChosen(STEP_VERBS.get(verb, verb), case))

    def _show_embargo(self, case: int) -> None:
        from seccon.screens.embargo import EmbargoScreen

        self.show_place(lambda snap: EmbargoScreen(case, snap))

    def _show_advisory(self, case: int) -> None:
        from seccon.screens.advisory import AdvisoryScreen

        self.show_place(lambda snap: AdvisoryScreen(case, snap))

    def on_document_wanted(self, message: "DocumentWanted") -> None:
        """Save one form of an advisory."""

        async def run() -> None:
            from seccon.screens.flows.advisory import save

            await save(self, message.case, message.form)

        self._conduct(run, "document")

    def _show_day(self, case: int) -> None:
        from seccon.screens.day import DayScreen

        self.show_place(lambda snap: DayScreen(case, snap))

    def _show_branches(self, case: int) -> None:
        from seccon.screens.branches import BranchesScreen

        self.show_place(lambda snap: BranchesScreen(case, snap))

    def on_branch_verb(self, message: "BranchVerb") -> None:
        """Do something about the branches of a case."""

        async def run() -> None:
            from seccon.screens.flows import branches

            flow = {"record": branches.record_found}.get(message.verb) or getattr(branches, message.verb)
            await flow(self, message.asker, message.row)

        self._conduct(run, f"branch {message.verb}")

    def _show_parties(self, case: int) -> None:
        from seccon.screens.parties import PartiesScreen

        self.show_place(lambda snap: PartiesScreen(case, snap))

    def on_party_verb(self, message: "PartyVerb") -> None:
        """Do something about a party."""

        async def run() -> None:
            from seccon.screens.flows import parties

            await getattr(parties, message.verb)(self, message.case, message.party)

        self._conduct(run, f"party {message.verb} {message.case}")

    def on_case_chosen(self, message: CaseChosen) -> None:
        """Open a case."""
        from seccon.screens.case import CaseScreen

        self.show_place(lambda snap: CaseScreen(message.number, snap))

    def show_place(self, make: Callable[[Snap], Frame]) -> None:
        """Push a screen that is bound to the snapshot; only the App's own turn can bind it."""
        raise NotImplementedError

    def on_unlock_wanted(self, message: "UnlockWanted") -> None:
        """Have a mail decrypted: by gpg-agent's own means, or with a passphrase that is typed here."""

        async def run() -> None:
            from seccon.screens.flows.unlock import unlock

            await unlock(self, message.mail, message.asker.unlocked)

        self._conduct(run, "unlock")

    def action_keys(self) -> None:
        """Show all keys that matter."""
        from seccon.screens.keys import KeysScreen

        if not isinstance(self.screen, KeysScreen):
            self.call_later(self.show_place, KeysScreen)

    def on_key_verb(self, message: "KeyVerb") -> None:
        """Do something with one of the keys that matter."""

        async def run() -> None:
            from seccon.screens.flows import keys

            if message.verb == "pin":
                await keys.pin_for(self, message.key.address)
            else:
                await (keys.unpin if message.verb == "unpin" else keys.try_key)(self, message.key)
            message.asker.read()

        self._conduct(run, "key")

    def on_mail_keys_wanted(self, message: "MailKeysWanted") -> None:
        """Show the keys that came with a mail."""

        async def run() -> None:
            from seccon.screens.flows.keys import of_mail

            await of_mail(self, message.asker.case, message.read, message.asker.read_mail)

        self._conduct(run, "keys")

    def on_source_wanted(self, message: "SourceWanted") -> None:
        """Show the raw source of a mail."""

        async def run() -> None:
            from seccon.desk.read_mail import ReadSource
            from seccon.screens.source import Source

            await self.wait_for(Source(f"Source of {message.mail}", await self.ask(ReadSource(mail=message.mail))))

        self._conduct(run, "source")

    def on_parts_wanted(self, message: "PartsWanted") -> None:
        """Show the parts of a mail."""

        async def run() -> None:
            from seccon.screens.flows.attachments import attachments

            await attachments(self, message.case, message.read)

        self._conduct(run, "parts")

    def on_search_wanted(self, message: "SearchWanted") -> None:
        """Search the mails of a case."""

        async def run() -> None:
            from seccon.screens.flows.search import search

            await search(self, message.case, message.asker)

        self._conduct(run, "search")

    def on_editor_wanted(self, message: "EditorWanted") -> None:
        """Give the terminal to the person's editor: nothing is drawn until it ends, so this thread waits for it."""
        editor = self.office.editor
        try:
            if editor is None:
                raise ConfigError("There is no private directory for the text.", "Set XDG_STATE_HOME, or HOME.")
            if editor.warning and not self.warned:
                self.warned = True
                self.say(f"{editor.warning} ^x again opens it.", wrong=True)
                return
            with self.suspend():
                text = editor.edit(message.text)
        except SuspendNotSupported:
            self.say("The terminal cannot be lent to an editor here.", wrong=True)
        except SecconError as error:
            self.show_error(error)
        else:
            message.asker.edited(text)

    def on_outbox_verb(self, message: "OutboxVerb") -> None:
        """Do something with a mail in the outbox."""
        if message.verb == "case":
            if message.item is not None:
                self.post_message(CaseChosen(message.item.case))
            return

        async def run() -> None:
            from seccon.screens.flows import outbox

            await getattr(outbox, message.verb)(self, message.item)

        self._conduct(run, "outbox")

    def on_team_verb(self, message: "TeamVerb") -> None:
        """Do something about the team."""

        async def run() -> None:
            from seccon.screens.flows import team

            await getattr(team, message.verb)(self, message.view, message.line)

        self._conduct(run, f"team {message.verb}")
