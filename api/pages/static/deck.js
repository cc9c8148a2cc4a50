// Slides, one at a time, by keys, taps, swipes or buttons. A slide: its title, how its figures were counted (or null), its body.
import { said as worded } from "/site/texts.js";
import { element, fill, row, say } from "/wrapped/dom.js";

const story = /** @type {HTMLElement} */ (document.getElementById("main"));
const said = element("p", { id: "said", class: "unseen", role: "status" });
document.body.append(said);
const CONTROLS = "button, a, input, select, label, audio, details";
let shown = null;
let listening = new AbortController();

// The slide that is looked at.
export const place = () => shown;

export function show(name, found, texts, first = 0) {
  listening.abort();
  listening = new AbortController();
  const bars = found.map(() => element("li"));
  const sections = found.map((slide, n) => section(slide, n, texts));
  const back = element("button", { type: "button", class: "quiet", id: "back" }, [texts.back]);
  const next = element("button", { type: "button", id: "next" }, [texts.next]);
  const turn = (to, focus = true) => {
    shown = Math.min(found.length - 1, Math.max(0, to));
    sections.forEach((one, n) => { one.hidden = n !== shown; one.classList.toggle("enter", n === shown); });
    sections.filter((one) => one.hidden).forEach((one) => one.querySelectorAll("audio").forEach((clip) => clip.pause()));
    bars.forEach((bar, n) => bar.classList.toggle("past", n <= shown));
    back.disabled = shown === 0;
    next.disabled = shown === found.length - 1;
    say(said, `${fill(texts.of, { n: shown + 1, all: found.length })}: ${found[shown].title}`);
    if (focus) sections[shown].querySelector("h2").focus();
  };
  back.addEventListener("click", () => turn(shown - 1));
  next.addEventListener("click", () => turn(shown + 1));
  keyed((step) => turn(step === "Home" ? 0 : step === "End" ? found.length - 1 : shown + step));
  touched(sections, (step) => turn(shown + step));
  const heading = element("h1", { class: "unseen" }, [name]);
  const progress = element("ol", { class: "progress", "aria-hidden": "true" }, bars);
  const out = element("a", { href: "/", class: "out", "aria-label": texts.home }, ["×"]);
  const ways = element("nav", { "aria-label": texts.slides }, [back, next]);
  progress.hidden = ways.hidden = found.length === 1;
  story.replaceChildren(heading, element("div", { class: "top" }, [progress, out]), ...sections, ways);
  story.removeAttribute("aria-busy");
  turn(first, first > 0);
}

// A fault, with a way on. A talk or a group that is not there is no failure of ours: it is told in words of its own.
export function showFailure(problem, texts) {
  const kind = problem.status === 0 ? "offline" : problem.kind;
  const { title, text } = texts.failed.kinds[kind] || texts.failed;
  const isGone = [404, 410, 422].includes(problem.status);
  const again = isGone ? [] : [element("a", { class: "button", href: location.href }, [texts.failed.again])];
  const home = element("a", { class: isGone ? "button" : "button quiet", href: "/" }, [texts.home]);
  show(title, [{ title, how: null, body: [element("p", {}, [fill(text, { detail: problem.message })]), row(...again, home)] }], texts);
}

const STEPS = { ArrowRight: 1, ArrowDown: 1, PageDown: 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1, Home: "Home", End: "End" };

function keyed(step) {
  document.addEventListener("keydown", (event) => {
    if (!(event.key in STEPS) || /** @type {Element} */ (event.target).closest("input, select, audio, summary, a") || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    step(STEPS[event.key]);
  }, { signal: listening.signal });
}

// A tap on the right side goes on, on the left side back; a swipe goes the way of the finger.
function touched(sections, step) {
  let from = null;
  for (const one of sections) {
    one.addEventListener("pointerdown", (event) => { from = { x: event.clientX, y: event.clientY }; });
    one.addEventListener("pointerup", (event) => {
      if (!from || event.target.closest(CONTROLS)) return;
      const across = event.clientX - from.x;
      const down = event.clientY - from.y;
      from = null;
      if (Math.abs(across) > 40 && Math.abs(across) > Math.abs(down)) return step(across < 0 ? 1 : -1);
      if (Math.hypot(across, down) < 10 && !String(getSelection())) step(event.clientX > innerWidth / 2 ? 1 : -1);
    });
  }
}

function section(slide, n, texts) {
  const heading = element("h2", { tabindex: "-1", id: `h${n}` }, [slide.title]);
  const how = slide.how ? [element("details", {}, [element("summary", {}, [texts.how]), element("p", {}, [worded(slide.how)])])] : [];
  const label = { role: "group", "aria-roledescription": "slide", "aria-labelledby": `h${n}`, tabindex: "0" };
  return element("section", label, [heading, ...slide.body, ...how]);
}
