// A button that asks once more before it does what cannot be undone.
import { element } from "/wrapped/dom.js";

export function twice(kind, words, work) {
  const told = element("p", { class: "said", role: "status" });
  const button = element("button", { type: "button", class: kind, ...(words.label ? { "aria-label": words.label } : {}) }, [words.do]);
  const sure = element("button", { type: "button", class: "danger", hidden: "" }, [words.sure]);
  button.addEventListener("click", () => {
    told.textContent = words.warning;
    button.hidden = true;
    sure.hidden = false;
    sure.focus();
  });
  sure.addEventListener("click", async () => {
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
