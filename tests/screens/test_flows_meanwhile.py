"""A case that changes while its form is open: what was typed stays, it is said what happened, the second ^s records.

The flows are the real ones on a real ledger; whoever fills the forms is scripted, and so is who changes the case meanwhile.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from textual.screen import Screen

from seccon.core.case import fold
from seccon.core.errors import SecconError
from seccon.core.ids import MessageId
from seccon.core.journal.cases import NoteAdded
from seccon.core.team import Identity
from seccon.desk.request import Request
from seccon.screens.flows import bulk_flow, flow
from seccon.screens.form_screen import FormScreen, Values
from tests.outgoing import DOE, ROE, Scene, arrival, made_mail


class Person:
    """Fills each form with what was typed for it, once; looks whether it stands there when the form comes back."""

    keeps_passphrase = False
    place = ""

    def __init__(self, scene: Scene, typed: Values, meanwhile: Callable[[], None]) -> None:
        self._scene, self._typed, self._meanwhile = scene, typed, meanwhile
        self.said: list[str] = []
        self.shown: list[Values] = []

    @property
    def identities(self) -> Sequence[Identity]:
        return self._scene.office.identities

    def name_of(self, login: str) -> str:
        return login.capitalize()

    async def ask(self, request: Request) -> Any:
        return request.perform(self._scene.office)

    async def wait_for(self, screen: Screen[Any]) -> Any:
        if not isinstance(screen, FormScreen):
            return None
        fields = screen._form.list
        self.shown.append({name: value for name, value in fields.values.items() if name in self._typed})
        if len(self.shown) > 8:
            return None
        if not any(name in self._typed for name in fields.values):
            return fields.values
        if len([one for one in self.shown if one]) > 3:
            return None
        given = fields.values | {name: value for name, value in self._typed.items() if name in fields.values}
        meanwhile, self._meanwhile = self._meanwhile, lambda: None
        meanwhile()
        return given

    def say(self, sentence: str, *, wrong: bool = False) -> None:
        self.said.append(sentence)

    def show_error(self, error: SecconError) -> None:
        self.said.append(str(error))


@pytest.fixture
def scene(tmp_path: Path) -> Any:
    made = Scene(tmp_path)
    yield made
    made.close()


def a_mail_comes(scene: Scene, case: int) -> Callable[[], None]:
    def come() -> None:
        mail = made_mail(MessageId("later@reporter.example.net"), ROE)
        scene.keep(mail)
        scene.add(case, arrival(mail, fold(scene.office.ledger.entries(case)).reports[0].id, ROE), by="seccon")

    return come


def a_colleague_notes(scene: Scene, case: int) -> Callable[[], None]:
    return lambda: scene.add(case, NoteAdded(text="I am on it"), by="bob")


FLOWS: dict[str, tuple[Values, str]] = {
    "note": ({"text": "as typed"}, "note-added"),
    "publicity": ({"state": "public", "evidence": "https://example.org/7"}, "publicity-flagged"),
    "close": ({"outcome": "spam", "why": "as typed"}, "case-closed"),
    "bug": ({"url": "https://bugs.example.org/7"}, "bug-opened"),
    "fix": ({"mail": "patch@example.org"}, "fix-proposed"),
    "credit": ({"credit": "as typed", "evidence": "as typed"}, "credit-set"),
    "permission": ({"whom": "anyone", "why": "as typed"}, "permission-recorded"),
    "acknowledged": ({"evidence": "as typed", "why": "as typed"}, "acknowledged"),
    "part": ({"why": "as typed"}, "report-unlinked"),
    "scope": ({"reason": "?spam", "why": "as typed"}, "case-closed"),
}


@pytest.mark.parametrize("who", [a_mail_comes, a_colleague_notes])
@pytest.mark.parametrize("verb", FLOWS)
async def test_what_was_typed_stays_and_the_second_time_records(
    scene: Scene, verb: str, who: Callable[[Scene, int], Callable[[], None]]
) -> None:
    case = scene.report()
    scene.report(DOE, case=case)
    typed, kind = FLOWS[verb]
    person = Person(scene, typed, who(scene, case))
    await flow(verb)(person, case)
    shown = [one for one in person.shown if one]
    assert "Meanwhile " in person.said[0], person.said
    assert "Look once more, then record it again." in person.said[0]
    assert len(shown) == 2
    assert shown[1] == {name: typed[name] for name in shown[1]}
    assert kind in scene.kinds(case)


async def test_of_several_cases_only_the_one_that_changed_comes_back_with_what_was_typed(scene: Scene) -> None:
    cases = [scene.report() for _ in range(3)]
    person = Person(scene, {"reason": "?spam", "why": "lists of addresses"}, a_mail_comes(scene, cases[1]))
    assert await bulk_flow("scope")(person, cases)
    assert "2 of 3 cases closed: spam." in person.said
    assert "1 of 1 case closed: spam." in person.said
    assert person.shown[1] == {"reason": "?spam", "why": "lists of addresses"}
    assert all(fold(scene.office.ledger.entries(case)).closed for case in cases)
    assert [scene.kinds(case).count("case-closed") for case in cases] == [1, 1, 1]


@pytest.mark.parametrize("changed", [0, 1])
async def test_joining_goes_on_whichever_of_the_two_cases_changed(scene: Scene, changed: int) -> None:
    """The other one was read once, and refused for ever."""
    cases = [scene.report(), scene.report(DOE)]
    person = Person(scene, {"how": "take", "why": "the same fault"}, a_colleague_notes(scene, cases[changed]))
    person._typed["other"] = str(cases[1])
    step = person._meanwhile
    person._meanwhile = lambda: setattr(person, "_meanwhile", step)  # not on the form that asks for the other case
    await flow("join")(person, cases[0])
    assert "Joined. ^z takes it back." in person.said, person.said
    assert fold(scene.office.ledger.entries(cases[1])).merged_into == cases[0]


async def test_what_is_taken_back_is_what_the_form_says_also_when_a_colleague_joined_more_meanwhile(scene: Scene) -> None:
    first, second, third = scene.report(), scene.report(DOE), scene.report()

    async def merge(case: int) -> None:
        colleague = Person(scene, {"how": "merge", "why": "the same", "other": str(first)}, lambda: None)
        await flow("join")(colleague, case)

    await merge(second)
    forms: list[str] = []

    class Looking(Person):
        async def wait_for(self, screen: Screen[Any]) -> Any:
            assert isinstance(screen, FormScreen)
            assert screen._advise
            forms.append(screen._advise({})[0].text)
            if len(forms) == 1:
                await merge(third)
            return {"why": "it was wrong"}

    person = Looking(scene, {}, lambda: None)
    await flow("undo")(person, first)
    assert f"#{second} into" in forms[0]
    assert f"#{third} into" in forms[1], "the form that comes back says what would be taken back now"
    assert fold(scene.office.ledger.entries(third)).merged_into is None
    assert fold(scene.office.ledger.entries(second)).merged_into == first


async def test_a_case_that_is_not_found_costs_nothing_that_was_typed(scene: Scene) -> None:
    case = scene.report()
    person = Person(scene, {"outcome": "duplicate", "other": "Q-1999-999", "why": "as typed"}, lambda: None)
    await flow("close")(person, case)
    assert person.shown[1]["why"] == "as typed"
