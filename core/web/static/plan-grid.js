/* The plan grid as a spreadsheet: keys, selection, copy and paste (the ARIA grid pattern). What a
   word means, and which cells change with it, only the server knows. */
import { CellEditor } from "./plan-cell-editor.js";

const PAGE = 10; // rows of a PageUp or PageDown

export class PlanGrid {
  constructor(table) {
    this.table = table;
    this.queue = Promise.resolve();
    this.editor = new CellEditor(this);
    this.active = this.anchor = null;
    table.setAttribute("role", "grid");
    table.setAttribute("aria-multiselectable", "true");
    for (const link of table.querySelectorAll("td a")) link.tabIndex = -1;
    for (const cell of table.querySelectorAll("td")) cell.tabIndex = -1;
    table.addEventListener("keydown", (event) => this.key(event));
    table.addEventListener("pointerdown", (event) => this.press(event));
    table.addEventListener("pointerover", (event) => this.drag(event));
    table.addEventListener("click", (event) => this.click(event));
    table.addEventListener("dblclick", (event) => this.click(event, true));
    document.addEventListener("copy", (event) => this.copy(event));
    document.addEventListener("paste", (event) => this.paste(event));
    document.addEventListener("submit", (event) => this.submit(event));
    const linked = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (linked && table.contains(linked) && cellOf(linked)) this.go(linked);
  }

  /* --- Places ------------------------------------------------------------------------------ */

  rows() {
    return [...this.table.querySelectorAll("tr[data-feature]:not([hidden])")];
  }

  cells(row) {
    return [...row.cells].filter((one) => one.tagName === "TD" && one.offsetParent !== null);
  }

  place(cell) {
    const row = cell.parentElement;
    return { row: this.rows().indexOf(row), column: this.cells(row).indexOf(cell) };
  }

  /* The cell at a place, or the nearest one inside the grid. */
  at(row, column) {
    const rows = this.rows();
    const found = rows[Math.max(0, Math.min(row, rows.length - 1))];
    const cells = found ? this.cells(found) : [];
    return cells[Math.max(0, Math.min(column, cells.length - 1))];
  }

  /* The selected cells, row by row. */
  block() {
    const [a, b] = [this.place(this.anchor), this.place(this.active)];
    const rows = this.rows().slice(Math.min(a.row, b.row), Math.max(a.row, b.row) + 1);
    const [left, right] = [Math.min(a.column, b.column), Math.max(a.column, b.column) + 1];
    return rows.map((row) => this.cells(row).slice(left, right));
  }

  /* The keys of rows and columns, as the server takes them. */
  where(block) {
    const heads = this.table.tHead.rows[0].cells;
    return {
      features: block.map((cells) => cells[0].parentElement.dataset.feature).join(" "),
      plans: block[0].map((cell) => heads[cell.cellIndex].dataset.plan).join(" "),
    };
  }

  activate(cell, extend = false) {
    if (this.active) this.active.tabIndex = -1;
    this.active = cell;
    if (!extend || !this.anchor) this.anchor = cell;
    cell.tabIndex = 0;
    for (const one of this.table.querySelectorAll("[aria-selected]")) {
      one.removeAttribute("aria-selected");
    }
    const block = this.block();
    if (block.length * block[0].length < 2) return;
    for (const one of block.flat()) one.setAttribute("aria-selected", "true");
  }

