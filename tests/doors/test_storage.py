"""A reference put into storage: by a server that checks signatures itself."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import http.server
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pytest

from otio_soundtrack.cli.main import main
from otio_soundtrack.errors import RefusedError, SettingsError, UnavailableError
from otio_soundtrack.pipeline.services.publishing import published
from otio_soundtrack.pipeline.services.storage import storage
from otio_soundtrack.sandbox.server import Sandbox
from otio_soundtrack.tools.waveform import write_wav

IDENTITY, SECRET, REGION = "studio-key", "canary/s3cr3t+of=storage", "eu-central-1"


@dataclass
class Bucket:
    """Storage on this machine."""

    origin: str = ""
    objects: dict[str, bytes] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)
    fails: int = 0
    """Status that every upload is answered with; 0: none."""

    def refusal(self, method: str, target: str, host: str) -> str:
        """Return what is wrong with a signed request, from its raw target alone."""
        path, _, query = target.partition("?")
        pairs = [pair.partition("=")[::2] for pair in query.split("&")]
        told = {name: value.replace("%2F", "/") for name, value in pairs}
        if sorted(pairs) != sorted(pairs, key=lambda pair: pair[0]) or "X-Amz-Signature" not in told:
            return "AccessDenied"
        began = datetime.strptime(told["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=timezone.utc)
        if (
            not began
            <= datetime.now(timezone.utc) + timedelta(seconds=1)
            <= began + timedelta(seconds=int(told["X-Amz-Expires"]))
        ):
            return "RequestExpired"
        identity, day, *rest = told["X-Amz-Credential"].split("/")
        if (identity, rest) != (IDENTITY, [REGION, "s3", "aws4_request"]):
            return "InvalidAccessKeyId"
        signed = "&".join(f"{name}={value}" for name, value in sorted(pairs) if name != "X-Amz-Signature")
        asked = f"{method}\n{path}\n{signed}\nhost:{host}\n\nhost\nUNSIGNED-PAYLOAD"
        digest = hashlib.sha256(asked.encode()).hexdigest()
        scope = f"{day}/{REGION}/s3/aws4_request"
        text = f"AWS4-HMAC-SHA256\n{told['X-Amz-Date']}\n{scope}\n{digest}"
        key = ("AWS4" + SECRET).encode()
        for one in (day, REGION, "s3", "aws4_request"):
            key = hmac.digest(key, one.encode(), "sha256")
        right = hmac.digest(key, text.encode(), "sha256").hex()
        return "" if right == told["X-Amz-Signature"] else "SignatureDoesNotMatch"


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    """A bucket, and the environment that names it."""
    there = Bucket()

    class Handler(http.server.BaseHTTPRequestHandler):
        def answer(self, status: int, body: bytes = b"") -> None:
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def handle_one(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", "0")))
            there.seen.append(f"{self.command} {self.headers}")
            no = there.refusal(self.command, self.path, str(self.headers["host"]))
            name = self.path.partition("?")[0]
            if no or (there.fails and self.command == "PUT"):
                error = f"<Error><Code>{no or 'SlowDown'}</Code><StringToSign>{SECRET}</StringToSign></Error>"
                self.answer(403 if no else there.fails, error.encode())
            elif self.command == "PUT":
                there.objects[name] = body
                self.answer(200)
            else:
                self.answer(200 if name in there.objects else 404, there.objects.get(name, b""))

        do_PUT = do_GET = do_HEAD = handle_one  # noqa: N815  # the library's names

        def log_message(self, *_words: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    there.origin = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for name, value in {
        "OTIO_SOUNDTRACK_S3_URL": f"{there.origin}/bucket/a folder/",
        "AWS_ACCESS_KEY_ID": IDENTITY,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_REGION": REGION,
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_SESSION_TOKEN", raising=False)
    yield there
    server.shutdown()
    server.server_close()


def fetched(method: str, url: str) -> tuple[int, bytes]:
    """Ask for an address as anybody would, and return status and body."""
    parts = urlsplit(url)
    line = http.client.HTTPConnection(parts.netloc, timeout=10)
    line.request(method, f"{parts.path}?{parts.query}")
    answer = line.getresponse()
    body = answer.read()
    line.close()
    return answer.status, body


@pytest.fixture
def reference(tmp_path: Path) -> Path:
    """Some bytes."""
    path = tmp_path / "ab12.mp3"
    path.write_bytes(bytes(range(256)) * 1000)
    return path


def test_a_file_is_put_and_can_be_fetched_by_whoever_has_its_address(bucket: Bucket, reference: Path) -> None:
    """The server checks both signatures; without one nothing is given out, and a GET may not be made a PUT."""
    url = published(reference)
    assert bucket.objects == {"/bucket/a%20folder/ab12.mp3": reference.read_bytes()}
    assert fetched("GET", url) == (200, reference.read_bytes())
    for method, asked in (("GET", url.partition("?")[0]), ("PUT", url), ("GET", url.replace("ab12", "cd34"))):
        assert fetched(method, asked)[0] == 403
    assert SECRET not in "".join(bucket.seen) + url


def test_a_folder_that_everybody_reads_needs_no_signature(
    bucket: Bucket, reference: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For services that look with HEAD first, which an address signed for GET does not allow."""
    monkeypatch.setenv("OTIO_SOUNDTRACK_S3_PUBLIC_URL", "https://cdn.studio.example/refs/")
    assert published(reference) == "https://cdn.studio.example/refs/ab12.mp3"
    assert len(bucket.objects) == 1


