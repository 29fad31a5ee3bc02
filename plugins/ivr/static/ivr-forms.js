/* The form of a key: only the fields that its choice needs, and a taken key is said at once. Of any
   form: whether something was typed into it that is not saved. */

const typed = (form) => new URLSearchParams(new FormData(form)).toString();
let shown = "";

export function unsaved(editor) {
  const form = editor.querySelector("#ivr-form");
  return Boolean(form) && (form.querySelector("[aria-invalid]") !== null || typed(form) !== shown);
}

export function watchForms(editor) {
  for (const node of editor.querySelectorAll("[data-node]")) node.tabIndex = 0;
  editor.dataset.ready = "";
  const form = editor.querySelector("#ivr-form");
  if (!form) return;
  shown = typed(form);
  for (const button of form.querySelectorAll("[data-speak]")) button.hidden = false;
  const choice = form.querySelector("[data-choice]");
  if (choice) {
    const fit = () => showFor(form, choice.value);
    choice.addEventListener("change", fit);
    fit();
  }
  const key = form.querySelector("[data-menu-of-key]");
  if (key) {
    const check = () => sayTaken(editor, form, key);
    form.addEventListener("change", check);
    check();
  }
}

function showFor(form, chosen) {
  for (const part of form.querySelectorAll("[data-for]")) {
    part.hidden = !part.dataset.for.split(" ").includes(chosen);
    for (const input of part.querySelectorAll("input, textarea")) {
      input.required = !part.hidden && !["text"].includes(input.name);
    }
  }
}

/* A key of the menu that it would go to, unless it is the key itself. */
function sayTaken(editor, form, select) {
  const place = select.dataset.menuOfKey;
  const menu = place.startsWith("#") ? form.querySelector(place).value : place;
  const box = editor.querySelector(`.ivr-menu[data-menu="${menu}"]`);
  const taken = JSON.parse(box?.dataset.taken || "{}");
  const home = select.dataset.home ?? menu;
  const own = home === menu && select.value === select.dataset.was;
  const title = own ? undefined : taken[select.value];
  const sentence = title === undefined ? "" : editor.dataset.taken
    .replace("{key}", select.value).replace("{title}", title);
  const fault = document.getElementById(`${select.id}-wrong`);
  if (sentence || select.validationMessage) {
    fault.textContent = sentence;
    fault.hidden = !sentence;
    select.classList.toggle("is-invalid", Boolean(sentence));
  }
  select.setCustomValidity(sentence);
}
