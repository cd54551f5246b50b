.DEFAULT_GOAL := help

SITE ?= lab
WHAT ?= all
PYTHON ?= python3
FAST := tests/unit tests/golden tests/errors
CLUSTERWRIGHT := .venv/bin/clusterwright
export PATH := $(CURDIR)/.venv/bin:$(PATH)
# Our own modules are compiled once, not by every process, whatever the machine's environment says.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help
help: ## Show this help
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: lab
lab: ## From nothing to a verified emulated site; leaves it up
	@$(PYTHON) -m tools.lab_run $(SITE)

.PHONY: test
test: ready ## Everything, the lab end to end included
	@pytest --quiet --numprocesses 3 --dist loadgroup --no-loadscope-reorder

.PHONY: check
check: environment ## Everything that needs no site, side by side; about a minute
	@$(MAKE) --no-print-directory --jobs --output-sync=target --keep-going lint types layers unit

.PHONY: ready
ready: ## Install what is missing: Debian packages, .venv, tools
	@$(PYTHON) tools/bootstrap.py

.PHONY: environment
environment:
	@$(PYTHON) tools/bootstrap.py --python-only

.PHONY: tools
tools: environment ## Command-line tools that registries carry only as source
	@$(PYTHON) tools/build_pulumi.py

.PHONY: lint
lint: environment ## Style of Python, YAML and roles
	@ruff check --quiet
	@ruff format --check --quiet
	@yamllint --strict .
	@ansible-lint --offline -q --profile production

.PHONY: types
types: environment ## mypy --strict
	@mypy

.PHONY: layers
layers: environment ## Who may import whom
	@lint-imports

.PHONY: unit
unit: environment ## Tests that need no site
	@pytest --quiet --numprocesses auto --maxprocesses 4 --dist loadscope $(FAST)

.PHONY: golden
golden: environment ## Render the sites' files and the schemas anew; review the diff before committing
	@$(CLUSTERWRIGHT) schema
	@for site in lab h100-su; do $(CLUSTERWRIGHT) plan $$site; done

.PHONY: plan
plan: environment ## Render everything; SITE=
	@$(CLUSTERWRIGHT) plan $(SITE)

.PHONY: up
up: environment ## Deploy; SITE=
	@$(CLUSTERWRIGHT) up $(SITE)

.PHONY: verify
verify: environment ## Test the live site against its plan; SITE=
	@$(CLUSTERWRIGHT) verify $(SITE)

.PHONY: drift
drift: environment ## Do the declared settings still hold; SITE=
	@$(CLUSTERWRIGHT) drift $(SITE)

.PHONY: rack
rack: environment ## Bring one rack into service; SITE= RACK=
	@$(CLUSTERWRIGHT) rack $(SITE) $(RACK)

.PHONY: bench
bench: ready ## Measure, print JSON lines; WHAT=design|facility|racks|pulumi|all
	@python -m benchmarks $(WHAT)

.PHONY: soak
soak: ## What takes too long for make test
	@$(PYTHON) tools/bootstrap.py --soak
	@EXAMPLES_TIMES=20 pytest --quiet --numprocesses 2 tests/properties
	@pytest tests/lab -m soak

.PHONY: lock
lock: ## Resolve requirements.lock anew from pyproject.toml
	@$(PYTHON) tools/lock.py

.PHONY: clean
clean: ## Remove what is made here: caches, .venv; never a site's state
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
