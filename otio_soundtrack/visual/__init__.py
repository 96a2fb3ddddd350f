"""The room of branded videos: where things stand (``layout``), their colours, what moves, and the frames.

Every still part of the picture is drawn and composited once for each colour of the music, twice: dark, and lit as if all of it
sounded at once. A frame is the dark picture with what sounds now, or has sounded, copied over from the lit one: nothing else is
done per frame, and it is done on the planes that the encoder takes.
"""
