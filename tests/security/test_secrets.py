"""No secret is in the tracked files: they come from the environment alone."""

import re
import subprocess

from django.conf import settings

# What keys and passwords look like.
SECRET = re.compile(
    rb"-----BEGIN (?:RSA |EC |OPENSSH |DSA |PGP )?PRIVATE KEY|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}"
    rb"|\bgithub_pat_\w{60,}|\bxox[abprs]-[\w-]{20,}|\bsk-[A-Za-z0-9]{32,}|\bAIza[\w-]{35}\b|\bglpat-[\w-]{20}"
    rb"|eyJhbGciOi[\w-]+\.[\w-]+\.[\w-]+"
    rb"|(?i:secret_key|api_key|password|passwd|token)\s*=\s*[\"'][A-Za-z0-9+/_!@#$%^&*-]{24,}[\"']"
    rb"|\w+://[^\s/:@\"'{}$<>]+:(?!password|pass|secret|user|x@|y@)[^\s/:@\"'{}$<>]{8,}@"
)
# Made up, in tests that show how such things are treated.
MADE_UP = {"tests/security/test_secrets.py"}


def tracked():
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=settings.BASE_DIR, capture_output=True, check=True
    )
    return [name for name in listed.stdout.decode().split("\0") if name]


def test_no_tracked_file_holds_what_looks_like_a_secret():
    found = {}
    for name in tracked():
        file = settings.BASE_DIR / name
        if name in MADE_UP or not file.is_file():
            continue
        hit = SECRET.search(file.read_bytes())
        if hit:
            found[name] = hit[0][:80]
    assert found == {}


def test_no_file_of_the_environment_is_tracked():
    names = {name.rsplit("/", 1)[-1] for name in tracked()}
    assert not names & {".env", "secret-key", "id_rsa", ".pgpass", ".netrc"}


def test_the_search_sees_what_it_is_to_see():
    samples = (
        b"-----BEGIN PRIVATE KEY-----",
        b"SECRET_KEY = 'abcdefghijklmnopqrstuvwxyz0123'",
        b"postgres://us:Tr0ub4dor3x@db/x",
        b"AKIA" + b"ABCDEFGHIJKLMNOP",
    )
    assert [bool(SECRET.search(sample)) for sample in samples] == [True] * 4
