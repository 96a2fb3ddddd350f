"""The ledger of service jobs: what was asked, what was paid, what came back; on disk before it is relied on (floor 2).

======== ==========================================================================================
opening  the file: private, its version, upgrades, errors of the disk as ours
records  rows as values
book     the ledger itself: jobs and their steps
purse    credits reserved by runs, under a cap that holds across processes
margin   what is written beside jobs: what left the machine, what services called back
======== ==========================================================================================

It never holds a key. Signed addresses are in it and nowhere else, which is why it is private to the user.
"""

from __future__ import annotations

from otio_soundtrack.tools.ledger.book import Ledger
from otio_soundtrack.tools.ledger.records import JobRow, JobState, Left, StepRow, StepState
from otio_soundtrack.tools.locks import Lock

__all__ = ["JobRow", "JobState", "Ledger", "Left", "Lock", "StepRow", "StepState"]
