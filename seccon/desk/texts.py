"""Texts of a case for others' forms: trailers of the fix, the upstream bug, the comment that closes it. Nothing is sent."""

from typing import ClassVar

import msgspec

from seccon.core.announcement import occasion
from seccon.core.bug_text import fixed_in, require_bug
from seccon.core.case import Case
from seccon.core.errors import SecconError
from seccon.desk.attachments import files
from seccon.desk.office import Office
from seccon.desk.request import Request, load, policy_of, require_member
from seccon.desk.room import room
from seccon.desk.trailers import AskTrailers


class Text(msgspec.Struct, frozen=True):
    """One text; or why there is none, with the source of the rule."""

    name: str
    title: str
    text: str = ""
    refused: str = ""


class DraftBug(Request, frozen=True, kw_only=True):
    """Draft the upstream bug, out of the advisory's words: nothing of any mail."""

    beside: ClassVar[bool] = True

    case: int

    def perform(self, office: Office) -> str:
        """Give the text. Raises RefusedError with the rule and its source while it may not be public."""
        case = load(office, self.case)
        policy = policy_of(office, case)
        require_bug(case, policy)
        return room(office).templates.render(policy.templates.get("bug", "bug"), occasion(case, policy, ""))


class DraftClosing(Request, frozen=True, kw_only=True):
    """Draft the comment with which the bug is closed: "Fixed in: …"."""

    beside: ClassVar[bool] = True

    case: int

    def perform(self, office: Office) -> str:
        """Give the text. Raises RefusedError while nothing is fixed, or it may not be public."""
        case = load(office, self.case)
        policy = policy_of(office, case)
        require_bug(case, policy)
        fix, further = fixed_in(case, policy)
        return "\n".join([f"Fixed in: {fix}", *(f"- {one}" for one in further), ""])  # no template: a folded link is none


class ReadTexts(Request, frozen=True, kw_only=True):
    """Read all texts of a case at once; what is refused says why in its place."""

    beside: ClassVar[bool] = True

    case: int

    def perform(self, office: Office) -> tuple[Text, ...]:
        """Give them. Raises LedgerError."""
        case = load(office, self.case)
        return (
            self._trailers(office, case),
            _text("bug", "Upstream bug", DraftBug(case=self.case), office),
            _text("bug-closed", "Closing comment of the bug", DraftClosing(case=self.case), office),
        )

    def _trailers(self, office: Office, case: Case) -> Text:
        wanted = AskTrailers(case=case.number).perform(office)
        held = [f"{one.name} is held back: {one.held}." for one in wanted.held]
        if wanted.unknown:
            held.append(f"The policy also wants {', '.join(wanted.unknown)}: the case knows no value.")
        if not (wanted.now or held):
            held.append("The policy wants no trailers.")
        return Text("trailers", "Trailers of the fix", "".join(f"{one}\n" for one in wanted.now), " ".join(held))


class SaveText(Request, frozen=True, kw_only=True):
    """Save a text as a file for the person alone."""

    beside: ClassVar[bool] = True

    name: str
    text: str
    directory: str = ""

    def perform(self, office: Office) -> str:
        """Give the path. Raises StoreError."""
        require_member(office)
        return files(office).save(self.directory, self.name, self.text.encode())


def _text(name: str, title: str, request: Request, office: Office) -> Text:
    try:
        return Text(name, title, request.perform(office))
    except SecconError as error:
        return Text(name, title, refused=str(error))
