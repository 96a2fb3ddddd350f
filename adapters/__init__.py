"""OpenTimelineIO adapters: thin doors to the pipeline (floor 6)."""
