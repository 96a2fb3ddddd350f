"""The receiver: what is posted by whom, and what of it gets into the inbox."""

from __future__ import annotations

import http.client
import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from otio_soundtrack.access import callback_address
from otio_soundtrack.errors import SettingsError
from otio_soundtrack.jobs.clerk import Order, new_job
from otio_soundtrack.jobs.purse import Consent
from otio_soundtrack.tools.ledger import JobState, Ledger
from otio_soundtrack.tools.ledger.margin import MOST_CALLBACKS
from otio_soundtrack.web.receiver import MOST_BYTES, Receiver
from tests.jobs.toy import Toy
from tests.providers.briefs import ask

BASE = {"OTIO_SOUNDTRACK_CALLBACK_URL": "https://hooks.example/soundtrack/"}


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    """A receiver of a store."""
    with Receiver(tmp_path) as opened:
        yield opened


def job(home: Path, state: JobState = "open") -> str:
    """Put a job into the ledger and return its token."""
    row = new_job(Order(service=Toy(), ask=ask(callback_url=callback_address(BASE))), "", Consent(yes=True))
    with Ledger(home) as ledger:
        ledger.add(row)
        ledger.set_state(row.id, state)
    return row.token


def kept(home: Path, token: str) -> list[object]:
    """Return the inbox of a job."""
    with Ledger(home) as ledger:
        return [json.loads(one) for one in ledger.callbacks(token)]


def post(receiver: Receiver, path: str, body: bytes, **headers: str) -> int:
    """Post to the receiver and return its status."""
    connection = http.client.HTTPConnection("127.0.0.1", receiver.port, timeout=10)
    try:
        connection.request("POST", path, body, {"content-type": "application/json", **headers})
        answer = connection.getresponse()
        assert answer.read() == b"", "it gives nothing out"
        return answer.status
    finally:
        connection.close()


def test_a_callback_is_on_disk_before_it_is_answered(receiver: Receiver, tmp_path: Path) -> None:
    """Under whatever path the proxy in front of it passes on; JSON as it was."""
    token = job(tmp_path)
    assert post(receiver, f"/soundtrack/{token}", b'{"data": {"task_id": "t1"}}') == 200
    assert post(receiver, f"/{token}/", b'{"code": 200}') == 200
    assert kept(tmp_path, token) == [{"data": {"task_id": "t1"}}, {"code": 200}]


def test_the_same_callback_is_kept_once(receiver: Receiver, tmp_path: Path) -> None:
    """Services repeat them; other spaces and another order of fields are the same."""
    token = job(tmp_path)
    assert [post(receiver, f"/{token}", body) for body in (b'{"a":1,"b":2}', b'{"b": 2, "a": 1}')] == [200, 200]
    assert kept(tmp_path, token) == [{"a": 1, "b": 2}]


def test_no_more_are_kept_than_a_job_can_have(receiver: Receiver, tmp_path: Path) -> None:
    """Who knows the address of a job cannot fill the disk."""
    token = job(tmp_path)
    with Ledger(tmp_path) as ledger:
        for number in range(MOST_CALLBACKS):
            ledger.note_callback(token, json.dumps({"number": number}))
    assert post(receiver, f"/{token}", b'{"number": "more"}') == 200
    assert len(kept(tmp_path, token)) == MOST_CALLBACKS


@pytest.mark.parametrize("path", ["/", "/forged", "/" + "x" * 43, "/" + "x" * 9000, "/soundtrack/..%2f..", "//"])
def test_an_address_that_no_job_has_is_none(path: str, receiver: Receiver, tmp_path: Path) -> None:
    """Forged ones are answered 404, and nothing is kept, not even where a job has no token."""
    with Ledger(tmp_path) as ledger:
        ledger.add(new_job(Order(service=Toy(), ask=ask()), "", Consent(yes=True)))
    assert post(receiver, path, b"{}") == 404
    with Ledger(tmp_path) as ledger:
        assert ledger.callbacks("forged") == ledger.callbacks("") == ()


