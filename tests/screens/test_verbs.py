"""The verbs' keys: each does one thing, and each verb has its flow."""

import pytest
from textual.binding import Binding

from seccon.screens.advisory import AdvisoryScreen
from seccon.screens.case import CaseScreen
from seccon.screens.day import VERBS, DayScreen
from seccon.screens.flows import flow
from seccon.screens.queue import Queue
from seccon.screens.verbs import ADVISORY_VERBS, CASE_VERBS, DAY_VERBS, EMBARGO_VERBS, PARTY_VERBS, STEP_KEYS, STEP_VERBS


@pytest.mark.parametrize(
    "bindings",
    [
        EMBARGO_VERBS,
        ADVISORY_VERBS,
        AdvisoryScreen.BINDINGS,
        PARTY_VERBS,
        DAY_VERBS,
        DayScreen.BINDINGS,
        Queue.BINDINGS,
        CaseScreen.BINDINGS,
    ],
)
def test_no_two_verbs_have_one_key(bindings: list[Binding]) -> None:
    """Of two bindings of one key Textual takes the last, silently: the other verb could not be reached."""
    keys = [key for binding in bindings for key in binding.key.split(",")]
    assert sorted(key for key in set(keys) if keys.count(key) > 1) == []


def test_every_key_of_a_step_carries_out_a_verb_that_there_is() -> None:
    verbs = {binding.action.split("'")[1]: binding.key for binding in CASE_VERBS}
    for step, key in STEP_KEYS.items():
        assert key in verbs.values(), f"{step} has the key {key}, which no verb has"
    for name in verbs:
        assert name in ("advisory", "embargo", "branches", "day", "parties", "next") or flow(STEP_VERBS.get(name, name))


@pytest.mark.parametrize("names", [STEP_VERBS, VERBS], ids=["next step", "the day"])
def test_every_step_that_a_policy_can_want_leads_somewhere(names: dict[str, str]) -> None:
    """On the day, the step that publishes the CVE record ended the console."""
    places = {"advisory", "embargo", "branches", "day", "parties"}
    for verb in STEP_KEYS:
        found = names.get(verb, verb)
        assert found in places or flow(found), verb
