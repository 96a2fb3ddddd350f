"""The room of the cue sheet: lines from the music of a timeline (``rows``), their columns (``columns``), CSV and page."""
