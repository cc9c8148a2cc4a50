// A question before an answer. A slide: its choices, and what is told when one of them is taken.
import { button, element } from "/wrapped/dom.js";

// `options` are pairs of an id and a text, in an order that gives nothing away; `told` says what became of a choice.
export function guessing(title, asked, options, told) {
  const answer = element("p", { role: "status", class: "answer" });
  const choices = options.map(([id, text]) => button("choice", text, () => {
    for (const one of choices) one.disabled = true;
    const { text: said, right } = told(id);
    answer.textContent = said;
    choices.forEach((one, n) => one.classList.toggle("right", options[n][0] === right));
  }));
  return { title, how: null, body: [element("p", {}, [asked]), element("div", { class: "choices" }, choices), answer] };
}

export const byName = (pairs) => [...pairs].sort((one, other) => one[1].localeCompare(other[1]));
