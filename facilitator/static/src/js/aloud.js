// Reads an instruction aloud with a voice of the phone itself. A voice from the internet would carry the group's words
// away, so without a local voice the button stays hidden.

export function startAloud() {
  const speech = window.speechSynthesis;
  if (!speech) return { refresh() {} };

  const language = () => document.documentElement.lang.slice(0, 2);
  const voice = () => speech.getVoices().find((one) => one.localService && one.lang.toLowerCase().startsWith(language()));

  function refresh() {
    const canSpeak = Boolean(voice());
    document.querySelectorAll("button[data-read-aloud]").forEach((button) => (button.hidden = !canSpeak));
  }

  document.addEventListener("click", ({ target }) => {
    if (!target.closest("[data-read-aloud]") || !voice()) return;
    if (speech.speaking) return speech.cancel();
    const text = Array.from(document.querySelectorAll("[data-aloud]"), (node) => node.textContent.trim()).join(". ");
    const words = new SpeechSynthesisUtterance(text);
    words.voice = voice();
    words.lang = words.voice.lang;
    speech.speak(words);
  });
  if (speech.addEventListener) speech.addEventListener("voiceschanged", refresh); // voices load late
  window.addEventListener("pagehide", () => speech.cancel());
  return { refresh, hush: () => speech.cancel() };
}
