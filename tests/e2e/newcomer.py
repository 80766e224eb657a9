"""A newcomer who presses `.` and answers what the screen asks."""

from datetime import timedelta

from seccon.core.case import Case
from seccon.core.steps import steps
from seccon.widgets.form import FieldList
from tests.e2e.stage import Hand, Stage
from tests.story import shipped


class Newcomer:
    """Presses `.` and does what the screen then asks for."""

    def __init__(self, hand: Hand, stage: Stage, policy: str, number: int = 1) -> None:
        self.hand, self.stage, self.policy, self.number = hand, stage, shipped(policy), number
        self.walked: list[str] = []

    @property
    def case(self) -> Case:
        """The case as it is recorded."""
        return self.stage.case(self.number)

    @property
    def owed(self) -> list[str]:
        """What the process wants now, by id."""
        return [step.id for step in steps(self.case, self.policy, self.stage.now())]

    async def step(self, name: str) -> None:
        """The console names this step; press its key."""
        await self.hand.until(lambda: self.owed[:1] == [name], f"{name} after {self.walked}, not {self.owed}")
        title = next(rule.title for rule in self.policy.step if rule.id == name)
        await self.hand.sees(f"] {title}")
        await self.done()
        await self.hand.press("full_stop")
        self.walked.append(name)

    async def done(self) -> None:
        """Wait until what was asked before is done: the same key would open nothing before."""
        await self.hand.until(lambda: not any(one.is_running for one in self.hand.app.workers if one.group == "flow"), "done")

    async def send(self) -> None:
        """Send the letter that stands there."""
        await self.hand.at("Compose")
        before = len(self.stage.box.taken)
        await self.hand.press("ctrl+s")
        await self.hand.sees("ready: S sends it")
        await self.hand.press("S")
        await self.hand.until(lambda: len(self.stage.box.taken) == before + 1, "it arrived")
        await self.hand.at("CaseScreen")

    async def fill(self, **values: str) -> None:
        """Fill the form on view, and record it."""
        await self.hand.at("FormScreen")
        await self.hand.until(lambda: self.hand.app.screen.query(FieldList), "the form is there")
        asked = self.hand.app.screen  # the next one may be a form again
        texts = [field.name for field in self.hand.fields.fields if field.kind == "text"]
        if [*values] == texts == [self.hand.fields.fields[0].name]:  # a form with one text opens its line at once, enter gives it
            await self.hand.until(lambda: self.hand.typing, "the line to type in")
            if self.hand.typed:
                await self.hand.press("end", "ctrl+u")
                await self.hand.until(lambda: not self.hand.typed, "an empty line")
            await self.hand.write(next(iter(values.values())) + "\n")
            await self.hand.until(lambda: self.hand.app.screen is not asked, "it is recorded")
            return
        for key, value in values.items():
            name = key.replace("__", ":")
            field = next(field for field in self.hand.fields.fields if field.name == name)
            if field.kind == "choice":
                await self.hand.choose(name, value)
            else:
                await self.hand.type_in(name, value)
        await self.hand.press("ctrl+s")
        await self.hand.until(lambda: self.hand.app.screen is not asked, "it is recorded")

    async def announce(self) -> None:
        """Take the list that is offered, and send what was drafted."""
        await self.hand.at("FormScreen")
        await self.hand.sees("write and send it")
        await self.hand.press("ctrl+s")
        await self.send()

    async def rate(self) -> None:
        """Rate it as important."""
        considered = {
            f"answer__{one.id}": "yes" for one in self.policy.severity.consideration if one.lowers == "no" and not one.only_if
        }
        await self.fill(genuine="yes", misuse="yes", impact="the guest runs code in the host", apparent="Important",
                        **considered, severity="Important")  # fmt: skip

    async def agree(self) -> None:
        """Agree on a date with the reporter, who said so by mail."""
        await self.hand.at("EmbargoScreen")
        await self.hand.sees("No embargo")
        await self.hand.press("p")
        await self.fill()
        await self.hand.sees("has not agreed yet")
        await self.hand.press("a")
        await self.fill(why="the reporter said so on the telephone")
        await self.hand.sees("In force")
        await self.hand.press("q")
        await self.hand.at("CaseScreen")

    async def branch(self, **values: str) -> None:
        """Record where the fix stands on the branch that needs work."""
        await self.hand.at("BranchesScreen")
        await self.hand.sees("1 needs work")
        await self.hand.press("s")
        await self.fill(**values)
        await self.hand.at("BranchesScreen")
        await self.hand.press("q")
        await self.hand.at("CaseScreen")

    async def words(self) -> None:
        """Write the advisory, until nothing of it stops the announcement."""
        await self.hand.at("AdvisoryScreen")
        await self.hand.press("w")
        await self.hand.at("FormScreen")
        await self.hand.write_prose("description", "It opens what it is given.")
        await self.hand.write_prose("impact", "A local user reads files of others.")
        await self.hand.write_prose("workaround", "none")
        await self.fill(
            title="daemon follows a link", references="https://notices.example.org/1", notice="2026-0001",
            patchers="Alice Ames <alice@team.example.org>",
        )  # fmt: skip
        await self.hand.at("AdvisoryScreen")
        await self.hand.press("q")
        await self.hand.at("CaseScreen")

    async def release(self) -> None:
        """Let the date come, and release it."""
        until = self.case.embargo.until
        assert until is not None
        self.stage.ahead += until - self.stage.now() + timedelta(minutes=1)
        await self.hand.until(lambda: self.owed[0] == "release", "the date has come")
        await self.step("release")
        await self.hand.at("EmbargoScreen")
        await self.hand.sees("E end")
        await self.hand.press("E")
        await self.fill()
        await self.hand.sees("Ended")
        await self.hand.press("q")
        await self.hand.at("CaseScreen")
