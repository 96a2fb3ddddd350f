"""The published rules of Suno's requests: ``suno-openapi.yaml``, which lies beside the repository."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest

SHEET = Path(__file__).resolve().parents[2] / ".." / "shared" / "providers" / "suno-openapi.yaml"
REQUESTS = {
    "/api/v1/generate": "GenerateRequest",
    "/api/v1/generate/extend": "ExtendRequest",
    "/api/v1/generate/upload-cover": "UploadCoverRequest",
    "/api/v1/wav/generate": "WavRequest",
    "/api/v1/mp4/generate": "Mp4Request",
}


@cache
def _document() -> Any:
    import yaml

    if not SHEET.is_file():
        pytest.skip("the folder with the services' sheets is not beside the repository")
    return yaml.safe_load(SHEET.read_text(encoding="utf-8"))


@cache
def _validator(name: str) -> Any:
    import jsonschema

    document = _document()
    return jsonschema.Draft202012Validator(
        {"$ref": f"#/components/schemas/{name}", "components": document["components"]},
        format_checker=jsonschema.FormatChecker(),
    )


def complaints(path: str, body: object) -> list[str]:
    """Return what the published schema has against a request."""
    found = [error.message for error in _validator(REQUESTS[path]).iter_errors(body)]
    if isinstance(body, dict):
        schema = _document()["components"]["schemas"][REQUESTS[path]]
        found += [f"{name} is no field of {path}" for name in body if name not in schema["properties"]]
    return found