  go(cell, extend = false) {
    if (!cell) return;
    this.activate(cell, extend);
    cell.focus({ preventScroll: true });
    cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  /* After rows or columns were hidden: one visible cell can be reached with Tab. */
  settle() {
    const seen = this.active && this.active.offsetParent !== null;
    const cell = seen ? this.active : this.at(0, 0);
    if (cell) this.activate(cell);
  }

  /* --- Keys and pointer ---------------------------------------------------------------------- */

  key(event) {
    const cell = event.target;
    if (cell !== cellOf(cell) || event.altKey) return;
    const { row, column } = this.place(cell);
    const far = event.ctrlKey || event.metaKey;
    const moves = {
      ArrowUp: [far ? 0 : row - 1, column],
      ArrowDown: [far ? Infinity : row + 1, column],
      ArrowLeft: [row, far ? 0 : column - 1],
      ArrowRight: [row, far ? Infinity : column + 1],
      Home: [far ? 0 : row, 0],
      End: [far ? Infinity : row, Infinity],
      PageUp: [row - PAGE, column],
      PageDown: [row + PAGE, column],
    };
    const redo = event.shiftKey ? "redo" : "undo";
    if (moves[event.key]) this.go(this.at(...moves[event.key]), event.shiftKey);
    else if (far && event.key.toLowerCase() === "z") this.send(redo, {});
    else if (far && event.key.toLowerCase() === "y") this.send("redo", {});
    else if (far) return;
    else if (event.key === "Enter" || event.key === "F2") this.editor.open(cell);
    else if (event.key === "Escape") this.go(cell);
    else if (event.key === "Delete" || event.key === "Backspace") this.fill("");
    else if (event.key === " ") this.toggle(cell);
    else if (event.key.length === 1) this.editor.open(cell, event.key);
    else return;
    event.preventDefault();
  }

  /* Space: the selection becomes what its last cell is not. */
  toggle(cell) {
    const { kind } = cell.parentElement.dataset;
    if (kind !== "switch" && kind !== "metered") this.editor.open(cell);
    else this.fill(cell.dataset.text === "true" ? "false" : "true");
  }

  press(event) {
    const cell = cellOf(event.target);
    if (!cell || event.button || inEditor(event)) return;
    this.again = event.pointerType === "touch" && cell === document.activeElement;
    this.go(cell, event.shiftKey);
    if (event.pointerType !== "touch") event.preventDefault();
  }

  drag(event) {
    const cell = cellOf(event.target);
    const pressed = event.buttons === 1 && event.pointerType === "mouse";
    if (cell && pressed && !this.editor.cell && cell !== this.active) this.go(cell, true);
  }

  /* A click chooses a cell; a second one, or a second tap, opens it. */
  click(event, twice = false) {
    const cell = cellOf(event.target);
    if (!cell || event.ctrlKey || event.metaKey || inEditor(event)) return;
    event.preventDefault();
    if (twice || this.again) this.editor.open(cell);
  }

  copy(event) {
    if (!this.focused()) return;
    const lines = this.block().map((cells) => cells.map((one) => one.dataset.text).join("\t"));
    event.clipboardData.setData("text/plain", lines.join("\n"));
    event.preventDefault();
    this.announce(this.table.dataset.copied);
  }

  /* One word fills the selection; a block lies from its first cell on. */
  paste(event) {
    if (!this.focused()) return;
    event.preventDefault();
    const text = event.clipboardData.getData("text/plain").replace(/\r?\n$/, "");
    if (!/[\t\n]/.test(text)) {
      this.fill(text.trim());
      return;
    }
    const { row, column } = this.place(this.block()[0][0]);
    const rest = this.rows().slice(row).map((one) => this.cells(one).slice(column));
    this.send("paste", { text, ...this.where(rest) });
  }

  focused() {
    return this.table.contains(document.activeElement) && !this.editor.cell;
  }

  submit(event) {
    const step = event.target.dataset.planStep;
    if (!step) return;
    event.preventDefault();
    this.send(step, {});
  }

  /* --- The server ------------------------------------------------------------------------------ */

  fill(word, block = this.block()) {
    return this.send("fill", { word, ...this.where(block) });
  }

  /* One after the other: each says on which state of the draft it was made. */
  send(path, data) {
    this.queue = this.queue.then(() => this.post(path, data)).catch(() => location.reload());
    return this.queue;
  }

  /* Whether the change was taken. */
  async post(path, data) {
    const { address, token, stamp } = this.table.dataset;
    const body = new URLSearchParams({ ...data, csrf_token: token, seen: stamp });
    const headers = { Accept: "application/json" };
    const answer = await fetch(address + path, { method: "POST", body, headers });
    const told = await answer.json();
    for (const one of this.table.querySelectorAll(".wrong")) one.classList.remove("wrong");
    document.getElementById("plan-refused").replaceChildren();
    if (!answer.ok) this.refuse(told);
    else if (told.reload) this.reload();
    else this.show(told);
    return answer.ok;
  }

  reload() {
    history.replaceState(null, "", `#${this.active.id}`);
    location.reload();
  }

  show(told) {
    const focused = this.focused();
    for (const [id, html] of Object.entries(told.cells)) this.replace(id, html);
    for (const [feature, row] of Object.entries(told.rows)) {
      const found = this.table.querySelector(`tr[data-feature="${feature}"]`);
      found.classList.toggle("differs", row.differs);
      found.classList.toggle("row-changed", row.changed);
    }
    this.table.dataset.stamp = told.stamp;
    document.getElementById("plan-bar").innerHTML = told.bar;
    if (focused) this.active.focus({ preventScroll: true });
    this.announce(told.message);
  }

  replace(id, html) {
    const old = document.getElementById(id);
    const holder = document.createElement("template");
    holder.innerHTML = html;
    const cell = holder.content.firstElementChild;
    cell.classList.toggle("shown", old.classList.contains("shown"));
    if (old.hasAttribute("aria-selected")) cell.setAttribute("aria-selected", "true");
    cell.tabIndex = old.tabIndex;
    cell.querySelector("a").tabIndex = -1;
    if (this.active === old) this.active = cell;
    if (this.anchor === old) this.anchor = cell;
    old.replaceWith(cell);
    if (this.editor.cell === old) this.editor.move(cell);
  }

  /* Nothing was changed; each wrong cell is marked and named. */
  refuse(told) {
    const box = document.getElementById("plan-refused");
    const list = document.createElement("ul");
    for (const one of told.wrong) {
      document.getElementById(one.id)?.classList.add("wrong");
      list.append(Object.assign(document.createElement("li"), { textContent: one.sentence }));
    }
    box.append(Object.assign(document.createElement("p"), { textContent: told.message }));
    if (told.wrong.length) box.append(list);
  }

  announce(text) {
    document.getElementById("plan-said").textContent = text;
  }
}

function cellOf(element) {
  return element.closest?.("td[data-text]");
}

function inEditor(event) {
  return event.target.closest(".cell-editor");
}
