#!/usr/bin/env bash
# Measures Candour beside DuckDB, pm4py and a bare pass of the csv crate, on this machine, in one run.
# Prints a table in Markdown. Makes its files under target/bench (about 8 GB with --large).
set -euo pipefail
cd "$(dirname "$0")/.."
work="${CANDOUR_BENCH:-${CARGO_TARGET_DIR:-target}/bench}"
mkdir -p "$work"
cargo build --release -q -p candour
cargo build --release -q -p candour-returns --example reading
if [ ! -x "$work/venv/bin/python" ]; then
  python3 -m venv "$work/venv"
  "$work/venv/bin/pip" install -q -r benches/requirements.txt
fi
exec "$work/venv/bin/python" benches/measure.py --target "${CARGO_TARGET_DIR:-target}" --work "$work" "$@"
