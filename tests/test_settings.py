"""The configuration: what it may say, all its problems at once, the person's file over the host's."""

import time
import tomllib
from pathlib import Path
from typing import Any

import pytest

from seccon import settings
from seccon.adapters.shipped import policy_named
from seccon.core.errors import ConfigError
from seccon.core.problems import ProblemsError

KEY = "507A3EA34B4EBA6EF1249724E59EA46A25069464"
LEAST: dict[str, Any] = {"policy": "qemu", "store": {"path": "/srv/mail"}}


def problems(text: str) -> list[str]:
    """Give what is wrong with a configuration."""
    with pytest.raises(ProblemsError) as raised:
        settings.settings_from("config.toml", tomllib.loads(text))
    return [str(one) for one in raised.value.problems]


def test_a_policy_and_a_store_are_enough() -> None:
    found = settings.settings_from("x", LEAST)
    (project,) = found.project_list
    assert (project.name, project.policy, project.reports) == ("qemu", "qemu", "")
    assert found.courier.command == ("/usr/sbin/sendmail", "-t", "-i")
    assert found.identities == ()


@pytest.mark.parametrize("policy", ["qemu", "qemu@2020-12", "/srv/policies/qemu.toml"])
def test_a_project_is_named_after_its_policy(policy: str) -> None:
    assert settings.settings_from("x", {**LEAST, "policy": policy}).project_list[0].name == "qemu"


def test_every_key_of_the_documentation_is_read() -> None:
    """The annotated configuration of the README is a configuration."""
    readme = (Path(__file__).parent.parent / "README.md").read_text()
    blocks = [block.partition("```")[0] for block in readme.split("```toml\n")[1:]]
    read = [settings.settings_from("README.md", tomllib.loads(block)) for block in blocks if "[store]" in block]
    assert len(read) >= 3
    documented = "\n".join(blocks)
    for table in (settings.Settings, settings.ProjectTable, settings.IdentityTable, settings.MemberTable, settings.StoreTable,
                  settings.LedgerTable, settings.GpgTable, settings.CourierTable, settings.CalendarTable,
                  settings.CveTable, settings.ConsoleTable):  # fmt: skip
        for field in table.__struct_fields__:
            assert f"{field} =" in documented or f"[{field}" in documented, (table.__name__, field)


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ('user = "a@b.example"', "cve.org: is missing"),
        ('org = "us"', "cve.user: is missing"),
        ('url = "http://cve.example.org/api/"', "clear text"),
        ('url = "http://127.0.0.1.evil.example/"', "clear text"),
        ('url = "ftp://127.0.0.1/"', "clear text"),
    ],
)
def test_an_api_key_for_cve_services_travels_to_nobody_in_clear_text(table: str, told: str) -> None:
    (problem,) = problems(f'policy = "qemu"\n[store]\npath = "x"\n[cve]\n{table}\n')
    assert told in problem


@pytest.mark.parametrize("url", ["https://cve.example.org/api/", "http://127.0.0.1:8080/api", "http://localhost/", ""])
def test_cve_services_may_be_on_this_host_or_behind_tls(url: str) -> None:
    found = settings.settings_from("x", {**LEAST, "cve": {"user": "a@b.example", "org": "us", "url": url}})
    assert found.cve.secret == "cve:a@b.example@us"


def test_all_problems_are_told_at_once_with_key_and_nearest_word() -> None:
    told = problems("""
        polcy = "qemu"
        [store]
        path = 3
        sentt = "x"
        [gpg]
        home = ["x"]
        [courier]
        kind = "sendmial"
        port = "25"
        [[identity]]
        adress = "x"
        sign_key = "E59EA46A25069464"
        [projects.a]
        policy = 1
    """)
    assert sorted(told) == sorted(
        [
            "polcy: unknown key; did you mean 'policy'?",
            "store.sentt: unknown key; did you mean 'sent'?",
            "store.path: should be text in quotes, found '3'",
            "projects.a.policy: should be text in quotes, found '1'",
            "identity[1].adress: unknown key; did you mean 'address'?",
            "identity[1].address: is missing",
            "identity[1].sign_key: 'E59EA46A25069464' is not a full fingerprint of 40 hexadecimal digits",
            "gpg.home: should be text in quotes, found \"['x']\"",
            "courier.kind: 'sendmial' is not known; did you mean 'sendmail'?",
            "courier.port: should be a whole number, found '25'",
        ]
    )


@pytest.mark.parametrize(
    ("top", "tables", "told"),
    [
        ("", "", "policy: is missing"),
        ('policy = "qemu"', '[projects.a]\npolicy = "qemu"', "policy: is for one project"),
        ('policy = "qemu"', '[courier]\nkind = "maildir"', "courier.path: is missing"),
        ('policy = "qemu"', "[courier]\ncommand = []", "courier.command: is empty"),
        ('policy = "qemu"', "[courier]\nport = 70000", "courier.port: 70000 is not a port"),
        ('policy = "qemu"', '[[identity]]\naddress = "T <t@x.example>"', "identity[1].address: 'T <t@x.example>' is not a mail"),
        ('policy = "qemu"', '[[member]]\nname = "A"\naddress = ["nobody"]', "member[1].address: 'nobody' is not a mail address"),
        (
            'policy = "a"\n',
            'reports = "form:a@b.example"',
            "store.reports: has 'form:', which notmuch does not",
        ),
        ("", 'reports = "x"\n[projects.a]\npolicy = "a"\n[projects.b]\npolicy = "b"', "store.reports: is for one project"),
    ],
)
def test_what_is_wrong_between_keys_is_told(top: str, tables: str, told: str) -> None:
    (found,) = problems(f'{top}\n[store]\npath = "/x"\n{tables}')
    assert found.startswith(told)


