// The audit desk: copies the link to a search. Everything else works without scripts.

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copy);
    field.select();
    await navigator.clipboard.writeText(field.value).catch(() => document.execCommand("copy"));
    document.querySelector("[data-copied]").textContent = "The link was copied.";
  });
}
