"""Recognisers: what in a line of a report is a version, a trace, a command line …

Each reads lines and gives places; every expression is bounded, since a stranger writes the lines. None knows a project: names of
programs and products come from the policy.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, partial

from seccon.core.policy import Item, Recogniser

LINE = 1000
"""Characters of a line that are looked at."""
_JOINED = 40
"""Lines that one command may go over."""

Look = Callable[[list[str]], Iterator[tuple[int, str]]]
"""Lines -> places (from 0) and texts."""

MEANINGS: dict[Recogniser, str] = {
    "version": "a version number or tag",
    "commit": "a commit's hash",
    "architecture": "a processor architecture",
    "command-line": "the command line of one of the item's programs",
    "trace": "a sanitizer's or debugger's trace, or the last words of a crash",
    "code": "a source file, a line in it, a function, a patch",
    "reproducer": "steps, a program, a shell session, an attached file that reproduces it",
    "configuration": "a configuration file, build option or setting",
    "credit": "whom to acknowledge",
    "impact": "what an attacker gains",
}
"""What each recogniser finds."""


def look(name: Recogniser, item: Item) -> Look:
    """Give the recogniser of this name, as the item needs it."""
    match name:
        case "version":
            return partial(_by, _versions(item.products))
        case "command-line":
            return partial(_commands, item.programs)
        case _:
            return partial(_by, _PATTERNS[name])


def _by(patterns: Iterable[re.Pattern[str]], lines: list[str]) -> Iterator[tuple[int, str]]:
    for place, line in enumerate(lines):
        if line:
            found = next((hit for one in patterns if (hit := one.search(line))), None)
            if found:
                yield place, found[0]


_FILLER = r"(?:versions?|releases?|series|emulator|tag|stable|package|in|at|from|the)"
"""What people put between a product's name and its number."""
_NUMBER = r"\d{1,4}\.\d{1,4}(?:\.\d{1,5}){0,2}(?:[-~]?rc\d{1,2})?"
_TAG = re.compile(
    r"(?<![\w.])(?<!CVSS )(?<!CVSS:)v\d{1,4}\.\d{1,4}(?:\.\d{1,5})?(?:-rc\d{1,2})?(?:-\d{1,6}-g[0-9a-f]{7,40})?(?!\w)"
)
_THREE = re.compile(r"(?<![\w.])\d{1,4}\.\d{1,4}\.\d{1,5}(?:-rc\d{1,2})?(?!\.?\d)(?!\w)")
_SAID = re.compile(rf"\bversions?\b[\s:=]{{1,20}}v?{_NUMBER}(?!\.?\d)", re.IGNORECASE)


