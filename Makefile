# The commands of this repository; `make` alone lists them.
#   PORT=8501         port of the app
#   WHEELS=DIR        install from a folder that `make wheels` filled, without a network
#   TORCH_INDEX=URL   package index that serves torch's CPU build
#   PYTHON=python3.11 interpreter of the virtual environment (3.11 or newer)

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PORT ?= 8501
WHEELS ?=
TORCH_INDEX ?=
PYTEST_ARGS ?=
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $$p && break; done)

BIN := .venv/bin
STAMP := .venv/.installed
TORCH := $(shell grep -m1 '^torch==' requirements.lock)
OFFLINE := $(if $(WHEELS),--no-index --find-links "$(abspath $(WHEELS))")
SYSTEM_PACKAGES := $(addprefix tesseract-ocr-,eng deu fra ita spa por pol chi-sim osd) \
	chromium chromium-driver fonts-noto-cjk fonts-dejavu libmagic1

# Threads that wait must sleep: torch's spin otherwise and slow each other down on small machines.
export OMP_WAIT_POLICY ?= passive

.PHONY: help demo test test-all test-fast eval lint docs bench wheels system venv clean

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' Makefile
	@sed -n 's/^#   /  /p' Makefile

demo: system venv ## install, ingest the sample documents, open the app on 127.0.0.1
	@$(BIN)/copilot ingest corpus_samples || \
		{ code=$$?; [ $$code -eq 1 ] && echo "Some samples were not ingested: $(BIN)/copilot status lists them." || exit $$code; }
	@$(BIN)/copilot glossary import corpus_samples/glossary.csv --kb service
	@exec $(BIN)/streamlit run app.py --server.port $(PORT) --server.address 127.0.0.1 \
		--server.showEmailPrompt false --browser.gatherUsageStats false

test: system venv ## run the tests, but for those that take minutes
	@$(BIN)/python -m pytest -m "not long" $(PYTEST_ARGS)

test-all: system venv ## run every test
	@$(BIN)/python -m pytest $(PYTEST_ARGS)

test-fast: venv ## run the tests that take seconds
	@$(BIN)/python -m pytest -m "not slow and not browser" $(PYTEST_ARGS)

eval: venv ## ask the golden cases and hold the answers against evals/baseline.json
	@$(BIN)/copilot eval gate

lint: venv ## ruff, import directions, types, documentation in step with the code
	@$(BIN)/ruff check .
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/mypy
	@$(BIN)/python docs/generate.py --check

docs: venv ## write docs/cli.md, docs/settings.md and the README's output again
	@$(BIN)/python docs/generate.py --answer

bench: venv ## run the benchmarks and write docs/benchmarks.md
	@for name in ingestion query answering embedding quality abstention memory; do echo "== $$name"; $(BIN)/python benchmarks/$$name.py; done

venv: $(STAMP) ## build the virtual environment in .venv

clean: ## remove caches and build output; .venv and .copilot stay
	@rm -rf build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +

$(BIN)/python:
	@[ -n "$(PYTHON)" ] || { echo "No Python 3.11 or newer was found: install one, or name it with PYTHON=."; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; \
		echo "$(PYTHON) cannot make a virtual environment: install its venv module (Debian: python3-venv)."; exit 1; }

$(STAMP): requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing into .venv; the first time takes some minutes."
	@$(if $(and $(TORCH_INDEX),$(if $(WHEELS),,yes)),$(BIN)/python -m pip install --no-deps --index-url "$(TORCH_INDEX)" "$(TORCH)",:)
	@$(BIN)/python -m pip install $(OFFLINE) -r requirements.lock
	@$(BIN)/python -m pip install $(OFFLINE) --no-deps --no-build-isolation -e .
	@$(BIN)/python -m pip check
	@! grep -qs '^cuda.*=.*[0-9]' .venv/lib/python*/site-packages/torch/version.py || \
		echo "Note: this torch is a CUDA build. It works, but is large: README.md tells how to take the CPU build."
	@touch $@

wheels: | $(BIN)/python ## fill wheels/ (or WHEELS=DIR) for machines of this kind without a network
	@dir="$(or $(WHEELS),wheels)"; mkdir -p "$$dir"; \
	$(if $(TORCH_INDEX),$(BIN)/python -m pip wheel --no-deps --index-url "$(TORCH_INDEX)" -w "$$dir" "$(TORCH)";) \
	$(BIN)/python -m pip wheel --find-links "$$dir" -w "$$dir" -r requirements.lock; \
	echo "Filled $$dir. There: make demo WHEELS=$$dir (same Python version, same kind of machine)."

system: ## install tesseract's languages, chromium and fonts, where apt and the rights are at hand
	@OFFLINE="$(WHEELS)" .ci/system $(SYSTEM_PACKAGES)