def test_notmuchs_own_directory_is_not_the_store() -> None:
    """The database opens from there, and every mail of it seems to have vanished."""
    assert problems('policy = "qemu"\n[store]\npath = "/srv/mail/.notmuch/"')[0].startswith(
        "store.path: is notmuch's own directory"
    )


def test_two_people_cannot_be_one() -> None:
    """An address or a login decides who acknowledged, and who decides."""
    told = problems("""
        policy = "qemu"
        [store]
        path = "/x"
        [[member]]
        name = "A"
        login = "a"
        address = ["a@x.example", "A@x.example"]
        [[member]]
        name = "B"
        login = "a"
        address = ["b@x.example", "A@X.example"]
    """)
    assert told == ["member[2].login: 'a' is A's already", "member[2].address: 'a@x.example' is A's already"]


def test_a_fingerprint_may_be_written_with_spaces() -> None:
    spaced = " ".join(KEY[place : place + 4] for place in range(0, 40, 4)).lower()
    found = settings.settings_from("x", {**LEAST, "identity": [{"address": "t@x.example", "sign_key": spaced}]})
    assert found.identities[0].sign_key == KEY


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """A host's file and a person's, neither written yet."""
    host = tmp_path / "etc" / "config.toml"
    person = tmp_path / "home" / "seccon" / "config.toml"
    host.parent.mkdir()
    person.parent.mkdir(parents=True)
    monkeypatch.setattr(settings, "HOST_FILE", host)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("SECCON_CONFIG", raising=False)
    return host, person


HOST = """
policy = "qemu"
[store]
path = "/srv/mail"
sent = "/srv/mail/Sent"
[[member]]
name = "A"
address = ["a@x.example"]
"""


def test_a_person_stands_over_the_host_key_by_key(files: tuple[Path, Path]) -> None:
    host, person = files
    host.write_text(HOST)
    assert settings.load().store.sent == "/srv/mail/Sent"
    person.write_text('policy = "libvirt"\n[store]\nsent = "~/Sent"\n[gpg]\nhome = "~/.gnupg"\n')
    found = settings.load()
    assert (found.policy, found.store.path, found.store.sent, found.gpg.home) == ("libvirt", "/srv/mail", "~/Sent", "~/.gnupg")
    assert [one.name for one in found.member] == ["A"]


def test_problems_of_two_files_name_both(files: tuple[Path, Path]) -> None:
    host, person = files
    host.write_text(HOST)
    person.write_text("[stroe]\n")
    with pytest.raises(ProblemsError, match=r"stroe: unknown key; did you mean 'store'\?") as raised:
        settings.load()
    assert (str(host) in raised.value.file, str(person) in raised.value.file) == (True, True)


def test_a_named_file_stands_alone(files: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    host, _person = files
    host.write_text(HOST)
    alone = tmp_path / "alone.toml"
    alone.write_text('policy = "libvirt"\n[store]\npath = "/other"\n')
    assert settings.load(str(alone)).member == ()
    monkeypatch.setenv("SECCON_CONFIG", str(alone))
    assert settings.load().store.path == "/other"


def test_no_file_at_all_names_the_places_and_the_demo(files: tuple[Path, Path]) -> None:
    with pytest.raises(settings.UnconfiguredError) as raised:
        settings.load()
    assert all(str(path) in str(raised.value) for path in files)
    assert "seccon demo" in str(raised.value)


@pytest.mark.parametrize(("content", "word"), [(b"\xff", "not UTF-8"), (b"[x", "not valid TOML"), (None, "cannot be read")])
def test_a_file_that_cannot_be_read_is_a_sentence(files: tuple[Path, Path], content: bytes | None, word: str) -> None:
    _host, person = files
    if content is None:
        person.mkdir()
    else:
        person.write_bytes(content)
    with pytest.raises(ConfigError, match=word) as raised:
        settings.load()
    assert str(person) in str(raised.value)
    assert "Errno" not in str(raised.value)


def test_a_dangling_link_is_not_taken_for_no_configuration(files: tuple[Path, Path]) -> None:
    """A person whose file is out of reach must not silently work with the host's alone."""
    host, person = files
    host.write_text(HOST)
    person.symlink_to("/nosuch")
    with pytest.raises(ConfigError, match="does not exist"):
        settings.load()


@pytest.mark.parametrize(
    "content",
    ["a = " + "[" * 50_000, "a = " + "{b=" * 50_000, "a = " + "9" * 10_000, "a = 2026-99-99"],
    ids=["arrays", "tables", "digits", "date"],
)
def test_a_file_that_is_built_to_break_its_reader_is_a_sentence(tmp_path: Path, content: str) -> None:
    """Hostile input: a policy comes from elsewhere; TOML that nests without end must not end the program."""
    file = tmp_path / "bomb.toml"
    file.write_text(content)
    for reading in (lambda: settings.load(str(file)), lambda: policy_named(str(file))):
        with pytest.raises(ConfigError) as told:
            reading()
        assert len(str(told.value)) < 2000


def test_a_megabyte_of_nonsense_is_answered_at_once(tmp_path: Path) -> None:
    file = tmp_path / "large.toml"
    file.write_text("".join(f"key{number} = 1\n" for number in range(80_000)))
    began = time.process_time()
    with pytest.raises(ConfigError) as told:
        settings.load(str(file))
    assert time.process_time() - began < 10
    assert len(str(told.value)) < 60_000
