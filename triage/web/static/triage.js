// What all pages share: NHS.UK components, and the warning before somebody is signed out.

const own = document.querySelector("script[data-nhsuk]");
document.body.classList.add("js-enabled", "nhsuk-frontend-supported");
import(own.dataset.nhsuk).then(({ initAll }) => initAll());

const WARN_SECONDS = 120;

/** Warns two minutes before the session ends; "stay" asks the server for a page, which keeps it. */
function watchTimeOut(idleSeconds, dialog) {
  let begun = Date.now();
  const left = () => Math.round(idleSeconds - (Date.now() - begun) / 1000);
  const stay = async () => {
    const answer = await fetch(dialog.dataset.stay, { redirect: "manual" });
    if (!answer.ok) return location.reload();
    begun = Date.now();
    dialog.close();
  };
  dialog.querySelector("[data-stay-button]").addEventListener("click", stay);
  document.addEventListener("htmx:afterRequest", () => { begun = Date.now(); });
  setInterval(() => {
    const seconds = left();
    if (seconds <= 0) return location.reload();
    if (seconds > WARN_SECONDS) return undefined;
    const minutes = Math.ceil(seconds / 60);
    dialog.querySelector("[data-left]").textContent = minutes === 1 ? "1 minute" : `${minutes} minutes`;
    if (!dialog.open) dialog.showModal();
    return undefined;
  }, 5000);
}

const idleSeconds = Number(document.documentElement.dataset.idleSeconds);
const dialog = document.getElementById("time-out");
if (dialog && idleSeconds > 0) watchTimeOut(idleSeconds, dialog);
