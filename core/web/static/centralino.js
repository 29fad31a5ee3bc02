/* Small helps, by delegation: every page also works without them. */
"use strict";

document.addEventListener("click", (event) => {
  const on = (selector) => event.target.closest(selector);
  const menu = on("[data-toggle-menu]");
  if (menu) {
    const open = document.getElementById("menu").classList.toggle("open");
    menu.setAttribute("aria-expanded", String(open));
  }
  const add = on("[data-inline-add]");
  if (add) addRow(add.closest("[data-inline]"));
  const remove = on("[data-inline-remove]");
  if (remove) remove.closest(".inline-row").remove();
  const copy = on("[data-copy]");
  if (copy) copyText(copy);
});

function addRow(list) {
  const number = list.dataset.next++;
  const row = list.querySelector("template").content.firstElementChild.cloneNode(true);
  const prefix = `${list.dataset.inline}-${number}-`;
  for (const input of row.querySelectorAll("[name]")) {
    input.id = prefix + input.name;
    input.name = prefix + input.name;
  }
  for (const label of row.querySelectorAll("label[for]")) label.htmlFor = prefix + label.htmlFor;
  list.querySelector(".inline-list").append(row);
  row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
}

async function copyText(button) {
  const text = document.getElementById(button.dataset.copy).textContent;
  await navigator.clipboard.writeText(text);
  button.textContent = button.dataset.copied;
}

document.addEventListener("click", (event) => {
  for (const open of document.querySelectorAll("details.user-menu[open], details.more-menu[open]")) {
    if (!open.contains(event.target)) open.open = false;
  }
});

/* Who fills in a field that belongs to one choice has made that choice. */
document.addEventListener("input", (event) => {
  const choice = document.getElementById(event.target.dataset.chooses);
  if (choice) choice.checked = true;
});

/* A setting that has no effect while its switch is off is dimmed, never disabled or lost. */
function dim() {
  for (const part of document.querySelectorAll("[data-when]")) {
    const control = document.getElementsByName(part.dataset.when)[0];
    if (control) part.classList.toggle("no-effect", !control.checked);
  }
}
document.addEventListener("change", dim);
dim();

/* A part of a page that changes by itself is fetched again, unless somebody types in it. */
for (const part of document.querySelectorAll("[data-live]")) {
  const busy = () => document.hidden || [...part.querySelectorAll("input:not([type=hidden])")]
    .some((input) => input === document.activeElement || input.value !== input.defaultValue);
  const timer = setInterval(async () => {
    if (busy()) return;
    const answer = await fetch(part.dataset.live).catch(() => null);
    if (!answer) return;
    if (!answer.ok || answer.redirected) return clearInterval(timer);
    const text = await answer.text();
    if (!busy()) part.innerHTML = text;
  }, part.dataset.every * 1000);
}
