# From Logits to Loss: what one can do here. A plain `make` lists it.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
PAGE   := _build/html/index.html
# Tests on all cores; those that share a book or an open page stay together.
PARALLEL := -n auto --dist loadgroup
QUICK := not build and not browser and not slow and not long
PYTEST ?=
PORT   ?= 8000
SUITE  ?= stable sid
VENV_F := .venv-frameworks
VENV_M := .venv-mutants
VENV_O := .venv-oldest
VENV_E := .venv-engine
VENV_L := .venv-large
VENV_J := .venv-fast

# One date for everything a build writes, so that two builds give the same bytes.
export SOURCE_DATE_EPOCH ?= 1767225600
# A reader's own matplotlib or Jupyter settings must not change the book.
export JUPYTER_PLATFORM_DIRS := 1
export PYDEVD_DISABLE_FILE_VALIDATION := 1
# Images of containers often set it: then each of some dozens of processes compiles NumPy, SymPy,
# scikit-learn anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help book test coverage fuzz wording serve pdf epub figures slides lab notebooks page-python lint rooms check frameworks mutants reproduce times wheels oldest large fast engine fresh clean lock

help:  ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

# The time of an environment's stamp: now, or that of a file from the future.
STAMP = touch $@; for file in $^; do if [ $$file -nt $@ ]; then touch -r $$file $@; fi; done

$(READY): requirements.txt requirements/uv.txt code/softmaxlab/pyproject.toml code/checkedmath/pyproject.toml
	@$(PYTHON) tools/environment.py $(VENV) requirements.txt -e code/softmaxlab -e code/checkedmath
	@$(STAMP)

book: $(READY)  ## build the book, every warning an error
	@$(BIN)/python -m tools.pairs check
	$(BIN)/jupyter-book build . -W -n --keep-going
	@echo && echo "Open $(CURDIR)/$(PAGE)"

test: $(READY)  ## run the tests of the packages and of the content; no builds, no browser
	$(BIN)/python -m pytest $(PARALLEL) -m "$(QUICK)" $(PYTEST)

coverage: $(READY)  ## say how much of code/ these tests and the slow ones reach
	$(BIN)/python -m coverage run -m pytest $(PARALLEL) -m "not build and not browser and not long" $(PYTEST)
	$(BIN)/python -m coverage combine --quiet
	$(BIN)/python -m coverage report

fuzz: $(READY)  ## run a million random arrays, and new random examples at every call
	$(BIN)/python -m pytest $(PARALLEL) --hypothesis-profile=fuzz -m "long or hypothesis" $(PYTEST)

wording: $(READY)  ## record anew what each wrong answer to an exercise is told, for a review
	$(BIN)/python tests/softmaxlab/exercises/test_answers.py

serve: book  ## build the book and serve it at http://localhost:8000 (another: PORT=8001)
	@$(BIN)/python -m tools.serve $(PORT)

pdf: book  ## print the book to _build/pdf (needs Chromium)
	$(BIN)/python -m tools.pdf

figures: book  ## put every figure, as SVG and as PDF, into _build/figures (needs Chromium)
	$(BIN)/python -m tools.figures

epub: book  ## make the book for e-readers, in _build/epub (needs Chromium)
	$(BIN)/python -m tools.epub

slides: book  ## make slides of every chapter, in _build/slides (needs Chromium)
	$(BIN)/python -m tools.slides

lab: book  ## open the notebooks in JupyterLab, in copies that no build touches
	@$(BIN)/python -m tools.lab
	$(BIN)/jupyter lab lab/notebooks

notebooks: $(READY)  ## write book/notebooks anew from the chapters
	@$(BIN)/python -m tools.format_cells write
	@$(BIN)/python -m tools.pairs write

page-python: $(READY)  ## get the Python that can run in the pages, 83 MB (needs npm)
	@$(BIN)/python -m tools.page_python

# what a reader of checkedmath calls
DOCUMENTED := $(patsubst %,code/checkedmath/src/checkedmath/%.py,derivation dialect errors notation steps)

lint: $(READY)  ## style of the code, and notebooks that agree with their chapters
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m tools.format_cells check
	$(BIN)/python -m tools.pairs lint
	$(BIN)/python -m tools.rooms --check
	$(BIN)/mypy
	@$(BIN)/numpydoc lint --config . $$(git ls-files 'code/softmaxlab/src/*.py') $(DOCUMENTED)

rooms: $(READY)  ## list the rooms of the code and who imports whom; draw it to _build/rooms.svg
	@mkdir -p _build
	@$(BIN)/python -m tools.rooms --draw _build/rooms.svg

check: lint book  ## all that CI does: lint, book, and every test but the long ones
	$(BIN)/python -m pytest $(PARALLEL) $(PYTEST)

$(VENV_F)/.ready: requirements/frameworks.txt requirements/torch.txt requirements/uv.txt
	@echo "PyTorch and TensorFlow are large: this takes some minutes and 3 GB."
	@$(PYTHON) tools/environment.py $(VENV_F) requirements/frameworks.txt
	$(VENV_F)/bin/python -m pip install --quiet --disable-pip-version-check -r requirements/torch.txt
	@$(STAMP)

