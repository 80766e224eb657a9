"""The latest date that an embargo may have, and why."""

from seccon.desk.open_case import CaseView, OpenCase
from seccon.screens.bounds import BoundsScreen
from seccon.screens.flows.frame import Desk


async def latest(desk: Desk, case: int) -> None:
    """Show every rule with its date, which one decides, and what a mail to a list outside would change."""
    view: CaseView = await desk.ask(OpenCase(case=case))
    await desk.wait_for(BoundsScreen(view))
