// The view of the recorder. No decision is made here.
import { button, choice, element, fill, list, mostFirst, number, say, submitted, voiceNumber } from "/wrapped/dom.js";
import { clock } from "./clock.js";
import { named } from "./gaps.js";

/** @typedef {import("./store.js").Talk} Talk */
/** @typedef {{groupId: string | null, hint: number | null}} Choices */

/**
 * Before a recording. `go` gets the choices.
 * @param {any} words
 * @param {{group_id: string, name: string}[]} groups
 * @param {(choices: Choices) => Promise<void>} go
 */
export function asking(words, groups, go) {
  const people = element("input", { type: "number", id: "people", min: "1", max: "20", inputmode: "numeric", "aria-describedby": "people-why" });
  const group = choice(words.group, [["", words.no_group], ...groups.map((one) => [one.group_id, one.name])]);
  const form = element("form", {}, [
    element("div", { class: "consent" }, [element("h2", {}, [words.consent.title]), element("p", {}, [words.consent.words])]),
    element("label", { for: "people" }, [words.people]), people, element("p", { class: "soft", id: "people-why" }, [words.people_why]),
    ...(groups.length ? [element("label", { for: "group" }, [words.group]), group] : []),
    element("p", { class: "actions" }, [element("button", { type: "submit", class: "record" }, [words.start])]),
  ]);
  group.id = "group";
  // A second tap would begin a second talk.
  submitted(form, () => go({ groupId: group.value || null, hint: people.value ? Number(people.value) : null }));
  return form;
}

/** A recording, or what another page records. `acts` are the buttons. */
export class Panel {
  /** @param {any} words @param {Record<string, () => void>} acts by their names */
  constructor(words, acts) {
    this.words = words;
    this.refused = "";
    this.state = element("p", { role: "status" });
    this.time = element("p", { class: "clock", "aria-label": words.time });
    this.level = element("progress", { class: "level", max: "1", value: "0", "aria-label": words.level });
    this.trouble = element("p", { class: "trouble", role: "alert" });
    this.sleepy = element("p", { class: "soft", role: "status" });
    this.safe = element("dd", { id: "safe" }, ["00:00"]);
    this.waits = element("dd", { id: "waits" }, ["00:00"]);
    this.unwritten = [element("dt", {}, [words.unwritten]), element("dd", {}, [])];
    this.voices = element("div", { id: "voices" });
    this.gaps = element("div", { id: "gaps" });
    this.buttons = Object.fromEntries(Object.entries(acts).map(([name, act]) => [name, button(name === "stop" ? "record" : "quiet", words[name], act)]));
    const facts = element("dl", { class: "facts" }, [element("dt", {}, [words.safe]), this.safe, element("dt", {}, [words.waits]), this.waits, ...this.unwritten]);
    this.parts = [this.state, this.time, this.level, this.trouble, this.sleepy, facts, element("p", { class: "row actions" }, Object.values(this.buttons)), this.gaps, this.voices];
  }

  /**
   * @param {Talk} talk
   * @param {{isOpen: boolean, nowMs: number, unwrittenMs: number, trouble: string}} now
   */
  tell(talk, { isOpen, nowMs, unwrittenMs, trouble }) {
    const heldMs = talk.heldMs + talk.restMs;
    const said = talk.state === "recording" ? (isOpen ? this.words.on : this.words.taken) : this.words[talk.state];
    if (this.state.textContent !== said) this.state.replaceChildren(element("span", { class: isOpen ? "lamp" : "lamp off", "aria-hidden": "true" }), said);
    this.time.textContent = clock(nowMs);
    this.safe.textContent = clock(talk.safeMs);
    this.waits.textContent = clock(Math.max(0, heldMs - talk.safeMs));
    for (const one of this.unwritten) one.hidden = unwrittenMs === 0;
    this.unwritten[1].textContent = clock(unwrittenMs);
    say(this.trouble, trouble);
    this.tellGaps(talk);
    this.tellButtons(talk);
  }

  /** A button that goes hands the focus to the one that comes: who works with keys stays where they were. @param {Talk} talk */
  tellButtons(talk) {
    const had = document.activeElement;
    for (const [name, one] of Object.entries(this.buttons)) one.hidden = !isFor(name, talk);
    const shown = Object.values(this.buttons);
    if (shown.some((one) => one === had && one.hidden)) shown.find((one) => !one.hidden)?.focus();
  }

  /** @param {Talk} talk */
  tellGaps(talk) {
    const told = named(talk.gaps, this.words.gaps);
    if (this.gaps.childElementCount !== 0 && this.gaps.querySelectorAll("li").length === told.length) return;
    this.gaps.replaceChildren(...(told.length ? [element("h2", {}, [this.words.gaps.title]), list("list", told)] : []));
  }

  /** @param {any} session as the read side tells it */
  tellWords(session) {
    const speakers = session.provisional ? session.provisional.speakers : [];
    const told = speakers.map((/** @type {any} */ one) => {
      const counts = mostFirst(one.words);
      const all = counts.reduce((sum, [, count]) => sum + count, 0);
      const most = counts.slice(0, 4).map(([word, count]) => `${word} ${number(count)}`).join(", ");
      return fill(all ? this.words.voice : this.words.voice_none, { name: voiceNumber(one.speaker), counts: number(all), words: most });
    });
    this.voices.replaceChildren(...(told.length ? [element("h2", {}, [this.words.voices]), list("list", told)] : []));
  }
}

/** @param {string} name of a button @param {Talk} talk */
function isFor(name, talk) {
  if (name === "pause") return talk.state === "recording";
  if (name === "resume") return talk.state === "paused";
  return talk.state === "recording" || talk.state === "paused";
}
