.PHONY: install demo test up down doctor
PY := .venv/bin/python
AUDIO ?= tests/recordings/kopitiam_2spk.flac
SPEED ?= 8

.venv/.installed: deploy/requirements/all.txt pyproject.toml
	python3.11 -m venv .venv
	.venv/bin/pip install -q uv==0.13.9
	.venv/bin/uv pip sync --require-hashes deploy/requirements/all.txt
	.venv/bin/uv pip install --no-deps -e .
	touch $@

install: .venv/.installed
	@$(PY) -m ensurepip > .venv/ensurepip.log
	$(PY) -m deploy.install.main

demo: install
	.venv/bin/lahstats demo $(AUDIO) --speed $(SPEED)

test: install
	$(PY) -m pytest -q tests

up down doctor: install
	.venv/bin/lahstats $@
