/* The drawing of menus, edited in place: links and forms of the editor are followed without loading
   the page, the focus stays where it was meant. Without this script the same links and forms load
   pages. */
import { unsaved, watchForms } from "./ivr-forms.js";
import { watchDrags } from "./ivr-drag.js";
import { watchPlayers } from "./ivr-players.js";

const editor = () => document.getElementById("ivr-editor");
const said = () => document.getElementById("ivr-said");
let busy = false;
let leaving = false;

/* Fetch a page and put its drawing in the place of ours. A page without a drawing asks something
   (or says that we are signed out): then `otherwise` loads it in the usual way. */
async function follow(address, options, otherwise) {
  if (busy) return;
  busy = true;
  editor().setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { ...options, credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const drawing = page.getElementById("ivr-editor");
    if (!drawing) return otherwise();
    show(drawing, page);
    history.replaceState(null, "", drawing.dataset.address);
  } catch {
    tell(editor().dataset.failed, true);
  } finally {
    busy = false;
    editor().removeAttribute("aria-busy");
  }
}

function show(drawing, page) {
  const before = window.scrollY;
  editor().replaceWith(document.adoptNode(drawing));
  document.querySelector("h1").textContent = page.querySelector("h1").textContent;
  document.title = page.title;
  for (const old of document.querySelectorAll(".page > .alert")) old.remove();
  const news = [...page.querySelectorAll(".page > .alert")];
  document.getElementById("page").prepend(...news);
  watchForms(editor());
  window.scrollTo(0, before);
  focusIn(editor());
  said().textContent = news.map((one) => one.textContent).join(" ");
}

/* A fault, an open form, or the box where something was done. */
function focusIn(root) {
  const wrong = root.querySelector("[aria-invalid]");
  const form = root.querySelector("#ivr-form");
  const first = form?.querySelector("input:not([type=hidden]), select, textarea");
  const target = wrong ?? first ?? document.getElementById(root.dataset.at);
  target?.focus({ preventScroll: true });
  target?.scrollIntoView({ block: "nearest" });
}

function tell(sentence, wrong = false) {
  said().textContent = sentence;
  said().classList.toggle("sr-only", !wrong);
}

function send(form, submitter) {
  const data = new FormData(form, submitter);
  follow(form.action, { method: "POST", body: data }, () => {
    leaving = true;
    form.submit();
  });
}

/* What is typed and not saved goes only when it is meant to. */
const mayLeave = () => !unsaved(editor()) || confirm(editor().dataset.unsaved);

window.addEventListener("beforeunload", (event) => {
  if (!leaving && unsaved(editor())) event.preventDefault();
});

/* A form that no page has: a key was dropped on a menu. */
function post(fields) {
  const form = document.createElement("form");
  form.method = "post";
  form.action = fields.action;
  form.hidden = true;
  for (const [name, value] of Object.entries({ ...fields, csrf_token: editor().dataset.token })) {
    if (name === "action") continue;
    const input = document.createElement("input");
    input.type = "hidden";
    input.name = name;
    input.value = value;
    form.append(input);
  }
  document.body.append(form);
  send(form);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("#ivr-editor a[data-in-place]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  if (!("cancel" in link.dataset) && !mayLeave()) return;
  follow(link.href, {}, () => {
    leaving = true;
    location.assign(link.href);
  });
});

document.addEventListener("submit", (event) => {
  if (!event.target.matches("#ivr-editor form[data-in-place]")) return;
  event.preventDefault();
  if (event.target.id === "ivr-form" || mayLeave()) send(event.target, event.submitter);
});

/* Arrow keys go from box to box; Enter opens the box's form, Escape closes the open one. */
document.addEventListener("keydown", (event) => {
  const here = document.activeElement;
  if (event.key === "Escape" && here?.closest("#ivr-form")) {
    here.closest("#ivr-form").querySelector("[data-cancel]").click();
  }
  if (!here?.matches("#ivr-editor [data-node]")) return;
  const nodes = [...editor().querySelectorAll("[data-node]")];
  const place = nodes.indexOf(here);
  const steps = { ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: nodes.length - 1 };
  if (event.key in steps && nodes[steps[event.key]]) {
    event.preventDefault();
    nodes[steps[event.key]].focus();
  } else if (event.key === "Enter") {
    here.querySelector("a[data-in-place]")?.click();
  }
});

watchForms(editor());
watchDrags({ post, tell, editor });
watchPlayers(() => tell(editor().dataset.unheard, true));
if (editor().dataset.at || document.getElementById("ivr-form")) focusIn(editor());
