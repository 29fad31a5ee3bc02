/* A number's card: unsaved changes are told, saving stays where one was, also which sheets are open;
   all works without it. */
const form = document.querySelector("form.card-form");
const place = `card-place-${form.dataset.keep}`;
const told = form.querySelector("[data-unsaved]");
const saved = form.querySelector("[data-saved]");
const state = () => new URLSearchParams(new FormData(form)).toString();
const shown = state();
const failed = document.getElementById("faults");
let leaving = false;

const chosen = form.querySelector("[data-chosen]");

/* What the server shows after a fault, or after "Go back", is typed and not saved. */
const unsaved = failed || chosen || form.querySelector("[data-typed]");

const changed = () => Boolean(unsaved) || state() !== shown;

function tell() {
  if (!told) return;
  told.hidden = !changed();
  if (!told.hidden) saved.replaceChildren();
}

/* Who leaves to make what is chosen here, finds on coming back what was typed. */
const draft = `card-draft-${form.dataset.keep}`;

function restore(text) {
  const typed = new URLSearchParams(text);
  for (const control of form.elements) {
    if (!control.name || control.disabled || control.type === "hidden" || "chosen" in control.dataset) continue;
    const said = [control.checked, control.value].join();
    if (control.type === "checkbox") control.checked = typed.getAll(control.name).includes(control.value);
    else if (typed.has(control.name)) control.value = typed.get(control.name);
    if (said !== [control.checked, control.value].join()) control.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

function showEditLink(select) {
  const link = form.querySelector(`[data-edits="${select.name}"]`);
  const id = select.value.split(":")[1];
  if (!link) return;
  link.hidden = !id;
  if (id) link.href = link.dataset.address.replace("ID", id);
}

for (const link of form.querySelectorAll("[data-leave]")) {
  link.addEventListener("click", () => {
    leaving = true;
    sessionStorage.setItem(draft, state());
  });
}

form.addEventListener("input", tell);
form.addEventListener("change", (event) => {
  tell();
  showEditLink(event.target);
  const sheet = event.target.closest(".sheet");
  const summary = sheet?.querySelector(".sheet-summary");
  if (summary) summary.textContent = form.dataset.changed;
  if (sheet && event.target.name.endsWith(":on")) {
    const body = sheet.querySelector(".sheet-body");
    if (body && event.target.checked) body.open = true;
  }
});
form.addEventListener("submit", () => {
  leaving = true;
  sessionStorage.setItem(place, String(form.getBoundingClientRect().top));
  history.replaceState(null, "", location.pathname); // a redirect would inherit the fragment
});
document.querySelector("[data-discard]")?.addEventListener("click", () => {
  leaving = true;
});
window.addEventListener("beforeunload", (event) => {
  if (told && !leaving && changed()) event.preventDefault();
});

/* Sheets that were open stay open, through saving and coming back; one button opens or closes all. */
const sheets = [...form.querySelectorAll(".sheet-body")];
const opened = `card-open-${form.dataset.keep}`;
const all = form.querySelector("[data-all]");
const words = [all.textContent, all.dataset.close];
const nameOf = (one) => one.closest(".sheet").id;

function tellOpen() {
  const open = sheets.filter((one) => one.open);
  sessionStorage.setItem(opened, JSON.stringify(open.map(nameOf)));
  all.textContent = words[Number(open.length === sheets.length)];
}

const before = JSON.parse(sessionStorage.getItem(opened) || "[]");
for (const one of sheets) {
  if (before.includes(nameOf(one))) one.open = true;
  one.addEventListener("toggle", tellOpen);
}
all.hidden = sheets.length < 2;
all.addEventListener("click", () => {
  const open = sheets.some((one) => !one.open);
  for (const one of sheets) one.open = open;
});
tellOpen();

/* A link into a closed sheet opens it. */
function reveal() {
  const target = location.hash && document.getElementById(location.hash.slice(1));
  const closed = target && (target.closest("details") || target.querySelector("details"));
  if (closed && target.closest("form") && !target.matches(".card-section")) closed.open = true;
}
window.addEventListener("hashchange", reveal);
reveal();
tell();

const left = sessionStorage.getItem(draft);
sessionStorage.removeItem(draft);
if (left && !failed) restore(left);

/* After saving one is where one was, and reads there that it is saved; what warns is at the top. */
const kept = sessionStorage.getItem(place);
sessionStorage.removeItem(place);
const flashed = [...document.querySelectorAll(".page > .alert[role=status]")];
if (failed) failed.scrollIntoView({ block: "center" });
else if (kept !== null && flashed.every((one) => one.matches(".alert-success"))) {
  saved.append(...flashed);
  window.scrollBy(0, form.getBoundingClientRect().top - Number(kept));
}

const links = new Map();
for (const link of document.querySelectorAll(".card-nav a")) links.set(link.hash.slice(1), link);
const seen = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) {
      links.get(entry.target.id)?.classList.toggle("current", entry.isIntersecting);
    }
  },
  { rootMargin: "-15% 0px -70% 0px" },
);
for (const section of document.querySelectorAll(".card-section")) seen.observe(section);
