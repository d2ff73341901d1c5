"""What timelines keep of words that were removed on legal request: snapshots and messages."""

from typing import Any

from apps.articles.blacking import Words
from apps.timelines.models import Notice, Snapshot

WITHDRAWN = "withdrawn"


def withdraw(words: Words) -> None:
    """Withdraw every kept snapshot that repeats the words, and black them out of messages to readers.

    A sealed file cannot be changed without breaking its seal: the row stays with the seal, without the file.
    """
    for row in Snapshot.objects.order_by("pk").iterator(chunk_size=1):
        if words.out_of(row.payload) != row.payload:
            Snapshot.objects.filter(pk=row.pk).update(payload={WITHDRAWN: True})
    for pk, subject, body in Notice.objects.values_list("pk", "subject", "body").iterator():
        told = {"subject": words.out(subject), "body": words.out(body)}
        if told != {"subject": subject, "body": body}:
            Notice.objects.filter(pk=pk).update(**told)


def is_withdrawn(payload: dict[str, Any]) -> bool:
    """Tell whether a kept snapshot was withdrawn."""
    return WITHDRAWN in payload
