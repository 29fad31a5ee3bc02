/* Zoom and pan of a drawn flow: buttons, keys, ctrl with the wheel, pinching, dragging. Without it
   the drawing is shown in full size and scrolls. */
"use strict";

const MOST = 3;
const LEAST = 0.1;

class FlowView {
  constructor(view) {
    this.view = view;
    this.svg = view.querySelector("svg");
    this.size = this.svg.viewBox.baseVal;
    this.scope = view.closest("[data-flow-scope]") || document;
    this.fingers = new Map();
    const buttons = this.scope.querySelector("[data-flow-buttons]");
    if (buttons) {
      buttons.hidden = false;
      buttons.addEventListener("click", (event) => this.press(event));
    }
    view.addEventListener("keydown", (event) => this.key(event));
    view.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    for (const name of ["pointerdown", "pointermove", "pointerup", "pointercancel"]) {
      view.addEventListener(name, (event) => this[name](event));
    }
    view.addEventListener("dragstart", (event) => event.preventDefault());
    this.zoom(Math.min(1, Math.max(this.fitting(), 0.6)));
  }

  fitting() {
    return (this.view.clientWidth - 2) / this.size.width;
  }

  /* Zooms so that the point (x, y) of the window stays where it is. */
  zoom(scale, x, y) {
    const box = this.view.getBoundingClientRect();
    const left = (x ?? box.left + box.width / 2) - box.left;
    const top = (y ?? box.top) - box.top;
    const before = this.scale || 1;
    this.scale = Math.min(MOST, Math.max(LEAST, scale));
    this.svg.setAttribute("width", Math.round(this.size.width * this.scale));
    this.svg.setAttribute("height", Math.round(this.size.height * this.scale));
    const grown = this.scale / before;
    this.view.scrollLeft = (this.view.scrollLeft + left) * grown - left;
    this.view.scrollTop = (this.view.scrollTop + top) * grown - top;
    const percent = this.scope.querySelector("[data-flow-percent]");
    if (percent) percent.textContent = `${Math.round(this.scale * 100)} %`;
  }

  act(what) {
    const scales = { in: this.scale * 1.25, out: this.scale / 1.25, full: 1, fit: this.fitting() };
    this.zoom(scales[what]);
  }

  press(event) {
    const button = event.target.closest("[data-flow-zoom]");
    if (button) this.act(button.dataset.flowZoom);
  }

  key(event) {
    const does = { "+": "in", "=": "in", "-": "out", 0: "fit", 1: "full" }[event.key];
    if (!does || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.act(does);
  }

  wheel(event) {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    this.zoom(this.scale * Math.exp(-event.deltaY / 400), event.clientX, event.clientY);
  }

  pointerdown(event) {
    if (event.button) return;
    this.fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    this.apart = this.spread();
    this.moved = false;
    this.from = [this.view.scrollLeft + event.clientX, this.view.scrollTop + event.clientY];
  }

  pointermove(event) {
    const finger = this.fingers.get(event.pointerId);
    if (!finger) return;
    const [x, y] = [event.clientX - finger.x, event.clientY - finger.y];
    if (this.fingers.size === 2) {
      [finger.x, finger.y] = [event.clientX, event.clientY];
      const now = this.spread();
      const points = [...this.fingers.values()];
      const middle = (name) => (points[0][name] + points[1][name]) / 2;
      if (this.apart) this.zoom((this.scale * now) / this.apart, middle("x"), middle("y"));
      this.apart = now;
    } else if (event.pointerType === "mouse" && (this.moved || Math.hypot(x, y) > 4)) {
      this.moved = true;
      this.view.classList.add("grabbing");
      this.view.scrollLeft = this.from[0] - event.clientX;
      this.view.scrollTop = this.from[1] - event.clientY;
    }
  }

  pointerup(event) {
    this.fingers.delete(event.pointerId);
    this.view.classList.remove("grabbing");
    if (!this.moved) return;
    this.moved = false;
    const swallow = (click) => click.preventDefault(); // a drag that ends on a box follows no link
    this.view.addEventListener("click", swallow, { once: true, capture: true });
    setTimeout(() => this.view.removeEventListener("click", swallow, { capture: true }));
  }

  pointercancel(event) {
    this.fingers.delete(event.pointerId);
    this.view.classList.remove("grabbing");
  }

  spread() {
    const [one, two] = [...this.fingers.values()];
    return two ? Math.hypot(one.x - two.x, one.y - two.y) : 0;
  }
}

for (const view of document.querySelectorAll("[data-flow]")) new FlowView(view);

for (const select of document.querySelectorAll("[data-flow-submit]")) {
  select.addEventListener("change", () => select.form.submit());
  select.form.querySelector("button[type=submit]").hidden = true;
}
