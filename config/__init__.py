"""Project configuration; loads the Celery application with Django."""

import os

# Numbers are crunched in worker processes, one article at a time: threads below them only wait for each other.
# Read when numpy is first imported, so it stands before everything else.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from config.celery import app as celery_app

__all__ = ["celery_app"]