@lru_cache(maxsize=64)
def _versions(products: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    """A tag, or a number behind a product's name or the word version; where no product is named, any of three places."""
    if not products:
        return (_TAG, _SAID, _THREE)
    names = "|".join(map(re.escape, products))
    whose = rf"(?<![\w-])(?:{names})(?:'s)?"
    behind = rf"{whose}(?:[\s:=(,-]{{1,9}}{_FILLER}){{0,3}}[\s:=(),-]{{1,24}}(?:(?:\w{{1,12}}\s)?\d:)?v?{_NUMBER}(?!\.?\d)"
    before = rf"(?<![\w.])v?(?:{_NUMBER}|(?<=version )\d{{1,3}})(?:\s{_FILLER})?\s{{1,4}}of\s{{1,4}}(?:the\s)?(?:{names})(?!\w)"
    return (_TAG, _SAID, re.compile(behind, re.IGNORECASE), re.compile(before, re.IGNORECASE))


@lru_cache(maxsize=64)
def _program(programs: tuple[str, ...]) -> re.Pattern[str]:
    """The name of a program where a command could begin, with or without the way to it."""
    names = "|".join(re.escape(name).replace(re.escape("*"), r"[\w.+-]{0,40}") for name in programs)
    return re.compile(rf"(?:^|[\s\"'`(=])(?:[\w.~/+$-]{{0,200}}/)?(?:{names})(?=[\s\"']|\\?$)")


def _commands(programs: tuple[str, ...], lines: list[str]) -> Iterator[tuple[int, str]]:
    """Find command lines, also those that go on behind a backslash. A sentence that begins with a program is none."""
    place = 0
    while programs and place < len(lines):
        found = _program(programs).search(lines[place])
        if found is None:
            place += 1
            continue
        whole, taken = _joined(lines, place)
        command = whole[found.start() :].strip("\"'`( ")
        if _is_command(command, lines[place][: found.start()]):
            yield place, command
        place += taken


def _joined(lines: list[str], place: int) -> tuple[str, int]:
    """Join a line with those that a backslash ties to it."""
    end = place
    while end < min(len(lines) - 1, place + _JOINED) and lines[end].rstrip().endswith("\\"):
        end += 1
    joined = " ".join(line.rstrip().removesuffix("\\").strip() if at else line.rstrip().removesuffix("\\")
                      for at, line in enumerate(lines[place : end + 1]))  # fmt: skip
    return joined, end - place + 1


_OPTION = re.compile(r"\s-{1,2}[A-Za-z]")
_PROMPT = re.compile(r"(?:^|\s)(?:\$|#|sudo|gdb(?: --args)?|valgrind|[\w.-]{1,40}@[\w.-]{1,60}\S{0,60}[#$])\s*$")


def _is_command(command: str, before: str) -> bool:
    """It has an option; or an argument that is no version, behind a prompt or indented as commands are."""
    if _OPTION.search(command):
        return True
    words = command.split()
    if len(words) < 2 or words[1][0].isdigit():
        return False
    indented = not before.strip() and len(before) >= 3
    return indented or words[0].startswith(("/", "./")) or _PROMPT.search(before) is not None


def _compiled(*patterns: str, exact: bool = False) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(one, 0 if exact else re.IGNORECASE) for one in patterns)


