"""Forms: nothing that is typed vanishes, no key that moves is an answer, nothing is given up unasked."""

from collections.abc import Sequence

import pytest
from textual.app import App

from seccon.screens.form_screen import FormScreen
from seccon.widgets.form import Entry, Field, FieldList

FIELDS = (
    Field("kind", "kind", "choice", "", ("", "question", "spam")),
    Field("cve", "CVE id"),
    Field("by", "allocated by"),
)


class Bare(App[None]):
    """A form, and what came of it."""

    def __init__(self, fields: Sequence[Field] = FIELDS) -> None:
        super().__init__()
        self.fields = fields
        self.said: list[str] = []
        self.given: object = "nothing yet"

    def on_mount(self) -> None:
        self.push_screen(FormScreen("a form", self.fields), lambda given: setattr(self, "given", given))

    def say(self, sentence: str, *, wrong: bool = False) -> None:
        """Keep what the form says."""
        self.said.append(sentence)

    @property
    def values(self) -> dict[str, str]:
        """What stands on the form."""
        screen = self.screen
        assert isinstance(screen, FormScreen)
        return screen.values


async def test_typing_on_a_text_begins_it() -> None:
    app = Bare()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("j", *"CVE")
        await pilot.pause()
        assert app.screen.query_one(Entry).value == "CVE"
        await pilot.press(*"jql", "enter")
        await pilot.pause()
        assert app.values["cve"] == "CVEjql", "once the line is open every letter is text"


async def test_q_leaves_and_is_no_answer() -> None:
    app = Bare()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("q")
        await pilot.pause()
        assert app.given is None


async def test_what_stands_on_a_form_is_given_up_only_when_it_is_said_twice() -> None:
    app = Bare()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("s", "escape")
        await pilot.pause()
        assert app.values["kind"] == "spam"
        assert "would be lost" in app.said[0]
        await pilot.press("escape")
        await pilot.pause()
        assert app.given is None


async def test_a_form_that_comes_back_stands_where_it_was_left() -> None:
    app = Bare()
    async with app.run_test(size=(80, 24)) as pilot:
        again = FormScreen("a form", FIELDS)
        again.start_at("by")
        await app.push_screen(again)
        await pilot.pause()
        assert again.here == "by"


@pytest.mark.parametrize("height", [7, 24])
async def test_the_cursor_stands_on_no_heading_and_the_heading_over_it_is_on_view(height: int) -> None:
    """On a heading no key did anything, and no help was shown."""
    fields = [Field("", "First", "head"), Field("a", "a"), Field("b", "b"), Field("", "Second", "head"), Field("c", "c")]
    app = Bare([*fields, *(Field(f"d{at}", f"d{at}") for at in range(20)), Field("", "Last", "head")])
    async with app.run_test(size=(80, height)) as pilot:
        asked = app.screen.query_one(FieldList)
        for key, wanted in (("j", "b"), ("j", "c"), ("k", "b"), ("home", "a"), ("k", "a"), ("end", "d19"), ("j", "d19")):
            await pilot.press(key)
            assert asked.here.name == wanted, key
        while asked.here.name != "c":
            await pilot.press("k")
        await pilot.pause()
        assert asked.top <= 3
        await pilot.press("home")
        await pilot.pause()
        assert asked.top == 0


async def test_a_text_may_begin_with_a_letter_that_turns_an_answer() -> None:
    """`libvirt` was typed, and `ibvirt` stood there."""
    app = Bare()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("j", *"libvirt", "enter", *"host", "enter")
        await pilot.pause()
        assert (app.values["cve"], app.values["by"]) == ("libvirt", "host")
