"""The cut as a picture (room): a plan that can be printed, and its execution in one decode that also feeds the analysis.

==============  ==========================================================================
``trim``        the cut list of a part of the picture
``size``        size and bit rate of the file
``plan``        what to decode once and in which order, which segments to encode
``fold``        cuts folded into segments, feeds and clusters (how a plan is made)
``mix``         the production sound, window by window
``crew``        worker threads
``segments``    a segment while frames arrive for it
``workshop``    one job of a worker
``meters``      who measures while the cut goes by
``export``      the whole export
==============  ==========================================================================
"""
