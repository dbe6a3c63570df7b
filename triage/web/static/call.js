// A call by keyboard alone, and nothing lost: keys, focus, and saving again after a lost connection.

const LONGEST_WAIT = 8000;
const TWO_DIGITS = 700;
const PAUSE = 1200;

const byId = (id) => document.getElementById(id);
const ask = byId("ask");
const saving = byId("saving");

/* Focus: to the danger that is new, else to the new question. */

function focusOn(element) {
  if (!element) return;
  if (element.matches(".nhsuk-error-summary")) element.tabIndex = -1;
  element.focus({ preventScroll: true });
  const form = element.closest("form");
  document.querySelector("[data-danger]")?.scrollIntoView({ block: "start" });
  if (form && form.offsetHeight < innerHeight) form.scrollIntoView({ block: "nearest" });
  else element.scrollIntoView({ block: "start" });
}

const question = () => ask.querySelector(".nhsuk-error-summary") ?? byId("question");

let dangerShown = document.querySelector("[data-danger]")?.dataset.danger;

let isFolded = false;
let whereWas = null;

/** Does a danger stand on the page that was not there before? Then it has the focus. */
function toNewDanger() {
  const danger = document.querySelector("[data-danger]")?.dataset.danger;
  const isNew = danger && danger !== dangerShown;
  dangerShown = danger;
  if (!isNew && isFolded) fold();
  if (!isNew) return false;
  whereWas = document.activeElement;
  focusOn(byId("danger-title"));
  return true;
}

/** What to do and say is folded away for who goes on; whom to ring, and how fast, stays. */
const fold = () => document.querySelector(".danger-more")?.removeAttribute("open");

function goOn() {
  fold();
  if (byId("question")) focusOn(question());
  else (whereWas?.isConnected ? whereWas : byId("sheet").querySelector("input:not([type=hidden])")).focus();
}

/* What is the same is not put in place again: it would be read out again. */

document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const { target, fragment } = event.detail;
  if (target.id === "danger") isFolded = target.querySelector(".danger-more")?.open === false;
  const same = fragment.textContent.trim() === target.textContent.trim();
  if (same && ["danger", "told", "notice"].includes(target.id)) event.detail.shouldSwap = false;
});

/* Saving: what is typed stays on the screen, and is sent again until it is kept. */

let unsaved = null;
let wait = 1000;
let timer = null;
let busy = false;

function say(text) {
  saving.textContent = text;
  saving.classList.toggle("is-unsaved", Boolean(unsaved));
}

function tryAgain() {
  clearTimeout(timer);
  const { form, button, isKept } = unsaved;
  if (!form.isConnected) return saved("");
  if (isKept) return keep(form);
  return button?.isConnected ? button.click() : form.requestSubmit();
}

function notSaved(form, isKept, status) {
  unsaved = { form, isKept, button: form.contains(pressed) ? pressed : null };
  say(status === 401 || status === 403
    ? "Not saved yet: you are signed out. Sign in in another window; what you typed stays here and is sent again."
    : "Not saved yet, trying again. What you typed stays here.");
  clearTimeout(timer);
  timer = setTimeout(status === 401 || status === 403 ? signedInAgain : tryAgain, wait);
  wait = Math.min(wait * 2, LONGEST_WAIT);
}

/** After signing in anew the forms must say so: their token is that of the new session. */
async function signedInAgain() {
  const answer = await fetch(location.pathname, { redirect: "manual" }).catch(() => null);
  if (answer?.ok) {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const token = page.querySelector("input[name=form]")?.value ?? "";
    document.querySelectorAll("input[name=form]").forEach((input) => { input.value = token; });
    return tryAgain();
  }
  return notSaved(unsaved.form, unsaved.isKept, 401);
}

function saved(text) {
  if (unsaved) text = text || "Saved.";
  unsaved = null;
  wait = 1000;
  clearTimeout(timer);
  say(text);
}

/** What was refused is not sent again: the notice says why, and what was typed stays on the screen. */
function refused() {
  unsaved = null;
  wait = 1000;
  clearTimeout(timer);
  say("Not saved.");
}

let pressed = null;
document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  pressed = button;
  keepNoMore();
}, true);
document.addEventListener("htmx:beforeRequest", (event) => {
  busy = event.detail.target === ask;
  isKeeping = event.detail.target === saving;
});
document.addEventListener("htmx:afterRequest", (event) => {
  busy = false;
  isKeeping = false;
  const { elt, successful, target, xhr } = event.detail;
  const isKept = target === saving;
  if (xhr.getResponseHeader("HX-Retarget") === "#notice") return refused();
  if (successful) saved(isKept ? saving.textContent : "");
  else notSaved(elt.closest("form"), isKept, xhr.status);
  if (keptLater) keep(keptLater);
  else if (successful && isKept) leave();
});
document.addEventListener("htmx:afterSwap", ({ detail: { target } }) => {
  if (target === ask) begun();
  else if (target === saving) toNewDanger();
});
window.addEventListener("online", () => { if (unsaved) tryAgain(); });
window.addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });

/* What is kept while it is filled in: at every choice, and after a pause in typing. */

let pause = null;
let isKeeping = false;
let keptLater = null;

/** One at a time; and none once a button is pressed, which sends the same and more. */
function keepNoMore() {
  clearTimeout(pause);
  keptLater = null;
}

function keep(form) {
  keepNoMore();
  if (isKeeping) keptLater = form;
  if (isKeeping || !form.isConnected) return;
  const values = form.id === "asking" ? { do: "keep" } : {};
  htmx.ajax("POST", form.action, { source: form, target: saving, swap: "innerHTML", values }).catch(() => {});
}

