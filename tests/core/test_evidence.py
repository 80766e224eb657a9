"""Evidence for the checklist (I5): found in what the reporter wrote, shown by its place, never told out of an encrypted mail."""

import time
import tomllib

import pytest

from seccon.adapters.demo.content import find_source, read_content
from seccon.core.evidence import Found, Passage, evidence, passages
from seccon.core.ids import MessageId
from seccon.core.policy import Item, Recogniser
from seccon.core.policy_reading import policy_from
from seccon.core.problems import ProblemsError
from seccon.core.recogniser import MEANINGS
from seccon.core.report import Heading, Mail, Part, Scope, Verdict
from tests.story import POLICIES, shipped

QEMU = shipped("qemu")


def find(kind: Recogniser, text: str, **names: tuple[str, ...]) -> list[str]:
    """Give what one recogniser finds in a text."""
    item = Item("it", "It", evidence=(kind,), **names)  # type: ignore[arg-type]
    return [one.text for one in evidence([item], [Passage("1", text)]).get("it", ())]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("version", "seen with QEMU 8.2.0 only"),
        ("version", "QEMU version    9.1.50"),
        ("version", "introduced in v9.1.0-rc2"),
        ("version", "I am running version 8.1 of QEMU"),
        ("version", "the 9.1 release of QEMU"),
        ("version", "it happens with 8.1.3 of QEMU"),
        ("version", "version 8 of QEMU"),
        ("version", "QEMU 9.1.0-rc2"),
        ("version", "QEMU's 8.1 release"),
        ("version", "QEMU release 8.1"),
        ("version", "QEMU stable-8.2"),
        ("version", "QEMU (Debian 1:7.2+dfsg-7)"),
        ("version", "on v8.2.1"),
        ("commit", "QEMU from git as of abc1234"),
        ("commit", "HEAD is now at abc1234def"),
        ("commit", "since commit 9201bb9 (sdhci)"),
        ("commit", "master (0a6f8e2b)"),
        ("commit", "QEMU v9.1.0-1423-g6a7c4b2f1e"),
        ("architecture", "Host x86_64 (KVM), guest aarch64"),
        ("architecture", "an Arm host"),
        ("trace", "==41207==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x602000b1a7f0"),
        ("trace", "hw/ide/core.c:934:5: runtime error: index 4 out of bounds for type"),
        ("trace", "    #1 0x55c6a90b5d11 in iov_to_buf_full util/iov.c:51"),
        ("trace", "Program received signal SIGSEGV, Segmentation fault."),
        ("trace", "==4711== Invalid read of size 8"),
        ("code", "see hw/sd/sdhci.c:474"),
        ("code", "sdhci_read_dataport() reads too much"),
        ("reproducer", "cat << EOF | ./build/run -qtest stdio"),
        ("reproducer", "#include <stdio.h>"),
        ("reproducer", "$ ./poc 0xfeb00000"),
        ("reproducer", "root@guest:~# ./trigger"),
        ("reproducer", "Steps to reproduce:"),
        ("configuration", "config: security_model=passthrough"),
        ("configuration", "set it in /etc/vmm/daemon.conf"),
        ("credit", "Please credit me as Ann"),
        ("credit", "Reported-by: Ann <ann@example.org>"),
        ("credit", " * Please acknowledge: Mei-Ling Tsai"),
        ("impact", "a guest user can write behind the buffer"),
    ],
)  # fmt: skip
def test_it_is_recognised(kind: Recogniser, text: str) -> None:
    names = {"products": ("QEMU",)} if kind == "version" else {}
    assert find(kind, f"Hello,\n{text}\nregards", **names) == [" ".join(text.split())]
    assert find(kind, f"Hello,\n> {text}\nregards", **names) == []


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("version", "guests on 192.168.122.1 and Linux 6.9"),
        ("version", "CVSS v3.1: 9.8"),
        ("version", "QEMU with 4.0 GB of memory"),
        ("version", "QEMU from Ubuntu 24.04"),
        ("version", "version 8 of the daemon"),
        ("commit", "we fixed as of 1234567 users, as of decade"),
        ("commit", "please commit to a date; my number is 5551234567"),
        ("commit", "7A3C 41F0 my key, 0123456789ABCDEF0123456789ABCDEF01234567"),
        ("architecture", "an arm of the company; qemu-system-x86_64; ../sysdeps/x86_64/memmove.S"),
        ("trace", "# 1 in our list of findings"),
        ("code", "poc.c is attached, version 1.c follows"),
        ("reproducer", "Reproducer: on request, as a kernel module"),
        ("reproducer", "it costs $ 500"),
        ("credit", "Please acknowledge the receipt of this mail"),
        ("credit", "we pay by credit card"),
    ],
)  # fmt: skip
def test_it_is_not_taken_for_evidence(kind: Recogniser, text: str) -> None:
    assert find(kind, text, **({"products": ("QEMU",)} if kind == "version" else {})) == []


