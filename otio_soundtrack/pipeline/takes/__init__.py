"""Takes: one is accepted or refused, brought to the length of its cue and heard; what is requested and delivered, as values."""
