/* Prompts are heard where they stand: stored ones by their links, typed ones before they are saved. */

const player = new Audio();

export function watchPlayers(unheard) {
  async function play(address) {
    player.src = address;
    try {
      await player.play();
    } catch {
      unheard();
    }
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("#ivr-editor a[data-play]");
    if (link) {
      event.preventDefault();
      if (!player.paused && player.src === link.href) return player.pause();
      play(link.href);
    }
    const button = event.target.closest("#ivr-editor [data-speak]");
    if (button) {
      const text = document.getElementById(button.dataset.speak).value.trim();
      const said = button.dataset.language;
      const language = said.startsWith("#") ? document.querySelector(said).value : said;
      if (text) play(`/listen/?${new URLSearchParams({ text, language })}`);
    }
  });
}
