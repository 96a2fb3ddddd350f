"""The nouns (floor 1): frozen values that travel from room to room.

=============  ==================================================================================
``cut``        what is on the picture at each frame, and what sounds with it
``features``   what the analysis saw and heard in it
``plan``       spotting, music plan and brief: what the music shall be
``cue``        takes and fitted cues: what the music is, with all that goes into metadata
``tidy``       the one place in which numbers are rounded before they are written
=============  ==================================================================================

What crosses a boundary (a file, JSON, a service) is a pydantic model; what stays inside is a plain frozen dataclass.
"""
