// Small hands for building the page. Text is always text: only <strong> in our own templates becomes an element.

export function element(name, attributes = {}, children = []) {
  const found = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) found.setAttribute(key, value);
  found.append(...children.flatMap(parts));
  return found;
}

function parts(child) {
  if (typeof child !== "string") return [child];
  return child.split(/(<strong>.*?<\/strong>)/).filter(Boolean).map((part) => {
    if (!part.startsWith("<strong>")) return part;
    const strong = document.createElement("strong");
    strong.textContent = part.slice(8, -9);
    return strong;
  });
}

export function list(kind, items) {
  return element("ul", { class: kind }, items.map((item) => element("li", {}, [item])));
}

export function fill(template, values) {
  return template.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

export const number = (value) => value.toLocaleString("en-SG");

export function bars(rows) {
  const most = rows[0].count;
  return element("ol", { class: "bars" }, rows.map((row) => {
    const bar = element("span", { class: "bar", "aria-hidden": "true" });
    bar.style.width = `${Math.max(2, (100 * row.count) / most)}%`;
    return element("li", {}, [`${row.emoji} ${row.word}`, element("span", {}, [bar]), element("span", { class: "number" }, [number(row.count)])]);
  }));
}

// A day as people write it, where it was said (or where the reader is). The api tells moments in UTC, ISO 8601, with or without saying so.
export function day(moment, timeZone) {
  const told = /(Z|[+-]\d\d:\d\d)$/.test(moment) ? moment : `${moment}Z`;
  return new Date(told).toLocaleDateString("en-SG", { weekday: "short", day: "numeric", month: "short", year: "numeric", timeZone });
}

// A clip of a voice and, while its text is there, its words in the `template`.
export function heard({ url, quote }, label, template) {
  const player = element("audio", { controls: "", preload: "none", src: url, "aria-label": label });
  return quote ? [player, element("p", { class: "quote" }, [fill(template, { quote })])] : [player];
}

export const link = (address, text) => element("a", { href: address }, [text]);

export function button(kind, text, work) {
  const found = element("button", { type: "button", class: kind }, [text]);
  found.addEventListener("click", work);
  return found;
}

// One of several: `options` are pairs of value and text.
export function choice(label, options, chosen = options[0][0]) {
  const found = element("select", { "aria-label": label }, options.map(([value, text]) => element("option", { value }, [text])));
  found.value = chosen;
  return found;
}

export const row = (...parts) => element("div", { class: "row" }, parts);

// `work` as something to be clicked: what goes wrong is told in `told`, in the answer's own words.
export const trying = (told, texts, work) => async (...given) => {
  try {
    await work(...given);
  } catch (problem) {
    told.textContent = fill(texts.failed, { detail: problem.message });
  }
};
