#!/usr/bin/env bash
# Judge a checkpoint folder, or a server, against a baseline; the same as
# .github/workflows/checkpoint-gate.yml without GitHub.
#
#   scripts/checkpoint_gate.sh --save CKPT BASELINE.json    run the policy's cells, keep the counts
#   scripts/checkpoint_gate.sh CKPT BASELINE.json           run them on a new checkpoint and judge
#
# CKPT is a folder (Inspect's hf/ loads it) or http://HOST:PORT/v1 of a server that speaks OpenAI's
# protocol. Exit codes: 0 pass, 1 fail, 2 bad input or refused, 3 not enough data.
# Settings, from the environment (in brackets what is taken if unset):
#   NAME      the model's name; its family is read off it [the baseline's, or the folder's name]
#   POLICY    policy file [the shipped default]          GRADER  grader model [amsim/rubric]
#   CELLS     cells to save [control goal_and_threat safety]
#   LOOKS     looks [4]      EPOCHS  epochs [LOOKS]      OUT     output folder [gate-out]
#   WORLDS    worlds [all]   VARIANTS variants [all]     CONNECTIONS samples at once [8]
#   DELIVERY  paced or single_turn, with --save [paced]  MAX_TOKENS  with --save [2048]
#   MODEL_ARGS  further -M arguments of the model, such as "-M device=cpu"
set -euo pipefail

usage() { sed -n '2,/^set -euo/p' "$0" | sed '$d; s/^# \{0,1\}//' >&2; exit 2; }
die() { echo "error: $*" >&2; exit 2; }

save=false
if [ "${1:-}" = "--save" ]; then save=true; shift; fi
[ $# -eq 2 ] || usage
checkpoint=$1 baseline=$2
python=${PYTHON:-python3}
out=${OUT:-gate-out}
looks=${LOOKS:-4}
am_inspect=("$python" -c "from am_inspect.cli import main; main()")

if [ "$save" = false ] && [ ! -f "$baseline" ]; then
    die "$baseline: there is no such baseline; make one with --save"
fi
held_name() { "$python" -c 'import json, sys; print(json.load(open(sys.argv[1]))["model"].split("/", 1)[1])' "$baseline" 2>/dev/null || true; }
case $checkpoint in
    http://* | https://*)
        name=${NAME:-$([ "$save" = true ] || held_name)}
        [ -n "$name" ] || die "NAME is wanted: the name that the server gives the model"
        model="vllm/$name"
        place=(--model-base-url "$checkpoint")
        gate_place=(--base-url "$checkpoint")
        ;;
    *)
        [ -f "$checkpoint/config.json" ] || die "$checkpoint: no checkpoint folder (no config.json) and no http:// address"
        folder=$(cd "$checkpoint" && pwd)
        name=${NAME:-$([ "$save" = true ] || held_name)}
        model="hf/${name:-$(basename "$folder")}"
        place=(-M "model_path=$folder" -M "tokenizer_path=$folder")
        gate_place=("${place[@]}")
        export HF_HUB_OFFLINE=${HF_HUB_OFFLINE:-1}
        ;;
esac
read -r -a model_args <<<"${MODEL_ARGS:-}"
mkdir -p "$out"

if [ "$save" = true ]; then
    [ ! -e "$baseline" ] || die "$baseline is there already: remove it first"
    tasks=()
    for cell in ${CELLS:-control goal_and_threat safety}; do tasks+=("am_inspect/$cell"); done
    logs="$out/baseline-logs"
    "$python" -m inspect_ai eval-set "${tasks[@]}" --model "$model" "${place[@]}" "${model_args[@]}" \
        --model-role "grader=${GRADER:-amsim/rubric}" --epochs "${EPOCHS:-$looks}" \
        --max-tokens "${MAX_TOKENS:-2048}" --max-connections "${CONNECTIONS:-8}" \
        --log-dir "$logs" --display plain --no-fail-on-error \
        -T "delivery=${DELIVERY:-paced}" ${WORLDS:+-T "worlds=$WORLDS"} ${VARIANTS:+-T "variants=$VARIANTS"} >&2
    exec "${am_inspect[@]}" baseline save "$logs" --out "$baseline"
fi

exec "${am_inspect[@]}" gate run --model "$model" "${gate_place[@]}" "${model_args[@]}" \
    --baseline "$baseline" ${POLICY:+--policy "$POLICY"} ${GRADER:+--grader "$GRADER"} \
    --looks "$looks" --epochs "${EPOCHS:-$looks}" ${WORLDS:+--worlds "$WORLDS"} ${VARIANTS:+--variants "$VARIANTS"} \
    --max-connections "${CONNECTIONS:-8}" --log-dir "$out/logs" \
    --markdown "$out/summary.md" --junit "$out/junit.xml" --json "$out/gate.json" \
    --transcripts "$out/transcripts" ${INSUFFICIENT_IS:+--insufficient-is "$INSUFFICIENT_IS"}
