"""Laying: the files of a cue and their names: takes, stems, ducked copies, notes, the report.

Who made the music is all the same here.
"""
