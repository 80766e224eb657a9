"""The couriers against real counterparts: aiosmtpd with TLS, executables that end as sysexits.h says, a Maildir (R8)."""

import os
import socket
import ssl
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import trustme

from seccon.adapters.couriers.maildir import Maildir
from seccon.adapters.couriers.sendmail import Sendmail
from seccon.adapters.couriers.smtp import Smtp
from seccon.core.errors import CourierError
from tests.postbox import Postbox, running

MAIL = b"From: t@example.org\r\nTo: roe@example.net\r\nCc: bob@example.org\r\nSubject: ...\r\n\r\n.dot\r\n..two\r\nend"
FROM, TO = "t@example.org", ["roe@example.net", "bob@example.org"]


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def server_side(authority: trustme.CA, name: str = "localhost") -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(name).configure_cert(context)
    return context


def client_side(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def test_smtp_hands_over_every_byte_and_does_not_tell_the_hosts_name() -> None:
    with running(Postbox()) as box:
        receipt = Smtp("localhost", box.port, "none").deliver(MAIL, FROM, TO)
    (envelope,) = box.taken
    assert envelope.content == MAIL + b"\r\n"
    assert envelope.rcpt_tos == TO
    assert receipt.refused == ()
    assert box.hello == ["[127.0.0.1]"]


def test_smtp_logs_in_over_starttls_with_the_password_it_asks_for(authority: trustme.CA) -> None:
    with running(Postbox(password=b"s3cret"), starttls=server_side(authority)) as box:

        def courier(password: str | None) -> Smtp:
            return Smtp("localhost", box.port, "starttls", "team", lambda: password, client_side(authority))

        assert courier("s3cret").check() == ()
        courier("s3cret").deliver(MAIL, FROM, TO)
        with pytest.raises(CourierError, match="refused the login") as caught:
            courier("wr0ng").deliver(MAIL, FROM, TO)
        assert caught.value.final
        told: list[str] = []
        wrong = Smtp(
            "localhost",
            box.port,
            "starttls",
            "team",
            lambda: "wr0ng",
            client_side(authority),
            refused=lambda: told.append("wrong"),
        )
        with pytest.raises(CourierError):
            wrong.deliver(MAIL, FROM, TO)
        assert told == ["wrong"]
        assert "wr0ng" not in str(caught.value)
        with pytest.raises(CourierError, match="no password"):
            courier(None).deliver(MAIL, FROM, TO)
    assert len(box.taken) == 1


def test_a_login_that_is_only_put_off_is_tried_again_with_the_same_password() -> None:
    class Busy(Postbox):
        async def auth_LOGIN(self, server: object, args: object) -> object:  # noqa: N802
            from aiosmtpd.smtp import AuthResult

            return AuthResult(success=False, handled=False, message="454 4.7.0 Temporary authentication failure")

        auth_PLAIN = auth_LOGIN  # noqa: N815

    told: list[str] = []
    with running(Busy(password=b"s3cret")) as box:
        courier = Smtp("localhost", box.port, "none", "team", lambda: "s3cret", refused=lambda: told.append("wrong"))
        with pytest.raises(CourierError, match="454") as caught:
            courier.deliver(MAIL, FROM, TO)
    assert not caught.value.final
    assert told == []


def test_smtp_over_tls_hands_over(authority: trustme.CA) -> None:
    with running(Postbox(), tls=server_side(authority)) as box:
        Smtp("localhost", box.port, "tls", context=client_side(authority)).deliver(MAIL, FROM, TO)
    assert len(box.taken) == 1


def test_a_server_that_does_not_begin_with_tls_is_told_in_words() -> None:
    with running(Postbox()) as box, pytest.raises(CourierError, match="does not begin with TLS") as caught:
        Smtp("localhost", box.port, "tls").deliver(MAIL, FROM, TO)
    assert caught.value.final
    assert "starttls" in caught.value.hint


@pytest.mark.parametrize("name", ["localhost", "elsewhere.example.org"])
def test_a_certificate_of_a_stranger_or_of_another_name_gets_no_mail(authority: trustme.CA, name: str) -> None:
    trusted = trustme.CA() if name == "localhost" else authority
    with (
        running(Postbox(), starttls=server_side(authority, name)) as box,
        pytest.raises(CourierError, match="certificate") as caught,
    ):
        Smtp("localhost", box.port, "starttls", context=client_side(trusted)).deliver(MAIL, FROM, TO)
    assert caught.value.final
    assert box.taken == []


def test_a_server_that_offers_no_starttls_gets_no_mail(authority: trustme.CA) -> None:
    """A man in the middle strips the offer: nothing goes out in the clear then."""
    with running(Postbox()) as box, pytest.raises(CourierError, match="STARTTLS"):
        Smtp("localhost", box.port, "starttls", context=client_side(authority)).deliver(MAIL, FROM, TO)
    assert box.taken == []


def test_smtp_without_tls_is_for_this_host_only() -> None:
    with pytest.raises(CourierError, match="without TLS") as caught:
        Smtp("mail.example.org", 25, "none").deliver(MAIL, FROM, TO)
    assert caught.value.final


def test_a_refused_recipient_is_named_in_the_servers_words_and_the_others_get_the_mail() -> None:
    refuse = {"bob@example.org": "550 5.1.1 no \x1b[31msuch user"}
    with running(Postbox(refuse)) as box:
        receipt = Smtp("localhost", box.port, "none").deliver(MAIL, FROM, TO)
    assert box.taken[0].rcpt_tos == ["roe@example.net"]
    (refused,) = receipt.refused
    assert refused.startswith("bob@example.org: 550 5.1.1 no")
    assert "\x1b" not in refused


def test_who_is_put_off_is_told_apart_from_who_is_refused() -> None:
    carol = "carol@example.org"
    with running(Postbox({"bob@example.org": "550 no", "roe@example.net": "451 4.7.1 greylisted"})) as box:
        receipt = Smtp("localhost", box.port, "none").deliver(MAIL, FROM, (*TO, carol))
    assert box.taken[0].rcpt_tos == [carol]
    assert receipt.refused == ("bob@example.org: 550 no",)
    assert receipt.put_off == ("roe@example.net: 451 4.7.1 greylisted",)


@pytest.mark.parametrize(("answer", "final"), [("550 no", True), ("451 greylisted", False)])
def test_when_all_are_refused_nothing_is_sent(answer: str, final: bool) -> None:
    with running(Postbox(dict.fromkeys(TO, answer))) as box, pytest.raises(CourierError, match="every recipient") as caught:
        Smtp("localhost", box.port, "none").deliver(MAIL, FROM, TO)
    assert caught.value.final is final
    assert box.taken == []


@pytest.mark.parametrize(("answer", "final"), [("554 spam", True), ("452 disk full", False)])
def test_a_refusal_of_the_mail_says_whether_to_try_again(answer: str, final: bool) -> None:
    with running(Postbox(answer=answer)) as box, pytest.raises(CourierError, match=answer) as caught:
        Smtp("localhost", box.port, "none").deliver(MAIL, FROM, TO)
    assert (caught.value.final, caught.value.perhaps_sent) == (final, False)


@contextmanager
def talking(talk: Callable[[socket.socket], None]) -> Iterator[int]:
    """Run one hand-made conversation of a server."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                talk(connection)

        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()[1]
        thread.join()


def until_data(connection: socket.socket) -> None:
    connection.sendall(b"220 hello\r\n")
    while True:
        line = connection.recv(4096)
        if line.startswith(b"DATA"):
            connection.sendall(b"354 go on\r\n")
            return
        connection.sendall(b"250 OK\r\n")


@pytest.mark.parametrize("silence", [False, True])
def test_a_connection_that_dies_after_the_final_dot_means_perhaps_sent(silence: bool) -> None:
    """R8: nobody knows then; it is never tried again by itself."""
    done = threading.Event()

    def talk(connection: socket.socket) -> None:
        until_data(connection)
        got = b""
        while not got.endswith(b"\r\n.\r\n"):
            got += connection.recv(65536)
        if silence:
            done.wait(10)

    with talking(talk) as port:
        with pytest.raises(CourierError, match="whole mail was sent") as caught:
            Smtp("127.0.0.1", port, "none", last=0.5).deliver(MAIL, FROM, TO)
        done.set()
    assert (caught.value.perhaps_sent, caught.value.final) == (True, True)


def test_a_connection_that_dies_before_the_final_dot_is_tried_again() -> None:
    def talk(connection: socket.socket) -> None:
        until_data(connection)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")

    with talking(talk) as port, pytest.raises(CourierError) as caught:
        Smtp("127.0.0.1", port, "none", limit=5).deliver(MAIL + b"x" * 30_000_000, FROM, TO)
    assert (caught.value.perhaps_sent, caught.value.final) == (False, False)


def test_a_long_mail_may_take_longer_than_one_answer_as_long_as_it_moves() -> None:
    """Ten megabytes over a slow line take minutes; tried again, they would never arrive either."""
    mail = MAIL + b"x" * 12_000_000

    def talk(connection: socket.socket) -> None:
        until_data(connection)
        got, tail = 0, b""
        while not tail.endswith(b"\r\n.\r\n"):
            piece = connection.recv(1 << 20)
            got, tail = got + len(piece), (tail + piece)[-5:]
            time.sleep(len(piece) / 8_000_000)
        connection.sendall(b"250 taken\r\n")

    with talking(talk) as port:
        begun = time.monotonic()
        Smtp("127.0.0.1", port, "none", limit=0.5).deliver(mail, FROM, TO)
        assert time.monotonic() - begun > 0.5


def test_a_server_that_filters_the_mail_before_it_answers_has_time_for_it() -> None:
    """RFC 5321, 4.5.3.2.6: who gives up here does not know whether the mail was sent."""
    with running(Postbox(slow=1.5)) as box:
        Smtp("127.0.0.1", box.port, "none", limit=1).deliver(MAIL, FROM, TO)
    assert len(box.taken) == 1


def dripping(connection: socket.socket) -> None:
    """Give a byte now and then, as if an answer were coming."""
    while True:
        connection.sendall(b"2")
        time.sleep(0.05)


def endless(connection: socket.socket) -> None:
    """Give lines of one answer for ever."""
    while True:
        connection.sendall(b"220-still here\r\n" * 1000)


def one_line(connection: socket.socket) -> None:
    """Give one line that never ends."""
    while True:
        connection.sendall(b"x" * 65536)


def garbage(connection: socket.socket) -> None:
    """Give bytes that are no answer, with what a terminal would obey."""
    connection.sendall(b"\x1b]52;c;cHduZWQ=\x07\x9b2J [@click=app.quit]\r\n")


def coloured(connection: socket.socket) -> None:
    """Greet properly, then refuse in many lines with what a terminal would obey."""
    connection.sendall(b"220 hello\r\n")
    connection.recv(4096)
    connection.sendall(b"550-\x1b[2J\x1b]0;title\x07\r\n550-seccon: sent\r\n550 \xe2\x80\xaeno\r\n" * 2)
    connection.recv(4096)


@pytest.mark.parametrize("talk", [dripping, endless, one_line, garbage, coloured])
def test_a_hostile_server_costs_a_moment_and_says_one_clean_line(talk: Callable[[socket.socket], None]) -> None:
    """Hostile input: time and size of every answer are bounded, and none of its bytes reaches the screen as they are."""

    def until_it_hangs_up(connection: socket.socket) -> None:
        with suppress(OSError):
            talk(connection)

    began = time.monotonic()
    with talking(until_it_hangs_up) as port, pytest.raises(CourierError) as caught:
        Smtp("127.0.0.1", port, "none", limit=1).deliver(MAIL, FROM, TO)
    assert time.monotonic() - began < 4
    assert not caught.value.perhaps_sent
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 400


def test_what_was_said_before_tls_began_counts_for_nothing() -> None:
    """STARTTLS: answers injected in clear behind the 220 are not taken for the server's own; without TLS nothing is sent."""
    heard: list[bytes] = []

    def talk(connection: socket.socket) -> None:
        connection.sendall(b"220 hello\r\n")
        connection.recv(4096)
        connection.sendall(b"250-x\r\n250 STARTTLS\r\n")
        connection.recv(4096)
        connection.sendall(b"220 go\r\n250 x\r\n250 OK\r\n250 OK\r\n250 OK\r\n354 go\r\n250 OK\r\n")
        with suppress(OSError):
            while piece := connection.recv(65536):
                heard.append(piece)

    with talking(talk) as port, pytest.raises(CourierError) as caught:
        Smtp("127.0.0.1", port, "starttls", limit=1).deliver(MAIL, FROM, TO)
    assert not caught.value.perhaps_sent
    assert b"Subject" not in b"".join(heard)


def test_a_server_that_is_down_is_a_sentence_and_is_tried_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    courier = Smtp("127.0.0.1", port, "none")
    with pytest.raises(CourierError, match=f"127.0.0.1 port {port} cannot be reached") as caught:
        courier.deliver(MAIL, FROM, TO)
    assert not caught.value.final
    assert len(courier.check()) == 1


def program(path: Path, code: str) -> str:
    path.write_text(f"#!{sys.executable}\nimport sys, os, time, signal\ndata = sys.stdin.buffer.read()\n{code}\n")
    path.chmod(0o700)
    return str(path)


def test_sendmail_gets_the_mail_by_its_input_and_no_recipient_on_its_command_line(tmp_path: Path) -> None:
    out, said = tmp_path / "out", tmp_path / "args"
    name = program(tmp_path / "sm", f"open({str(out)!r}, 'wb').write(data); open({str(said)!r}, 'w').write(repr(sys.argv[1:]))")
    receipt = Sendmail((name, "-t", "-i")).deliver(MAIL, FROM, TO)
    assert out.read_bytes() == MAIL.replace(b"\r\n", b"\n")
    assert said.read_text() == "['-t', '-i']"
    assert receipt.via == name
    Sendmail((name, "-i")).deliver(MAIL, FROM, TO)
    assert said.read_text() == "['-i', '--', 'roe@example.net', 'bob@example.org']"


@pytest.mark.parametrize("flag", ["-ti", "-it", "--read-recipients"])
def test_sendmail_that_reads_the_headers_is_given_no_recipient_however_that_is_said(tmp_path: Path, flag: str) -> None:
    """Exim and sendmail take those of the command line off the headers' recipients: nobody would get it."""
    out, said = tmp_path / "out", tmp_path / "args"
    name = program(tmp_path / "sm", f"open({str(out)!r}, 'wb').write(data); open({str(said)!r}, 'w').write(str(sys.argv[1:]))")
    Sendmail((name, flag)).deliver(MAIL, FROM, TO)
    assert said.read_text() == f"['{flag}']"


@pytest.mark.parametrize("header", [b"Bcc: eve@example.org\r\n", b"Cc: eve@example.org\r\n"])
def test_sendmail_t_never_sends_to_other_recipients_than_those_approved(tmp_path: Path, header: bytes) -> None:
    out = tmp_path / "out"
    name = program(tmp_path / "sm", f"open({str(out)!r}, 'wb').write(data)")
    with pytest.raises(CourierError, match="other recipients"):
        Sendmail((name, "-t")).deliver(header + MAIL, FROM, TO)
    assert not out.exists()


@pytest.mark.parametrize(
    ("status", "words", "final"), [(75, "at the moment", False), (67, "recipient", True), (78, "configured", True)]
)
def test_sendmails_exit_status_becomes_words(tmp_path: Path, status: int, words: str, final: bool) -> None:
    name = program(tmp_path / "sm", f"sys.stderr.write('first\\nrelay said \\x1b[2Jno\\n'); sys.exit({status})")
    with pytest.raises(CourierError, match=words) as caught:
        Sendmail((name, "-t")).deliver(MAIL, FROM, TO)
    assert caught.value.final is final
    assert "relay said [2Jno" in str(caught.value)


@pytest.mark.parametrize("code", ["time.sleep(60)", "os.kill(os.getpid(), signal.SIGKILL)"])
def test_a_sendmail_that_hangs_or_is_killed_perhaps_sent_it(tmp_path: Path, code: str) -> None:
    with pytest.raises(CourierError, match="ended") as caught:
        Sendmail((program(tmp_path / "sm", code), "-t"), limit=0.5).deliver(MAIL, FROM, TO)
    assert caught.value.perhaps_sent


def test_a_missing_sendmail_is_said_before_and_when_sending(tmp_path: Path) -> None:
    courier = Sendmail((str(tmp_path / "none"), "-t"))
    assert "not there" in courier.check()[0]
    with pytest.raises(CourierError, match="cannot be run"):
        courier.deliver(MAIL, FROM, TO)


def test_a_maildir_gets_whole_files_and_one_copy_of_a_name(tmp_path: Path) -> None:
    box = Maildir(tmp_path / "box")
    assert box.check() == ()
    box.deliver(MAIL, FROM, TO)
    (made,) = (tmp_path / "box" / "new").iterdir()
    assert made.read_bytes() == MAIL.replace(b"\r\n", b"\n")
    box.file("item1", MAIL)
    box.file("item1", b"another")
    (copy,) = (tmp_path / "box" / "cur").iterdir()
    assert copy.read_bytes() == MAIL.replace(b"\r\n", b"\n")
    assert copy.name.endswith(":2,S")
    assert not list((tmp_path / "box" / "tmp").iterdir())
    assert copy.stat().st_mode & 0o007 == 0


@pytest.mark.parametrize("umask", [0o000, 0o077])
@pytest.mark.parametrize(("directory", "file"), [(0o2770, 0o660), (0o700, 0o600)])
def test_a_copy_is_for_those_whose_maildir_it_is_whatever_the_umask(
    tmp_path: Path, umask: int, directory: int, file: int
) -> None:
    """Hostile input, 5: the console's own umask must not shut the team out of its store, nor another's let others in."""
    place = tmp_path / "box"
    place.mkdir()
    place.chmod(directory)
    before = os.umask(umask)
    try:
        Maildir(place).file("item1", MAIL)
    finally:
        os.umask(before)
    assert (place / "cur").stat().st_mode & 0o7777 == directory
    (copy,) = (place / "cur").iterdir()
    assert copy.stat().st_mode & 0o7777 == file


def test_a_maildir_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    box = Maildir(tmp_path / "file" / "box")
    assert box.check()
    with pytest.raises(CourierError, match="cannot be written"):
        box.deliver(MAIL, FROM, TO)
