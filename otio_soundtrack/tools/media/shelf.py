"""A few open files out of many (floor 2)."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, Protocol, TypeVar


class Closable(Protocol):
    """Something that must be closed."""

    def close(self) -> None:
        """Close it."""


Key = TypeVar("Key", bound=Hashable)
Reader = TypeVar("Reader", bound=Closable)


class Shelf(Generic[Key, Reader]):
    """Keeps the readers used last open and closes the others, so that any number of sources needs few open files."""

    def __init__(self, open_reader: Callable[[Key], Reader], places: int) -> None:
        """Take how to open a reader and how many may be open at once."""
        self._open = open_reader
        self._places = places
        self._readers: OrderedDict[Key, Reader] = OrderedDict()
        self.opened = 0
        """How many readers were opened so far."""

    def get(self, key: Key) -> Reader:
        """Return the reader of a source, opening it where it is not open."""
        if key not in self._readers:
            while len(self._readers) >= self._places:
                self._readers.popitem(last=False)[1].close()
            self._readers[key] = self._open(key)
            self.opened += 1
        self._readers.move_to_end(key)
        return self._readers[key]

    def close(self) -> None:
        """Close all."""
        while self._readers:
            self._readers.popitem()[1].close()
