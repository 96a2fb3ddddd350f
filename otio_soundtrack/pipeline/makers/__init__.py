"""Who makes the music of a run: the embedded engine, a service, the local library; each lays its cues in the same way."""
