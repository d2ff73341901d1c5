"""Lists of feeds in and out (OPML), and feeds added one by one; what is added is off until it is turned on."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils.text import slugify

from apps.core import history
from apps.sources.fetchers.opml import Outline, write
from apps.sources.models import Feed, Source

_ADDRESS = URLValidator(schemes=["http", "https"])
_SUBDOMAINS = ("www.", "rss.", "feeds.", "feed.", "m.")


@dataclass(slots=True)
class Report:
    """What a list brings: addresses of new feeds, names of new sources, those known, those refused and why."""

    feeds: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)

    @property
    def sentence(self) -> str:
        """The counts in words."""
        return (
            f"New feeds: {len(self.feeds):,}, all off; new sources: {len(self.sources):,}; "
            f"known already: {len(self.known):,}; refused: {len(self.refused):,}."
        )


@transaction.atomic
def bring(outlines: Iterable[Outline], *, by: str = "", only_look: bool = False) -> Report:
    """Add the feeds of a list, inactive, with sources where they have none yet; `only_look` adds nothing.

    A feed belongs to the source that its attributes name, else to that of its site's domain.
    """
    report = Report()
    known = set(Feed.objects.values_list("url", flat=True))
    with history.noted(who=by, why="From a list of feeds (OPML)."):
        for outline in outlines:
            problem = refusal(outline.url)
            if problem:
                report.refused.append((outline.url, problem))
            elif outline.url in known:
                report.known.append(outline.url)
            else:
                known.add(outline.url)
                source = source_of(outline, report)
                report.feeds.append(outline.url)
                Feed.objects.create(source=source, **columns(outline))
    if only_look:
        transaction.set_rollback(True)
    return report


def refusal(url: str) -> str:
    """Return why an address cannot be a feed's, "" where it can."""
    if len(url) > 1000:
        return "The address is longer than 1,000 characters."
    try:
        _ADDRESS(url)
    except ValidationError:
        return "It is not an http or https address."
    return ""


def columns(outline: Outline) -> dict[str, str]:
    """Return the columns of a new feed."""
    kind = outline.told.get("kind", "")
    return {
        "url": outline.url,
        "kind": kind if kind in Feed.Kind.values else Feed.Kind.RSS,
        "title": outline.title[:300],
        "language": outline.language[:35],
        "site": outline.site if len(outline.site) <= 1000 else "",
    }


def domain_of(*addresses: str) -> str:
    """Return the domain of the first address that has one, without www and the like."""
    for address in addresses:
        try:
            host = (urlsplit(address).hostname or "").lower()
        except ValueError:
            continue
        if host:
            before = next((p for p in _SUBDOMAINS if host.startswith(p)), "")
            return host.removeprefix(before)[:200]
    return ""


def source_of(outline: Outline, report: Report) -> Source:
    """Return the source of a feed, made where there is none."""
    told = outline.told
    domain = told.get("domain") or domain_of(outline.site, outline.url)
    slug = slugify(told.get("source") or domain.replace(".", "-"))[:100]
    found = Source.objects.filter(slug=slug).first()
    if found is None and domain:
        found = Source.objects.filter(domain=domain).first()
    if found is not None:
        return found
    report.sources.append(told.get("sourceName") or domain)
    return Source.objects.create(slug=slug or "feed", domain=domain, **judged(outline, domain))


def judged(outline: Outline, domain: str) -> dict[str, str]:
    """Return what a list says of a feed's source, as far as it can be believed; the rest is unknown."""
    told = outline.told
    kind, rating = told.get("sourceKind", ""), told.get("reliability", "")
    country = told.get("country", "")
    return {
        "name": (told.get("sourceName") or outline.title or domain)[:200],
        "kind": kind if kind in Source.Kind.values else Source.Kind.OTHER,
        "reliability": rating if rating in Source.Reliability.values else Source.Reliability.F,
        "country": country
        if country.isascii() and country.isupper() and len(country) == 3
        else "XXX",
    }


def export(feeds: Iterable[Feed]) -> bytes:
    """Return feeds, with their sources, as OPML."""
    return write("Feeds", (_outline(feed) for feed in feeds))


def _outline(feed: Feed) -> Outline:
    source = feed.source
    return Outline(
        url=feed.url,
        title=feed.title or source.name,
        site=feed.site,
        language=feed.language,
        folders=(str(source.get_kind_display()),),
        told={
            "source": source.slug,
            "sourceName": source.name,
            "sourceKind": source.kind,
            "country": source.country,
            "reliability": source.reliability,
            "domain": source.domain,
            "kind": feed.kind,
        },
    )
