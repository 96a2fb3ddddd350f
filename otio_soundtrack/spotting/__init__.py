"""Where music shall be, and what it shall hit: the spotting notes (a room).

=============  ==================================================================================
``grammar``    what an editor writes into markers
``cues``       stretches of the timeline that get music
``hits``       moments that the music should hit
``spots``      all of it together: the one function that others call
=============  ==================================================================================
"""

from otio_soundtrack.spotting.spots import spots

__all__ = ["spots"]
