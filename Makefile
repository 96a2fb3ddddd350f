PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# As many tests run at once as there are cores: a linear algebra that takes all cores for each of them loses a third to waiting
test explore: export OPENBLAS_NUM_THREADS = 1

.PHONY: demo test explore check bench floors fit-bars listen sweep clean

$(BIN)/otio-soundtrack: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/.test: pyproject.toml $(BIN)/otio-soundtrack
	$(BIN)/python -m pip install --quiet --editable '.[test]'
	@touch $@

$(VENV)/.check: pyproject.toml $(VENV)/.test
	$(BIN)/python -m pip install --quiet --editable '.[test,check]'
	@touch $@

$(VENV)/.bench: pyproject.toml $(VENV)/.test
	$(BIN)/python -m pip install --quiet --editable '.[test,bench]'
	@touch $@

demo: $(BIN)/otio-soundtrack  ## score the sample timeline with the local engine
	$(BIN)/python samples/make_media.py demo-output
	$(BIN)/otio-soundtrack score demo-output/demo.otio -o demo-output/demo_scored.otio

test: $(VENV)/.test  ## run the tests
	$(BIN)/python -m pytest -n auto --dist loadgroup

explore: $(VENV)/.test  ## the tests that state laws, on examples that nobody tried before
	EXAMPLES=new $(BIN)/python -m pytest -n auto --dist loadgroup -m hypothesis

check: $(VENV)/.check  ## format, lint, types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: $(VENV)/.bench  ## ratios against peers, in one run
	$(BIN)/python -m benchmarks

floors: $(VENV)/.test  ## what the music must show, measured on what it writes
	$(BIN)/python -m benchmarks.floors
	$(BIN)/python -m benchmarks moods
	$(BIN)/python -m benchmarks.lengths
	$(BIN)/python -m benchmarks.ear
	$(BIN)/python -m benchmarks.mixes

fit-bars: $(VENV)/.test  ## fitting of real music from Debian packages against its bars and four peers; long, fetches 2 GB
	$(BIN)/python -m benchmarks.fitting_limits
	$(BIN)/python -m benchmarks.fitting

sweep: $(VENV)/.test  ## services killed at 200 lines each, cut at 80 bytes each, and run again; every situation of the sandbox; a batch whose workers are killed: nothing is paid twice; engines of others play the music in its place
	$(BIN)/python -m tests.jobs.sweep
	$(BIN)/python -m tests.jobs.cuts
	$(BIN)/python -m tests.jobs.test_race
	$(BIN)/python -m tests.doors.situations
	$(BIN)/python -m tests.doors.batches
	$(BIN)/python -m tests.doors.engines

listen: $(VENV)/.test  ## every mood and palette as sound, picture and figures: build/listen/index.html
	$(BIN)/python -m benchmarks.gallery

clean:
	rm -rf $(VENV) demo-output bench-output build/listen
