// The questions beside a transcript. One of them is marked: it takes the digit keys.
let marked = 0;

function byId(id) {
  return document.getElementById(id);
}

function optionsOf(question) {
  const own = question.options.map((option, index) => ({ ...option, key: String(index + 1) }));
  return [...own, { ...DATA.questions.cannot_tell, value: CANNOT_TELL, key: "0" }];
}

function showQuestions(id) {
  const held = labelOf(id);
  byId("questions").replaceChildren(...QUESTIONS.map((question, index) => {
    const group = el("fieldset", { class: "question", id: `question-${question.name}` },
      el("legend", {}, `${index + 1}. ${question.ask}`),
      ...optionsOf(question).map((option) => showOption(question, option, held[question.name])),
      el("details", {}, el("summary", {}, "What counts"),
        ...question.means.map((text) => el("p", {}, text))));
    group.addEventListener("focusin", () => mark(index));
    group.addEventListener("click", () => mark(index));
    return group;
  }));
  byId("note").value = held.note || "";
  const open = QUESTIONS.findIndex((q) => (held[q.name] ?? null) === null);
  mark(open < 0 ? 0 : open);
  showAnswers(id);
}

function showOption(question, option, held) {
  const inputId = `${question.name}-${option.key}`;
  const input = el("input", { type: "radio", name: question.name, id: inputId, "aria-describedby": `${inputId}-help` });
  input.checked = option.value === (held ?? null);
  input.addEventListener("change", () => choose(question, option));
  return el("label", { class: "option", for: inputId }, input,
    el("kbd", { "aria-hidden": "true" }, option.key), option.label,
    el("span", { class: "help", id: `${inputId}-help` }, option.help));
}

function showAnswers(id) {
  const held = labelOf(id);
  for (const question of QUESTIONS) {
    const value = held[question.name] ?? null;
    byId(`question-${question.name}`).classList.toggle("answered", value !== null);
    for (const option of optionsOf(question)) {
      byId(`${question.name}-${option.key}`).checked = option.value === value;
    }
  }
  byId("done").hidden = !isDone(id);
  byId("done").textContent = doneCount() === DATA.items.length
    ? "All transcripts are done: download the labels." : "All answered.";
  showProgress();
}

function mark(index) {
  marked = Math.min(Math.max(index, 0), QUESTIONS.length - 1);
  QUESTIONS.forEach((question, other) => {
    byId(`question-${question.name}`).classList.toggle("active", other === marked);
  });
}

function choose(question, option) {
  const id = DATA.items[state.index].id;
  answer(id, question.name, option.value);
  showAnswers(id);
  return `${question.ask} ${option.label}.`;
}

function chooseByKey(key) {
  const question = QUESTIONS[marked];
  const option = optionsOf(question).find((o) => o.key === key);
  if (!option) return;
  const said = choose(question, option);
  const held = labelOf(DATA.items[state.index].id);
  const isOpen = (q) => (held[q.name] ?? null) === null;
  const later = QUESTIONS.findIndex((q, index) => index > marked && isOpen(q));
  const next = later >= 0 ? later : QUESTIONS.findIndex(isOpen);
  if (next >= 0) {
    mark(next);
    // Only the panel of a wide window scrolls by itself; a narrow page stays where it is read.
    if (getComputedStyle(byId("form")).position === "sticky") {
      byId(`question-${QUESTIONS[next].name}`).scrollIntoView({ block: "nearest" });
    }
  }
  announce(next >= 0 ? `${said} Now: ${QUESTIONS[next].ask}` : `${said} All answered.`);
}
