"""robots.txt: what a site lets programs read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.sources.fetchers import robots

RULES = """
User-agent: *
Disallow: /private/
Allow: /private/open
Crawl-delay: 4

User-agent: tensionline
Disallow: /search
Crawl-delay: 90000
"""


@pytest.mark.parametrize(
    ("path", "agent", "allowed"),
    [
        ("/news/1", "Other", True),
        ("/private/1", "Other", False),
        ("/private/open/1", "Other", True),
        ("/private/1", "Tensionline", True),
        ("/search?q=x", "Tensionline", False),
    ],
)
def test_the_rules_for_this_product_come_before_those_for_all(path, agent, allowed):
    assert robots.allows(RULES, f"https://a.example{path}", agent) is allowed


def test_pauses_are_kept_within_reason():
    assert robots.delay(RULES, "Other") == 4
    assert robots.delay(RULES, "Tensionline") == robots.LONGEST_DELAY
    assert robots.delay("", "Tensionline") == 0


def test_the_rules_lie_at_the_root_of_scheme_host_and_port():
    assert robots.address("https://a.example:8443/x/y?z#f") == "https://a.example:8443/robots.txt"


@given(st.text(max_size=300))
def test_no_text_breaks_the_reader(rules):
    assert robots.allows(rules, "https://a.example/x", "Tensionline") in (True, False)
    assert 0 <= robots.delay(rules, "Tensionline") <= robots.LONGEST_DELAY
