# Two commands on a fresh machine: `make demo` and `make test`. `make help` lists the rest.

SHELL := /bin/bash
export PATH := $(PATH):$(HOME)/.cargo/bin

TARGET := $(or $(CARGO_TARGET_DIR),target)
CANDOUR := $(abspath $(TARGET))/release/candour
DEMO ?= candour-demo
# Round numbers of the differential test; `make test-oracle SEEDS=41-400` asks more.
SEEDS ?= 1-40
NODE_TESTS := tests/node
INSTALLED := $(NODE_TESTS)/node_modules/.package-lock.json

.DEFAULT_GOAL := help
.PHONY: help demo test check fmt bench study release screenshots \
	test-format test-lint test-rust test-rulebook test-oracle test-node

help:
	@echo 'make demo          a made-up council, inspected: builds Candour and says where the report is'
	@echo 'make test          format, lint, every test, the rulebook check, the oracle, the report in a browser'
	@echo 'make check         format, lint and the rulebook check only'
	@echo 'make fmt           puts the code in the house format'
	@echo 'make bench         how fast: see benches/README.md'
	@echo 'make study         how often the patterns alarm, on made-up councils; HONEST=200 PLANTED=40 say how many'
	@echo 'make screenshots   pictures of the report of the demo, for looking at'

# ---- what must be there -------------------------------------------------------------------------

.PHONY: need-cargo need-rust-tools need-python need-node
need-cargo:
	@command -v cargo >/dev/null || { \
	  echo 'Missing: cargo, which comes with Rust. Get it from https://rustup.rs, open a new terminal and try again.' >&2; exit 1; }
	@command -v cc >/dev/null || command -v gcc >/dev/null || command -v clang >/dev/null || { \
	  echo 'Missing: a C compiler, with which Rust links. Debian and Ubuntu: apt-get install gcc libc6-dev. macOS: xcode-select --install.' >&2; exit 1; }

need-rust-tools: need-cargo
	@cargo fmt --version >/dev/null 2>&1 && cargo clippy --version >/dev/null 2>&1 || { \
	  command -v rustup >/dev/null && rustup component add rustfmt clippy; } || { \
	  echo 'Missing: rustfmt and clippy. With rustup: rustup component add rustfmt clippy.' >&2; exit 1; }

need-python:
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo 'Missing: Python 3.11 or later, as python3. Debian and Ubuntu: apt-get install python3. Others: https://www.python.org/downloads/.' >&2; exit 1; }

need-node:
	@command -v npm >/dev/null && node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' 2>/dev/null || { \
	  echo 'Missing: Node.js 20 or later with npm. Get it from https://nodejs.org, or as the packages nodejs and npm.' >&2; exit 1; }

$(INSTALLED): $(NODE_TESTS)/package.json $(NODE_TESTS)/package-lock.json | need-node
	cd $(NODE_TESTS) && npm ci --no-fund --no-audit
	@touch $@

# ---- the two commands ---------------------------------------------------------------------------

release: need-cargo
	cargo build --release --locked --package candour

demo: release
	@$(CANDOUR) demo --out $(DEMO)
	@echo
	@echo 'Open the report in a browser: $(abspath $(DEMO))/inspection/report.html'

test: test-format test-lint test-rust test-rulebook test-oracle test-node

# ---- the parts of `make test` -------------------------------------------------------------------

test-format: need-rust-tools
	cargo fmt --all --check

test-lint: need-rust-tools
	cargo clippy --workspace --all-targets --locked -- -D warnings

test-rust: need-cargo
	cargo test --workspace --locked --no-fail-fast

# Checks the rulebook, and prints which verdicts it changes against the commit before.
test-rulebook: release
	$(CANDOUR) duties check
	@before=$$(mktemp -d); trap 'rm -rf "$$before"' EXIT; \
	if git archive HEAD~1 rulebook 2>/dev/null | tar -x -C "$$before" 2>/dev/null && [ -d "$$before/rulebook" ]; then \
	  echo 'Verdicts that the rulebook changes against the commit before:'; \
	  $(CANDOUR) duties changes --from "$$before/rulebook" --cases crates/casefile/fixtures/decisions \
	    || echo 'The rulebook of the commit before cannot be read by this program, so nothing is compared.'; \
	fi

test-oracle: release need-python
	python3 -m unittest discover tests/oracle
	python3 tests/oracle/differential.py $(CANDOUR) --seeds $(SEEDS) --jobs 2
	python3 tests/oracle/differential_measures.py $(CANDOUR) --seeds $(SEEDS) --jobs 2

# The command line and the demo, inspection.json against its schema, the report in a browser.
test-node: release $(INSTALLED)
	@chromium="$$($(NODE_TESTS)/chromium.sh)" && cd $(NODE_TESTS) && \
	  CANDOUR=$(CANDOUR) CHROMIUM="$$chromium" node --test --test-reporter=spec --test-concurrency=2 *.test.mjs

# ---- the rest -----------------------------------------------------------------------------------

check: test-format test-lint test-rulebook

fmt: need-rust-tools
	cargo fmt --all

bench: release
	@if [ -x benches/run.sh ]; then CANDOUR=$(CANDOUR) benches/run.sh; \
	else echo 'There is no benches/run.sh yet.' >&2; exit 1; fi

# Writes benches/study.md. With the numbers below about an hour on two cores; HONEST=20 PLANTED=5 is a first look.
HONEST ?= 200
PLANTED ?= 40
study: need-cargo
	cargo run --release --locked --package candour --example study -- \
	  --honest $(HONEST) --planted $(PLANTED) --out benches/study.md

screenshots: demo $(INSTALLED)
	@chromium="$$($(NODE_TESTS)/chromium.sh)" && CHROMIUM="$$chromium" \
	  node $(NODE_TESTS)/screenshots.mjs $(DEMO)/inspection/report.html
