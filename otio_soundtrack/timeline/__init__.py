"""Reading the cut from a timeline, and writing music back (room).

==============  ====================================================================================
``read``        file → timeline                              ``save``    timeline → file
``cut_list``    timeline → cut list                          ``write``   cues → a copy of the timeline
``layout``      OTIO objects → outline (``nodes``)           ``urls``    target URL ↔ local path
``compose``     outline → composed ``spans`` → ``cuts``      ``hosts``   hints for other applications
``sound``       outline → audio elements, tagged cues        ``clocks``  record time ↔ own time
``sources``     media references → sources (``sequences``, ``generators``)
``markers``     outline → markers (``marks``)                ``rates``   the rate of the picture
``notes``       what could not be shown as asked             ``pre_request``  the hook point of studios
==============  ====================================================================================
"""
