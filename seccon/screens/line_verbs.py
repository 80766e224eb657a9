"""What is done with one line of a list: a branch, a party, a key, a mail in the outbox, a member of the team, a document."""

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from seccon.screens.conduct import Conductor
from seccon.screens.request import CaseChosen

if TYPE_CHECKING:
    from seccon.screens.advisory import DocumentWanted
    from seccon.screens.branches import BranchVerb
    from seccon.screens.keys import KeyVerb
    from seccon.screens.outbox import OutboxVerb
    from seccon.screens.parties import PartyVerb
    from seccon.screens.team import TeamVerb


class LineVerbs(Conductor):
    """Carries out the verbs of the places that list things."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+k", "keys", "keys", show=False, id="place.keys", tooltip="all keys that matter, and what is wrong"),
    ]

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

        self.conduct(run, "key")

    def on_branch_verb(self, message: "BranchVerb") -> None:
        """Do something about the branches of a case."""

        async def run() -> None:
            from seccon.screens.flows import branches

            flow = {"record": branches.record_found}.get(message.verb) or getattr(branches, message.verb)
            await flow(self, message.asker, message.row)

        self.conduct(run, f"branch {message.verb}")

    def on_party_verb(self, message: "PartyVerb") -> None:
        """Do something about a party."""

        async def run() -> None:
            from seccon.screens.flows import parties

            await getattr(parties, message.verb)(self, message.case, message.party)

        self.conduct(run, f"party {message.verb} {message.case}")

    def on_document_wanted(self, message: "DocumentWanted") -> None:
        """Save one form of an advisory."""

        async def run() -> None:
            from seccon.screens.flows.advisory import save

            await save(self, message.case, message.form)

        self.conduct(run, "document")

    def on_outbox_verb(self, message: "OutboxVerb") -> None:
        """Do something with a mail in the outbox."""
        if message.verb == "case":
            if message.item is not None:
                self.post_message(CaseChosen(message.item.case))
            return

        async def run() -> None:
            from seccon.screens.flows import outbox

            await getattr(outbox, message.verb)(self, message.item)

        self.conduct(run, "outbox")

    def on_team_verb(self, message: "TeamVerb") -> None:
        """Do something about the team."""

        async def run() -> None:
            from seccon.screens.flows import team

            await getattr(team, message.verb)(self, message.view, message.line)

        self.conduct(run, f"team {message.verb}")
