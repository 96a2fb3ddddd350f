"""From spots to plans and briefs (a room). Pure, but for the plan file.

::

    features ─look─▶ Look of any stretch ─sections─▶ boundaries ─moods, energy, keys, instruments─▶ Section
    words of the prompt ─words─▶ Meaning ┘           hits, cuts, section starts ─elastic or tempo─▶ beat and bar lines
                                                     all of it ─plan─▶ Plan ─brief─▶ Brief

``plan_file`` writes plans as JSON for a person to edit, and reads them back with messages that say where something is wrong.
"""
