"""The pipeline (floor 5): the only place that knows more than one room.

Its sub-packages stand in the order of the way, and each knows only some of those before it (``docs/flow.md``, kept by
``tests/test_floors.py``). Neither it nor they import anything: who lists providers, or listens to a track for the library, need
not wait until all that draws and encodes is there.
"""
