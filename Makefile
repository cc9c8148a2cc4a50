.PHONY: install demo test checks suites recorders-last pages-last tools chromium lint generated types unit guide browser pages recorders screens laws integration end-to-end on-the-stack on-servers alone faults fuzz soak acceptance accuracy throughput bench-warehouse scaling memory structure generate requirements up down doctor
PY := .venv/bin/python
AUDIO ?= tests/recordings/kopitiam_2spk.flac
SPEED ?= 8
CODE := adapters api consumers deploy producers schemas streams tests
# Bytecode is written wherever PYTHONDONTWRITEBYTECODE is set, too. Else each process of a test compiles what changed
# since the installation, and pytest rewrites the assertions of every file again.
export PYTHONDONTWRITEBYTECODE :=

.venv/.installed: deploy/requirements/all.txt pyproject.toml
	@# Before a byte is written: a disk that is full in the middle says neither how much is needed nor where.
	@python3.11 -m deploy.devstack.disk_space
	python3.11 -m venv .venv
	.venv/bin/pip install -q uv==0.13.9
	@# --python: uv would install into whatever environment is activated.
	.venv/bin/uv pip sync --python $(PY) --require-hashes deploy/requirements/all.txt
	@# chdb and chdb-core both ship chdb/__init__.py, and chdb's is to win: unpacked last.
	.venv/bin/uv pip install -q --python $(PY) --no-deps --require-hashes --reinstall-package chdb -r deploy/requirements/all.txt
	.venv/bin/uv pip install --python $(PY) --no-deps -e .
	@# Bytecode, once, on every core: each of the first processes would compile it for itself.
	@# Tests of libraries are a quarter of all, and nobody imports them.
	$(PY) -m compileall -q -j2 -x '/site-packages/.*/tests/' .venv/lib/python3.11/site-packages $(CODE) > .venv/compileall.log || true
	touch $@

install: .venv/.installed
	@$(PY) -m ensurepip > .venv/ensurepip.log
	$(PY) -m deploy.devstack.install.main

demo: install
	.venv/bin/lahstats demo $(AUDIO) --speed $(SPEED)

# Cheap checks first: what fails, fails early. Everything here needs no accelerator and nothing from outside.
test: install checks tools suites

# Types are checked on one core while the unit tests run.
checks: install
	+$(MAKE) --no-print-directory -j2 --output-sync=target unit lint guide

# One waits for messages while the other computes. Each has servers and ports of its own. Two lanes of the same length:
# tests that need a whole stack, end to end too, and then recorders; and those that start the servers that they need,
# then the pages. Laws wait for nobody: niced, they take what these leave. Pages and microphones are late beside two
# others, so they come when the laws are over.
# One thread a model, as in the stack: two models with two threads each would fight for two cores.
# Tests that measure how the stack keeps up with a phone (`@pytest.mark.alone`) have the machine for themselves.
suites: export OMP_NUM_THREADS = 1
suites:
	+$(MAKE) --no-print-directory -j3 --output-sync=target recorders-last pages-last
	+$(MAKE) --no-print-directory alone

recorders-last: on-the-stack
	+@$(MAKE) --no-print-directory recorders

pages-last: on-servers laws
	+@$(MAKE) --no-print-directory pages

lint:
	.venv/bin/ruff check .
	.venv/bin/ruff format --check -q .
	.venv/bin/mypy $(CODE)
	.venv/bin/lint-imports
	.venv/bin/deptry .
	@$(MAKE) --no-print-directory generated types

# The modules of the pages against types that are made from the OpenAPI documents. Nothing is built: they are served as they are.
# A service worker and an audio worklet run elsewhere, with other globals, and are left out.
types: .local/pages/node_modules
	.local/pages/node_modules/.bin/openapi-typescript deploy/openapi/api.json -o .local/pages/api.d.ts > .local/pages/types.log 2>&1
	.local/pages/node_modules/.bin/tsc -p deploy/pages

.local/pages/node_modules: deploy/pages/package-lock.json
	@mkdir -p .local/pages && cp deploy/pages/package.json deploy/pages/package-lock.json .local/pages/
	cd .local/pages && npm ci --loglevel=error --no-audit --no-fund
	@touch $@

# Whether every generated file is what its generator writes today.
generated:
	$(PY) -m deploy.clickhouse.erasure_check
	.venv/bin/lahstats generate --check

# Tools of the tests, beside those of `install`. One after the other: apt takes a lock.
tools: .local/prometheus .local/provider chromium

# Unpacked, not installed: nothing of it is started but by the tests.
.local/prometheus:
	@mkdir -p .local/part && cd .local/part && { apt-get download -qq prometheus 2> /dev/null || { apt-get update -qq && apt-get download -qq prometheus; }; } \
	&& dpkg -x prometheus_*.deb unpacked && mv unpacked ../prometheus && rm -r ../part

# The identity provider that a test signs in at.
.local/provider: tests/integration/provider/package-lock.json
	@mkdir -p $@ && cp tests/integration/provider/package*.json $@ && cd $@ && npm ci --loglevel=error --no-audit --no-fund && touch .

chromium:
	@mkdir -p .local
	@command -v chromium > /dev/null || { apt-get update -q && apt-get install -y -q --no-install-recommends chromium fonts-noto-color-emoji fonts-wqy-microhei; } > .local/browser.log 2>&1 \
	|| { tail -5 .local/browser.log; echo "the tests of the page drive a real browser: install Debian's package chromium (needs root)"; exit 1; }

