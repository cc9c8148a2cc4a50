// Signing in: at the identity provider, or with a chosen name on a developer's machine.
import { page, show } from "/site/layout.js";
import { localPath, read, signInAs } from "/site/session.js";
import { texts } from "/site/texts.js";
import { element, fill, go, submitted } from "/wrapped/dom.js";

const asked = new URLSearchParams(location.search);

const after = () => localPath(asked.get("after"));

function provider(words) {
  const address = `/auth/begin?after=${encodeURIComponent(after())}`;
  return [element("p", {}, [words.provider_why]), element("p", {}, [element("a", { class: "button", href: address }, [words.provider])])];
}

function development(words) {
  const name = element("input", { type: "text", id: "name", name: "name", autocomplete: "username", required: "", maxlength: "60", value: asked.get("as") || "" });
  const told = element("p", { class: "said bad", role: "status" });
  const form = element("form", { class: "card" }, [
    element("h2", {}, [words.development]), element("p", {}, [words.why]),
    element("label", { for: "name" }, [words.name]), name, told,
    element("button", { type: "submit" }, [words.go]),
  ]);
  submitted(form, async () => {
    try {
      await signInAs(name.value);
      await go(after());
    } catch (problem) {
      told.textContent = fill(words.failed, { detail: /** @type {Error} */ (problem).message });
    }
  });
  return [form];
}

await page(await texts(), async (words) => {
  const ways = await read("/auth/ways");
  const own = words.sign_in;
  const told = asked.get("problem") === "away" ? own.away : own.refused;
  const problem = asked.has("problem") ? [element("p", { class: "bad", role: "alert" }, [told])] : [];
  const parts = [...problem, ...(ways.provider ? provider(own) : []), ...(ways.development ? development(own) : [])];
  show({ title: own.title, parts: parts.length ? parts : [element("p", {}, [own.none])], texts: words });
});
