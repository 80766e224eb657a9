"""What is cut says so; a lone short word is not left on a line of its own (U1, U2)."""

import pytest
from textual.app import App, ComposeResult

from seccon.widgets.bar import Bar
from seccon.widgets.fit import wrap


class Bars(App[None]):
    def compose(self) -> ComposeResult:
        yield Bar()


@pytest.mark.parametrize(("text", "shown"), [("x" * 21, "x" * 19 + "…"), ("x" * 20, "x" * 20), ("名" * 11, "名" * 9 + " …")])
async def test_a_bar_that_is_cut_ends_with_an_ellipsis(text: str, shown: str) -> None:
    app = Bars()
    async with app.run_test(size=(20, 3)) as pilot:
        app.query_one(Bar).say(((text[:5], "strong"), (text[5:], "")))
        await pilot.pause()
        (line, *_) = app.screen._compositor.render_strips()
        assert "".join(segment.text for segment in line) == shown


def test_a_lone_short_word_gets_company() -> None:
    assert list(wrap("the fix waits for a review of it", 28)) == ["the fix waits for a review", "of it"]
    assert list(wrap("one two three four", 13)) == ["one two", "three four"]
    assert list(wrap("abcdefghijkl mn", 13)) == ["abcdefghijkl", "mn"]
