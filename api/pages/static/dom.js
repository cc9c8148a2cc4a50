// Small hands for building the page. Text is always text: only <strong> in our own templates becomes an element.

// As people in Singapore write numbers and days, in the language of the page.
const locale = () => `${document.documentElement.lang || "en"}-SG`;
const UTC = { timeZone: "UTC" };

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

// Tells something new alone: a region that is read aloud is read again whenever it is written.
export function say(found, text) {
  if (found.textContent !== text) found.textContent = text;
}

export function list(kind, items) {
  return element("ul", { class: kind }, items.map((item) => element("li", {}, [item])));
}

// Letters that are read from right to left turn the figures beside them: a text of somebody's own stands by itself.
const TURNS = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/;
export const isolated = (text) => (TURNS.test(text) ? `\u2068${text}\u2069` : text);

// `{n}` is a value; `{n|talk|talks}` is the first word for one of it, else the second, in which `#` is the value.
export function fill(template, values) {
  return template.replace(/\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g, (whole, name, one, other) => {
    if (!(name in values)) return whole;
    const value = isolated(String(values[name]));
    if (other === undefined) return value;
    return (value === "1" ? one : other).replaceAll("#", value);
  });
}

// Words with their counts, most said first. The api tells them so, but of an object's names numbers come first: a group may count "88".
/** @param {Record<string, number>} words @returns {[string, number][]} */
export const mostFirst = (words) => Object.entries(words).sort(([, one], [, other]) => other - one);

export const number = (value) => value.toLocaleString(locale());

// A share in whole per cent: all is said of all alone, and nothing of nothing alone.
/** @param {number} share */
export function percent(share) {
  const whole = Math.round(100 * share);
  return share > 0 && share < 1 ? Math.min(99, Math.max(1, whole)) : whole;
}

export function bars(rows) {
  const most = rows[0].count;
  return element("ol", { class: "bars" }, rows.map((row) => {
    const bar = element("span", { class: "bar", "aria-hidden": "true" });
    bar.style.width = `${Math.max(2, (100 * row.count) / most)}%`;
    return element("li", {}, [`${row.emoji} ${row.word}`, element("span", {}, [bar]), element("span", { class: "number" }, [number(row.count)])]);
  }));
}

// A day as people write it, where it was said (or where the reader is). The api tells moments in UTC, ISO 8601.
// An old browser lacks new zones, which a phone of somebody else may be in: it tells the day of where the reader is.
export function day(moment, timeZone) {
  const inZone = (zone) => new Date(moment).toLocaleDateString(locale(), { weekday: "short", day: "numeric", month: "short", year: "numeric", timeZone: zone });
  try {
    return inZone(timeZone);
  } catch {
    return inZone(undefined);
  }
}

// A moment of the last days as people say it: Sat, 28 Nov, 4:03 am. In Unix milliseconds, or as the api tells it.
export const moment = (told) => new Date(told).toLocaleString(locale(), { weekday: "short", day: "numeric", month: "short", hour: "numeric", minute: "2-digit" });

// A clip of a voice and, while its text is there, its words in the `template`.
export function heard({ url, quote }, label, template) {
  const player = element("audio", { controls: "", preload: "none", src: url, "aria-label": label });
  return quote ? [player, element("p", { class: "quote" }, [fill(template, { quote })])] : [player];
}

// The number of a voice: people are not told that its label is S1.
export const voiceNumber = (label) => label.replace(/^S/, "");

// A place in a recording: 0:07, 1:02:03. Minutes without an hour have so many digits at least.
export function clock(seconds, digits = 1) {
  const whole = Math.floor(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  const two = (n) => String(n).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${String(minutes).padStart(digits, "0")}:${two(rest)}`;
}

// An hour of the day as people say it: 8 pm.
export const hour = (n) => new Date(Date.UTC(2000, 0, 1, n)).toLocaleTimeString(locale(), { hour: "numeric", ...UTC });

// Days of the calendar as people say them: 2026, November 2026, 23 – 29 November 2026.
export function days(from, to) {
  const [first, last] = [from, to].map((day) => new Date(`${day}T00:00:00Z`));
  const after = new Date(last.getTime() + 86400000);
  if (first.getUTCDate() === 1 && after.getUTCDate() === 1) {
    const months = 12 * (after.getUTCFullYear() - first.getUTCFullYear()) + after.getUTCMonth() - first.getUTCMonth();
    if (months === 12 && first.getUTCMonth() === 0) return String(first.getUTCFullYear());
    if (months === 1) return first.toLocaleDateString(locale(), { month: "long", year: "numeric", ...UTC });
  }
  return new Intl.DateTimeFormat(locale(), { day: "numeric", month: "long", year: "numeric", ...UTC }).formatRange(first, last);
}

// How long a talk is: in minutes, in hours where minutes would be many, in seconds where there is hardly one.
// Minutes of the api, times 60,000, are whole milliseconds but for a last digit: it is rounded away first.
export function lasting(ms, texts) {
  const seconds = Math.round(Math.round(ms) / 1000);
  if (seconds < 90) return fill(texts.seconds, { n: number(seconds) });
  const minutes = Math.round(seconds / 60);
  if (minutes < 100) return fill(texts.minutes, { n: number(minutes) });
  return fill(texts.hours, { n: number(Math.round(minutes / 6) / 10) });
}

// How long something takes, roughly, as people say it.
export function roughly(seconds, texts) {
  if (seconds < 50) return texts.moment;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return fill(texts.minutes, { minutes });
  return fill(texts.hours, { hours: Math.round(minutes / 60) });
}

export const link = (address, text) => element("a", { href: address }, [text]);

const REST_MS = 500;

// `work`, once at a time: while it is going on, and for a moment after that, another tap is that of a hand that trembles.
function single(work, tell = (_isBusy) => {}) {
  let isBusy = false;
  return async (...given) => {
    if (isBusy) return;
    isBusy = true;
    tell(true);
    try {
      await work(...given);
    } finally {
      setTimeout(() => tell(isBusy = false), REST_MS);
    }
  };
}

// A button that is busy keeps the focus: who works with keys would be thrown to the top of the page.
const busied = (found) => (isBusy) => (isBusy ? found.setAttribute("aria-disabled", "true") : found.removeAttribute("aria-disabled"));

export function button(kind, text, work) {
  const found = element("button", { type: "button", class: kind }, [text]);
  found.addEventListener("click", single(work, busied(found)));
  return found;
}

// `work` when the form is sent by its button, or by the key of its field.
export function submitted(form, work) {
  const send = single(work, busied(form.querySelector("button[type=submit]")));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
}

// To another page. Ends when the visitor is back on this one: until then there is nothing to tap.
export const go = (address) => new Promise((done) => {
  window.addEventListener("pageshow", done, { once: true });
  location.assign(address);
});

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
    told.textContent = fill(texts.failed, { detail: /** @type {Error} */ (problem).message });
  }
};

// `work` of several buttons, one at a time between them: `told` says that it goes on, then what went wrong.
export const working = (told, texts, work) => single(trying(told, texts, async (...given) => {
  told.textContent = texts.working;
  await work(...given);
}));
