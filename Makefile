# Rishta. `make` alone lists what there is to do.
# Needs python3 (3.9 or newer) with venv, make and git; everything else is fetched into .venv and .local.

.DEFAULT_GOAL := help
SHELL := /bin/sh
MAKEFLAGS += --no-print-directory

UV_VERSION := 0.13.9
ROOMS := $(patsubst %/,%,$(wildcard functions/*/))
TEMPLATES := template.yaml $(wildcard infra/stacks/*.yaml)

space := $(subst ,, )
IN := .venv/bin
READY := .venv/.ready
SAM_READY := .local/sam/.ready
AUDIT_READY := .local/audit/.ready
MINISTACK_READY := .local/ministack/.ready
RUNTIME_READY := .local/lambda-runtime/.ready
# The uv on PATH where it is new enough, else the private one that `.local/uv` keeps.
UV = $$(cat .local/uv-command)

# What a developer's shell may have set for other projects must not leak into this one.
unexport VIRTUAL_ENV PYTHONPATH PYTHONHOME PYTHONSAFEPATH UV_PYTHON UV_NO_SYNC UV_SYSTEM_PYTHON UV_FROZEN UV_LOCKED
export UV_PROJECT_ENVIRONMENT := .venv
export SAM_CLI_TELEMETRY := 0

.PHONY: help
help: ## What there is to do
	@awk 'BEGIN {FS = ":.*## "} /^## / {print ""; print substr($$0, 4)} /^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

## To begin with

.PHONY: setup
setup: $(READY) $(SAM_READY) ## Everything that the other targets need (they call it themselves)
	@echo "Ready. Try: make demo"

.PHONY: demo
demo: $(READY) ## The product, running on this machine
	@$(IN)/rishta demo

.PHONY: invoke
invoke: $(READY) ## One function with one event: make invoke FUNCTION=… EVENT=path/to/event.json
	@if [ -z "$(FUNCTION)" ] || [ -z "$(EVENT)" ]; then echo "Usage: make invoke FUNCTION=LogicalId EVENT=path/to/event.json" >&2; exit 2; fi
	@$(IN)/rishta invoke "$(FUNCTION)" "$(EVENT)"

## While changing things

.PHONY: test
test: $(READY) ## All tests; a part of them: make test TESTS=tests/unit
	@$(IN)/python -m dynamodb_local fetch
	@$(IN)/pytest -n 2 --dist loadscope --no-loadscope-reorder $(TESTS)

.PHONY: browser
browser: $(READY) ## The pages in a real browser; fetches a Chromium if the machine has none
	@$(IN)/python -m chromium_local
	@$(IN)/pytest -n 2 --dist worksteal -m browser tests/browser

.PHONY: rate
rate: $(READY) ## Four workers against an SES that counts: is its rate held, and used?
	@$(IN)/python -m dynamodb_local fetch
	@$(IN)/pytest -q tests/benchmarks/sending_rate.py

.PHONY: carts
carts: $(READY) ## What cart updates and sweeps cost among ten thousand open carts, a hundred thousand, a million (twenty minutes)
	@$(IN)/python -m dynamodb_local fetch
	@$(IN)/pytest -q tests/benchmarks/cart_nudges.py

.PHONY: day
day: $(READY) ## What a day of birthdays costs among a thousand customers, a hundred thousand, a million (half an hour)
	@$(IN)/python -m dynamodb_local fetch
	@$(IN)/pytest -q tests/benchmarks/occasion_run.py

.PHONY: reviews
reviews: $(READY) ## Ten thousand reviews written, changed and rejected by twenty at once: are the ratings exact? (a few minutes)
	@$(IN)/python -m dynamodb_local fetch
	@RATINGS_OPERATIONS=10000 $(IN)/pytest -q tests/dynamodb/reviews/test_ratings_are_exact.py

.PHONY: ledger
ledger: $(READY) ## Ten thousand facts about two hundred customers, told by twenty at once: is every point right? And a hot account (a few minutes)
	@$(IN)/python -m dynamodb_local fetch
	@LOYALTY_EVENTS=10000 $(IN)/pytest -q tests/dynamodb/loyalty/test_the_ledger_is_exact.py
	@$(IN)/pytest -q tests/benchmarks/loyalty_ledger.py

.PHONY: budgets
budgets: $(READY) ## Accept what a change has changed: cold starts, sizes, calls of AWS (tests/budgets), and what `rishta cost` reckons with
	@$(IN)/python -m dynamodb_local fetch
	@$(IN)/pytest -q tests/benchmarks/calls_behind_the_bill.py tests/budgets/write_them_down.py

.PHONY: bench
bench: $(READY) $(RUNTIME_READY) ## How fast, in ratios; a part: make bench ONLY=cold, fewer pairs: ROUNDS=3 (half an hour)
	@$(IN)/python -m dynamodb_local fetch
	@$(IN)/python -m tests.benchmarks.speed --only "$(ONLY)" --rounds "$(or $(ROUNDS),5)"

.PHONY: simulate
simulate: $(READY) ## A shop's years under faults, and what must never be: make simulate SEEDS=1000; one again: SEED=17
	@$(IN)/python -m tests.simulation $(if $(SEEDS),--seeds $(SEEDS)) $(if $(SEED),--seed $(SEED))

.PHONY: fuzz
fuzz: $(READY) ## Every door fed with nonsense, thousands of times (CI draws fewer)
	@$(IN)/pytest -q -n 2 --dist worksteal --hypothesis-profile=fuzz tests/fuzzing

.PHONY: drill
drill: $(READY) ## Five mishaps, each put right with rishta's commands: nothing lost, nothing doubled
	@$(IN)/rishta drill

.PHONY: lint
lint: $(READY) ## Style and likely mistakes
	@$(IN)/ruff check .
	@$(IN)/ruff format --check .

.PHONY: format
format: $(READY) ## Put the code into its shape, mend what can be mended by itself
	@$(IN)/ruff check --fix-only --quiet .
	@$(IN)/ruff format .

.PHONY: types
types: $(READY) ## Types, strictly, of everything
	@MYPYPATH=$(subst $(space),:,$(ROOMS)) $(IN)/mypy $(wildcard layers/*/engagement) infra/cli infra/local $(ROOMS) tests

.PHONY: schemas
schemas: $(READY) ## Write events/schemas anew from the event models
	@$(IN)/rishta schemas

.PHONY: mails
mails: $(READY) ## Compile the mails anew from their MJML and plain text; a page to look at them: .local/mails/index.html
	@$(IN)/rishta mail preview

.PHONY: requirements
requirements: $(READY) ## Write layers/dependencies/requirements.txt anew from uv.lock
	@{ echo "# What the layer holds, from uv.lock by \`make requirements\`. A test compares the two."; \
	  $(UV) export --frozen --quiet --no-default-groups --no-emit-project --no-header; } > layers/dependencies/requirements.txt

.PHONY: lock
lock: $(READY) ## After a change of dependencies in pyproject.toml: lock them again
	@$(UV) lock
	@$(UV) lock --project infra/sam_cli
	@$(UV) lock --project infra/audit
	@$(UV) lock --project infra/ministack
	@$(UV) lock --project infra/lambda_runtime
	@$(MAKE) setup requirements

## Before shipping

.PHONY: check
check: lint types validate audit build demo e2e browser test ## Everything that CI runs

.PHONY: validate
validate: $(READY) $(SAM_READY) ## The templates: cfn-lint and SAM's own check
	@$(IN)/cfn-lint $(TEMPLATES)
	@AWS_DEFAULT_REGION=$${AWS_DEFAULT_REGION:-eu-central-1} .local/sam/bin/sam validate --lint

.PHONY: audit
audit: $(READY) $(AUDIT_READY) ## Security: checkov on the templates, known vulnerabilities of what is locked
	@LOG_LEVEL=ERROR .local/audit/bin/checkov --config-file infra/audit/checkov.yaml
	@$(UV) export --frozen --quiet --all-groups --no-emit-project --no-header > .local/audit/requirements.txt
	@$(IN)/python -m rishta_cli.known_vulnerabilities .local/audit/bin/pip-audit .local/audit/requirements.txt

.PHONY: e2e
e2e: $(READY) $(MINISTACK_READY) build ## The whole template, run by somebody else's engine: MiniStack
	@$(IN)/pytest -q -m e2e tests/e2e

.PHONY: build
build: $(SAM_READY) ## What would be deployed, into .aws-sam/build
	@PATH="$(CURDIR)/.local/sam/bin:$$PATH" .local/sam/bin/sam build

## Tidying up

.PHONY: clean
clean: ## Remove caches, logs and build output
	@rm -rf .aws-sam .pytest_cache .ruff_cache .hypothesis .local/mypy .local/logs
	@find . -path ./.venv -prune -o -path ./.local -prune -o -name __pycache__ -type d -exec rm -rf {} +

.PHONY: distclean
distclean: clean ## Remove the environments and fetched tools as well
	@rm -rf .venv .local

$(READY): uv.lock pyproject.toml .python-version | .local/uv-command
	@echo "Setting up .venv …"
	@$(UV) sync --frozen --compile-bytecode
	@touch $@

$(SAM_READY): infra/sam_cli/uv.lock infra/sam_cli/pyproject.toml | .local/uv-command
	@echo "Setting up aws-sam-cli in .local/sam …"
	@UV_PROJECT_ENVIRONMENT="$(CURDIR)/.local/sam" $(UV) sync --frozen --compile-bytecode --project infra/sam_cli --python "$$(cat .python-version)"
	@touch $@

$(AUDIT_READY): infra/audit/uv.lock infra/audit/pyproject.toml | .local/uv-command
	@echo "Setting up checkov and pip-audit in .local/audit …"
	@UV_PROJECT_ENVIRONMENT="$(CURDIR)/.local/audit" $(UV) sync --frozen --compile-bytecode --project infra/audit --python "$$(cat .python-version)"
	@touch $@

$(MINISTACK_READY): infra/ministack/uv.lock infra/ministack/pyproject.toml | .local/uv-command
	@echo "Setting up MiniStack in .local/ministack …"
	@UV_PROJECT_ENVIRONMENT="$(CURDIR)/.local/ministack" $(UV) sync --frozen --compile-bytecode --project infra/ministack --python "$$(cat .python-version)"
	@touch $@

$(RUNTIME_READY): infra/lambda_runtime/uv.lock infra/lambda_runtime/pyproject.toml | .local/uv-command
	@echo "Setting up Lambda's runtime in .local/lambda-runtime …"
	@UV_PROJECT_ENVIRONMENT="$(CURDIR)/.local/lambda-runtime" $(UV) sync --frozen --compile-bytecode --project infra/lambda_runtime --python "$$(cat .python-version)"
	@touch $@

# Looks for a python3 that works: a pyenv shim does not when .python-version names one it has not installed.
.local/uv-command:
	@mkdir -p .local
	@if uv --version 2>/dev/null | awk '{split($$2, v, "."); ok = v[1] > 0 || v[2] >= 9} END {exit !ok}'; then \
	  command -v uv > $@; exit 0; \
	fi; \
	python=; seen=; \
	IFS=:; for folder in $$PATH; do for name in python3 python3.14 python3.13 python3.12 python3.11 python3.10 python3.9; do \
	  candidate=$$folder/$$name; \
	  [ -z "$$python" ] && [ -x "$$candidate" ] || continue; \
	  seen="$$seen $$candidate"; \
	  "$$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 9))' 2>/dev/null && python=$$candidate; \
	done; done; unset IFS; \
	if [ -z "$$python" ]; then \
	  echo "No Python 3.9 or newer that has venv and ensurepip (looked at:$${seen:- nothing})." >&2; \
	  echo "Install it: Debian and Ubuntu \`apt install python3-venv\`, Fedora \`dnf install python3\`, macOS \`xcode-select --install\`;" >&2; \
	  echo "or install uv, which brings a Python along: https://docs.astral.sh/uv/" >&2; \
	  exit 1; \
	fi; \
	echo "Fetching uv $(UV_VERSION) into .local/uv …"; \
	"$$python" -m venv --clear .local/uv && \
	PIP_USER=0 .local/uv/bin/python -m pip install --quiet --disable-pip-version-check "uv==$(UV_VERSION)" && \
	echo .local/uv/bin/uv > $@
