"""One case: its thread, the mail at hand with its marks, and its card."""

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message

from seccon.core.ids import MessageId
from seccon.core.key_offer import Offers, came_line, carries_keys, is_new
from seccon.desk.case_card import CardOf, ReadCaseCard
from seccon.desk.read_mail import MailView as MailRead
from seccon.desk.read_mail import ReadMail
from seccon.desk.take_key import OfferKeys
from seccon.screens.at_hand import AtHand
from seccon.screens.place import top_of
from seccon.screens.request import Ask, Done, Refused
from seccon.screens.snap import Snap
from seccon.screens.verbs import CASE_VERBS, STEP_KEYS, VerbChosen
from seccon.widgets.bar import BREAK, Bar, TallBar
from seccon.widgets.card import Card
from seccon.widgets.key_line import KeyLine
from seccon.widgets.mail_view import MailView
from seccon.widgets.marks import MarkLine
from seccon.widgets.plain import plain, unmarked
from seccon.widgets.thread_list import ThreadList, thread_lines
from seccon.widgets.top_bar import TopBar

WIDE = 120


class UnlockWanted(Message):
    """A locked mail shall be opened: somebody has to give a passphrase."""

    def __init__(self, mail: MessageId, asker: "CaseScreen") -> None:
        super().__init__()
        self.mail = mail
        self.asker = asker


class SourceWanted(Message):
    """The raw source of a mail shall be shown."""

    def __init__(self, mail: MessageId) -> None:
        super().__init__()
        self.mail = mail


class MailKeysWanted(Message):
    """The keys that came with a mail shall be shown."""

    def __init__(self, read: MailRead, asker: "CaseScreen") -> None:
        super().__init__()
        self.read = read
        self.asker = asker


