"""What is done on a case as a whole: its verbs, and the places that show one side of it."""

import importlib
from collections.abc import Callable
from functools import partial

from seccon.screens.conduct import Conductor
from seccon.screens.frame import Frame
from seccon.screens.request import CaseChosen
from seccon.screens.snap import Snap
from seccon.screens.verbs import STEP_VERBS, VerbChosen

_PLACES = {
    "advisory": "AdvisoryScreen",
    "embargo": "EmbargoScreen",
    "branches": "BranchesScreen",
    "day": "DayScreen",
    "parties": "PartiesScreen",
}
"""Verb -> the place of the case that it opens."""


class CaseVerbs(Conductor):
    """Opens cases, and carries out verbs on them."""

    def on_case_chosen(self, message: CaseChosen) -> None:
        """Open a case."""
        from seccon.screens.case import CaseScreen

        self.show_place(partial(CaseScreen, message.number))

    def on_verb_chosen(self, message: VerbChosen) -> None:
        """Carry out a verb on a case."""
        if message.verb in _PLACES:
            self.show_place(partial(_place(message.verb), message.case))
        elif message.verb == "next":
            self.conduct(partial(self._next_step, message.case), f"next {message.case}")
        else:
            self.conduct(partial(self._carry_out, message), f"{message.verb} {message.marked or message.case}")

    async def _carry_out(self, message: VerbChosen) -> None:
        from seccon.screens.flows import bulk_flow, flow

        if not message.marked:
            await flow(message.verb)(self, message.case)
        elif await bulk_flow(message.verb)(self, message.marked) and message.done is not None:
            message.done()

    async def _next_step(self, case: int) -> None:
        """Do what the process wants next; a step whose time has not come says so itself."""
        from seccon.desk.open_case import CaseView, OpenCase

        view: CaseView = await self.ask(OpenCase(case=case))
        if not view.steps:
            self.say("Nothing is owed.")
        else:
            verb = view.steps[0].verb
            self.post_message(VerbChosen(STEP_VERBS.get(verb, verb), case))


def _place(verb: str) -> Callable[[int, Snap], Frame]:
    """Find the place that a verb opens; its module, of the same name, is loaded when a person uses it."""
    made: Callable[[int, Snap], Frame] = getattr(importlib.import_module(f"seccon.screens.{verb}"), _PLACES[verb])
    return made
