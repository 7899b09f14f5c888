# Gelar. `make` alone prints the targets. Everything is installed into .venv from uv.lock; the only
# things taken for granted are Python 3.11 or later (with venv and pip), git and make.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
UV_VERSION := 0.13.9
BIN := .venv/bin
export UV_PROJECT_ENVIRONMENT := .venv
export UV_LINK_MODE := copy
# Hundreds of short processes start in a run of the tests: none compiles its modules again.
export UV_COMPILE_BYTECODE := 1
unexport PYTHONDONTWRITEBYTECODE
SEED ?= 2018
QUICK ?=
ROUNDS ?= 1
SERVICE ?=
LAB ?=
CRDS ?= $(wildcard ../shared/crds/yaml)

.DEFAULT_GOAL := help
.PHONY: help demo up down test explore check lint format docs image k8s-programs k8s-dry k8s-test bench clean

help:  ## Print the targets
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

demo: .venv/ready  ## Play the 2018 programme on real servers and print its report (SEED=7 for another)
	@$(BIN)/python -m demo --seed $(SEED)

up: .venv/ready  ## Start Kafka, MongoDB and the four services; stays until Ctrl-C
	@$(BIN)/python -m deploy.local.up

down: .venv/ready  ## Stop what `make up` of this checkout has started
	@$(BIN)/python -m deploy.local.down

test: .venv/ready  ## Run the tests, on real servers that they start (KUKM_LONG_TESTS=1: the long ones too)
	@$(BIN)/pytest --numprocesses $(if $(KUKM_LONG_TESTS),4,6) --dist loadfile --no-loadscope-reorder --durations=15

explore: .venv/ready  ## Run the property tests with new random examples (ROUNDS=10 for more)
	@for round in $$(seq $(ROUNDS)); do \
		KUKM_EXPLORE=1 $(BIN)/pytest -m hypothesis --numprocesses 2 --dist loadfile -q || exit 1; \
	done

check: lint  ## Lint, types, import contracts and house tests
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/pytest tests/house -q

lint: .venv/ready  ## Lint and formatting only
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check

format: .venv/ready  ## Format the code and fix what can be fixed
	@$(BIN)/ruff check --fix --quiet || true
	@$(BIN)/ruff format

docs: .venv/ready  ## Renew the pages of events and refusals, the schemas and the resource of alerts
	@$(BIN)/gelar docs

image: .venv/ready  ## Build the images of the services (SERVICE=budget for one)
	@$(BIN)/python -m deploy.k8s.image.build $(SERVICE)

k8s-programs: .venv/ready  ## Build Kubernetes once, from its modules, into the cache (about 7 minutes)
	@$(BIN)/uv sync --frozen --quiet --inexact --group k8s --python $(BIN)/python
	@$(BIN)/python -m deploy.k8s.lab.programs

k8s-dry: .venv/ready  ## Check the manifests with a real API server (CRDS=FOLDER: and custom resources)
	@$(BIN)/uv sync --frozen --quiet --inexact --group k8s --python $(BIN)/python
	@$(BIN)/python -m deploy.k8s.lab.dry $(if $(CRDS),--crds $(CRDS))

k8s-test: .venv/ready  ## Test the system in a real cluster of two nodes (Debian, root; LAB=ha: three servers)
	@$(BIN)/uv sync --frozen --quiet --inexact --group k8s --python $(BIN)/python
	@$(BIN)/python -m deploy.k8s.lab.real $(if $(filter ha,$(LAB)),--ha)

bench: .venv/ready  ## Measure the loops beside the bare limit (QUICK=1 for a short run)
	@$(BIN)/uv sync --frozen --quiet --group bench --python $(BIN)/python
	@$(BIN)/python -m benchmarks $(if $(QUICK),--quick)

clean:  ## Remove the environment and all local data of this checkout
	@rm -rf .venv .local .mypy_cache .ruff_cache .hypothesis

.venv/ready: pyproject.toml uv.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed: set PYTHON=/path/to/python3.11"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@test -x $(BIN)/uv || $(BIN)/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@$(BIN)/uv sync --frozen --python $(BIN)/python
	@touch $@
