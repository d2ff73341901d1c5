# What a newcomer types. Each target installs what it needs, once per change of the pinned lists.
SHELL := /bin/sh
.DEFAULT_GOAL := help
PY := .venv/bin/python
PIP := $(PY) -m pip --disable-pip-version-check install -qq --no-compile --require-hashes
export PYTHONUTF8 := 1

.PHONY: help run test check audit bench bench-start bench-events bench-pages bench-annotation bench-intake bench-scale bench-faults bench-limits fuzz lock messages clean

help:
	@echo "make run     start everything: the timeline at http://127.0.0.1:8000/ (Ctrl-C ends it)"
	@echo "make test    run every test           make check   lint, types, import order, migrations, settings"
	@echo "make bench   run the benchmarks       make lock    compile the pinned requirement lists again"
	@echo "make messages  collect the words to translate and compile what is translated (needs gettext)"
	@echo "make fuzz    break what comes from outside at random, ten minutes at each of six doors"
	@echo "make clean   remove .venv and caches (var/ with the data stays)"

run: .venv/product
	@exec $(PY) manage.py up

# The processes that tests start share what was compiled, whatever the user's shell says: each alone needs seconds.
test: export PYTHONDONTWRITEBYTECODE :=
# In the order of tests/conftest.py, which begins with the long files; many wait for processes, so one more than
# there are cores.
test: .venv/tests
	@exec $(PY) -m pytest -n $$(($$(getconf _NPROCESSORS_ONLN) + 1)) --dist loadfile --no-loadscope-reorder

# Checks need settings but no installation of their own: the key signs nothing.
check: export SECRET_KEY := only-for-checks
check: .venv/tests
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	.venv/bin/lint-imports
	$(PY) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	$(PY) manage.py check --fail-level WARNING
	HTTPS_ONLY=true DEBUG=false ALLOWED_HOSTS=timelines.example.org SECRET_KEY="$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(60))')" \
		$(PY) manage.py check --deploy --fail-level WARNING
	$(PY) -m tools.audit

# Known faults of the pinned packages; where nobody tells of them (offline), it says so and goes on.
audit: .venv/tests
	@exec $(PY) -m tools.audit

# The desk is measured in a real browser, as the tests are.
bench: .venv/tests
	@exec $(PY) -m benchmarks

bench-start: .venv/product
	@exec $(PY) -m benchmarks start

bench-events: .venv/tests
	@exec $(PY) -m benchmarks matching desk

# The public pages in a real browser, and peers with the same events (npm installs these for the run).
bench-pages: .venv/tests
	@exec $(PY) -m benchmarks pages

# How well the machine reads, on gold outside the project (CORPORA). ERRORS=KIND lists what it reads wrongly.
bench-annotation: .venv/tests
	@exec $(PY) -m benchmarks annotation $(if $(ERRORS),--errors $(ERRORS))

# What comes in: copies and stories, versions (CORPORA as above).
bench-intake: .venv/tests
	@exec $(PY) -m benchmarks intake

# Signals in millions beside DuckDB, pages under load, annotation by two workers. Half an hour, 8 GB of disk.
bench-scale: .venv/tests
	@exec $(PY) -m benchmarks scale

# kill -9, cut networks, full disks, wrong clocks (root; Debian's rabbitmq-server, iproute2, gcc). An hour and
# more; FAULT_TIMES=2 FAULT_CUT=10 make bench-faults is a short one.
bench-faults: .venv/tests
	@exec $(PY) -m benchmarks faults

# A thousand feeds due at once; pages while every processor is busy.
bench-limits: .venv/tests
	@exec $(PY) -m benchmarks limits

# What comes from outside, broken at random: ten minutes at each of six doors, or FUZZ_SECONDS.
FUZZ_SECONDS ?= 600
fuzz: export FUZZ_SECONDS := $(FUZZ_SECONDS)
fuzz: .venv/tests
	@exec $(PY) -m pytest tests/fuzz -n 0 -s --timeout 0

# The public pages' words, collected for the translators (gettext's tools: apt-get install gettext) and compiled.
# The API, the commands and the editors' side are English.
WORDS := locale/fa/LC_MESSAGES/django
messages: export SECRET_KEY := only-for-checks
messages: .venv/tests
	$(PY) manage.py makemessages --locale fa --add-location file --no-wrap --no-obsolete --ignore .venv --ignore var \
		--ignore tests --ignore tools --ignore benchmarks --ignore templates/admin --ignore 'apps/*/admin*' --ignore apps/timelines/api
	msgfmt --check-format --output-file $(WORDS).mo $(WORDS).po

lock: .venv/tests
	.venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--custom-compile-command "make lock" requirements.in -o requirements.txt
	.venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--custom-compile-command "make lock" requirements-dev.in -o requirements-dev.txt

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find apps config tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

# The first of these that starts and is new enough makes the environment; a broken one is made again.
.venv/made:
	@for candidate in python3 python3.13 python3.12 python3.11 python3.14 python; do \
		$$candidate -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 || continue; \
		$$candidate -m venv --clear .venv && touch $@ && exit 0; \
		echo "$$candidate cannot make a virtual environment: install its venv package (Debian: apt-get install python3-venv)." >&2; \
		exit 1; \
	done; \
	echo "Tensionline needs Python 3.11 or newer, and none was found: install it (Debian: apt-get install python3 python3-venv) and try again." >&2; \
	exit 1

.venv/product: .venv/made requirements.txt
	@echo "Installing the pinned packages into .venv (once; a minute or so) ..."
	@$(PIP) -r requirements.txt
	@touch $@

.venv/tests: .venv/product requirements-dev.txt
	@echo "Installing what tests and checks need into .venv (once) ..."
	@$(PIP) -r requirements.txt -r requirements-dev.txt
	@touch $@
