"""Finished music: brought to its loudness, listened to on disk, accepted or refused."""
