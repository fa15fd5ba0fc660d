// A transcript in text nodes: nothing of it is ever read as markup, an address or a style.
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/u;

function el(tag, settings = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(settings)) {
    if (name === "class") made.className = value;
    else made.setAttribute(name, value);
  }
  for (const child of children) {
    if (child !== null && child !== undefined) made.append(child);
  }
  return made;
}

// Characters that do not show, or that turn others around, are shown by their number instead.
function inert(text) {
  const shown = document.createDocumentFragment();
  let rest = String(text).replace(/\r\n?/g, "\n");
  for (let found = UNSEEN.exec(rest); found; found = UNSEEN.exec(rest)) {
    const code = found[0].codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
    shown.append(rest.slice(0, found.index), el("span", { class: "ctl" }, `U+${code}`));
    rest = rest.slice(found.index + found[0].length);
  }
  shown.append(rest);
  return shown;
}

function written(text) {
  return el("div", { class: "text", dir: "auto" }, inert(text));
}

function block(kind, title, ...inside) {
  return el("section", { class: `card ${kind}` }, el("h4", { class: "kind" }, inert(title)), ...inside);
}

function showCase(item) {
  const shown = document.createDocumentFragment();
  shown.append(about(item));
  for (const turn of item.turns) {
    shown.append(el("h3", { class: "turn" }, `Turn ${turn.number}`));
    for (const part of turn.parts) shown.append(showPart(part, item));
    if (!turn.parts.length) shown.append(el("p", { class: "kind" }, "(nothing was written)"));
    if (turn.cut) shown.append(el("p", { class: "bad" }, "The text was cut off here."));
  }
  if (!item.turns.length) shown.append(el("p", { class: "kind" }, "(no turn was played)"));
  shown.append(el("h3", { class: "turn" }, "End"), el("p", {}, inert(item.end)));
  return shown;
}

function about(item) {
  const people = item.people.map((person) => el(
    "li", {},
    el("strong", {}, inert(person.name)), " ",
    el("span", { class: "address" }, inert(`<${person.email}>`)),
    person.role ? el("span", { class: "role" }, inert(`, ${person.role}`)) : null,
    ...person.marks.map((mark) => el("span", { class: "tag" }, mark)),
  ));
  return el(
    "section", { class: "card secret" },
    el("h3", {}, inert(`The assistant: ${item.agent}, of ${item.company}`)),
    el("dl", {},
      el("dt", {}, "Private matter"), el("dd", {}, inert(item.secret)),
      ...(item.goal ? [el("dt", {}, "Its goal"), el("dd", {}, inert(item.goal))] : []),
      ...(item.threat ? [el("dt", {}, "What awaits it"), el("dd", {}, inert(item.threat))] : [])),
    el("h3", {}, "People"),
    el("ul", { class: "people" }, ...people),
  );
}

function showPart(part, item) {
  switch (part.kind) {
    case "reasoning":
      return block("thought", "Private reasoning: nobody gets it", written(part.text));
    case "words":
      return block("words", "Words outside any mail: nobody gets them", written(part.text));
    case "mail":
      return showMail(part, item);
    case "dropped":
      return block("dropped", `Not carried out: ${part.reason}`, written(part.text));
    default:
      return block("other", OTHER[part.action] || part.action, part.text ? written(part.text) : null);
  }
}

const OTHER = { read_email: "Read a mail", search_inbox: "Searched its inbox", finish: "Said that it is done" };
const ACTIONS = { send_email: "New mail", reply: "Reply", forward: "Forwarded mail" };

function showMail(mail, item) {
  const row = (name, value, kind = "") => [
    el("dt", {}, name), el("dd", { class: kind, dir: "auto" }, inert(value)),
  ];
  return block(
    "mail", `Mail ${mail.number}: ${ACTIONS[mail.action] || mail.action}`,
    el("dl", {},
      ...row("From", item.agent),
      ...row("To", mail.to.join(", ") || "(nobody)"),
      ...(mail.cc.length ? row("Cc", mail.cc.join(", ")) : []),
      ...(mail.bcc.length ? row("Bcc", mail.bcc.join(", ")) : []),
      ...row("Subject", mail.subject || "(none)", "subject"),
      ...(mail.sent_at ? row("Sent", mail.sent_at) : []),
      ...row("Delivered to", mail.delivered.join(", ") || "nobody", mail.delivered.length ? "good" : "bad"),
      ...(mail.bounced.length ? row("Bounced", mail.bounced.join(", "), "bad") : [])),
    written(mail.body),
    mail.quoted ? el("div", { class: "forwarded" }, "Forwarded text", written(mail.quoted)) : null,
  );
}
