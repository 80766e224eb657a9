"""What is wished of the mail at hand, and of a letter's text: to unlock it, its source, parts and keys, a search, an editor."""

from typing import TYPE_CHECKING

from textual.app import SuspendNotSupported

from seccon.core.errors import ConfigError, SecconError
from seccon.screens.conduct import Conductor

if TYPE_CHECKING:
    from seccon.screens.at_hand import PartsWanted, SearchWanted
    from seccon.screens.case import MailKeysWanted, SourceWanted, UnlockWanted
    from seccon.screens.compose import EditorWanted


class MailWishes(Conductor):
    """Fulfils what screens with a mail or a letter on view announce as wanted."""

    warned = False
    """It was said what the person's editor may leave behind."""

    def on_unlock_wanted(self, message: "UnlockWanted") -> None:
        """Have a mail decrypted: by gpg-agent's own means, or with a passphrase that is typed here."""

        async def run() -> None:
            from seccon.screens.flows.unlock import unlock

            await unlock(self, message.mail, message.asker.unlocked)

        self.conduct(run, "unlock")

    def on_mail_keys_wanted(self, message: "MailKeysWanted") -> None:
        """Show the keys that came with a mail."""

        async def run() -> None:
            from seccon.screens.flows.keys import of_mail

            await of_mail(self, message.asker.case, message.read, message.asker.read_mail)

        self.conduct(run, "keys")

    def on_source_wanted(self, message: "SourceWanted") -> None:
        """Show the raw source of a mail."""

        async def run() -> None:
            from seccon.desk.read_mail import ReadSource
            from seccon.screens.source import Source

            await self.wait_for(Source(f"Source of {message.mail}", await self.ask(ReadSource(mail=message.mail))))

        self.conduct(run, "source")

    def on_parts_wanted(self, message: "PartsWanted") -> None:
        """Show the parts of a mail."""

        async def run() -> None:
            from seccon.screens.flows.attachments import attachments

            await attachments(self, message.case, message.read)

        self.conduct(run, "parts")

    def on_search_wanted(self, message: "SearchWanted") -> None:
        """Search the mails of a case."""

        async def run() -> None:
            from seccon.screens.flows.search import search

            await search(self, message.case, message.asker)

        self.conduct(run, "search")

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
