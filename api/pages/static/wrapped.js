// Whose story: the visitor's own, that of a talk (`?session=`) or that of a group (`?group=`). Numbers come from the api with the visitor's token.
import { Api, heldToken } from "/wrapped/api.js";
import { showFailure } from "/wrapped/deck.js";
import { element } from "/wrapped/dom.js";
import { groupStory } from "/wrapped/group.js";
import { ownStory } from "/wrapped/own.js";
import { sessionStory } from "/wrapped/session.js";

function ask(texts) {
  const field = element("input", { type: "text", id: "token", autocomplete: "off" });
  const go = element("button", { type: "button" }, [texts.go]);
  go.addEventListener("click", () => { sessionStorage.setItem("token", field.value.trim()); location.reload(); });
  document.getElementById("story").replaceChildren(element("section", {}, [element("h1", {}, [texts.title]), element("label", { for: "token" }, [texts.text]), field, go]));
}

function told(api, texts) {
  const asked = new URLSearchParams(location.search);
  const period = asked.get("period") || "year";
  if (asked.has("session")) return sessionStory(api, asked.get("session"), texts);
  if (asked.has("group")) return groupStory(api, asked.get("group"), period, texts);
  return ownStory(api, period, texts);
}

async function main() {
  const [texts, where] = await Promise.all(["texts.en.json", "where.json"].map(async (name) => (await fetch(`/wrapped/${name}`)).json()));
  const held = heldToken();
  if (!held) return ask(texts.ask);
  try {
    await told(new Api(held, where.gateway), texts);
  } catch (problem) {
    if (problem.status === 401) sessionStorage.removeItem("token");
    showFailure(problem, texts);
  }
}

main();
