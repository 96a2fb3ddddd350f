"""What ``--set`` says to a service, checked before anything is sent (pure)."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from otio_soundtrack.errors import LimitError, SettingsError
from otio_soundtrack.provider.declaration import Declaration
from otio_soundtrack.provider.reading import number_of


def known(declaration: Declaration, options: Mapping[str, str]) -> None:
    """Check that the service knows every option.

    Raises:
        SettingsError: it does not.
    """
    for name in options:
        if name not in declaration.options:
            names = ", ".join(sorted(declaration.options)) or "none"
            raise SettingsError(f"{declaration.name} has no option {name!r}.", hint=f"It has: {names}.")


def one_of(options: Mapping[str, str], name: str, values: Collection[str], default: str) -> str:
    """Return an option that has one of a few values.

    Raises:
        SettingsError: it has another.
    """
    value = options.get(name, default)
    if value not in values and value != default:
        raise SettingsError(f"{name} cannot be {value!r}.", hint=f"It is one of: {', '.join(values)}.")
    return value


def number(options: Mapping[str, str], name: str, least: float, most: float) -> float | None:
    """Return an option that is a number within bounds, None where it is not given.

    Raises:
        SettingsError: it is none, or beyond.
    """
    if name not in options:
        return None
    value = number_of(options[name])
    if value is None or not least <= value <= most:
        raise SettingsError(f"{name} cannot be {options[name]!r}.", hint=f"It is a number from {least:g} to {most:g}.")
    return value


def text(options: Mapping[str, str], name: str, most: int) -> str:
    """Return an option that is a text of so many characters at most, empty where it is not given; never cut.

    Raises:
        LimitError: it is longer.
    """
    value = options.get(name, "").strip()
    if len(value) > most:
        raise LimitError(f"{name} has {len(value)} characters; the service takes {most}.", hint="Shorten it; nothing was sent.")
    return value
