"""Music → branded video: a track, or the music of a timeline."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

from otio_soundtrack.errors import SettingsError, UnreadableMediaError
from otio_soundtrack.model.visualizing import VisualizeOptions, visualize_options
from otio_soundtrack.pipeline.deliverables.heard_music import Music, music_of_timeline, music_of_track
from otio_soundtrack.pipeline.laying.folder import nothing_left_on_failure
from otio_soundtrack.progress import Progress, silent
from otio_soundtrack.timeline.formats import is_timeline
from otio_soundtrack.timeline.music_alone import with_visual
from otio_soundtrack.timeline.save import require_place, save_timeline
from otio_soundtrack.times import SAMPLE_RATE_HZ
from otio_soundtrack.tools.files import require_writable, written_whole
from otio_soundtrack.tools.media.still import square_picture
from otio_soundtrack.tools.typeface import Face, face_for
from otio_soundtrack.visual.film import write_film
from otio_soundtrack.visual.frames import Frames, clock
from otio_soundtrack.visual.layout import DEFAULT_LINES, Layout, layout
from otio_soundtrack.visual.movement import heights, spectra
from otio_soundtrack.visual.painting import columns_of
from otio_soundtrack.visual.palette import Passage
from otio_soundtrack.visual.scene import Scene, Shown, Words

_SUFFIXES = (".mp4", ".m4v", ".mov")


@dataclass(frozen=True, kw_only=True)
class Visual:
    """A video that was made here."""

    path: Path
    width: int
    height: int
    rate: Fraction
    """Frames per second."""
    frames: int
    samples: int
    """Of the sound, 48 kHz: the length of the music."""
    title: str
    """As it is drawn."""
    passages: tuple[Passage, ...]
    timeline: Path | None
    """The written timeline with the video on a track."""
    warnings: tuple[str, ...]


def visualize(source: Path | str, output: Path | str, *, progress: Progress = silent, **options: object) -> Visual:
    """Write a video whose picture is made from the music itself.

    Args:
        source: a music file, or a timeline: that of a scored one is its music alone, as long as its picture; that of one without
            picture is all that sounds on it, unless records say which of it is music.
        output: video to write (H.264 and AAC), ``.mp4``.
        progress: is told how far the work is.
        options: the flags of ``otio-soundtrack visualize`` with underscores
            (:class:`otio_soundtrack.model.visualizing.VisualizeOptions`).

    Returns:
        what was written, measured.

    Raises:
        SettingsError: an option that cannot be obeyed; nothing was written.
        TimelineError, PictureError, AudioError, StoreError: the reason; no half file is left.
    """
    asked = visualize_options(**options)
    source, output = Path(source), Path(output)
    of_timeline = is_timeline(source)
    _check(source, output, asked, of_timeline=of_timeline)
    place = layout(asked.aspect, asked.height or DEFAULT_LINES[asked.aspect])
    cover = None if asked.cover is None else square_picture(asked.cover, place.art.width)
    with TemporaryDirectory(prefix="otio-soundtrack-") as folder, nothing_left_on_failure() as written:
        progress("listening to the music", 0.0)
        music = music_of_timeline(source, asked.media_root, Path(folder)) if of_timeline else music_of_track(source, Path(folder))
        if asked.as_track is not None and music.laid is not None and music.laid.has_picture:
            raise SettingsError(f"{source} has a picture already.", hint="--as-track is for timelines that have none.")
        progress("listening to the music", 0.7)
        words, warnings = _words(music, asked)
        scene = Scene(place, words, _shown(music, place), cover)
        progress("listening to the music", 1.0)
        is_new = not output.exists()
        with written_whole(output) as scratch:
            write_film(scratch, Frames(scene, music.rate), music.frames, music.sound, progress)
        if is_new:
            written.append(output)  # should the timeline fail
        warnings += [f"The {name} is too long for its place: it is cut off." for name in dict.fromkeys(scene.cut_off)]
        if asked.as_track is not None and music.timeline is not None and music.laid is not None:
            shown = with_visual(music.timeline, music.laid, output, url_style=asked.url_style, beside=asked.as_track.absolute())
            warnings += save_timeline(shown, asked.as_track, media_root=music.root)
    return Visual(
        path=output,
        width=place.width,
        height=place.height,
        rate=music.rate,
        frames=music.frames,
        samples=len(music.sound),
        title=words.title.text,
        passages=music.passages,
        timeline=asked.as_track,
        warnings=(*music.warnings, *warnings),
    )


def _check(source: Path, output: Path, asked: VisualizeOptions, *, of_timeline: bool) -> None:
    """Refuse what cannot be done before anybody works for it."""
    if output.suffix.lower() not in _SUFFIXES:
        raise SettingsError(f"a video cannot be written as {output.name}.", hint="Use a name that ends in .mp4.")
    if not of_timeline and not source.is_file():
        raise UnreadableMediaError(f"there is no file {source}.", hint="Check the name and the folder.")
    others = [one.resolve() for one in (source, asked.cover, asked.font) if one is not None]
    for file in (output, asked.as_track):
        if file is not None and file.resolve() in others:
            raise SettingsError(f"{file} is an input of the video.", hint="Give another name for what is written.")
    if asked.as_track is not None:
        if not of_timeline:
            raise SettingsError(
                "--as-track lays the video into a timeline, and none was given.", hint="Give a timeline as SOURCE."
            )
        require_place(asked.as_track)
    require_writable(output.absolute().parent)


def _words(music: Music, asked: VisualizeOptions) -> tuple[Words, list[str]]:
    """Return what is written, and what no font draws: one font for all where one has all letters."""
    texts = [music.title if asked.title is None else asked.title, asked.author, asked.domain_name]
    together = face_for(" ".join(texts), asked.font)
    faces = [
        Face(together.file, " ".join(text.split()), ()) if not together.missing else face_for(text, asked.font) for text in texts
    ]
    warnings = [
        f"No font here draws {' '.join(face.missing)} of the {name}: left out. --font FILE names one that does."
        for name, face in zip(("title", "author", "domain name"), faces, strict=True)
        if face.missing
    ]
    title, author, watermark = faces
    length = clock(len(music.sound) // SAMPLE_RATE_HZ)
    return Words(title=title, author=author, watermark=watermark, length=length), warnings


def _shown(music: Music, place: Layout) -> Shown:
    return Shown(
        levels=spectra(music.sound, music.rate, music.frames, place.bands),
        heights=heights(music.sound, columns_of(place.wave, place.scale)),
        passages=music.passages,
        seconds=len(music.sound) / SAMPLE_RATE_HZ,
    )
