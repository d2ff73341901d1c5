"""`python -m apps.articles.extract BYTES`: the child process of `apps/articles/extraction.py`."""

import sys

from apps.articles.extract.child import serve
from apps.articles.extract.run import extract

serve(extract, int(sys.argv[1]))
