"""Removing an article on legal request, in the admin: a look at what it would do, and a reason.

Events know what rests on articles, so that the articles' admin gets this page from here.
"""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from apps.articles.admin import ArticleAdmin
from apps.articles.models import Article
from apps.events import removing
from apps.events.removal_words import lines


class RemovalForm(forms.Form):
    """Why an article is removed."""

    reason = forms.CharField(
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        help_text="Who asked for it, and on what ground. It is kept: do not repeat the words here.",
    )


class RemovableArticleAdmin(ArticleAdmin):
    """Articles, which may be removed by who has the right."""

    actions = (*ArticleAdmin.actions, "remove")  # type: ignore[assignment]

    def has_remove_permission(self, request: HttpRequest) -> bool:
        """Tell whether the user may remove articles."""
        return request.user.has_perm(removing.RIGHT)

    @admin.action(description="Remove on legal request", permissions=["remove"])
    def remove(self, request: HttpRequest, queryset: QuerySet[Article]) -> HttpResponse | None:
        """Lead to the page of the one article that was chosen."""
        chosen = list(queryset.values_list("pk", flat=True)[:2])
        if len(chosen) != 1:
            told = "Choose one article: each removal has its own reason."
            self.message_user(request, told, messages.ERROR)
            return None
        return HttpResponseRedirect(reverse("admin:articles_article_remove", args=chosen))

    def get_urls(self) -> list[URLPattern]:
        """Removing beside the model's own pages."""
        view = self.admin_site.admin_view(self.remove_view)
        return [
            path("<int:pk>/remove/", view, name="articles_article_remove"),
            *super().get_urls(),
        ]

    def remove_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show what the removal would do, and do it once a reason is given."""
        if not self.has_remove_permission(request):
            raise PermissionDenied
        article = get_object_or_404(Article, pk=pk)
        form = RemovalForm(request.POST or None)
        if form.is_valid():
            try:
                reason = form.cleaned_data["reason"]
                removing.remove(article, by=request.user, reason=reason)  # type: ignore[arg-type]
            except removing.RemovalError as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, f"Article {pk} was removed.")
                return HttpResponseRedirect(reverse("admin:articles_article_change", args=[pk]))
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": f"Remove article {pk} on legal request",
            "article": article,
            "form": form,
            "lines": lines(removing.preview(article)),
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/articles/remove.html", context)


admin.site.unregister(Article)
admin.site.register(Article, RemovableArticleAdmin)
