"""The embedded composer: a plan becomes a score, the score is played on synthesised voices, the stems make the mix.

::

    Plan ─grid─▶ Bars ─course─▶ Phrases ─harmony, voicing─▶ Chords ─parts, accents, ending─▶ Score ─voices, room─▶ stems

How a mood is written stands in :mod:`.manners`, who plays it in :mod:`.bands`, what they choose from in :mod:`.progressions`,
:mod:`.figures`, :mod:`.beats` and :mod:`.rhythms`; what becomes of the theme in :mod:`.course` and :mod:`.theme`.

Everything is a pure function of the plan, its seed included. Chance comes from :mod:`.chance` alone, the sound from arithmetic
that rounds the same way on every machine (:mod:`.voices.exact`).
"""