_FILE = r"[\w+-][\w.+-]{0,80}\.(?:c|h|cc|cpp|cxx|hh|hpp|inc|rs|py|go|java|js|ts|pl|rb|sh|S|s|asm|m4|td|y|l)"
_PATTERNS: dict[str, tuple[re.Pattern[str], ...]] = {
    "commit": (
        *_compiled(r"\b(?:commits?|master|main|head|git|rev(?:ision)?|sha-?1?|tree|upstream|at)\b[\s:(@#]{1,4}[0-9a-f]{7,40}\b"),
        *_compiled(
            r"\b(?:as\s{1,4}of|(?:git|head|tree)\s{1,4}(?:is|was|at|from)(?:\s{1,4}now\s{1,4}at)?)\b[\s:(@#]{1,4}"
            r"(?=[a-f]{0,39}\d)(?=\d{0,39}[a-f])[0-9a-f]{7,40}\b"
        ),
        *_compiled(r"-g[0-9a-f]{7,40}\b", r"(?<![\w/-])[0-9a-f]{40}(?![\w-])", exact=True),
    ),
    "architecture": (
        *_compiled(
            r"(?<![\w/-])(?:x86[-_ ]?64|x86|amd64|i[3-6]86|aarch64|arm64|armv?[5-9]\w{0,3}|arm32|ppc(?:64)?(?:le|el)?"
            r"|powerpc(?:64)?|s390x?|riscv(?:32|64)?|risc-v|mips(?:64)?(?:el)?|sparc(?:64)?|loongarch(?:64)?|m68k|hppa|ia64)(?![\w-])"
        ),
        *_compiled(r"(?<![\w-])(?:Arm|ARM|PPC|POWER\d{1,2}|Apple M\d)(?![\w-])", exact=True),
        *_compiled(r"(?<![\w-])(?:32|64)[- ]bit (?:host|guest)\b"),
    ),
    "trace": _compiled(
        r"==\d{1,9}==\s?(?:ERROR|WARNING): \w{0,20}Sanitizer",
        r"SUMMARY: \w{0,20}Sanitizer",
        r":\d{1,6}: runtime error: ",
        r"^\s{0,12}#\d{1,3}\s{1,4}(?:0x[0-9a-f]{1,16}\s)?(?:in\s)?[\w:~<>.]{1,200}",
        r"==\d{1,9}== (?:Invalid|Conditional|Use of|Process)",
        r"received signal SIG\w{2,9}",
        r"\bsegmentation fault\b",
        r"core dumped",
        r"\bdouble free\b.{0,40}(?:detected|corruption)",
        r"\b(?:malloc|free|realloc|munmap_chunk)\(\): ",
        r"stack smashing detected",
        r"\bassertion\b.{0,200}\bfailed\b",
        r"\bBUG: K\w?SAN\b",
        r"^\s{0,40}(?:\[[^\]]{1,30}\]\s)?call trace:",
        r"^traceback \(most recent call last\)",
        r"\bpanicked at\b",
        r"^goroutine \d{1,9} \[",
        r"\bcode=(?:dumped|killed)\b",
    ),
    "code": (
        *_compiled(
            rf"(?<![\w.+/-])(?:[\w.+-]{{1,60}}/){{1,12}}{_FILE}(?!\w)(?::\d{{1,6}})?", rf"(?<![\w.+/-]){_FILE}:\d{{1,6}}\b"
        ),
        *_compiled(r"(?<!\w)[A-Za-z_]\w{2,80}\(\)", r"^diff --git ", r"^@@ -\d{1,7}", exact=True),
    ),
    "reproducer": _compiled(
        r"<<-?\s?['\"]?[A-Z_]{2,20}\b",
        r"^\s{0,12}#\s?include\s?[<\"]",
        r"\bint\s{1,4}main\s?\(",
        r"^#!/\w",
        r"^\s{0,12}\$ \S",
        r"^\s{0,8}(?:\[?[\w.-]{1,40}@[\w.-]{1,60}[^#$]{0,80}\]?)[#$] \S",
        r"^\W{0,6}(?:steps to reproduce|how to reproduce|to reproduce"
        r"|reproduc(?:er|tion)|proof[- ]of[- ]concept|poc)\b(?!.{0,60}\bon request\b).{0,60}:",
    ),
    "configuration": _compiled(
        r"\b[\w./-]{1,80}\.(?:conf|cfg|ini|ya?ml|toml|config)\b",
        r"\bCONFIG_[A-Z0-9_]{2,60}\b",
        r"\./configure\b",
        r"\s--(?:enable|disable|with|without)-\w",
        r"^\W{0,6}(?:config(?:uration)?|settings?)\b\s{0,20}[:=]",
        r"^\W{0,6}(?:settings|configuration)\s{2,20}\S",
    ),
    "credit": _compiled(
        r"\b(?:reported|discovered|found|credits?)-by:",
        r"\bplease\s{1,4}(?:give\b.{0,20}\bcredit|credit|attribute)\b",
        r"\bplease\s{1,4}acknowledge\b(?!\s{1,4}(?:the\s|that\s|this\s|receipt|receiving|my\s))",
        r"\bcredits?\b\s{0,4}(?:to\b|as\b|goes\b|should\b|:)",
        r"\bcredit me\b",
        r"\bfor the credit\b",
        r"\backnowledge(?:ment)?s?\s{0,4}:\s{0,4}\S",
        r"\backnowledge me\b",
        r"\b(?:discovered|found) by\s{1,4}\w",
    ),
    "impact": _compiled(
        r"\bimpact\b\s{0,4}:",
        r"\b(?:attackers?|guests?|users?|clients?)\b.{0,60}\b(?:can|could|may|is able to|controls?)\b",
        r"\bdenial[- ]of[- ]service\b",
        r"\b(?:arbitrary|remote) code\b",
        r"\bprivilege escalation\b",
        r"\b(?:information|memory|data) (?:leak|disclosure)\b",
        r"\bleaks?\b.{0,40}\bmemory\b",
    ),
}
ATTACHED = re.compile(
    r"poc|repro|exploit|crash|trigger|test-?case|\.(?:c|cc|cpp|py|sh|pl|rs|go|S|asm|qtest|syz|pcap|html)$", re.IGNORECASE
)
