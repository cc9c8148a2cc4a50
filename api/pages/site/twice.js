// A button that asks once more before it does what cannot be undone.
import { element } from "/wrapped/dom.js";

const SOON_MS = 500;

export function twice(kind, words, work) {
  const told = element("p", { class: "said", role: "status" });
  const button = element("button", { type: "button", class: kind, ...(words.label ? { "aria-label": words.label } : {}) }, [words.do]);
  const sure = element("button", { type: "button", class: "danger", hidden: "" }, [words.sure]);
  button.addEventListener("click", () => {
    told.textContent = words.warning;
    button.hidden = true;
    sure.hidden = false;
    sure.focus();
    // It stands where the first button was: the second tap of a hand that taps twice is no answer.
    sure.setAttribute("aria-disabled", "true");
    setTimeout(() => sure.removeAttribute("aria-disabled"), SOON_MS);
  });
  sure.addEventListener("click", async () => {
    if (sure.hasAttribute("aria-disabled")) return;
    sure.disabled = true;
    try {
      await work();
      told.textContent = words.done;
      sure.hidden = true;
    } catch (problem) {
      told.textContent = /** @type {Error} */ (problem).message;
      sure.disabled = false;
    }
  });
  return [told, element("p", { class: "row" }, [button, sure])];
}
