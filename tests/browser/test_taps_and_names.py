"""Taps that come twice, answers that are lost, and names that are kept otherwise than typed."""

from urllib.parse import urlsplit

from playwright.sync_api import Page, Request

from schemas.names import EDGES, name_of
from tests.browser.pages_alone import ADDRESS, ME, SIGNED_IN, Network


def counted(page: Page, path: str) -> list[str]:
    """The keys of requests that make something at `path`, as they come."""
    keys: list[str] = []

    def note(request: Request) -> None:
        if request.method == "POST" and urlsplit(request.url).path == path:
            keys.append(request.headers["idempotency-key"])

    page.on("request", note)
    return keys


def test_two_taps_make_one_group(alone: Page, network: Network) -> None:
    network.answers |= {"/v1/groups": {"group_id": "g1"}, "/v1/users/me/stats": {"counts": 0}}
    alone.evaluate(SIGNED_IN)
    alone.goto(f"{ADDRESS}/")
    alone.get_by_text("Make a new group").click()
    alone.get_by_label("Its name").fill("Friday makan")
    made = counted(alone, "/v1/groups")
    alone.get_by_role("button", name="Make it").dblclick()
    alone.wait_for_url("**/wrapped?group=g1", wait_until="commit", timeout=60_000)
    assert len(made) == 1


INVITING = """async () => {
  const { inviting } = await import("/wrapped/inviting.js");
  const { write, picture } = await import("/site/session.js");
  const texts = await (await fetch("/wrapped/texts.en.json")).json();
  const { body } = inviting({ write, picture }, "g1", texts.group.invite);
  document.body.replaceChildren(...body);
}"""


def test_two_taps_make_one_invite(alone: Page, network: Network) -> None:
    network.answers |= {"/v1/groups/g1/invite": {"invite_code": "K7QM"}, "/v1/qr": {}}
    alone.evaluate(INVITING)
    made = counted(alone, "/v1/groups/g1/invite")
    alone.get_by_role("button", name="Make an invite").dblclick()
    alone.get_by_label("The link").wait_for()
    assert len(made) == 1


ASKED = """async (answers) => {
  const { write } = await import("/site/session.js");
  for (const name of answers) await write("POST", "/v1/groups", { name }).catch(() => {});
}"""


def test_a_change_whose_answer_was_lost_is_the_same_change(alone: Page, network: Network) -> None:
    keys = counted(alone, "/v1/groups")
    network.is_there = False
    alone.evaluate(ASKED, ["a", "a"])
    network.is_there = True
    network.answers["/v1/groups"] = {"group_id": "g1"}
    alone.evaluate(ASKED, ["a", "a", "b"])
    assert keys[0] == keys[1] == keys[2]
    assert len(set(keys)) == len(keys) - 2
    network.is_there = False
    alone.evaluate(ASKED, ["a", "b", "a"])
    assert len(set(keys[-3:])) == len(keys[-3:]), "it was something else in between"


TWICE = """async () => {
  const { twice } = await import("/site/twice.js");
  const words = { do: "Erase", sure: "Yes, erase", warning: "It goes.", done: "Erased." };
  const [told, ways] = twice("quiet", words, () => { window.isErased = true; });
  document.body.replaceChildren(ways, told);
}"""


def test_two_taps_are_no_answer_to_a_question(alone: Page) -> None:
    alone.evaluate(TWICE)
    alone.get_by_role("button", name="Erase", exact=True).dblclick()
    alone.get_by_text("It goes.").wait_for()
    assert not alone.evaluate("window.isErased")
    alone.get_by_role("button", name="Yes, erase").click()
    alone.get_by_text("Erased.").wait_for()


WAITED = """async () => {
  const { profileForm } = await import("/site/profile.js");
  const texts = await (await fetch("/site/texts.en.json")).json();
  const me = { display_name: "Mei", time_zone: "", keep_transcript_days: 30 };
  const form = profileForm(me, texts.profile, { save: "Save", done: () => {} });
  document.body.replaceChildren(form);
}"""


def test_a_name_is_waited_for_as_it_is_kept(alone: Page, network: Network) -> None:
    network.answers["/v1/users/me"] = ME
    alone.evaluate(WAITED)
    network.answers["/v1/users/me"] = {
        "display_name": "Zo\u00eb", "time_zone": "", "keep_transcript_days": 30, "findable": False,
        "on_board": False, "tags_take_effect_at_once": False,
    }  # fmt: skip
    alone.get_by_label("Your name", exact=True).fill("\u200e Zoe\u0308 ")
    alone.get_by_role("button", name="Save").click()
    alone.get_by_text("Kept.").wait_for()


TOLD = """async (problem) => {
  const { failureIn } = await import("/site/session.js");
  return (await failureIn(new Response(JSON.stringify(problem), { status: 422 }))).message;
}"""


def test_a_name_that_is_refused_is_told_without_names_of_fields(files: Page) -> None:
    """Before, people read "body.display_name: Value error, a name has …"."""
    names = {"type": "request-validation-failed", "detail": "body.display_name: a name is short"}
    mistake = {"type": "value_error", "loc": ["body", "display_name"], "msg": "a name is short"}
    assert files.evaluate(TOLD, {**names, "errors": [mistake]}) == "a name is short"
    assert files.evaluate(TOLD, {"type": "bad-name", "detail": "Another one."}) == "Another one."


KEPT = """async (names) => {
  const { asKept } = await import("/site/seen.js");
  return names.map(asKept);
}"""


def test_a_page_knows_how_the_write_side_keeps_a_name(files: Page) -> None:
    names = [f"{edge}Zoe\u0308 {edge}Tan{edge} " for edge in EDGES]
    assert files.evaluate(KEPT, names) == [name_of(name) for name in names]
