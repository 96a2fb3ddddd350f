"""Music of a service for a single clip: what a media linker may order, with consent."""

from __future__ import annotations

from dataclasses import dataclass

import opentimelineio as otio

from otio_soundtrack.audio.ears import Ears
from otio_soundtrack.errors import AudioError, SettingsError, UnusableTakeError
from otio_soundtrack.jobs import NO_CONSENT, Consent, Order, answered, require, run
from otio_soundtrack.model.plan import Brief
from otio_soundtrack.pipeline.cut.musicplan import seen_brief
from otio_soundtrack.pipeline.services.asking import options_of
from otio_soundtrack.pipeline.services.roster import SERVICES
from otio_soundtrack.pipeline.services.wiring import JobEars, clock, open_wire
from otio_soundtrack.pipeline.takes.fitted import fitted
from otio_soundtrack.pipeline.takes.taking import Accepted
from otio_soundtrack.provider.ask import Ask, Delivery
from otio_soundtrack.provider.service import Service
from otio_soundtrack.settings import ScoreOptions
from otio_soundtrack.tools.store import TakeStore

OFFERED = frozenset(("provider", "reference_url", "wav", "most_calls", "set", "max_cost"))
"""Options of ``score`` that mean something for a single clip."""


@dataclass(frozen=True, kw_only=True)
class Purchase:
    """Which service may be asked for a clip, and what it may cost."""

    asked: ScoreOptions
    """Of it :data:`OFFERED`."""
    timeline: otio.schema.Timeline
    """What the clip is in, for the studio's hook scripts."""
    consent: Consent = NO_CONSENT

    @property
    def service(self) -> Service:
        """Return the service.

        Raises:
            SettingsError: it looks at the picture, and a linker is shown none.
        """
        service = SERVICES[self.asked.provider]
        if service.declaration.picture is not None:
            name = service.declaration.name
            raise SettingsError(
                f"{service.declaration.title} looks at the picture, and a media linker is shown a clip without it.",
                hint=f"Use `otio-soundtrack score --cues tagged --provider {name}`.",
            )
        return service


def ordered(brief: Brief, purchase: Purchase, store: TakeStore, *, lufs: float) -> Accepted:
    """Return a take of a service, fitted to its clip; the same request is answered from the store.

    Args:
        brief: of the clip.
        purchase: who is asked, and with what consent.
        store: where takes are kept.
        lufs: integrated loudness of the result.

    Raises:
        ConsentError: nobody consented, and the answer is not there already; nothing was sent.
        ProviderError, AudioError: no music came of it.
    """
    service, given = purchase.service, purchase.asked.service
    seen = seen_brief(purchase.timeline, service.declaration.name, brief)
    ask = Ask(
        brief=seen,
        reference_url=given.reference_url,
        wav=given.wav,
        most_calls=given.most_calls,
        options=options_of(given.set),
    )
    order = Order(service=service, ask=ask, cue=seen.plan.cue_id)
    if not purchase.consent.given and not answered(store.home, order.key):
        service.check(ask)
        require(service.declaration, service.quote(ask), purchase.consent)
    (result,) = run(
        [order],
        home=store.home,
        open_wire=open_wire,
        ears=JobEars(Ears(store.home / "decoded")),
        consent=purchase.consent,
        clock=clock(),
    )
    delivery: Delivery = result.value_or_raise()
    refused: list[str] = []
    for offer in delivery.offers:
        ids = (result.job, *offer.service_ids)
        try:
            return fitted(offer, seen, store, job_ids=ids, cost=result.credits, lufs=lufs)
        except AudioError as error:  # the next may do
            refused.append(error.message)
    unusable = UnusableTakeError(f"no take of {service.declaration.title} can be laid on the clip ({'; '.join(refused)}).")
    unusable.jobs = (result.job,)
    raise unusable
