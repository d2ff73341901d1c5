"""Machine-coded signals behind a timeline's events: how many when, the loudest, and their load."""

from django.db import OperationalError
from django.http import HttpRequest
from ninja import Query, Router

from apps.signals.models import Signal
from apps.timelines import asof
from apps.timelines.api import asking, schemas
from apps.timelines.api.shapes import Addresses
from apps.timelines.api.timelines import chosen_by, page_of
from apps.timelines.queries.signal_list import load, loudest, named
from apps.timelines.queries.signals import Background, background, too_much

router = Router(tags=["Signals"])
_QUADS = ("verbal_cooperation", "material_cooperation", "verbal_conflict", "material_conflict")


@router.get(
    "/{slug:slug}/signals",
    url_name="api-signals",
    response=schemas.Signals,
    summary="Signals by day",
)
def signals(request: HttpRequest, slug: str, query: Query[asking.Filtered]):  # type: ignore[no-untyped-def]
    """How many machine-coded, unchecked signals lie behind a view, in at most 400 parts."""
    to = Addresses(request, asof.read(request))
    chosen = chosen_by(request, slug, to.as_of)
    found = background(chosen) or Background()
    return schemas.Signals(
        total=found.total,
        unit=found.unit,
        coded_by=list(found.sources),
        words=found.words,
        page=page_of(chosen, to, "signals"),
        as_of=to.as_of.day,
        items=[
            schemas.SignalBucket(
                start=bucket.start,
                end=bucket.end,
                count=bucket.count,
                severity=bucket.severity,
                **dict(zip(_QUADS, bucket.counts, strict=True)),
            )
            for bucket in found.buckets
        ],
    )


@router.get(
    "/{slug:slug}/signals/loudest",
    url_name="api-signals-loudest",
    response=schemas.LoudestSignals,
    summary="The loudest signals",
)
def loudest_signals(request: HttpRequest, slug: str, query: Query[asking.Loudest]):  # type: ignore[no-untyped-def]
    """The signals of a view that are most severe and most told of."""
    as_of = asof.read(request)
    chosen = chosen_by(request, slug, as_of)
    found = background(chosen) or Background()
    words, rows = found.words, []
    if not words and found.total:
        try:
            rows = loudest(chosen, query.page)
        except OperationalError as fault:
            words = too_much(fault)
    return schemas.LoudestSignals(
        total=found.total, words=words, as_of=as_of.day, items=[_row(row) for row in rows]
    )


def _row(row: Signal) -> schemas.SignalRow:
    same = ("start", "end", "precision", "known_at", "type", "mode", "code", "severity")
    return schemas.SignalRow(
        id=row.external_id,
        coded_by=row.source.name,
        **{name: getattr(row, name) for name in same},
        initiator=named(row.initiator),
        target=named(row.target),
        place=row.spot.name if row.spot else "",
        mentions=row.mentions,
        url=row.url,
    )


@router.get(
    "/{slug:slug}/signals/load",
    url_name="api-signals-load",
    response=schemas.SignalLoads,
    summary="What signals add up to",
)
def signal_load(request: HttpRequest, slug: str, query: Query[asking.Days]):  # type: ignore[no-untyped-def]
    """The load of all signals in scope by day: the index's memory over machine-coded events, unscaled."""
    as_of = asof.read(request)
    chosen = chosen_by(request, slug, as_of)
    return schemas.SignalLoads(
        as_of=as_of.day,
        items=[schemas.SignalLoad(day=day, load=round(sum_, 3)) for day, sum_ in load(chosen)],
    )
