"""The local library: an index of music on disk, ranked for a cut. Nothing here reads or changes the music itself.

==========  ===================================================================================
rows        what is heard in a track, in 77 bytes
shelf       the index: tracks, their words, their sentence vectors
wanted      what a cut asks of a track
rhythm      how a tempo lies against the cuts
ranking     how well each track suits, part by part
reasons     why, in words
==========  ===================================================================================
"""