class CaseScreen(AtHand):
    """Shows a case."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *CASE_VERBS,
        Binding(
            "u", "unlock", "unlock", id="case.unlock", tooltip="decrypt this mail: gpg-agent asks, or you type the passphrase"
        ),
        Binding("i", "info", "card", id="case.info", tooltip="the card in place of the mail, and back"),
        Binding("ctrl+k", "keys", "keys", show=False, id="case.keys", tooltip="the keys that came with this mail: compare, pin"),
        Binding("O", "source", "original", show=False, id="case.source", tooltip="the raw source of this mail"),
        Binding("J", "thread(1)", "next mail", show=False, id="case.next", tooltip="the next mail of the thread"),
        Binding("K", "thread(-1)", "mail before", show=False, id="case.before", tooltip="the mail before"),
        Binding("h", "history", "history", show=False, id="case.history", tooltip="who did what, when and why"),
        Binding("q,left", "leave", "back", id="case.leave", tooltip="back to the list"),
    ]
    DEFAULT_CSS = """
    CaseScreen {
        & MailView { border-left: vkey $background; &:focus { border-left: vkey $text-primary; } }
        & #step { background: $background; }
        & #panes { layout: vertical; height: 1fr; }
        & #left { height: 7; width: 100%; border-bottom: solid $panel; }
        & #right { height: 1fr; width: 100%; }
        & #came { display: none; background: $panel; }
        & #came.-some { display: block; }
        & #beside { display: none; }
        & #within { display: none; height: 1fr; }
        &.-info #within { display: block; }
        &.-info MailView { display: none; }
        &.-info MarkLine { display: none; }
        &.-info #came { display: none; }
        &.-info #left { display: none; }
        &.-wide #left { display: block; }
        &.-wide #panes { layout: horizontal; }
        &.-wide #left { width: 42%; max-width: 68; height: 1fr; border-bottom: none; border-right: vkey $panel; }
        &.-wide #right { width: 1fr; }
        &.-wide ThreadList { height: 35%; max-height: 14; border-bottom: solid $panel; }
        &.-wide #beside { display: block; height: 1fr; }
    }
    """

    def __init__(self, case: int, snap: Snap | None = None) -> None:
        super().__init__(snap)
        self.case = case
        self._card: CardOf | None = None
        self._on_view: MailRead | None = None
        self._reading: MessageId | None = None
        """The mail that is being read."""

    def compose(self) -> ComposeResult:
        """Lay out."""
        self._top, self._title, self._step = TopBar(), Bar(id="title"), TallBar(id="step")
        self._thread, self._mail, self._marks = ThreadList(), MailView(), MarkLine()
        yield self._top
        yield self._title
        yield self._step
        with Horizontal(id="panes"):
            with Vertical(id="left"):
                yield self._thread
                yield Card(id="beside")
            with Vertical(id="right"):
                yield self._marks
                yield Bar(id="came")
                yield self._mail
                yield Card(id="within")
        yield KeyLine()

    def on_mount(self) -> None:
        """Read the case."""
        self.set_class(self.app.size.width >= WIDE, "-wide")
        self._top.top = top_of(self.snap, "")
        for card in self.query(Card):
            card.can_focus = True
        self._thread.focus()
        self._read(look=True)

    def on_resize(self, event: events.Resize) -> None:
        """Put the panes beside each other from `WIDE` columns on."""
        self.set_class(event.size.width >= WIDE, "-wide")
        self._fit()

    def _fit(self) -> None:
        """Give the thread no more lines than it has mails, where the mail stands below it."""
        wide = self.has_class("-wide")
        most = max((self.app.size.height - 2) // 3, 2)  # the mail below is what one came to read
        self.query_one("#left").styles.max_height = None if wide else min(max(self._thread.total, 1) + 1, most)

    def watch_snap(self, before: Snap, after: Snap) -> None:
        """Read again what others changed."""
        self._top.top = top_of(after, "")
        if (before.ledger, before.now) != (after.ledger, after.now):
            self._read()

    def _read(self, *, look: bool = False) -> None:
        self.post_message(Ask(self, ReadCaseCard(case=self.case, look=look, keys=STEP_KEYS), latest=True))

    ACTS = ("parts", "keys")

    @property
    def is_behind(self) -> bool:
        """What is done with the mail at hand waits until it is read; going on to the next does not."""
        return self._reading is not None and self._reading == self._thread.here

    def on_done(self, message: Done) -> None:
        """Show what was read."""
        request, result = message.request, message.result
        self._has_read(request)
        if isinstance(request, ReadCaseCard) and isinstance(result, CardOf):
            self._show(result)
        elif isinstance(request, ReadMail) and isinstance(result, MailRead) and request.mail == self._thread.here:
            self._put(result)
        elif isinstance(request, OfferKeys) and isinstance(result, Offers) and request.mail == self._thread.here:
            self._came(result)

    def on_refused(self, message: Refused) -> None:
        """A mail that could not be read leaves no other mail's text on the screen."""
        if isinstance(message.request, ReadMail):
            self._has_read(message.request)
            self.put(None)
            self._on_view = None
            self._came(None)

    def _has_read(self, request: object) -> None:
        if isinstance(request, ReadMail) and request.mail == self._reading:
            self._reading = None

    def _show(self, read: CardOf) -> None:
        card, case = read.card, read.view.case
        self._card = read
        self._title.say(
            ((plain(f" {card.label}  ", lines=False), "here"), (unmarked(plain(card.subject, lines=False, limit=300)), "strong"))
        )
        key = f"[{card.step_key}] " if card.step_key else ""
        tone = "alarm" if card.step_due.endswith("over") else "warn"
        alarm = f"   ! {card.alarms[0]}" if card.alarms else ""
        step = f" ▶ {key}{card.step}  {card.step_due}" if card.step else f" {card.state}; nothing is owed"
        self._step.say(((plain(step, lines=False), tone if card.step else "quiet"), BREAK, (plain(alarm, lines=False), "alarm")))
        conflicts = frozenset(one.mail for one in case.conflicts)
        self._thread.show(thread_lines(case.mails, conflicts, read.view.now))
        if not case.mails:  # its reports went to another case: nothing of them stays on view
            self.put(None)
            self._on_view = None
            self._came(None)
        self._fit()
        for place in ("beside", "within"):
            self.query_one(f"#{place}", Card).put(card)

    def on_thread_list_highlighted(self, message: ThreadList.Highlighted) -> None:
        """Read the mail at the cursor; nobody is asked for a passphrase while browsing."""
        self._read_it(message.mail)

    def on_thread_list_chosen(self) -> None:
        """Give the keys to the mail."""
        self._mail.focus()

    def action_verb(self, verb: str) -> None:
        """Carry out a verb on this case."""
        self.post_message(VerbChosen(verb, self.case))

    def action_thread(self, by: int) -> None:
        """Go along the thread, wherever the keys are."""
        self._thread.action_step(by)

    def action_info(self) -> None:
        """Show the card in place of thread and mail, or beside them where there is room, and give it the keys."""
        if self._in_card:
            self.action_leave()
            return
        self.add_class("-info")
        self._the_card.focus()

    @property
    def _the_card(self) -> Card:
        return self.query_one("#beside" if self.has_class("-wide") else "#within", Card)

    @property
    def _in_card(self) -> bool:
        return any(card.has_focus for card in self.query(Card))

    def action_unlock(self) -> None:
        """Have the mail decrypted."""
        if self._thread.here is not None:
            self.post_message(UnlockWanted(self._thread.here, self))

    def unlocked(self, read: MailRead) -> None:
        """Show a mail that was opened, if it is still the one at hand."""
        if read.id == self._thread.here:
            self._put(read)

    def _put(self, read: MailRead) -> None:
        if self._on_view is None or self._on_view.id != read.id:
            self._came(None)
        self._on_view = read
        if carries_keys(read.mail):
            self.post_message(Ask(self, OfferKeys(case=self.case, mail=read.id, read=read.mail), latest=True))
        self.put(read)

    def _came(self, offers: Offers | None) -> None:
        """Say that keys came along of which a person should know; nothing where there is none."""
        bar = self.query_one("#came", Bar)
        show = offers is not None and is_new(offers)
        bar.set_class(show, "-some")
        if offers is not None and show:
            loud = offers.secret or any(one.change for one in offers.open)
            bar.say(((" ^k  ", "strong"), (plain(came_line(offers), lines=False, limit=200), "alarm" if loud else "warn")))

    def read_mail(self) -> None:
        """Read the mail at hand again: another key may be trusted by now."""
        if self._thread.here is not None:
            self._read_it(self._thread.here)

    def _read_it(self, mail: MessageId) -> None:
        self._reading = mail
        self.post_message(Ask(self, ReadMail(mail=mail), latest=True))

    def action_keys(self) -> None:
        """Show the keys that came with the mail."""
        if self._on_view is not None:
            self.post_message(MailKeysWanted(self._on_view, self))

    def action_source(self) -> None:
        """Show the raw source."""
        if self._thread.here is not None:
            self.post_message(SourceWanted(self._thread.here))

    def action_history(self) -> None:
        """Show who did what."""
        if self._card is not None:
            from seccon.screens.history import History

            self.app.push_screen(History(self._card.view, self._card.names))

    def action_leave(self) -> None:
        """From the mail or the card to the thread, from the thread back to the list."""
        if self._in_card:
            self.remove_class("-info")
            self._thread.focus()
        elif self._mail.has_focus:
            self._thread.focus()
        else:
            self.app.pop_screen()
