/* A key is dragged, with all that is below it, onto another menu. By keyboard "Move" does the same. */

export function watchDrags({ post, tell, editor }) {
  let dragged = null;

  document.addEventListener("dragstart", (event) => {
    const branch = event.target.closest?.("#ivr-editor .ivr-branch[draggable]");
    if (!branch) return;
    dragged = branch;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", branch.id);
    branch.classList.add("ivr-dragged");
    tell(editor().dataset.moved.replace("{key}", branch.dataset.key));
  });

  /* A menu takes it, unless it is the one that has it or one below it. */
  function target(event) {
    const menu = event.target.closest?.("#ivr-editor .ivr-menu");
    if (!dragged || !menu || dragged.contains(menu)) return null;
    return menu.dataset.menu === dragged.dataset.menu ? null : menu;
  }

  function mark(menu) {
    for (const one of editor().querySelectorAll(".ivr-over")) one.classList.remove("ivr-over");
    menu?.classList.add("ivr-over");
  }

  document.addEventListener("dragover", (event) => {
    const menu = target(event);
    mark(menu);
    if (menu) event.preventDefault();
  });

  document.addEventListener("drop", (event) => {
    const menu = target(event);
    if (!menu) return;
    event.preventDefault();
    const { menu: from, key, seen } = dragged.dataset;
    post({
      action: `/ivr_menus/menu/${from}`,
      do: "move",
      was: key,
      key: "",
      menu: menu.dataset.menu,
      seen: `${seen} ${menu.dataset.seen}`,
    });
  });

  document.addEventListener("dragend", () => {
    dragged?.classList.remove("ivr-dragged");
    dragged = null;
    mark(null);
  });
}
