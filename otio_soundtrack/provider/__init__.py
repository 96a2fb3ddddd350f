"""The contract between the pipeline and whatever makes or finds music (floor 3).

===========  =====================================================================================================
declaration  what a provider says of itself
engine       a provider in this process: brief in, music out
ask          what a service is asked, what it would cost, what it delivers
steps        what a service needs done: calls, polls, streams, downloads, looks at sound; each kept by its label
service      a provider behind a network: pure translation, written as a course of steps
wording      a brief in words that services take, and what cannot be said
options      what ``--set`` says to a service, checked
reading      what a service sends, read with care
answers      what a service's codes mean, and the error that each meaning is
verdict      what a status means, where a service judges by it, and what its error bodies say
takes        clips of a service, listened to, and the takes made of them
songs        the course of a service that writes songs, and the words it is asked with (song_words)
lengthening  the one policy by which a take is extended until it is long enough
===========  =====================================================================================================
"""

from __future__ import annotations

from otio_soundtrack.provider.declaration import Capability, Declaration
from otio_soundtrack.provider.engine import Engine, Rendering

__all__ = ["Capability", "Declaration", "Engine", "Rendering"]
