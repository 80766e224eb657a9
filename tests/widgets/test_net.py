"""The last net holds what the door let through."""

from rich.segment import Segment
from rich.style import Style
from textual.color import Color

from seccon.widgets.net import Net

BLACK = Color(0, 0, 0)


def test_controls_in_a_segment_are_replaced_one_for_one() -> None:
    (out,) = Net().apply([Segment("a\x1b]52;c;x\x07\x9b\u202eb\ud800")], BLACK)
    assert out.text == "a\N{REPLACEMENT CHARACTER}]52;c;x" + "\N{REPLACEMENT CHARACTER}" * 3 + "b\N{REPLACEMENT CHARACTER}"


def test_links_are_dropped_and_the_look_stays() -> None:
    (out,) = Net().apply([Segment("x", Style(bold=True, link="file:///etc/passwd\x1b"))], BLACK)
    assert out.style is not None
    assert out.style.link is None
    assert out.style.bold


def test_control_segments_lose_their_power() -> None:
    (out,) = Net().apply([Segment("\x1b[2J", None, [(1,)])], BLACK)  # type: ignore[list-item]
    assert out.control is None
    assert "\x1b" not in out.text


def test_harmless_segments_are_the_same_objects() -> None:
    segment = Segment("subject ✓", Style(bold=True))
    assert Net().apply([segment], BLACK)[0] is segment
