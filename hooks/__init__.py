"""OpenTimelineIO hook script and media linker: thin doors to the pipeline (floor 6)."""