# `make unit K=ranges` runs the files that have the word in their name, or else the tests that have it in theirs.
FOLDER = tests/$(subst -,_,$@)
CHOSEN = $(if $(K),$(or $(wildcard $(FOLDER)/test_*$(K)*.py),$(FOLDER) -k "$(K)"),$(FOLDER))

# The order is random; a failing run prints its seed, and SEED=… repeats the order. The slowest tests are named.
PYTEST = $(PY) -m pytest -q --durations=12 --durations-min=2 $(if $(SEED),--randomly-seed=$(SEED))

integration on-the-stack: .local/prometheus
integration on-the-stack on-servers alone end-to-end: .local/provider
browser pages recorders alone end-to-end: chromium

# A process of tests that is lost is an error, and no other one takes its place: it may wait for the lost one for ever.
BY_FILE = --dist loadfile --max-worker-restart 0

# All unit tests use every core, a file in one process: what the tests of a file share is made once. A chosen few are
# over before a second process has started.
unit: export OMP_NUM_THREADS = 1
unit: SIDE_BY_SIDE = $(if $(K),,-n $(shell nproc) $(BY_FILE))
laws: NICED = nice -n 19

# Files of tests are in memory, where there is room for them. The time until a disk has them is no matter here, but to
# tests that measure time, and to faults.
unit guide laws browser pages recorders integration on-the-stack on-servers: export PYTEST_DEBUG_TEMPROOT = $(shell .ci/temporary_root)

unit guide laws browser integration:
	@.ci/timed $@ $(NICED) $(PYTEST) $(SIDE_BY_SIDE) $(CHOSEN)

# Those of tests/browser in two parts: recorders need a whole stack, and wait more than they compute.
recorders:
	@.ci/timed $@ $(PYTEST) tests/browser -m on_the_stack

pages:
	@.ci/timed $@ $(PYTEST) tests/browser -m "not on_the_stack"

end-to-end:
	@.ci/timed $@ $(PYTEST) -rA $(CHOSEN)

# Integration and end to end in three parts, each test in one of them.
PARTED = $(PYTEST) tests/integration tests/end_to_end

on-the-stack:
	@.ci/timed $@ $(PARTED) -m "(on_the_stack or own_stack) and not alone"

# These wait more than they compute. A file stays with one process, for its servers are started once. Generated requests
# go to the stack: to collect them is half of all that a process collects here.
on-servers:
	@.ci/timed $@ $(PARTED) --ignore tests/integration/test_contract.py -n 2 $(BY_FILE) -m "not on_the_stack and not own_stack and not alone"

# Nothing runs beside these, so they collect no files but their own.
alone:
	@.ci/timed $@ $(PYTEST) -rA -m alone $(shell grep -rl mark.alone --include=*.py tests/integration tests/end_to_end)

# Pictures of every page and state, axe on each of them. Writes docs/screens.
screens: chromium
	@SCREENS=1 .ci/timed $@ $(PYTEST) --randomly-dont-reorganize tests/browser/test_every_state.py

# Every fault of tests/faults, under load; writes docs/faults.md. K= makes some of them.
faults:
	@.ci/timed $@ $(PYTEST) -s $(CHOSEN)

# Mutated audio and events, and generated requests. FUZZ_SEED= begins with other ones.
fuzz: export FUZZ_REQUESTS ?= 100
fuzz:
	@.ci/timed $@ $(PYTEST) -s --timeout=3600 tests/fuzz tests/integration/test_contract.py

# Random faults for MINUTES, at twice the load that this machine holds. SEED= repeats their order.
soak:
	@SOAK=1 MINUTES=$(MINUTES) SEED=$(SEED) .ci/timed $@ $(PY) -m pytest -q -s tests/faults

# Accuracy per recording and word at five offsets, about a quarter of an hour on two cores. Writes docs/accuracy.md.
accuracy: install
	.venv/bin/lahstats benchmark speech tests/recordings --offsets 5 --page docs/accuracy.md

# Longer than a test may take: every recording, kill -9 for every part. Writes a block of docs/performance.md.
acceptance: install
	.venv/bin/lahstats benchmark acceptance --page docs/performance.md

# A hundred million words of a made-up year; 3 GB of disk while it runs. Leaves nothing behind.
bench-warehouse: install
	.venv/bin/lahstats benchmark warehouse

throughput: install
	.venv/bin/lahstats benchmark throughput

# Windows of so many minutes through one and two workers of a stage; a session of four hours, and what each process holds of it.
MINUTES ?= 60
scaling: install
	.venv/bin/lahstats benchmark scaling --minutes $(MINUTES)

memory: install
	.venv/bin/lahstats benchmark memory

# The shape of the code before and after; seconds. Writes docs/structure.md.
structure: install
	.venv/bin/lahstats benchmark structure --page docs/structure.md

# Every file that is made from the code: event schemas, dashboards, OpenAPI, the diagram of the stages.
generate:
	.venv/bin/lahstats generate

requirements:
	.venv/bin/uv pip compile -q pyproject.toml --all-extras --generate-hashes --no-header --no-annotate -o deploy/requirements/all.txt

# Without `install`: it names what an installation lacks.
doctor: .venv/.installed
	.venv/bin/lahstats doctor

up down: install
	.venv/bin/lahstats $@
