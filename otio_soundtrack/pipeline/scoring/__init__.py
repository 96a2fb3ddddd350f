"""Scoring: timeline in, timeline with music out: the two halves of the way, what is asked between them, and one clip alone."""
