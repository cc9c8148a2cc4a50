// The story: one slide at a time, by keys, taps, swipes or buttons. Numbers come from the api with the visitor's token.
import { element, fill } from "/wrapped/dom.js";
import { sharing } from "/wrapped/sharing.js";
import { slides } from "/wrapped/slides.js";

const story = document.getElementById("story");
const said = document.getElementById("said");

class Api {
  constructor(token, gateway) {
    this.headers = { Authorization: `Bearer ${token}` };
    this.gateway = gateway;
  }

  async ask(url, options = {}) {
    const answer = await fetch(url, { ...options, headers: { ...this.headers, ...(options.headers || {}) } });
    if (!answer.ok) throw new Error((await answer.json().catch(() => ({}))).detail || `${answer.status}`);
    return answer;
  }

  async read(path) { return (await this.ask(path)).json(); }
  async picture(path) { return (await this.ask(path)).blob(); }

  async write(method, path, body) {
    const headers = { "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID() };
    return (await this.ask(this.gateway + path, { method, headers, body: body && JSON.stringify(body) })).json();
  }
}

// A token in the address is taken out of it at once: it must not be kept in histories or sent to anybody.
function token() {
  const found = new URLSearchParams(location.hash.slice(1)).get("token");
  if (found) {
    sessionStorage.setItem("token", found);
    history.replaceState(null, "", location.pathname + location.search);
  }
  return sessionStorage.getItem("token");
}

function ask(texts) {
  const field = element("input", { type: "text", id: "token", autocomplete: "off" });
  const go = element("button", { type: "button" }, [texts.go]);
  go.addEventListener("click", () => { sessionStorage.setItem("token", field.value.trim()); location.reload(); });
  story.replaceChildren(element("section", {}, [element("h1", {}, [texts.title]), element("label", { for: "token" }, [texts.text]), field, go]));
}

function show(found, texts) {
  let at = 0;
  const bars = found.map(() => element("li"));
  const sections = found.map((slide, n) => section(slide, n, found.length, texts));
  const back = element("button", { type: "button", class: "quiet", id: "back" }, [texts.back]);
  const next = element("button", { type: "button", id: "next" }, [texts.next]);
  const turn = (to, focus = true) => {
    at = Math.min(found.length - 1, Math.max(0, to));
    sections.forEach((one, n) => { one.hidden = n !== at; one.classList.toggle("enter", n === at); });
    bars.forEach((bar, n) => bar.classList.toggle("past", n <= at));
    back.disabled = at === 0;
    next.disabled = at === found.length - 1;
    said.textContent = `${fill(texts.of, { n: at + 1, all: found.length })}: ${found[at].title}`;
    if (focus) sections[at].querySelector("h2").focus();
  };
  back.addEventListener("click", () => turn(at - 1));
  next.addEventListener("click", () => turn(at + 1));
  document.addEventListener("keydown", (event) => {
    if (event.target.closest("input, summary, a") || event.ctrlKey || event.metaKey || event.altKey) return;
    const steps = { ArrowRight: 1, ArrowDown: 1, PageDown: 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1 };
    if (event.key in steps) { event.preventDefault(); turn(at + steps[event.key]); }
    if (event.key === "Home") turn(0);
    if (event.key === "End") turn(found.length - 1);
  });
  touched(sections, (step) => turn(at + step));
  const name = element("h1", { class: "unseen" }, [texts.cover.title]);
  story.replaceChildren(name, element("ol", { class: "progress", "aria-hidden": "true" }, bars), ...sections, element("nav", { "aria-label": texts.slides }, [back, next]));
  turn(0, false);
}

// A tap on the right side goes on, on the left side back; a swipe goes the way of the finger.
function touched(sections, step) {
  let from = null;
  for (const one of sections) {
    one.addEventListener("pointerdown", (event) => { from = { x: event.clientX, y: event.clientY }; });
    one.addEventListener("pointerup", (event) => {
      if (!from || event.target.closest("button, a, input, label, details")) return;
      const across = event.clientX - from.x;
      const down = event.clientY - from.y;
      from = null;
      if (Math.abs(across) > 40 && Math.abs(across) > Math.abs(down)) return step(across < 0 ? 1 : -1);
      if (Math.hypot(across, down) < 10 && !String(getSelection())) step(event.clientX > innerWidth / 2 ? 1 : -1);
    });
  }
}

function section(slide, n, all, texts) {
  const heading = element("h2", { tabindex: "-1", id: `h${n}` }, [slide.title]);
  const how = slide.how ? [element("details", {}, [element("summary", {}, [texts.how]), element("p", {}, [slide.how])])] : [];
  const label = { role: "group", "aria-roledescription": "slide", "aria-labelledby": `h${n}`, tabindex: "0" };
  return element("section", label, [heading, ...slide.body, ...how]);
}

async function main() {
  const [texts, where] = await Promise.all(["texts.en.json", "where.json"].map(async (name) => (await fetch(`/wrapped/${name}`)).json()));
  const held = token();
  if (!held) return ask(texts.ask);
  const api = new Api(held, where.gateway);
  const period = new URLSearchParams(location.search).get("period") || "year";
  try {
    const wrapped = await api.read(`/v1/users/me/wrapped?period=${encodeURIComponent(period)}`);
    const ready = wrapped.state === "ready";
    const cover = { title: texts.cover.title, how: null, body: [element("p", { class: "big" }, [texts.cover.periods[period] || wrapped.from.slice(0, 4)]), element("p", {}, [fill(texts.cover.text, wrapped)])] };
    const warming = { title: texts.warming.title, how: null, body: [element("p", {}, [fill(texts.warming.text, { missing: wrapped.missing.counts })])] };
    show(ready ? [cover, ...slides(wrapped, texts), await sharing(api, wrapped, texts.share)] : [cover, warming], texts);
  } catch (problem) {
    sessionStorage.removeItem("token");
    show([{ title: texts.failed.title, how: null, body: [element("p", {}, [fill(texts.failed.text, { detail: problem.message })])] }], texts);
  }
  story.removeAttribute("aria-busy");
}

main();
