"""Media files (floor 2): the one door of PyAV, which brings FFmpeg.

============  =====================================================================
``opening``   files opened safely, FFmpeg's errors turned into ours
``probe``     what a file says of itself
``index``     key frames, rate and shape of a source of pictures
``movie``     wanted frames of a movie, decoded once and in order
``pictures``  movies, stills and sequences behind one interface
``framing``   frames brought to the shape and colour of the cut
``encoder``   H.264 in segments that can be joined, AAC
``writer``    encoded packets laid into an MP4 file
``sound``     sound at 48 kHz, placed to the sample
``loudness``  loudness after EBU R 128
``shelf``     a few open files out of many
============  =====================================================================
"""
