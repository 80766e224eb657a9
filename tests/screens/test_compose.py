"""Writing a reply on its screen: what is kept, what is not, and what the head tells at 80 by 24 (R1, R8)."""

from pathlib import Path

from textual.widgets import TextArea

from seccon.desk.save_draft import OpenDrafts
from tests.outgoing import Scene
from tests.screens.test_case_screens import at_case

LONG = "vhost-user: use after free in descriptor handling of a device that has a rather long name and a longer story"


async def test_leaving_a_letter_that_nobody_changed_leaves_no_draft(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    case = scene.report()
    async with at_case(scene, case) as hand:
        await hand.press("a")
        await hand.at("Compose")
        await hand.press("escape")
        await hand.at("CaseScreen")
        assert OpenDrafts(case=case).perform(scene.office) == ()
        assert "kept" not in hand.said
    scene.close()


async def test_what_was_typed_is_kept_on_leaving_offered_again_and_can_be_thrown_away(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    case = scene.report()
    async with at_case(scene, case) as hand:
        await hand.press("a")
        await hand.at("Compose")
        await hand.write("pomelo ")
        await hand.sees("pomelo Hello")
        await hand.press("escape")
        await hand.hears("The draft is kept")
        (draft,) = OpenDrafts(case=case).perform(scene.office)
        assert draft.text.startswith("pomelo ")
        await hand.press("r")
        await hand.at("FormScreen")
        await hand.sees("acknowledge: pomelo Hello")
        await hand.press("ctrl+s")
        await hand.at("Compose")
        await hand.sees("pomelo Hello")
        await hand.press("escape")
        await hand.at("CaseScreen")
        await hand.press("a")
        await hand.at("FormScreen")
        await hand.choose("what", "drop")
        await hand.press("ctrl+s")
        await hand.hears("thrown away")
        assert OpenDrafts(case=case).perform(scene.office) == ()
    scene.close()


async def test_the_head_says_how_it_is_protected_however_long_the_subject_is(tmp_path: Path) -> None:
    """R3: whoever writes sees whether it will be encrypted; the text keeps most of the screen, without a frame."""
    scene = Scene(tmp_path)
    async with at_case(scene, scene.report(encrypted=True, subject=LONG)) as hand:
        await hand.press("a")
        await hand.at("Compose")
        await hand.sees("encrypted and signed", "a longer story")
        area = hand.app.screen.query_one(TextArea)
        assert area.size.height >= 12
        assert "▔" not in hand.screen
    scene.close()
