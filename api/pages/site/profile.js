// The choices of a person about themselves: the same fields when they come first, and later in Settings.
import { asKept, readable } from "/site/seen.js";
import { write } from "/site/session.js";
import { ownZone } from "/site/zones.js";
import { element, submitted } from "/wrapped/dom.js";

const CHOICES = ["findable", "on_board", "tags_take_effect_at_once"];

/** The values of the choice and their texts. @param {string} zone that is chosen @param {any} words */
function zones(zone, words) {
  const all = Intl.supportedValuesOf ? Intl.supportedValuesOf("timeZone") : [];
  const named = new Set([zone, ownZone(), ...all]);
  named.delete("");
  return [["", words.zone_of_phone], ...[...named].map((one) => [one, one.replaceAll("_", " ")])];
}

function field(id, label, input) {
  return [element("label", { for: id }, [label]), input];
}

function choice(name, chosen, words) {
  const box = element("input", { type: "checkbox", id: name, name });
  box.checked = chosen;
  return element("label", { class: "choice", for: name }, [box, element("span", {}, [element("strong", {}, [words[name]]), words[`${name}_why`]])]);
}

/**
 * The form of a profile. `done` is called after it was kept.
 * @param {any} me @param {any} words @param {{suggested?: string, save: string, done: () => unknown}} way
 */
export function profileForm(me, words, { suggested = "", save, done }) {
  const name = element("input", { type: "text", id: "display_name", maxlength: "60", required: "", autocomplete: "nickname", value: me.display_name || suggested });
  const zoneNow = me.display_name ? me.time_zone : me.time_zone || ownZone();
  const zone = element("select", { id: "time_zone", "aria-describedby": "zone-why" }, zones(zoneNow, words).map(([value, text]) => element("option", { value }, [text])));
  zone.value = zoneNow;
  const days = element("input", { type: "number", id: "keep_days", min: "0", max: "3650", inputmode: "numeric", required: "", value: String(me.keep_transcript_days) });
  const told = element("p", { class: "said", role: "status" });
  const choices = CHOICES.map((one) => choice(one, me[one], words));
  const form = element("form", {}, [
    ...field("display_name", words.name, name), element("p", { class: "soft" }, [words.name_why]),
    ...field("time_zone", words.zone, zone), element("p", { class: "soft", id: "zone-why" }, [words.zone_why]),
    element("fieldset", {}, [element("legend", {}, [words.choices]), ...choices]),
    ...field("keep_days", words.keep, days), element("p", { class: "soft" }, [words.keep_why]),
    told, element("button", { type: "submit" }, [save]),
  ]);
  submitted(form, async () => {
    told.textContent = words.saving;
    try {
      const chosen = Object.fromEntries(CHOICES.map((one) => [one, /** @type {HTMLInputElement} */ (form.querySelector(`#${one}`)).checked]));
      const wanted = { display_name: asKept(name.value), time_zone: zone.value, keep_transcript_days: Number(days.value), ...chosen };
      await write("PATCH", "/v1/users/me", wanted);
      await readable("/v1/users/me", (now) => Object.entries(wanted).every(([field, value]) => now[field] === value));
      told.textContent = words.saved;
      await done();
    } catch (problem) {
      told.textContent = /** @type {Error} */ (problem).message;
    }
  });
  return form;
}
