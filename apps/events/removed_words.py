"""Which words are an article's own, so that they can be blacked out wherever they are repeated."""

from collections.abc import Iterable

from django.db.models import Q

from apps.actors.models import Actor, Alias
from apps.annotations.models import Candidate, ClaimCandidate, Mention, StoryEvent
from apps.articles.blacking import Words
from apps.articles.models import Article, IntakeItem
from apps.events.models import Event, Evidence
from apps.places.models import Place
from apps.sources.models import ListedEntry

# A name shorter than this, or one without a capital, is a word of anybody's; so is a headline of one word.
_SHORTEST = 4
# As decisions keep quotations (see snapshot.py).
_CUT = 120


def of(article: Article) -> Words:
    """Return the words of an article: of its texts, and what was made of them in the words they use."""
    texts: list[str] = []
    phrases = [article.title, article.byline, article.dateline]
    for version in article.versions.defer("raw"):
        texts += [version.text, version.title]
        phrases += [version.title, version.edit_note]
    items = IntakeItem.objects.filter(Q(article=article) | Q(version__article=article))
    phrases += items.values_list("title", flat=True)
    listed = ListedEntry.objects.filter(url__in={article.url, article.canonical_url})
    for title, summary in listed.values_list("title", "summary"):
        phrases.append(title)
        texts.append(summary)
    quotes = Evidence.objects.filter(article_version__article=article)
    for quote in quotes.values_list("quote", flat=True):
        phrases += [quote, quote[:_CUT]]
    telling = [phrase for phrase in phrases if len(phrase.split()) > 1]
    return Words(texts, [*telling, *_names(article)])


def _names(article: Article) -> Iterable[str]:
    """Names and values that the machine read in it, and that nobody else is known to use."""
    of_it = {"annotation__article_version__article": article}
    found: set[str] = set()
    for model in (StoryEvent, Candidate):
        rows = model._default_manager.filter(**of_it)
        columns = ("initiators", "targets", "place", "attribution_speaker")
        for initiators, targets, *others in rows.values_list(*columns):
            found |= {*initiators, *targets, *others}
    for pair in ClaimCandidate.objects.filter(**of_it).values_list("speaker", "value"):
        found |= set(pair)
    found |= set(
        Mention.objects.filter(**of_it, actor=None, place=None)
        .exclude(kind="date")
        .values_list("surface", flat=True)
    )
    wanted = {name for name in found if len(name) >= _SHORTEST and name != name.lower()}
    return wanted - _known(wanted) - _used_elsewhere(article, wanted)


def _known(names: set[str]) -> set[str]:
    """Those that actors and places bear."""
    known: set[str] = set()
    for model in (Actor, Alias, Place):
        rows = model._default_manager.filter(name__in=names)
        known |= set(rows.values_list("name", flat=True))
    return known


def _used_elsewhere(article: Article, names: set[str]) -> set[str]:
    """Those that another article says about the same events, or that their public words use."""
    events = Event.objects.filter(evidence__article_version__article=article)
    others = Evidence.objects.filter(event__in=events).exclude(article_version__article=article)
    texts = list(others.values_list("quote", flat=True))
    for told in events.filter(status=Event.Status.PUBLISHED).values_list("title", "summary"):
        texts += told
    said = "\n".join(texts).casefold()
    return {name for name in names if name.casefold() in said}
