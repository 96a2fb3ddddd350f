"""The embedded composer: a plan becomes a score, the score is played on synthesised voices, the stems make the mix.

::

    Plan ─grid─▶ Bars ─harmony, voicing─▶ Chords ─parts, accents, ending─▶ Score ─voices, room─▶ stems

Everything is a pure function of the plan, its seed included. Chance comes from :mod:`.chance` alone, the sound from arithmetic
that rounds the same way on every machine (:mod:`.voices.exact`).
"""
