"""A sampler for SoundFonts (SF2, SF3): the second way to play a score.

The file is read by :mod:`.riff`, :mod:`.records` and :mod:`.font`; what a note sounds like follows from :mod:`.regions`,
:mod:`.modulators` and :mod:`.tones`; :mod:`.wave` and :mod:`.envelopes` make the sound; :mod:`.player` plays one preset;
:mod:`.orchestra` is what the mix calls, with :mod:`.programmes` saying which preset stands for which voice. :mod:`.found` looks
for fonts on this machine.

Source: SoundFont Technical Specification 2.04; where it leaves a choice, the choice is that of FluidSynth, because fonts are made
by ear with it.
"""
