"""What is made of music that is there: a file of a wanted length, a mix, a branded video, a cue sheet."""