def test_a_command_line_goes_on_behind_backslashes() -> None:
    text = "Run:\n\n   qemu-system-x86_64 -M q35 \\\n      -device sdhci-pci \\\n      -qtest stdio\n\nthen wait"
    (found,) = evidence([next(one for one in QEMU.item if one.id == "command-line")], [Passage("1", text)])["command-line"]
    assert found.text == "qemu-system-x86_64 -M q35 -device sdhci-pci -qtest stdio"
    assert found.line == 3


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("$ qemu-img info poc.vmdk", True),
        ("    qemu-img info poc.vmdk", True),
        ("Start it: ./build/qemu-system-arm -M virt", True),
        ("qemu-img crashes when it reads this", False),
        ("ii  qemu-system-x86 1:7.2+dfsg-7", False),
        ("myqemu-img -f raw", False),
    ],
)
def test_a_sentence_about_a_program_is_no_command_line(text: str, is_one: bool) -> None:
    assert bool(find("command-line", text, programs=("qemu-system-*", "qemu-img"))) is is_one


def test_an_attached_reproducer_is_evidence_by_its_name() -> None:
    item = Item("it", "It", evidence=("reproducer",))
    found = evidence(
        [item], [Passage("1", "see the attachment"), Passage("2", filename="poc.tar.gz"), Passage("3", filename="me.png")]
    )
    assert found["it"] == (Found("2", 0, "poc.tar.gz"),)
    assert found["it"][0].told == "part 2, attached: poc.tar.gz"


def test_out_of_an_encrypted_mail_only_the_place_is_told() -> None:
    """Decrypted text is searched in memory and never stored."""
    text = "Hello\nQEMU 9.1.0 has a secretflaw\n"
    heading = Heading(message_id=MessageId("m@x"), digest="d")
    parts = (
        Part("1.1", "text/plain", text=text, encrypted=True),
        Part("1.2", "text/x-c", filename="poc-secretflaw.c", encrypted=True),
    )
    mail = Mail(heading, "s", parts, Verdict(encrypted=Scope.WHOLE))
    found = evidence(QEMU.item, passages(mail), mail=2)
    assert found["version"][0].text == "QEMU 9.1.0 has a secretflaw"
    assert found["version"][0].told == "in the encrypted mail, mail 2, part 1.1, line 2"
    assert found["reproducer"][0].told == "in the encrypted mail, mail 2, part 1.2, attached"


def test_clear_evidence_is_told_on_one_clean_line() -> None:
    (found,) = evidence([QEMU.item[0]], [Passage("1", "QEMU 9.1.0 \x1b]52;c;AAAA\x07\u202e and more")])["version"]
    assert found.told == "line 1: QEMU 9.1.0 ]52;c;AAAA and more"


def test_only_the_beginning_of_a_huge_mail_is_searched_and_soon() -> None:
    heading = Heading(message_id=MessageId("m@x"), digest="d")
    late = Mail(heading, "s", (Part("1", "text/plain", text="x\n" * 150_000 + "QEMU 9.1.0"),))
    assert evidence(QEMU.item, passages(late)) == {}
    for junk in ("a" * 200_000, "a/" * 100_000, "x(" * 100_000, "-device " * 25_000, "\n".join(["#1 " + "a" * 900] * 200)):
        begin = time.monotonic()
        evidence(QEMU.item, [Passage("1", junk)])
        assert time.monotonic() - begin < 5


def test_the_meanings_name_every_recogniser() -> None:
    assert set(MEANINGS) == set(Recogniser.__args__)  # type: ignore[attr-defined]


def test_the_demos_good_report_holds_all_but_its_trace() -> None:
    """The mails of the demo, as reporters write them."""
    threads = {one.key: one.letters[0] for one in read_content(find_source()).threads}
    missing = {}
    for key in ("virtio-net-heap", "sdhci-oob", "ai-report", "spam"):
        letter = threads[key]
        attached = [Passage(f"{place}", "", one.file) for place, one in enumerate(letter.attach, 2)]
        found = evidence(QEMU.item, [Passage("1", letter.body), *attached])
        missing[key] = [item.id for item in QEMU.item if item.id not in found]
    assert missing["virtio-net-heap"] == []
    assert missing["sdhci-oob"] == ["trace"]
    assert len(missing["ai-report"]) >= 6
    assert len(missing["spam"]) == 8


def test_a_policy_names_recognisers_and_patterns_and_is_told_what_is_wrong() -> None:
    given = tomllib.loads((POLICIES / "qemu.toml").read_text())
    given["item"][0]["evidence"] = ["verion"]
    given["item"][1]["pattern"] = ["(a|aa)+b"]
    with pytest.raises(ProblemsError) as broken:
        policy_from("mine.toml", given)
    told = str(broken.value)
    assert "item[1].evidence[1]: 'verion' is not known; did you mean 'version'?" in told
    assert "item[2].pattern[1]: '(a|aa)+b' repeats a group" in told


def test_a_command_line_without_programs_is_a_problem() -> None:
    given = tomllib.loads((POLICIES / "qemu.toml").read_text())
    del given["item"][6]["programs"]
    given["item"][3]["products"] = ["QEMU"]
    with pytest.raises(ProblemsError) as broken:
        policy_from("mine.toml", given)
    assert [problem.key for problem in broken.value.problems] == ["item[4].products", "item[7].programs"]


def test_a_policys_own_pattern_finds() -> None:
    item = next(one for one in QEMU.item if one.id == "reproducer")
    (found,) = evidence([item], [Passage("1", "as qtest:\n  writel 0xf1001420 0x7fff7fff\n")])["reproducer"]
    assert found.text == "writel 0xf1001420 0x7fff7fff"
