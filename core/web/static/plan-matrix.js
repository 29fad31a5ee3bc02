/* What the page of the plan grid does with a script: a spreadsheet, rows found while typing, plans
   picked on a small screen. Without it the same is done by links and forms. */
import { PlanGrid } from "./plan-grid.js";

const table = document.querySelector("[data-plan-grid]");
const form = document.querySelector("[data-plan-filter]");
const grid = new PlanGrid(table);

/* Rows that match the search box and the two ticks; groups without a row go with them. */
function filterRows() {
  const words = form.q.value.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const group of table.tBodies) {
    const rows = [...group.rows].filter((row) => row.dataset.feature);
    for (const row of rows) {
      const found = words.every((word) => row.dataset.search.includes(word));
      const differs = !form.differences.checked || row.classList.contains("differs");
      const changed = !form.changed.checked || row.classList.contains("row-changed");
      row.hidden = !(found && differs && changed);
    }
    const shown = rows.filter((row) => !row.hidden).length;
    group.hidden = shown === 0;
    count += shown;
  }
  document.getElementById("plan-none").hidden = count > 0;
  return count;
}

/* On a small screen one plan stands beside the features. */
function showPlan(link) {
  const heads = [...table.tHead.rows[0].cells];
  const place = heads.findIndex((one) => one.dataset.plan === link.dataset.showPlan);
  for (const row of table.querySelectorAll("thead tr, tr[data-feature]")) {
    for (const cell of row.cells) cell.classList.toggle("shown", cell.cellIndex === place);
  }
  for (const one of document.querySelectorAll("[data-show-plan]")) {
    one.removeAttribute("aria-current");
  }
  link.setAttribute("aria-current", "true");
  form.show.value = link.dataset.showPlan;
}

form.addEventListener("input", () => {
  grid.announce(table.dataset.found.replace("{count}", filterRows()));
  grid.settle();
});
form.addEventListener("submit", (event) => event.preventDefault());
form.querySelector(".filter-buttons").hidden = true;
for (const link of document.querySelectorAll("[data-show-plan]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    showPlan(link);
    grid.settle();
  });
}
document.getElementById("plan-none").hidden = filterRows() > 0;
grid.settle();
