"""Precision, recall, doubles and order of arrival of matching, with a third of the dossier's events hidden.

The events are dealt into three hands, by each of the fixed seeds; each hand is hidden once (six folds). For
each fold the dossier's other events are loaded, and the dispatches and gold articles go through ingest,
annotate and assemble. The figures are taken over all folds together. An *attachment* is a row of evidence
that the machine proposes on an event of the dossier; it is right where the truth (events_truth.py) says that
its words tell that event, and wrong wherever the truth does not say so.

- Precision, all evidence: the share of right attachments, also of sentences attached only because a claim in
  them was held to be about the event. This row is held against the issue's target: it is the stricter one.
- Precision, matched sentences: the same of the sentences that matching itself put there.
- Recall, whole chain: of the pairs (article, known event) that the truth has for sure, the share for which a
  right attachment stands. What was never read counts as missed. Held against the target, as the stricter one.
- Recall, of what was read: the same, of the pairs where the reading made a coded mention of the words.
- Doubles: the share of proposed events made from words that tell a known event. The words at the trigger of a
  sentence that the proposal is made from decide, where the truth says which event they tell (it may be a
  hidden one); else the sentence does, by a known event of the same quad class.
- Orders: twenty random orders of arrival of all articles, in one fold; how many give other events. Same events:
  the same proposals (type, mode, days, precision, place, parties, known time) with the same evidence and
  claims, and the same evidence and claims on the same known events; numbers of events may differ.
"""

from collections import Counter
from collections.abc import Iterable

from apps.annotations.models import Candidate
from apps.articles.models import ArticleVersion
from apps.core.dossier import Dossier
from apps.core.plover import QUAD
from apps.events.models import Claim, Event, Evidence, Placement
from benchmarks.events_truth import Truth, truth
from benchmarks.matching_chain import (
    assemble_all,
    dossier,
    folds,
    forgotten,
    names,
    swept,
    take_in,
    without,
)
from benchmarks.measure import Measure

SEEDS = (1, 2)
ORDERS = 20
PRECISION, RECALL, DOUBLES = 0.90, 0.80, 0.05


def hands() -> list[frozenset[str]]:
    """Return the events that each fold hides."""
    keys = [event["id"] for event in dossier().events]
    return [hand for seed in SEEDS for hand in folds(keys, seed)]


def first_fold(hidden: frozenset[str]) -> Counter[str]:
    """Take one fold through the chain, in twenty other orders too: its counts, and how many gave `others`."""
    take_in(without(dossier(), hidden))
    others = _other_orders()
    return _assembled(1) + Counter(others=others)


def fold(number: int, hidden: frozenset[str]) -> Counter[str]:
    """Take a fold through the chain on an empty database, and give its counts."""
    take_in(without(dossier(), hidden))
    return _assembled(number)


def measures(counts: Iterable[Counter[str]]) -> list[Measure]:
    """Return the rows of all folds together."""
    total: Counter[str] = Counter()
    for found in counts:
        total.update(found)
    shares = _shares(total)
    targets = {
        "precision, all evidence": PRECISION,
        "precision, matched sentences": PRECISION,
        "recall, whole chain": RECALL,
        "recall, of what was read": RECALL,
    }
    return [
        *(
            Measure(f"matching: {name}", "", target, shares[name], "higher")
            for name, target in targets.items()
        ),
        Measure(
            "matching: proposals that double a known event", "", DOUBLES, shares["doubles"], "lower"
        ),
        Measure(
            f"matching: of {ORDERS} orders, that give other events", "", 0, total["others"], "lower"
        ),
    ]


def _assembled(number: int) -> Counter[str]:
    assemble_all()
    found = _counts(dossier())
    print(f"fold {number}: {_told(found)}", flush=True)
    return found


def _told(found: Counter[str]) -> str:
    shares = _shares(found)
    return ", ".join(f"{name} {value:.3f}" for name, value in shares.items())


def _shares(found: Counter[str]) -> dict[str, float]:
    def share(part: str, whole: str) -> float:
        return round(found[part] / found[whole], 3) if found[whole] else 0.0

    return {
        "precision, all evidence": share("right", "attached"),
        "precision, matched sentences": share("matched right", "matched"),
        "recall, whole chain": share("found", "wanted"),
        "recall, of what was read": share("found", "read"),
        "doubles": share("doubles", "proposals"),
    }


