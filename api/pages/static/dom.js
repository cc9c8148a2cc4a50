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
