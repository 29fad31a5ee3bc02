/* Listen to a prompt that is a text, and to the sound chosen in a select. */
"use strict";

const player = new Audio();

/* A text field with data-listen gets a button that speaks what stands in it (or, when it is empty,
   in data-listen). data-language: a BCP 47 tag, or the id of the field that holds one. */
for (const field of document.querySelectorAll("input[data-listen], textarea[data-listen]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-sm btn-outline-secondary listen";
  button.textContent = document.body.dataset.listenLabel;
  button.addEventListener("click", () => listen(field, button));
  const show = () => { button.hidden = !(field.value.trim() || field.dataset.listen); };
  field.addEventListener("input", show);
  show();
  field.after(button);
}

function listen(field, button) {
  const text = field.value.trim() || field.dataset.listen;
  const said = field.dataset.language || "";
  const language = document.getElementById(said)?.value ?? said;
  player.src = "/listen/?" + new URLSearchParams({ text, language });
  button.disabled = true;
  player.play().catch(() => { button.textContent = document.body.dataset.listenFailed; })
    .finally(() => { button.disabled = false; });
}

/* A select with data-sound gets a player of what is chosen; data-sound itself is the key of what
   holds while nothing is chosen. */
for (const select of document.querySelectorAll("select[data-sound]")) {
  const audio = document.createElement("audio");
  audio.controls = true;
  audio.preload = "none";
  const show = () => {
    const key = select.value || select.dataset.sound;
    audio.hidden = !key;
    if (key) audio.src = "/listen/sound/?" + new URLSearchParams({ key });
    else audio.removeAttribute("src");
  };
  select.addEventListener("change", show);
  show();
  select.after(audio);
}
