"""Which source an article is from: found by name or domain, made where nobody knows it yet."""

from django.utils.text import slugify

from apps.articles.extract import addresses
from apps.articles.models import IntakeItem
from apps.sources.models import Source


def source_of(item: IntakeItem, *, name: str, address: str) -> Source | None:
    """Return the source of an item, None where nothing tells.

    `name` is what the item or its page calls it, `address` its canonical address. A new source gets
    reliability F, "cannot be judged", until an editor says better.
    """
    domain = addresses.site(address)
    feed_source = item.feed.source if item.feed else None
    if item.source_name:
        return _named(item.source_name, domain) or _made(item.source_name, domain)
    if feed_source and feed_source.domain in ("", domain):
        return feed_source
    if domain:
        return _of_domain(domain) or _made(name or domain, domain)
    if name:
        return _named(name, "") or _made(name, "")
    return feed_source


def _named(name: str, domain: str) -> Source | None:
    """The source of that name; the domain decides between namesakes."""
    found = list(Source.objects.filter(name__iexact=name).order_by("id"))
    return next((s for s in found if s.domain == domain), found[0] if found else None)


def _of_domain(domain: str) -> Source | None:
    return Source.objects.filter(domain__in=[domain, f"www.{domain}"]).order_by("id").first()


def _made(name: str, domain: str) -> Source:
    """Make a source; a domain that another one has is not taken from it."""
    slug = slugify(name)[:90] or slugify(domain)[:90] or "source"
    taken = set(Source.objects.filter(slug__startswith=slug).values_list("slug", flat=True))
    number = next(n for n in range(1, len(taken) + 2) if _numbered(slug, n) not in taken)
    free = domain if domain and _of_domain(domain) is None else ""
    return Source.objects.create(slug=_numbered(slug, number), name=name[:200], domain=free)


def _numbered(slug: str, number: int) -> str:
    return slug if number == 1 else f"{slug}-{number}"