function keepSoon(event) {
  const form = event.target.closest("form[data-keep]");
  const isTyped = event.target.matches("textarea");
  if (!form || (event.type === "input" && !isTyped)) return;
  clearTimeout(pause);
  pause = setTimeout(() => keep(form), isTyped ? PAUSE : 0);
}

/** A whole form leaves the page only once all of it is kept. */
let leaving = null;

function leave() {
  if (!leaving) return;
  leaving.form.dataset.kept = "yes";
  leaving.click();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.id !== "sheet" || form.dataset.kept) return;
  event.preventDefault();
  leaving = event.submitter ?? form.querySelector("button");
  keep(form);
});

document.addEventListener("change", keepSoon);
document.addEventListener("input", keepSoon);

/* Questionnaires: a digit fills the row and goes to the next. */

const rows = () => [...ask.querySelectorAll("[data-row]")];

function fillRow(key) {
  const all = rows();
  const row = document.activeElement.closest?.("[data-row]") ?? all.find((each) => !each.querySelector(":checked")) ?? all[0];
  const input = row.querySelector(`input[value="${key === "-" ? "" : key}"]`);
  if (!input) return false;
  input.checked = true;
  input.dispatchEvent(new Event("change", { bubbles: true }));
  const next = all[all.indexOf(row) + 1];
  const goTo = next ? next.querySelector(":checked") ?? next.querySelector("input") : ask.querySelector("button[value=save]");
  goTo.focus();
  return true;
}

function tellTotal() {
  const line = ask.querySelector("[data-grid-total]");
  if (!line) return;
  const given = rows().map((row) => row.querySelector(":checked")?.value).filter(Boolean);
  const total = given.reduce((sum, value) => sum + Number(value), 0);
  line.textContent = given.length ? `Total so far ${total}, with ${given.length} of ${rows().length} items` : "";
}

/* Digits choose an answer; letters press a button. Only while the question has the focus. */

let digits = "";
let digitsTimer = null;

function choose(digit) {
  const inputs = [...ask.querySelectorAll("#asking .nhsuk-radios__input, #asking .nhsuk-checkboxes__input")];
  clearTimeout(digitsTimer);
  digitsTimer = setTimeout(() => { digits = ""; }, TWO_DIGITS);
  digits += digit;
  const input = inputs[Number(digits) - 1] ?? inputs[Number((digits = digit)) - 1];
  if (!input) return typeIn();
  input.focus();
  if (input.type === "checkbox") input.click();
  else input.checked = true;
  if (input.type === "radio" && inputs.length < 10 && isAtOnce()) pressButton("save");
  return true;
}

/* Who wants it goes on as soon as a number is pressed. */

const isAtOnce = () => localStorage.getItem("at-once") === "yes";

document.addEventListener("change", ({ target }) => {
  if (target.id === "at-once") localStorage.setItem("at-once", target.checked ? "yes" : "no");
});

/** A digit for a question that is answered by typing goes into its box. */
function typeIn() {
  ask.querySelector("#asking input[type=text]")?.focus();
  return false;
}

/** From the day to the month, and from there to the year. */
function nextBox(box) {
  const boxes = [...box.closest(".nhsuk-date-input").querySelectorAll("input")];
  boxes[boxes.indexOf(box) + 1]?.select();
  return true;
}

/** To the list of every question. */
function jump() {
  byId("to").focus();
  return true;
}

const LETTERS = { s: "skip", d: "decline", b: "back" };

function pressButton(value) {
  const button = ask.querySelector(`#asking button[value=${value}]`);
  button?.click();
  return Boolean(button);
}

const isTypedIn = (element) => element.matches("input[type=text], textarea, select");

function keyInQuestion(event) {
  const { key, target } = event;
  if (key === "Enter") {
    if (target.matches("button, a, summary") || (target.matches("textarea") && !event.ctrlKey)) return false;
    return pressButton("save");
  }
  if (target.matches(".nhsuk-date-input__input") && "/.- ".includes(key)) return nextBox(target);
  if (isTypedIn(target)) return false;
  if (key === "j") return jump();
  if (rows().length && /^[0-9-]$/.test(key)) return fillRow(key);
  if (/^[0-9]$/.test(key)) return choose(key);
  return key in LETTERS && pressButton(LETTERS[key]);
}

const IN_DANGER = { r: "record-now", g: "go-on" };

const ONWARD = { question: "[data-onward]", to: ".jump button" };

/** Where nothing more is asked, the Enter key leads to what comes then; from the list, to what is chosen. */
const onward = ({ key, target }) => (key === "Enter" && target.id in ONWARD ? ask?.querySelector(ONWARD[target.id]) : null);

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (event.altKey || event.metaKey || (event.ctrlKey && key !== "Enter")) return;
  const button = target.closest("#danger") ? byId(IN_DANGER[key.toLowerCase()]) : onward(event);
  if (button) {
    event.preventDefault();
    button.click();
    return;
  }
  if (!target.closest("#asking, #ask > .nhsuk-error-summary")) return;
  if (busy ? key === "Enter" : keyInQuestion({ key: key.length === 1 ? key.toLowerCase() : key, target, ctrlKey: event.ctrlKey })) event.preventDefault();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("#go-on")?.pathname !== location.pathname) return;
  event.preventDefault();
  goOn();
});

document.addEventListener("submit", (event) => {
  const once = event.target.querySelector("[data-once]");
  if (once) setTimeout(() => { once.disabled = true; });
});

ask.addEventListener("change", tellTotal);

function shown() {
  tellTotal();
  if (byId("at-once")) byId("at-once").checked = isAtOnce();
}

function begun() {
  shown();
  if (!toNewDanger()) focusOn(question());
}

if (byId("question")) {
  shown();
  if (location.hash === "#question") goOn();
  else focusOn(dangerShown ? byId("danger-title") : question());
}
