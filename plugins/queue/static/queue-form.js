/* The form of a group: members are dragged into order, what does not matter is hidden, the sentence
   follows what is typed. All of it also works without this script. */
const form = document.querySelector(".group-form");
const list = form.querySelector(".inline-list");
const sentence = form.querySelector("[data-sentence]");
const members = () => [...list.querySelectorAll(".member")];

for (const button of form.querySelectorAll("[data-move], [data-inline-add]")) button.type = "button";
for (const button of form.querySelector("template").content.querySelectorAll("[data-move]")) {
  button.type = "button";
}

function renumber() {
  members().forEach((member, place, all) => {
    member.querySelector("[data-place]").value = place + 1;
    member.querySelector("[data-move=up]").disabled = place === 0;
    member.querySelector("[data-move=down]").disabled = place === all.length - 1;
    member.draggable = true;
  });
}

function changed() {
  renumber();
  tell();
}

list.addEventListener("click", (event) => {
  const button = event.target.closest("[data-move]");
  if (!button) return;
  const member = button.closest(".member");
  if (button.dataset.move === "up") member.previousElementSibling?.before(member);
  else member.nextElementSibling?.after(member);
  changed();
  button.disabled ? member.querySelector("[data-move]:not(:disabled)")?.focus() : button.focus();
});

/* A row that was added or removed by the page's own script. */
new MutationObserver(() => renumber()).observe(list, { childList: true });

let dragged = null;
list.addEventListener("dragstart", (event) => {
  dragged = event.target.closest(".member");
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", "");
  dragged?.classList.add("dragged");
});
list.addEventListener("dragover", (event) => {
  const over = event.target.closest(".member");
  if (!dragged || !over) return;
  event.preventDefault();
  if (over === dragged) return;
  const box = over.getBoundingClientRect();
  if (event.clientY < box.top + box.height / 2) over.before(dragged);
  else over.after(dragged);
});
list.addEventListener("drop", (event) => event.preventDefault());
list.addEventListener("dragend", () => {
  dragged?.classList.remove("dragged");
  dragged = null;
  changed();
});

function show() {
  const rule = form.elements.no_answer.value;
  const last = rule === "wait" ? form.elements.after_wait.value : rule;
  for (const part of form.querySelectorAll("[data-for]")) {
    const wanted = part.dataset.for;
    part.hidden = wanted !== (wanted === "wait" ? rule : last) && !part.querySelector(".field-error");
  }
}

let soon = 0;
function tell() {
  clearTimeout(soon);
  soon = setTimeout(async () => {
    const answer = await fetch(form.dataset.preview, { method: "POST", body: new FormData(form) })
      .catch(() => null);
    if (answer?.ok && !answer.redirected) sentence.textContent = await answer.text();
  }, 300);
}

form.addEventListener("change", () => {
  show();
  tell();
});
renumber();
show();
