"""What is seen and heard in the cut (a room). Pure on arrays; the decoder hands them over.

::

    thumbs ─frames─▶ table, one row a frame ─shots─▶ cuts inside clips
                                            ─strengths, curves─▶ ┐
    sound  ─decimator─▶ tools/voice ─speech─▶ where they speak   ├─features─▶ Features
           ─▶ tools/media/loudness ─▶ loudness                   ┘
"""
