// Finds rules by their words: what does not match is put out of sight, and how many are left is said.

const form = document.querySelector("[data-find]");
const words = form.querySelector("input[type=search]");
const waiting = form.querySelector("input[type=checkbox]");
const said = form.querySelector("[data-found]");
const rules = [...document.querySelectorAll(".ruleset .rule")].map((card) => ({
  card,
  text: card.textContent.toLowerCase().replace(/\s+/g, " "),
  waits: card.querySelector(".mark.sign") !== null,
}));
const rulesets = document.querySelectorAll(".ruleset");

/** Shows the rules that hold every word asked for. */
function find() {
  const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const { card, text, waits } of rules) {
    card.hidden = !wanted.every((word) => text.includes(word)) || (waiting.checked && !waits);
    if (!card.hidden) shown += 1;
  }
  for (const each of rulesets) each.hidden = !each.querySelector(".rule:not([hidden])");
  said.textContent = shown === rules.length ? `All ${shown} rules` : `${shown} of ${rules.length} rules`;
}

/** A link to a rule leads there, whatever is looked for. */
function showLinked() {
  const linked = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!linked || !linked.closest("[hidden]")) return;
  words.value = "";
  waiting.checked = false;
  find();
  linked.scrollIntoView();
}

form.hidden = false;
form.addEventListener("submit", (event) => event.preventDefault());
words.addEventListener("input", find);
waiting.addEventListener("change", find);
window.addEventListener("hashchange", showLinked);
find();
