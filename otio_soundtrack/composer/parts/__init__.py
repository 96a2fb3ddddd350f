"""The parts: each writes its notes for the whole cue, bar by bar, from the form alone."""
