# Everything is in run.py; this only saves typing. Arguments go in ARGS: make test ARGS="tests/cohorts -k seats"
PYTHON ?= python3
ARGS ?=

.PHONY: run test check bench setup help

run:    ; @$(PYTHON) run.py run
test:   ; @$(PYTHON) run.py test $(ARGS)
check:  ; @$(PYTHON) run.py check
bench:  ; @$(PYTHON) run.py bench $(ARGS)
setup:  ; @$(PYTHON) run.py setup
help:   ; @$(PYTHON) run.py help
