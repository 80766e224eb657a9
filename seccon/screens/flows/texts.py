"""The texts of a case: seen, copied, saved."""

from seccon.core.errors import SecconError
from seccon.core.file_name import safe_name
from seccon.desk.open_case import CaseView, OpenCase
from seccon.desk.texts import ReadTexts, SaveText, Text
from seccon.screens.flows.frame import Desk
from seccon.screens.form_screen import FormScreen
from seccon.screens.texts import Texts
from seccon.widgets.form import Field


async def texts(desk: Desk, case: int) -> None:
    """Show trailers, bug and closing comment."""
    view: CaseView = await desk.ask(OpenCase(case=case))
    found: tuple[Text, ...] = await desk.ask(ReadTexts(case=case))
    at = 0
    while True:
        chosen = await desk.wait_for(Texts(view.case.label, found, at))
        if chosen is None:
            return
        at = found.index(chosen)
        await _save(desk, view.case.label, chosen)


async def _save(desk: Desk, label: str, one: Text) -> None:
    given = await desk.wait_for(
        FormScreen(
            "Save the text",
            (
                Field("name", "name", value=safe_name(f"{label.lstrip('#')}-{one.name}.txt"),
                      help="A number is added where the name is taken; nothing is overwritten."),
                Field("directory", "directory", value=desk.place, help="It and the file are made for you alone (0700, 0600)."),
            ),
            does="save",
        )
    )  # fmt: skip
    if given is None:
        return
    try:
        path = await desk.ask(SaveText(name=given["name"], directory=given["directory"], text=one.text))
    except SecconError as error:
        desk.show_error(error)
    else:
        desk.say(f"Saved: {path}")
