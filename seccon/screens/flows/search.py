"""Search through the mails of a case: decrypted in memory, nothing kept (features, R11)."""

from seccon.desk.search_case import Found, SearchCase
from seccon.screens.at_hand import AtHand
from seccon.screens.flows.frame import Desk
from seccon.screens.form_screen import FormScreen
from seccon.screens.hits import Hits
from seccon.widgets.form import Field


async def search(desk: Desk, case: int, asker: AtHand) -> None:
    """Ask for a text, show where it stands, go there."""
    about = "All its words must stand in one line. Mails are decrypted for it as far as nobody has to be asked; nothing is kept."
    field = Field("text", "find", value=asker.sought, help=about)
    given = await desk.wait_for(FormScreen("Find in the mails of this case", (field,), does="find"))
    if given is None or not given["text"].strip():
        return
    asker.sought = given["text"]
    found: Found = await desk.ask(SearchCase(case=case, text=given["text"]))
    hit = await desk.wait_for(Hits(found))
    if hit is not None:
        asker.go_to(hit)
