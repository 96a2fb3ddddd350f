"""``otio-soundtrack audition``: hear the takes against the picture on a local page, and pick one."""

from __future__ import annotations

import argparse
import threading
import webbrowser
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from otio_soundtrack.cli.flags import add_consent, add_music, add_service, add_timeline, command, options
from otio_soundtrack.cli.progress import progress_for
from otio_soundtrack.cli.streams import remark
from otio_soundtrack.errors import SettingsError

_EXAMPLES = """  otio-soundtrack audition scored.otio
  otio-soundtrack audition scored.otio -o picked.otio
  otio-soundtrack audition cut.otio -o scored.otio --provider library --prompt 'slow, warm strings'"""


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = command(commands, "audition", "Hear takes against the picture on a local page, and pick one.", _EXAMPLES)
    add_timeline(parser)
    parser.add_argument(
        "-o", "--output", type=Path, metavar="OUT", help="timeline that picks are written into (default: TIMELINE)"
    )
    parser.add_argument("--provider", metavar="NAME", help="look for tracks as well: library, slipstream")
    parser.add_argument("--port", type=int, default=0, metavar="N", help="of the page (default: any that is free)")
    parser.add_argument("--no-browser", action="store_true", help="only print the link")
    add_music(parser)
    add_service(parser)
    add_consent(parser)
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> Playing:
    """Prepare the cut and open the page.

    Raises:
        SettingsError: what it needs is not installed, or a flag cannot be obeyed.
        SoundtrackError: the timeline cannot be shown.
    """
    try:
        from otio_soundtrack.web.page_server import page
    except ImportError as error:
        raise SettingsError(
            f"the audition page needs {error.name or 'a web server'}, which is not installed.",
            hint="pip install 'otio-soundtrack[web]'",
        ) from error
    from otio_soundtrack.pipeline.scoring.auditioning import Audition
    from otio_soundtrack.web.stage import Stage

    with ExitStack() as doors:
        scratch = Path(doors.enter_context(TemporaryDirectory(prefix="otio-soundtrack-")))
        output = asked.output or asked.timeline
        audition = doors.enter_context(Audition(path=asked.timeline, output=output, options=options(asked)))
        stage = Stage(audition=audition, scratch=scratch)
        stage.prepare(progress_for(quiet=asked.quiet))
        link, server = page(stage, asked.port)
        doors.enter_context(server)
        return Playing(link, doors.pop_all(), browser=not asked.no_browser, quiet=asked.quiet)


class Playing:
    """A page that is open."""

    def __init__(self, link: str, doors: ExitStack, *, browser: bool, quiet: bool) -> None:
        self._link, self._doors, self._browser, self._quiet = link, doors, browser, quiet

    def text(self) -> str:
        """Return the link."""
        return self._link

    def json(self) -> object:
        """Return the link."""
        return {"link": self._link}

    def stay(self) -> None:
        """Serve until the user has had enough (^C) or the process is ended."""
        with self._doors:
            try:
                if self._browser:
                    webbrowser.open(self._link)
                if not self._quiet:
                    remark("otio-soundtrack: the page is open at the link above, which works once. ^C closes it.")
                threading.Event().wait()
            except KeyboardInterrupt:
                if not self._quiet:
                    remark("\notio-soundtrack: the page is closed.")
