/* A number's card: unsaved changes are told, saving stays where one was; all works without it. */
const form = document.querySelector("form.card-form");
const place = `card-place-${form.dataset.keep}`;
const told = form.querySelector("[data-unsaved]");
const state = () => new URLSearchParams(new FormData(form)).toString();
const shown = state();
const failed = document.getElementById("faults");
let leaving = false;

const changed = () => Boolean(failed) || state() !== shown;

function tell() {
  if (told) told.hidden = !changed();
}

form.addEventListener("input", tell);
form.addEventListener("change", (event) => {
  tell();
  const sheet = event.target.closest(".sheet");
  if (sheet && event.target.name.endsWith(":on")) {
    const body = sheet.querySelector(".sheet-body");
    if (body && event.target.checked) body.open = true;
  }
});
form.addEventListener("submit", () => {
  leaving = true;
  sessionStorage.setItem(place, String(window.scrollY));
});
document.querySelector("[data-discard]")?.addEventListener("click", () => {
  leaving = true;
});
window.addEventListener("beforeunload", (event) => {
  if (told && !leaving && changed()) event.preventDefault();
});

/* A link into a closed sheet opens it. */
function reveal() {
  const target = location.hash && document.getElementById(location.hash.slice(1));
  const closed = target && (target.closest("details") || target.querySelector("details"));
  if (closed && target.closest("form") && !target.matches(".card-section")) closed.open = true;
}
window.addEventListener("hashchange", reveal);
reveal();
tell();

const kept = sessionStorage.getItem(place);
sessionStorage.removeItem(place);
if (failed) failed.scrollIntoView({ block: "center" });
else if (kept !== null && !location.hash) window.scrollTo(0, Number(kept));

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
