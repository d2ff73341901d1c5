"""The stage that turns one annotation into proposed evidence, claims and events. Editors decide about them.

What an article reports is put with the decided event it tells (placing.py), or stays loose; loose reports of
all articles are put together into proposals (loose.py), in whatever order they came; then evidence and claims
are written for every article whose reports moved (deriving.py).
"""

import logging

from django.db.models import Q, QuerySet

from apps.annotations.models import Annotation
from apps.core.stages import StageStatus, attempt, wake
from apps.events import corrections, curate, desk_items
from apps.events.denials import propose_answers
from apps.events.deriving import Derived, derive
from apps.events.known import World, read_world
from apps.events.linking import propose_links
from apps.events.loose import component, give_up, remake, take_over
from apps.events.models import Assembly, Event, Placement
from apps.events.numbering import lock_events
from apps.events.placing import place_all
from apps.events.settling import MACHINE

logger = logging.getLogger(__name__)


def waiting() -> QuerySet[Annotation]:
    """Finished annotations that are not assembled yet, and due."""
    due = Assembly.objects.due().values("pk")
    return Annotation.objects.filter(status=StageStatus.DONE).filter(
        Q(assembly__isnull=True) | Q(assembly__in=due)
    )


def assemble(annotation: Annotation) -> Assembly:
    """Assemble one annotation; what is there already is found again and left as it is.

    Returns the stage's row, whose status tells whether it worked.
    """
    assembly, _ = Assembly.objects.get_or_create(annotation=annotation)
    done = attempt(assembly, lambda: _assemble(annotation))
    if done and annotation.article_version.number > 1:
        # What rests on the version before is held against this one, now that it was read.
        wake("events.propagate_waiting")
    assembly.refresh_from_db()
    return assembly


def _assemble(annotation: Annotation) -> bool:
    # One article at a time: two that report the same new event must not both propose it.
    lock_events()
    if _is_outdated(annotation):
        reason = "a newer reading of the article stands"
        _record(annotation, Derived(skipped=[{"event": str(annotation), "reason": reason}]))
        return True
    world, by_label = read_world(), f"{MACHINE} {annotation.pipeline_version}"
    seeds, left = _place(annotation, world)
    remade = remake(seeds, world, by_label)
    touched = set(remade.events)
    for one in _annotations(annotation, remade.annotations):
        derived = derive(one, world)
        if one.article_version.article.retracted_at is not None:
            reason = "the article was retracted"
            derived.skipped.append({"event": str(one.article_version.article), "reason": reason})
        propose_answers(one)
        touched |= derived.events | propose_links(one)
        _record(one, derived)
    for event in Event.objects.filter(pk__in=left - remade.events, settled_at=None):
        if not event.placements.exists():
            give_up(event, by_label=by_label)
            touched.add(event.pk)
    _record_proposals(touched, annotation)
    desk_items.refresh(sorted(touched))
    # A newer version, say, may have come and been dealt with while this one waited.
    corrections.again(annotation.article_version.article)
    return True


def _is_outdated(annotation: Annotation) -> bool:
    """Tell whether a later version of the article, or a later pipeline, was read."""
    version = annotation.article_version
    others = Annotation.objects.filter(
        article_version__article=version.article_id, status=StageStatus.DONE
    )
    later = Q(article_version__number__gt=version.number)
    again = Q(article_version=version, pk__gt=annotation.pk)
    return others.filter(later | again).exists()


def _place(annotation: Annotation, world: World) -> tuple[set[int], set[int]]:
    """Put the article's reports, in place of those of older readings.

    Returns the placements to be put together anew (ids), and the proposals that older readings were in (ids).
    """
    reports = Placement.objects.of_article(annotation.article_version.article_id)
    loose = reports.filter(loose=True)
    # What was linked with a report that goes must be put anew without it.
    seeds = set(component(loose.values_list("pk", flat=True), world))
    left = set(loose.exclude(event=None).values_list("event_id", flat=True))
    if annotation.article_version.article.retracted_at is None:
        place_all(annotation, world)
    else:
        reports.delete()
    mine = Placement.objects.of(annotation).values("pk")
    older = reports.exclude(pk__in=mine)
    take_over(annotation.pk, older)
    older.delete()
    return seeds | set(loose.values_list("pk", flat=True)), left


def _annotations(first: Annotation, others: set[int]) -> list[Annotation]:
    """Return the annotations to be written, this one first, the others by their place in time."""
    rows = Annotation.objects.filter(pk__in=others - {first.pk}).select_related(
        "article_version__article__source"
    )
    return [first, *rows.order_by("article_version__article__canonical_url", "pk")]


def _record(annotation: Annotation, derived: Derived) -> None:
    Assembly.objects.filter(annotation=annotation).update(
        attached=derived.attached, proposed=derived.proposed, skipped=derived.skipped
    )


def _record_proposals(events: set[int], annotation: Annotation) -> None:
    """Write the first decision of each new proposal, once its evidence and claims are there."""
    fresh = Event.objects.filter(pk__in=events, status=Event.Status.PROPOSED, decisions=None)
    for event in fresh:
        curate.propose(
            event,
            by_label=f"{MACHINE} {annotation.pipeline_version}",
            reason=f"No known event fits what “{annotation.article_version.title}” reports."[:400],
        )