def _counts(whole: Dossier) -> Counter[str]:
    """Count what the fold in the database gave."""
    called = names(whole)
    versions = ArticleVersion.objects.all()
    of = truth(whole.reviewed, {called[v.article_id]: v.text for v in versions})
    known = set(Event.objects.exclude(key=None).values_list("key", flat=True))
    counts: Counter[str] = Counter()
    found = set()
    rows = Evidence.objects.filter(origin="machine", event__key__in=known)
    for row in rows.select_related("event", "article_version").defer("article_version__text"):
        article = called[row.article_version.article_id]
        is_right = row.event.key in of.of(article, row.start, row.end)
        found |= {(article, row.event.key)} if is_right else set()
        counts["attached"] += 1
        counts["right"] += is_right
        counts["matched"] += row.match_score is not None
        counts["matched right"] += is_right and row.match_score is not None
    wanted = of.wanted(known)
    read = {pair for pair in wanted if pair in found or _was_read(pair, of, called)}
    counts.update(found=len(found & wanted), wanted=len(wanted), read=len(read))
    counts.update(_doubles(of, called, known))
    return counts


def _was_read(pair: tuple[str, str], of: Truth, called: dict[int, str]) -> bool:
    """Tell whether the reading made a coded mention of any of the words that tell the event."""
    article, event = pair
    (pk,) = [pk for pk, name in called.items() if name == article]
    mentions = Candidate.objects.filter(annotation__article_version__article=pk)
    return any(
        mentions.filter(start__lt=end, end__gt=start).exists()
        for start, end in of.spans(article, event)
    )


def _doubles(of: Truth, called: dict[int, str], known: set[str]) -> Counter[str]:
    """Count the proposals, and those that are made from words about a known event."""
    quads = dict(Event.objects.filter(key__in=known).values_list("key", "type"))
    counts: Counter[str] = Counter()
    for event in Event.objects.filter(status=Event.Status.PROPOSED):
        leader = Placement.objects.get(event=event, leads=True).story_event
        article = called[leader.annotation.article_version.article_id]
        counts["proposals"] += 1
        counts["doubles"] += any(
            _tells_known(mention, article, of, quads) for mention in leader.mentions.all()
        )
    return counts


def _tells_known(mention: Candidate, article: str, of: Truth, types: dict[str, str]) -> bool:
    at_trigger = of.of(article, mention.trigger_start, mention.trigger_end)
    if at_trigger:
        return bool(at_trigger & types.keys())
    in_sentence = of.of(article, mention.start, mention.end)
    return any(QUAD[types[key]] == QUAD[mention.type] for key in in_sentence & types.keys())


def _other_orders() -> int:
    """Return how many of the shuffled orders give other events than the order of publication."""
    with forgotten():
        assemble_all()
        expected = signature()
    others = 0
    for order in range(ORDERS):
        with forgotten():
            assemble_all(order)
            others += signature() != expected
        swept()
    return others


def signature() -> set[tuple[object, ...]]:
    """Return what the machine made of the articles, without the numbers of rows."""
    events = Event.objects.filter(status__in=[Event.Status.PROPOSED, Event.Status.PUBLISHED])
    return {
        (_identity(event), frozenset(_evidence(event)), frozenset(_claims(event)))
        for event in events.prefetch_related("participations__actor").select_related("place")
    }


def _identity(event: Event) -> tuple[object, ...]:
    if event.key:
        return (event.key,)
    parties = sorted((part.role, part.actor.slug) for part in event.participations.all())
    place = event.place.slug if event.place else ""
    days = (event.start, event.end, event.precision, event.first_public_at)
    return (event.type, event.mode, *days, place, *parties)


def _evidence(event: Event) -> Iterable[tuple[object, ...]]:
    rows = event.evidence.filter(origin="machine").select_related("article_version__article")
    for row in rows:
        yield (row.article_version.article.canonical_url, row.start, row.end, row.stance)


def _claims(event: Event) -> Iterable[tuple[object, ...]]:
    for row in Claim.objects.filter(event=event, origin="machine").select_related("evidence"):
        start = row.evidence.start if row.evidence else None
        who = (row.speaker_id, row.source_id, row.speaker_text)
        yield (*who, row.act, row.field, row.number, row.value, row.known_at, start)
