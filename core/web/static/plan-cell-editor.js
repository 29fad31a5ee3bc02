/* One cell of the plan grid being typed into. The server says what a word means; what it refuses
   comes back with what was typed. */

const LISTS = { switch: ["true", "false"], metered: ["true", "false"] };

export class CellEditor {
  constructor(grid) {
    this.grid = grid;
    this.say = grid.table.dataset;
    this.cell = null;
  }

  /* Open a cell; what is typed replaces what it says, unless nothing is typed yet. */
  open(cell, typed = null) {
    this.close();
    this.cell = cell;
    const { kind, choices } = cell.parentElement.dataset;
    const words = LISTS[kind] || (choices ? [...choices.split(" "), "false"] : null);
    this.box = Object.assign(document.createElement("div"), { className: "cell-editor" });
    this.input = words ? this.list(words, typed) : this.line(kind, typed);
    this.input.setAttribute("aria-label", this.label());
    this.box.prepend(this.input);
    this.box.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => this.commit());
    cell.append(this.box);
    this.input.focus();
    if (!words && typed === null) this.input.select();
  }

  label() {
    const head = this.grid.table.tHead.rows[0].cells[this.cell.cellIndex];
    const title = this.cell.parentElement.querySelector(".feature-title").textContent;
    return `${title}, ${head.querySelector(".plan-title").textContent}`;
  }

  line(kind, typed) {
    const value = typed === null ? (this.cell.dataset.own ?? "") : typed;
    const input = Object.assign(document.createElement("input"), { type: "text", value });
    const help = Object.assign(document.createElement("p"), { id: "cell-editor-help" });
    help.textContent = this.say[kind];
    this.box.append(help);
    input.setAttribute("aria-describedby", help.id);
    input.autocomplete = "off";
    return input;
  }

  list(words, typed) {
    const { inherits, yes, no } = this.say;
    const labels = { true: yes, false: no };
    const list = document.createElement("select");
    list.size = words.length + 1;
    list.add(new Option(`${inherits} (${this.cell.dataset.above})`, ""));
    for (const word of words) list.add(new Option(labels[word] ?? word, word));
    list.value = typed === null ? (this.cell.dataset.own ?? "") : this.meant(words, typed);
    list.addEventListener("click", (event) => {
      if (event.target.tagName !== "OPTION") return;
      const { cell } = this;
      this.commit();
      this.grid.go(cell);
    });
    return list;
  }

  /* The entry of a list that a first letter or a whole word means. */
  meant(words, typed) {
    const signs = { true: `${this.say.yes[0]}yt1x+`, false: `${this.say.no[0]}nf0-` };
    const small = typed.toLowerCase();
    const found = words.find(
      (one) => one === typed || (signs[one] ?? one[0]).toLowerCase().includes(small),
    );
    return found ?? this.cell.dataset.own ?? "";
  }

  key(event) {
    event.stopPropagation();
    const { row, column } = this.grid.place(this.cell);
    const back = event.shiftKey ? -1 : 1;
    const step = { Enter: [back, 0], Tab: [0, back] }[event.key];
    if (event.key === "Escape") {
      const { cell } = this;
      this.close();
      this.grid.go(cell);
    } else if (step) {
      this.commit();
      this.grid.go(this.grid.at(row + step[0], column + step[1]));
    } else return;
    event.preventDefault();
  }

  /* Send what was typed; when it is refused, the cell opens again with it. */
  async commit() {
    const { cell, grid } = this;
    if (!cell) return;
    const word = this.input.value.trim();
    this.close();
    if (word === (cell.dataset.own ?? "")) return;
    cell.classList.add("pending");
    const taken = await grid.fill(word, [[cell]]);
    cell.classList.remove("pending");
    if (!taken && document.contains(cell)) {
      grid.go(cell);
      this.open(cell, word);
    }
  }

  /* The cell was drawn anew while it is being typed into. */
  move(cell) {
    this.cell = null;
    cell.append(this.box);
    this.cell = cell;
    this.input.focus();
  }

  close() {
    const { box, cell } = this;
    this.cell = null;
    if (cell) box.remove();
  }
}
