// Moving between transcripts, files, dialogs and keys.
function announce(text) {
  byId("live").textContent = text;
}

function told(problem) {
  byId("problem").textContent = problem;
  byId("problem").hidden = !problem;
}

function showProgress() {
  const done = doneCount();
  byId("progress").max = DATA.items.length;
  byId("progress").value = done;
  byId("count").textContent = `${done} of ${DATA.items.length} done`;
  byId("who").textContent = state.labeller ? `Labeller: ${state.labeller} (a ${state.kind}).` : "";
  byId("saved").textContent = Object.keys(state.labels).length ? "Kept in this browser." : "";
  byId("undo").disabled = !state.undo.length;
}

function go(index, focus = true) {
  state.index = Math.min(Math.max(index, 0), DATA.items.length - 1);
  const item = DATA.items[state.index];
  byId("title").textContent = `Transcript ${state.index + 1} of ${DATA.items.length}`;
  byId("case").replaceChildren(showCase(item));
  showQuestions(item.id);
  for (const id of ["back", "back2"]) byId(id).disabled = state.index === 0;
  for (const id of ["next", "next2"]) byId(id).disabled = state.index === DATA.items.length - 1;
  byId("form").scrollTop = 0;
  if (focus) {
    byId("title").focus({ preventScroll: true });
    window.scrollTo(0, 0);
    save();
  }
}

function goOpen() {
  const order = DATA.items.map((_, step) => (state.index + 1 + step) % DATA.items.length);
  const found = order.find((index) => !isDone(DATA.items[index].id));
  if (found === undefined) announce("All transcripts are done.");
  else go(found);
}

function undo() {
  const last = undoLast();
  if (!last) return;
  go(ITEMS.get(last.id));
  const index = QUESTIONS.findIndex((q) => q.name === last.name);
  if (index >= 0) mark(index);
  announce("Undone.");
}

function download() {
  const name = state.labeller.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "") || "labels";
  const link = el("a", { download: `labels-${DATA.page}-${name}.jsonl` });
  link.href = URL.createObjectURL(new Blob([fileText()], { type: "application/jsonl" }));
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  announce(`${Object.keys(state.labels).length} labels downloaded.`);
}

async function load(file) {
  try {
    const taken = takeIn(readText(await file.text()));
    told("");
    byId("start").close();
    go(state.index);
    announce(`${taken} labels loaded.`);
  } catch (error) {
    told(`${file.name} was not loaded: ${error.message}.`);
  }
}

let noteBefore = null;

// Kept at every keystroke, undone as a whole.
function keepNote() {
  put(DATA.items[state.index].id, "note", byId("note").value.trim() || null);
  showProgress();
}

function endNote() {
  const id = DATA.items[state.index].id;
  const after = labelOf(id).note ?? null;
  if (after !== noteBefore) state.undo.push({ id, name: "note", before: noteBefore });
  noteBefore = after;
  save();
  showProgress();
}

function begin() {
  state.labeller = byId("name").value.trim();
  state.kind = new FormData(byId("start-form")).get("kind");
  save();
  go(state.index);
}

const COMMANDS = {
  n: () => go(state.index + 1),
  Enter: () => go(state.index + 1),
  b: () => go(state.index - 1),
  g: goOpen,
  u: undo,
  d: download,
  c: () => byId("note").focus(),
  j: () => mark(marked + 1),
  k: () => mark(marked - 1),
  "?": () => byId("keys").showModal(),
};

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.target.id === "note") {
    if (event.key === "Escape") byId("title").focus({ preventScroll: true });
    return;
  }
  if (!state.keysOn || (event.key === "Enter" && event.target.closest("button, a, summary"))) return;
  if (/^[0-9]$/.test(event.key)) chooseByKey(event.key);
  else if (Object.hasOwn(COMMANDS, event.key)) COMMANDS[event.key]();
  else return;
  event.preventDefault();
}

function wire() {
  const click = (id, act) => byId(id).addEventListener("click", act);
  click("back", COMMANDS.b);
  click("back2", COMMANDS.b);
  click("next", COMMANDS.n);
  click("next2", COMMANDS.n);
  click("open", goOpen);
  click("undo", undo);
  click("download", download);
  click("load", () => byId("file").click());
  click("help", COMMANDS["?"]);
  click("other", () => {
    if (confirm("The labels kept here will be cleared. Have they been downloaded?")) {
      forget();
      ask();
    }
  });
  byId("file").addEventListener("change", (event) => {
    if (event.target.files.length) load(event.target.files[0]);
    event.target.value = "";
  });
  byId("form").addEventListener("submit", (event) => event.preventDefault());
  byId("note").addEventListener("focus", () => {
    noteBefore = labelOf(DATA.items[state.index].id).note ?? null;
  });
  byId("note").addEventListener("input", keepNote);
  byId("note").addEventListener("blur", endNote);
  byId("start").addEventListener("cancel", (event) => event.preventDefault());
  byId("start-form").addEventListener("submit", (event) => {
    if (byId("name").value.trim()) return begin();
    byId("name").value = "";
    event.preventDefault();
  });
  byId("keys-on").addEventListener("change", (event) => {
    state.keysOn = event.target.checked;
    save();
  });
  document.addEventListener("keydown", onKey);
  // The same page in another tab: the later word counts in both.
  window.addEventListener("storage", (event) => {
    if (event.key !== PLACE) return;
    recall();
    go(state.index, false);
  });
}

function ask() {
  go(state.index, false);
  byId("start").showModal();
}

recall();
if (DATA.labels.length) {
  try {
    takeIn(DATA.labels);
  } catch (error) {
    told(`The labels that came with the page were not loaded: ${error.message}.`);
  }
}
byId("keys-on").checked = state.keysOn;
byId("intro").replaceChildren(...DATA.questions.intro.map((text) => el("p", {}, text)));
byId("words").replaceChildren(...QUESTIONS.map((question) => el("section", {},
  el("h3", {}, question.ask), ...question.means.map((text) => el("p", {}, text)),
  el("dl", {}, ...question.options.flatMap((o) => [el("dt", {}, o.label), el("dd", {}, o.help)])))));
wire();
if (state.labeller && state.kind) go(state.index, false);
else ask();