def test_a_storage_that_refuses_is_told_without_what_was_signed(
    bucket: Bucket, reference: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Code and host; neither key nor address."""
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
    with pytest.raises(RefusedError, match=r"403 .SignatureDoesNotMatch.") as told:
        published(reference)
    assert SECRET not in str(told.value)
    assert "X-Amz" not in str(told.value)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    bucket.fails = 503
    with pytest.raises(UnavailableError, match=r"503 .SlowDown."):
        published(reference)
    assert bucket.objects == {}


def test_offline_nothing_is_put(bucket: Bucket, reference: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No socket is opened."""
    monkeypatch.setenv("OTIO_SOUNDTRACK_OFFLINE", "1")
    with pytest.raises(UnavailableError, match="offline"):
        published(reference)
    assert bucket.seen == []


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({"OTIO_SOUNDTRACK_S3_URL": "bucket/folder"}, "no address of a folder"),
        ({"OTIO_SOUNDTRACK_S3_URL": "http://s3.example/bucket"}, "no address of a folder"),
        ({"OTIO_SOUNDTRACK_S3_URL": "https://s3.example/b?x=1"}, "no address of a folder"),
        ({"OTIO_SOUNDTRACK_S3_URL": "https://s3.example/b", "OTIO_SOUNDTRACK_S3_PUBLIC_URL": "cdn"}, "PUBLIC_URL is no address"),
        ({"OTIO_SOUNDTRACK_S3_URL": "https://s3.example/b", "AWS_ACCESS_KEY_ID": "a"}, "no key for it"),
    ],
)
def test_a_storage_named_by_halves_is_refused(environment: dict[str, str], told: str) -> None:
    """By the name of the variable, before anything is sent."""
    with pytest.raises(SettingsError, match=told):
        storage({"AWS_ACCESS_KEY_ID": "a", **environment})


def test_nobody_who_names_no_storage_has_one() -> None:
    """AWS keys in the environment are no consent to use them."""
    assert storage({"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}) is None


@pytest.mark.xdist_group("services")
def test_a_temp_track_reaches_soundverse_through_storage(
    bucket: Bucket, tmp_path: Path, footage: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """From a file of the editor's to a remix: the service fetches the reference; what left is listed, the key is nowhere."""
    seconds = np.arange(12 * 48_000, dtype=np.float32) / 48_000
    write_wav(tmp_path / "temp.wav", np.repeat(0.3 * np.sin(2 * np.pi * 220 * seconds)[:, None], 2, axis=1).astype(np.float32))
    (tmp_path / "sandbox").mkdir()
    with Sandbox(speed=400.0, folder=tmp_path / "sandbox") as box:
        for name, value in box.environment.items():
            monkeypatch.setenv(name, value)
        words = ["score", str(footage / "small.otio"), "-o", str(tmp_path / "out.otio"), "--provider", "soundverse", "--yes"]
        assert main([*words, "--reference", str(tmp_path / "temp.wav"), "--json", "--quiet"]) == 0
        result = capfd.readouterr()
        (sent,) = box.state()["services"]["soundverse"]["submissions"]
    (name,) = bucket.objects
    assert sent["body"]["song_reference_url"].startswith(f"{bucket.origin}{name}?X-Amz-Algorithm=")
    assert [one.split()[0] for one in bucket.seen] == ["PUT", "GET"]
    (job,) = json.loads(result.out)["jobs"]
    assert main(["jobs", "show", job["id"], "--json"]) == 0
    shown = capfd.readouterr().out
    digest = hashlib.sha256(bucket.objects[name]).hexdigest()
    assert [one["sha256"] for one in json.loads(shown)["left_this_machine"] if one["host"] == "your own storage"] == [digest]
    assert "X-Amz" not in result.out + result.err + shown
    places = [path for path in tmp_path.parent.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()]
    assert places == []