@pytest.mark.parametrize("state", ["done", "failed", "forgotten"])
def test_a_job_that_is_over_is_told_nothing_more(state: JobState, receiver: Receiver, tmp_path: Path) -> None:
    """The service may stop calling."""
    token = job(tmp_path, state)
    assert post(receiver, f"/{token}", b'{"late": true}') == 200
    assert kept(tmp_path, token) == []


@pytest.mark.parametrize("body", [b"", b"[]", b"1", b"null", b"{", b"\xff\xfe", b"<html>", b"[" * 100_000])
def test_what_is_no_json_object_is_refused(body: bytes, receiver: Receiver, tmp_path: Path) -> None:
    """Nothing of it is kept."""
    token = job(tmp_path)
    assert post(receiver, f"/{token}", body) == 400
    assert kept(tmp_path, token) == []


@pytest.mark.parametrize("chunked", [False, True])
def test_a_huge_body_is_refused_before_it_is_there(chunked: bool, receiver: Receiver, tmp_path: Path) -> None:
    """Whether its length is told or not: 413 after a quarter of a megabyte, and the rest is not waited for."""
    token = job(tmp_path)
    block = b"x" * 65_536
    sent = 0
    with socket.create_connection(("127.0.0.1", receiver.port), timeout=10) as line:
        length = b"Transfer-Encoding: chunked" if chunked else b"Content-Length: 1000000000"
        line.sendall(b"POST /%s HTTP/1.1\r\nHost: x\r\n%s\r\n\r\n" % (token.encode(), length))
        while sent <= MOST_BYTES:
            line.sendall(b"%x\r\n%s\r\n" % (len(block), block) if chunked else block)
            sent += len(block)
        assert line.recv(100).startswith(b"HTTP/1.1 413 ")
    assert kept(tmp_path, token) == []


def test_only_posts_are_taken(receiver: Receiver, tmp_path: Path) -> None:
    """Nobody reads anything here."""
    token = job(tmp_path)
    connection = http.client.HTTPConnection("127.0.0.1", receiver.port, timeout=10)
    connection.request("GET", f"/{token}")
    assert connection.getresponse().status == 405
    connection.close()


def test_every_job_has_an_address_of_its_own_that_nobody_guesses() -> None:
    """256 bits of chance behind the public address; no key in it."""
    addresses = {callback_address(BASE) for _ in range(100)}
    assert len(addresses) == 100
    assert all(one.startswith("https://hooks.example/soundtrack/") and len(one.rsplit("/", 1)[1]) == 43 for one in addresses)
    assert callback_address({}) == ""


@pytest.mark.parametrize(
    "url", ["hooks.example", "http://hooks.example", "https://me:pw@hooks.example", "https://h.example/?a=1"]
)
def test_an_address_that_cannot_be_called_is_refused(url: str) -> None:
    """Told by the name of the variable, before anything is sent."""
    with pytest.raises(SettingsError, match="OTIO_SOUNDTRACK_CALLBACK_URL"):
        callback_address({"OTIO_SOUNDTRACK_CALLBACK_URL": url})


def test_a_port_that_is_taken_is_said(receiver: Receiver, tmp_path: Path) -> None:
    """With what to do."""
    with pytest.raises(SettingsError, match=str(receiver.port)), Receiver(tmp_path, port=receiver.port):
        pass


def test_the_ledger_stays_private(receiver: Receiver, tmp_path: Path) -> None:
    """The inbox holds what services say."""
    token = job(tmp_path)
    before = time.time()
    assert post(receiver, f"/{token}", b"{}") == 200
    assert time.time() - before < 5.0
    modes = {oct(path.stat().st_mode & 0o077) for path in (tmp_path / "jobs").rglob("*")}
    assert modes == {"0o0"}
