"use strict";
// What was labelled so far, kept in the browser. Labels of another page, unknown items and unknown
// values are never taken in, wherever they come from.
const DATA = JSON.parse(document.getElementById("data").textContent);
const QUESTIONS = DATA.questions.questions;
const CANNOT_TELL = "cannot_tell";
const PLACE = "am_inspect.labels." + DATA.page;
const UNDO_KEPT = 500;
const ITEMS = new Map(DATA.items.map((item, index) => [item.id, index]));

const state = { labeller: "", kind: "", labels: {}, index: 0, undo: [], keysOn: true };

function allowed(question, value) {
  return value === null || value === CANNOT_TELL || question.options.some((o) => o.value === value);
}

function labelOf(id) {
  return state.labels[id] || {};
}

function isDone(id) {
  return QUESTIONS.every((q) => (labelOf(id)[q.name] ?? null) !== null);
}

function isEmpty(label) {
  return !label.note && QUESTIONS.every((q) => (label[q.name] ?? null) === null);
}

function doneCount() {
  return DATA.items.filter((item) => isDone(item.id)).length;
}

function answer(id, name, value) {
  const before = labelOf(id)[name] ?? null;
  if (before === value) return;
  state.undo.push({ id, name, before });
  if (state.undo.length > UNDO_KEPT) state.undo.shift();
  put(id, name, value);
}

function undoLast() {
  const last = state.undo.pop();
  if (last) put(last.id, last.name, last.before);
  return last;
}

function put(id, name, value) {
  state.labels[id] = { ...labelOf(id), [name]: value, labelled_at: new Date().toISOString() };
  if (isEmpty(state.labels[id])) delete state.labels[id];
  save();
}

function save() {
  try {
    localStorage.setItem(PLACE, JSON.stringify(state));
    return true;
  } catch {
    told("This browser keeps nothing for a page from disk: download your labels before you leave.");
    return false;
  }
}

function recall() {
  let kept = null;
  try {
    kept = JSON.parse(localStorage.getItem(PLACE));
  } catch {
    kept = null;
  }
  if (!kept || typeof kept !== "object") return;
  state.labeller = String(kept.labeller || "");
  state.kind = kept.kind === "model" || kept.kind === "person" ? kept.kind : "";
  state.keysOn = kept.keysOn !== false;
  state.index = ITEMS.size > kept.index && kept.index >= 0 ? Math.floor(kept.index) : 0;
  state.undo = Array.isArray(kept.undo) ? kept.undo.filter((u) => ITEMS.has(u.id)) : [];
  state.labels = {};
  for (const [id, label] of Object.entries(kept.labels || {})) {
    if (ITEMS.has(id) && QUESTIONS.every((q) => allowed(q, label[q.name] ?? null))) {
      state.labels[id] = label;
    }
  }
}

function forget() {
  Object.assign(state, { labeller: "", kind: "", labels: {}, index: 0, undo: [] });
  save();
}

function lineOf(id) {
  const label = labelOf(id);
  const line = { schema: 1, page: DATA.page, id, labeller: state.labeller, kind: state.kind };
  for (const q of QUESTIONS) line[q.name] = label[q.name] ?? null;
  return { ...line, note: label.note || "", labelled_at: label.labelled_at };
}

function fileText() {
  const held = DATA.items.filter((item) => state.labels[item.id]);
  return held.map((item) => JSON.stringify(lineOf(item.id)) + "\n").join("");
}

function readText(text) {
  const lines = [];
  text.replace(/^\uFEFF/, "").split("\n").forEach((raw, index) => {
    if (!raw.trim()) return;
    let line;
    try {
      line = JSON.parse(raw);
    } catch {
      throw new Error(`line ${index + 1}: not one JSON object`);
    }
    complain(line, index + 1);
    lines.push(line);
  });
  if (!lines.length) throw new Error("no label in this file");
  return lines;
}

function complain(line, number) {
  const wrong = (why) => {
    throw new Error(`line ${number}: ${why}`);
  };
  if (!line || typeof line !== "object" || line.schema !== 1) wrong("not a label of schema 1");
  if (line.page !== DATA.page) wrong("a label of another page");
  if (!ITEMS.has(line.id)) wrong("an item that is not on this page");
  if (typeof line.labeller !== "string" || !line.labeller.trim()) wrong("no labeller");
  if (line.kind !== "person" && line.kind !== "model") wrong("neither a person's nor a model's");
  if (typeof line.labelled_at !== "string") wrong("no time");
  for (const q of QUESTIONS) {
    if (!allowed(q, line[q.name] ?? null)) wrong(`${q.name} has a value that is not allowed`);
  }
}

// An item that was labelled here and in the file keeps the newer label.
function takeIn(lines) {
  for (const line of lines) {
    if (state.labeller && (line.labeller.trim() !== state.labeller || line.kind !== state.kind)) {
      throw new Error(`labels of ${line.labeller} (${line.kind}), but this page is labelled by ` +
        `${state.labeller} (${state.kind})`);
    }
    state.labeller = line.labeller.trim();
    state.kind = line.kind;
  }
  let taken = 0;
  for (const line of lines) {
    if (String(labelOf(line.id).labelled_at || "") >= line.labelled_at) continue;
    const label = { note: String(line.note || ""), labelled_at: line.labelled_at };
    for (const q of QUESTIONS) label[q.name] = line[q.name] ?? null;
    state.labels[line.id] = label;
    taken += 1;
  }
  state.undo = [];
  save();
  return taken;
}
