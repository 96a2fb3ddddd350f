"""The command ``otio-soundtrack``: one file a command; ``main`` is the single door through which failures leave (floor 6)."""
