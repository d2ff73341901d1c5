"""manage.py remove_article: remove an article's words on legal request."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.articles.models import Article
from apps.articles.standing import article_at
from apps.events import removing
from apps.events.removal_words import lines


class Command(BaseCommand):
    """Show what a removal would do; do it once it is confirmed."""

    help = (
        "Black out an article's words wherever they are kept, on legal request; see docs/removal.md. "
        "Without --confirm it only tells what it would do."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("article", help="its number, or its address")
        parser.add_argument("--reason", default="", help="who asked for it, and on what ground")
        parser.add_argument("--confirm", action="store_true", help="do it; nothing brings it back")

    def handle(self, *args: Any, **options: Any) -> None:
        """Tell, or remove."""
        article = self.find(options["article"])
        for line in lines(removing.preview(article)):
            self.stdout.write(line)
        if not options["confirm"]:
            self.stdout.write("Nothing was changed. To remove it, add --confirm and --reason.")
            return
        try:
            removing.remove(article, by_label="manage.py remove_article", reason=options["reason"])
        except removing.RemovalError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(self.style.SUCCESS(f"Article {article.pk} was removed."))

    def find(self, named: str) -> Article:
        """Return the article of a number or an address; CommandError where there is none."""
        number = int(named) if named.isascii() and named.isdigit() else None
        found = Article.objects.filter(pk=number).first() if number else article_at(named)
        if found is None:
            raise CommandError(f"There is no article {named}.")
        return found
