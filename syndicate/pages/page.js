for (const button of document.querySelectorAll("button.copy")) {
  const address = document.getElementById(button.dataset.of);
  const said = document.getElementById("said");
  const label = [...button.childNodes];
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(address.textContent);
    } catch {
      getSelection().selectAllChildren(address);
      if (!document.execCommand("copy")) return;
    }
    said.textContent = button.textContent = button.dataset.done;
    setTimeout(() => { button.replaceChildren(...label); said.textContent = ""; }, 2500);
  });
}
for (const picture of document.images) {
  if (picture.complete && !picture.naturalWidth) picture.remove();
  picture.addEventListener("error", () => picture.remove());
}
