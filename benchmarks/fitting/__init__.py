"""Fitting of real music: the table of bars, on tracks that were tuned on and on tracks that were not, against four peers."""