frameworks: $(VENV_F)/.ready  ## run the losses of PyTorch, TensorFlow, Keras, JAX and compare with the record
	@$(VENV_F)/bin/python -m tools.frameworks check

$(VENV_M)/.ready: requirements/mutants.txt requirements/uv.txt
	@$(PYTHON) tools/environment.py $(VENV_M) requirements/mutants.txt
	@$(STAMP)

mutants: $(VENV_M)/.ready  ## change softmaxlab in thousands of small ways; its tests must notice
	@$(VENV_M)/bin/python -m tools.mutants

reproduce: $(READY)  ## build the book twice from nothing and compare the bytes
	$(BIN)/python -m tools.reproduce

times: $(READY)  ## time a fresh clone: cold, built, unchanged, and after small edits
	$(BIN)/python -m tools.times

wheels: $(READY)  ## build wheels and sdists into dist/, and test the wheels alone
	$(BIN)/python -m tools.wheels

$(VENV_O)/.ready: requirements/oldest.txt requirements/uv.txt code/softmaxlab/pyproject.toml
	@$(PYTHON) tools/environment.py $(VENV_O) requirements/oldest.txt -e code/softmaxlab
	@$(STAMP)

# Old libraries warn of what newer ones deprecate, and NumPy 2.2 takes a little more memory on its way.
oldest: $(VENV_O)/.ready  ## test softmaxlab with the oldest NumPy and SciPy that it admits (Python 3.11)
	$(VENV_O)/bin/python -m pytest -q -W ignore::DeprecationWarning -m "$(QUICK)" tests/softmaxlab \
	  --ignore tests/softmaxlab/_numerics/test_memory.py

$(VENV_L)/.ready: requirements/large.txt requirements/uv.txt code/softmaxlab/pyproject.toml
	@$(PYTHON) tools/environment.py $(VENV_L) requirements/large.txt -e code/softmaxlab
	@$(STAMP)

large: $(VENV_L)/.ready  ## test softmaxlab on data beyond memory, with Dask and workers on this machine
	$(VENV_L)/bin/python -m pytest -q tests/softmaxlab/large $(PYTEST)
	$(VENV_L)/bin/python -c "import doctest, softmaxlab.large as large; exit(doctest.testmod(large)[0])"

$(VENV_J)/.ready: requirements/fast.txt requirements/uv.txt code/softmaxlab/pyproject.toml
	@$(PYTHON) tools/environment.py $(VENV_J) requirements/fast.txt -e code/softmaxlab
	@$(STAMP)

fast: $(VENV_J)/.ready  ## test softmaxlab once more, computed by the kernels that Numba compiles
	$(VENV_J)/bin/python -m pytest $(PARALLEL) tests/softmaxlab --backend numba $(PYTEST)

# Jupyter Book 1 asks for Sphinx 7, and works with later ones: see requirements/engine.txt. Nothing is
# pinned here, since this is to warn early of what comes.
engine: $(READY)  ## build the book with the newest Sphinx (Python 3.12 or later; no promise)
	$(PYTHON) -m venv --clear $(VENV_E)
	$(BIN)/uv pip install --quiet --python $(VENV_E) --override requirements/engine.txt --group book \
	  -e "code/softmaxlab[exercises,figures,learn]" -e "code/checkedmath[sphinx]"
	$(VENV_E)/bin/jupyter-book build . -W -n --keep-going --path-output _build/engine

fresh:  ## run the README's commands on a bare Debian (as root; SUITE="stable sid")
	$(PYTHON) tools/fresh.py $(SUITE)

clean:  ## remove what was built; the environment stays
	rm -rf _build dist .pytest_cache .hypothesis .ruff_cache .coverage* reports

# One lock for every system and every Python, with hashes, without the name of any index.
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest \
  --generate-hashes --no-strip-extras --no-header --no-annotate --no-emit-index-url --no-emit-find-links

# What the book and its tests need of the packages. `large` and `fast` are not among it.
EXTRAS := --extra exercises --extra figures --extra learn

lock: $(READY)  ## write the locks anew from the ranges in pyproject.toml, code/*/pyproject.toml, requirements/*.in
	$(COMPILE) $(EXTRAS) --extra sphinx --group pyproject.toml:book --group pyproject.toml:test \
	  code/softmaxlab/pyproject.toml code/checkedmath/pyproject.toml -o requirements.txt
	for name in uv frameworks mutants; do \
	  $(COMPILE) --constraint requirements.txt requirements/$$name.in -o requirements/$$name.txt || exit; \
	done
	$(COMPILE) --constraint requirements.txt --extra learn --extra large \
	  code/softmaxlab/pyproject.toml requirements/large.in -o requirements/large.txt
	$(COMPILE) --constraint requirements.txt $(EXTRAS) --extra fast \
	  code/softmaxlab/pyproject.toml requirements/fast.in -o requirements/fast.txt
	$(COMPILE) --resolution lowest-direct $(EXTRAS) \
	  code/softmaxlab/pyproject.toml requirements/oldest.in -o requirements/oldest.txt
