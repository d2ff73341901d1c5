"""What flows through an installation while it is hurt, and the judge of what came of it."""

import time
from collections import Counter
from datetime import date, timedelta

_FIRST = date(2011, 1, 1)
_EDITOR = "bench editor"


def text(number: int) -> str:
    """An article that reports one event of a day of its own, in words of its own."""
    day = _FIRST + timedelta(days=3 * number)
    own = " ".join(f"remark{number}n{n}" for n in range(60))
    return (
        f"BAGHDAD (AP) - Iran fired ballistic missiles at American troops in Baghdad on "
        f"{day:%d %B %Y}, killing {number % 7 + 2} people. Officials said: {own}. "
        f"Nobody else was available for a comment on report {number}."
    )


class Flow:
    """Articles that are brought and decisions that are taken, remembered once the database confirmed them."""

    def __init__(self) -> None:
        self.number = 0
        self.brought: set[str] = set()
        self.decided: set[int] = set()

    def prepare(self) -> None:
        """The names that the articles use."""
        from tests.flow.test_feed_to_page import make_known_names

        make_known_names()

    def bring(self, count: int) -> None:
        """Write `count` more articles down; who cannot tries again, as a feed does."""
        from apps.articles.incoming import Incoming, enqueue
        from apps.articles.models import IntakeItem
        from apps.core import queues

        for _ in range(count):
            self.number += 1
            label = f"article {self.number}"
            incoming = Incoming(
                label, text(self.number).encode(), f"https://bench.example/{self.number}"
            )
            # Whether a broken connection brought it can be told only by looking.
            with queues.bulk():  # so that it is the worker at the cable that has it to do
                patiently(
                    lambda label=label, incoming=incoming: (
                        IntakeItem.objects.filter(label=label).exists()
                        or enqueue([incoming], label=label)
                    )
                )
            self.brought.add(label)

    def decide(self, most: int = 3) -> None:
        """Reject some proposals, each once."""
        patiently(lambda: self._decide(most))

    def _decide(self, most: int) -> None:
        from apps.events import curate
        from apps.events.models import Event

        waiting = Event.objects.filter(status=Event.Status.PROPOSED).order_by("pk")[:most]
        for event in waiting:
            curate.reject(event, by_label=_EDITOR, reason="not needed")
            self.decided.add(event.pk)

    def settled(self) -> bool:
        """Tell whether every article went through every stage."""
        from apps.articles.models import ArticleVersion, IntakeItem
        from apps.events.models import Assembly, Event

        def look() -> bool:
            done = IntakeItem.objects.filter(status="done").count()
            assembled = Assembly.objects.filter(status="done").count()
            stale = Event.objects.filter(stale=True).exists()
            versions = ArticleVersion.objects.count()
            return done >= self.number and assembled >= versions >= self.number and not stale

        return bool(patiently(look))


def patiently(work, seconds: float = 150):
    """Do `work` until the database lets it; return what it returned."""
    from django.db import DatabaseError, InterfaceError, connection

    until = time.monotonic() + seconds
    while True:
        try:
            return work()
        except (DatabaseError, InterfaceError):
            connection.close()
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def judged(flow: Flow) -> Counter[str]:
    """Count what is lost and doubled: articles, readings, proposals, decisions, history."""
    from apps.articles.models import ArticleVersion, IntakeItem
    from apps.core.models import Change
    from apps.events.models import Assembly, Decision, Event

    found: Counter[str] = Counter()
    labels = Counter(IntakeItem.objects.values_list("label", flat=True))
    texts = Counter(ArticleVersion.objects.values_list("sha256", flat=True))
    found["articles lost"] = len(flow.brought - labels.keys()) + max(flow.number - len(texts), 0)
    found["articles doubled"] = (
        sum(texts.values()) - len(texts) + sum(labels.values()) - len(labels)
    )
    assembled = Assembly.objects.filter(status="done").values("annotation__article_version")
    found["articles not read to the end"] = ArticleVersion.objects.exclude(pk__in=assembled).count()
    days = Counter(Event.objects.values_list("start", flat=True))
    wanted = {_FIRST + timedelta(days=3 * n) for n in range(1, flow.number + 1)}
    found["proposals lost"] = len(wanted - days.keys())
    found["proposals doubled"] = sum(days.values()) - len(days)
    decisions = Counter(
        Decision.objects.filter(by_label=_EDITOR).values_list("event_id", flat=True)
    )
    rejected = set(Event.objects.filter(status="rejected").values_list("pk", flat=True))
    found["decisions lost"] = len(flow.decided - decisions.keys()) + len(
        decisions.keys() - rejected
    )
    found["decisions doubled"] = sum(decisions.values()) - len(decisions)
    added = Counter(
        Change.objects.filter(table="events_event", op="I").values_list("row_id", flat=True)
    )
    events = set(Event.objects.values_list("pk", flat=True))
    found["history rows lost"] = len(events - added.keys())
    found["history rows doubled"] = sum(added.values()) - len(added)
    return found


def lies() -> int:
    """How many figures of the operators' page differ from what is in the tables at the same moment."""
    from django.db import connection, transaction
    from django.utils import timezone

    from apps.core import pipeline

    def look() -> int:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            told = {stage.key: stage for stage in pipeline.stages(timezone.now())}
            wrong = 0
            for model in pipeline.models():
                rows = Counter(model._default_manager.values_list("status", flat=True))
                stage = told[model._meta.label_lower]
                wrong += stage.running.number != rows["running"]
                wrong += stage.failed.number != rows["failed"]
                wrong += stage.quarantined.number != rows["quarantined"]
                wrong += stage.done.number != rows["done"]
            return wrong

    return patiently(look)
