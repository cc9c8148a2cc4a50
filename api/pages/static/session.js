// The slide show after a recording: the table, then each voice with its clip.
import { said } from "/site/texts.js";
import { askedStory } from "/wrapped/asked.js";
import { claiming, history, nameOf } from "/wrapped/claiming.js";
import { asking, correcting, corrections } from "/wrapped/correcting.js";
import { place, show, showFailure } from "/wrapped/deck.js";
import { bars, day, element, fill, heard, lasting, link, list, number, percent } from "/wrapped/dom.js";
import { judging } from "/wrapped/judging.js";
import { ofSession } from "/wrapped/reads.js";
import { untilReady } from "/wrapped/waiting.js";

const TABLE = 1;

/** @param {{minutes: number}} table */
const lengthOf = (table, texts) => lasting(60_000 * table.minutes, texts.places);

function table(told, gaps, texts) {
  const { table } = told;
  const missing = told.missing_audio.reduce((sum, span) => sum + span.end_s - span.start_s, 0);
  const facts = [
    fill(texts.session.people, { speakers: number(table.speakers), length: lengthOf(table, texts) }),
    fill(table.rate_per_1000 === null ? texts.session.few : texts.session.words, { words: number(table.words_spoken), rate: table.rate_per_1000 }),
  ];
  if (missing >= 1) facts.push(fill(texts.session.missing, { seconds: number(Math.round(missing)) }));
  facts.push(...gaps);
  for (const one of told.uncounted) facts.push(fill(texts.session.uncounted, { why: said(one.happened) }));
  return [element("p", { class: "big" }, [number(table.counts)]), element("p", {}, [texts.session.times]), list("facts", facts)];
}

// Everybody with a clip's address may hear it, so it is good for minutes only: when it is too old a new one is asked for, once.
async function again(player, slide, deck) {
  const told = await deck.read();
  const now = told.slides.find((one) => one.speaker === slide.speaker);
  if (!now || !now.clip) return;
  player.src = now.clip.url;
  await player.play();
}

function clip(slide, name, deck) {
  const { clip: found } = slide;
  const texts = deck.texts.session;
  if (!found) return [];
  const [player, ...quote] = heard(found, fill(texts.listen, { name }), texts.quote);
  player.addEventListener("error", () => again(player, slide, deck).catch(() => {}), { once: true }); // the player says that it has nothing
  return [player, ...quote];
}

function voice(slide, deck) {
  const texts = deck.texts.session;
  const name = nameOf(slide, deck);
  const faint = (deck.session.faint_speakers || []).includes(slide.speaker) ? [element("p", {}, [texts.faint])] : [];
  const share = fill(texts.share, { share: number(percent(slide.talk_share)) });
  const words = fill(slide.rate_per_1000 === null ? texts.few : texts.words, { words: number(slide.words_spoken), rate: slide.rate_per_1000 });
  const said = slide.top_words.length ? bars(slide.top_words) : element("p", {}, [texts.none]);
  const body = [element("p", { class: "big" }, [number(slide.counts)]), list("facts", [share, words]), ...faint, said, ...clip(slide, name, deck), ...judging(slide, deck), ...claiming(slide, deck)];
  return { title: name, how: deck.told.how.slides, body };
}

function slides(deck) {
  const { told, texts } = deck;
  const cover = { title: texts.session.title, how: null, body: [element("p", { class: "big small" }, [day(told.recorded_at, told.time_zone)]), element("p", {}, [fill(texts.session.when, { speakers: told.table.speakers, length: lengthOf(told.table, texts) })]), ...(told.clock_corrected ? [element("p", {}, [texts.session.clock])] : [])] };
  const top = told.table.top_words.length ? [{ title: texts.session.top, how: null, body: [bars(told.table.top_words)] }] : [];
  const ways = [link("/wrapped", texts.places.own), ...(told.group_id ? [link(`/wrapped?group=${told.group_id}`, texts.places.group)] : [])];
  const after = { title: texts.session.after, how: null, body: [list("facts", ways)] };
  return [cover, ...asking(deck), { title: texts.session.table, how: told.how.table, body: table(told, deck.gaps, texts) }, ...top, ...told.slides.map((slide) => voice(slide, deck)), correcting(deck), after];
}

// A tag alone does not open the talk.
async function isAskedOnly(api, path, session, me) {
  if (!me.tags.some((tag) => tag.session_id === session)) return false;
  return api.read(path).then(() => false, (problem) => problem.status === 404);
}

// Loaded beside the answers. A browser that keeps nothing has recorded nothing.
const gaps = (id) => import("/record/gaps.js").then(({ gapsOf }) => gapsOf(id)).catch(() => []);

export async function sessionStory(api, me, id, texts) {
  const path = ofSession(id).session;
  if (await isAskedOnly(api, path, id, me)) return askedStory(api, path, texts, () => location.reload());
  const read = () => api.read(`${path}/wrapped`);
  const tell = async (generation) => {
    if (!(await untilReady(api, path, texts, generation))) return;
    const [first, { counts }, session, changes, corrected, notRecorded] = await Promise.all([read(), api.read(`${path}/counts`), api.read(path), history(api, path), corrections(api, path), gaps(id)]);
    // People with a voice in it see the talk, but not the group.
    const group = first.group_id ? await api.read(`/v1/groups/${first.group_id}/members`).catch(() => ({ members: [] })) : { members: [] };
    const deck = { api, path, me, members: group.members, texts, told: first, session, counts, history: changes, corrections: corrected, gaps: notRecorded, opened: new Set(), read, anew };
    const shown = (told, at) => show(texts.session.title, slides(Object.assign(deck, { told })), texts, at);
    deck.again = (now) => shown(now, place());
    shown(first, generation ? TABLE + asking(deck).length : 0);
  };
  // Its slides are gone from the page by then: a failure is told as that of the first telling is.
  const anew = (generation) => tell(generation).catch((problem) => showFailure(problem, texts));
  await tell(0);
}
