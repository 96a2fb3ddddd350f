"""The words that planning knows (English; tables only).

A word may stand in several tables: ``driving`` is fast and loud. Words with a hyphen are also known without it.
"""

from __future__ import annotations

from collections.abc import Mapping

from otio_soundtrack.model.plan import Ending, Instrument, Mood

MOOD_WORDS: Mapping[Mood, str] = {
    Mood.CALM: "calm calmer calming calmly peaceful peace serene serenity gentle gently tranquil relaxed relaxing soothing "
    "lullaby meditative meditation pastoral mellow restful laid-back chill chilled zen placid stillness easy-going",
    Mood.HOPEFUL: "hopeful hope uplifting uplift optimistic optimism inspiring inspirational motivational heartwarming "
    "corporate feel-good encouraging reassuring positive",
    Mood.PLAYFUL: "playful fun funny happy happier happiness cheerful comedy comedic bouncy joyful joyous joy "
    "light-hearted silly jolly cute carefree merry humorous perky",
    Mood.WONDER: "wonder wondrous magical magic dreamy dreamlike awe awe-inspiring ethereal fairytale enchanting enchanted "
    "celestial otherworldly",
    Mood.SAD: "sad sadder sadness sorrow sorrowful melancholic melancholy mournful mourning grief grieving lonely loneliness "
    "nostalgic nostalgia wistful tragic tragedy heartbreaking heartbroken bittersweet elegiac elegy funeral somber sombre "
    "tearful poignant bleak",
    Mood.TENSE: "tense tension suspense suspenseful thriller thrilling anxious anxiety nervous danger dangerous chase scary "
    "horror terror terrifying frantic panic paranoia edgy nail-biting",
    Mood.MYSTERIOUS: "mysterious mystery eerie noir enigmatic uneasy haunting strange creepy spooky unsettling "
    "investigation investigative detective cryptic",
    Mood.EPIC: "epic trailer blockbuster grand grandiose majestic battle anthemic bombastic monumental war",
    Mood.ROMANTIC: "romantic romance love loving passionate passion wedding sensual",
    Mood.OMINOUS: "ominous brooding sinister menacing menace dread evil doom foreboding threatening",
    Mood.HEROIC: "heroic hero triumphant triumph victorious victory superhero brave adventure adventurous fanfare",
    Mood.QUIRKY: "quirky whimsical mischievous comic sneaky eccentric oddball zany",
}
MOOD_HINTS: Mapping[Mood, str] = {
    Mood.CALM: "warm quiet quietly soft softly ambient intimate delicate",
    Mood.ROMANTIC: "tender",
    Mood.HOPEFUL: "warm bright brighter sunny airy",
    Mood.PLAYFUL: "upbeat kids children",
    Mood.WONDER: "space fantasy floating nature cosmic underwater",
    Mood.SAD: "emotional longing reflective",
    Mood.TENSE: "urgent action pulsing gritty",
    Mood.MYSTERIOUS: "dark darker secret shadowy",
    Mood.EPIC: "cinematic dramatic powerful huge massive",
}
"""Colours that speak for a mood where no clear word does."""
SLOW_WORDS = "slow slower slowly unhurried sparse adagio largo lento sustained drifting languid downtempo"
FAST_WORDS = (
    "fast faster quick driving upbeat uptempo up-tempo energetic allegro presto rushing racing urgent brisk chase frantic"
)
LOW_WORDS = (
    "quiet quieter quietly soft softer softly gentle gently subtle minimal sparse intimate delicate restrained calm calmer small "
    "understated underscore low-key low-energy unobtrusive thin"
)
HIGH_WORDS = (
    "loud louder powerful intense big huge massive energetic driving epic action aggressive full triumphant high-energy "
    "bombastic frantic explosive"
)
INSTRUMENT_WORDS: Mapping[Instrument, str] = {
    Instrument.PAD: "pad pads strings string orchestra orchestral synth synths choir ambient violins violin viola violas cello "
    "cellos drone drones organ brass",
    Instrument.BASS: "bass basses contrabass sub-bass",
    Instrument.PLUCK: "pluck plucks plucked pizzicato guitar guitars harp arpeggio arpeggios ukulele mandolin banjo piano",
    Instrument.MELODY: "melody melodies melodic theme tune piano lead flute horn horns oboe clarinet trumpet saxophone sax "
    "whistle",
    Instrument.PERCUSSION: "percussion percussive drums drum drumming beat beats taiko taikos rhythm rhythmic kick snare timpani "
    "cymbals hi-hat shaker claps",
    Instrument.BELL: "bell bells chime chimes celesta glockenspiel sparkle vibraphone marimba xylophone",
}
ENDING_WORDS: Mapping[Ending, str] = {
    Ending.BUTTON: "button stinger",
    Ending.SOFT: "fade fades fading",
    Ending.RING: "ringing ring-out",
}
ONLY_WORDS = frozenset(("solo", "only", "just", "alone", "unaccompanied"))
COURSE_WORDS = "then later builds build building becomes becoming turns turning ends finally into"
"""Words that put moods into an order in time."""
DETERMINERS = frozenset(("no", "without", "less", "minus", "avoid", "skip", "lose", "drop", "exclude", "excluding", "except"))
"""Negations that take a noun: in ``no big drums`` it is the drums that are not wanted."""
NEGATIONS = DETERMINERS | {"not", "never", "don't", "dont", "isn't", "nothing", "neither", "nor"}
PHRASES: Mapping[str, str] = {
    "nothing but": "only",
    "anything but": "not",
    "rather than": "not",
    "instead of": "not",
    "ends (?:on|with)": "",
    "not only": "",
    "not just": "",
    "non-": "not ",
    "drumless": "no drums",
    "beatless": "no beat",
    "fairy-tale": "fairytale",
    "fairy tale": "fairytale",
}
"""Groups of words, as regular expressions, and what they mean in the words above."""
