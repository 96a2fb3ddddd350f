import { Player } from "/page/player.js";
import { Strip, drawTake } from "/page/drawing.js";

const BUSY_MS = 400;
const find = (id) => document.getElementById(id);
const picture = find("picture");
const player = new Player(picture);
const outlines = new Map();
let state, strip;
let other = 0; // what B stands for
let auditioned = null; // a found track that is heard

// text from anywhere goes in as text, never as HTML
function made(tag, words = "", properties = {}) {
  const one = Object.assign(document.createElement(tag), properties);
  one.textContent = words;
  return one;
}

async function asked(path, body) {
  const how = body && { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const answer = await fetch(path, how);
  const said = await answer.json().catch(() => ({ error: "The page is closed: start `otio-soundtrack audition` again." }));
  if (!answer.ok) throw new Error(said.error);
  return said;
}

function tell(words) {
  find("told").textContent = words;
}

function show(given) {
  const before = state;
  state = given;
  document.title = `Audition: ${state.name}`;
  find("name").textContent = state.name;
  find("file").textContent = `picks are written into ${state.file}`;
  if (!before) strip = new Strip(find("strip"), state.seconds, state.shots);
  find("strip").setAttribute("aria-valuemax", state.seconds);
  if (!before || !sameTakes(before, state)) lay();
  tell(state.told.slice(-3).join("\n"));
  if (state.work) watch();
  draw();
}

function sameTakes(one, two) {
  const names = (all) => JSON.stringify(all.cues.map((cue) => [cue.at, cue.takes.map((take) => [take.name, take.facts])]));
  return names(one) === names(two);
}

function lay() {
  outlines.clear();
  player.load(
    state.cues.map((cue, c) => ({
      ...cue,
      urls: cue.takes.map((take, t) => (take.there ? `/sound/${c}/${t}?${Date.now()}` : "")),
      heard: cue.active,
    })),
  );
  find("cues").replaceChildren(...state.cues.map(cueCard));
  find("found").replaceChildren(...state.found.map(foundCard));
}

function cueCard(cue, c) {
  const card = made("section", "", { className: "cue" });
  card.append(made("h2", `Cue ${cue.id || c + 1} · from ${timecode(cue.at)} · ${cue.seconds.toFixed(1)} s`));
  card.append(...cue.takes.map((take, t) => takeCard(take, c, t)));
  return card;
}

function takeCard(take, c, t) {
  const card = made("div", "", { className: "take" });
  const hear = made("button", String(t + 1), { type: "button", className: "hear", onclick: () => listen(c, t) });
  hear.setAttribute("aria-label", `Hear take ${t + 1}: ${take.name}`);
  const words = made("div");
  words.append(made("div", take.there ? take.name : `${take.name} (not on this machine)`, { className: "name" }));
  words.append(made("p", take.facts.join(" · "), { className: "facts" }));
  const pick = made("button", "Use this take", { type: "button", className: "pick", onclick: () => choose(c, t) });
  const canvas = made("canvas", "", { onclick: (event) => seekIn(canvas, c, event) });
  hear.disabled = pick.disabled = !take.there;
  card.append(hear, words, pick, canvas);
  if (take.there) asked(`/waveform/${c}/${t}`).then((outline) => (outlines.set(`${c}/${t}`, outline), draw()), (error) => tell(error.message));
  return card;
}

function foundCard(one, c) {
  const card = made("section", "", { className: "cue" });
  card.append(made("h2", `Tracks found for cue ${one.cue}`));
  for (const track of one.tracks) {
    const row = made("div", "", { className: "take" });
    const hear = made("button", `▸ ${track.rank}`, { type: "button", className: "hear", onclick: () => preview(c, track, row) });
    hear.setAttribute("aria-label", `Hear track ${track.rank}: ${track.name}`);
    const words = made("div");
    words.append(made("div", track.name, { className: "name" }), made("p", track.facts.join(" · "), { className: "facts" }));
    const pick = made("button", "Fit and use", { type: "button", className: "pick", onclick: () => change({ rank: track.rank }) });
    row.append(hear, words, pick);
    card.append(row);
  }
  return card;
}

function listen(cue, take) {
  if (!state.cues[cue]?.takes[take]?.there) return;
  stopPreview();
  if (take !== state.cues[cue].active) other = take;
  player.hear(cue, take);
  draw();
}

function preview(cue, track, row) {
  const again = auditioned?.row === row;
  stopPreview();
  if (again) return;
  const sound = new Audio(`/track/${cue}/${track.rank}`);
  auditioned = { sound, row };
  row.dataset.heard = "true";
  player.muted = true;
  sound.volume = player.level;
  sound.addEventListener("loadedmetadata", () => (sound.currentTime = Math.min(picture.currentTime, sound.duration - 0.1)));
  sound.addEventListener("error", () => fetch(sound.src).then((answer) => answer.json()).then((said) => tell(said.error), () => tell(`Track ${track.rank} cannot be heard here.`)));
  if (!picture.paused) sound.play().catch(() => {});
}

function stopPreview() {
  if (!auditioned) return;
  auditioned.sound.pause();
  auditioned.row.dataset.heard = "false";
  auditioned = null;
  player.muted = false;
}

async function change(body) {
  try {
    show(await asked("/pick", body));
  } catch (error) {
    tell(error.message);
  }
}

async function choose(cue, take) {
  if (!state.cues[cue]?.takes[take]?.there) return;
  const before = state.cues[cue].active;
  await change({ cue, take });
  if (state.cues[cue].active !== take) return;
  if (before !== take) other = before;
  tell([`Take ${take + 1} is in ${state.file}.`, ...state.told.slice(-2)].join("\n"));
}

async function watch() {
  while (state.work) {
    tell(`${state.work.step} ${Math.round(state.work.share * 100)} %`);
    await new Promise((done) => setTimeout(done, BUSY_MS));
    const now = await asked("/state").catch((error) => ({ work: null, told: [error.message] }));
    if (now.work) state.work = now.work;
    else return now.cues ? show(now) : tell(now.told[0]);
  }
}

function seekIn(canvas, c, event) {
  const cue = state.cues[c];
  picture.currentTime = cue.at + (event.offsetX / canvas.clientWidth) * cue.seconds;
}

function draw() {
  const now = picture.currentTime;
  const here = player.here();
  strip.draw(now);
  find("clock").textContent = timecode(now);
  find("strip").setAttribute("aria-valuenow", now.toFixed(2));
  find("strip").setAttribute("aria-valuetext", timecode(now));
  const shot = state.shots.findLast((one) => one.at <= now + 1e-6);
  find("shot").textContent = shot ? shot.name : "";
  find("play").textContent = picture.paused ? "Play" : "Stop";
  document.querySelectorAll("#cues .cue").forEach((card, c) => {
    const cue = state.cues[c];
    card.dataset.here = c === here;
    const cuts = state.shots.map((one) => one.at - cue.at).filter((at) => at > 0 && at < cue.seconds);
    const inside = now - cue.at;
    card.querySelectorAll(".take").forEach((row, t) => {
      row.dataset.heard = player.cues[c].heard === t && !player.muted;
      row.dataset.chosen = cue.active === t;
      row.querySelector(".hear").setAttribute("aria-pressed", player.cues[c].heard === t);
      const outline = outlines.get(`${c}/${t}`) || [];
      const shown = { seconds: cue.seconds, cuts, now: inside >= 0 && inside <= cue.seconds ? inside : null };
      drawTake(row.querySelector("canvas"), cue.takes[t], outline, shown);
    });
  });
}

// SMPTE 12-1: at 29.97 and 59.94 two (four) numbers are dropped every minute but each tenth
function timecode(seconds) {
  const fps = Math.round(state.rate);
  const drop = Math.abs(state.rate - fps) > 0.01 && fps % 30 === 0 ? fps / 15 : 0;
  let frame = state.first_frame + Math.floor(seconds * state.rate + 1e-3);
  if (drop) {
    const ten = fps * 600 - drop * 9;
    const minute = fps * 60 - drop;
    const rest = frame % ten;
    frame += drop * 9 * Math.floor(frame / ten) + (rest >= fps * 60 ? drop * (1 + Math.floor((rest - fps * 60) / minute)) : 0);
  }
  const two = (value) => String(value).padStart(2, "0");
  const whole = Math.floor(frame / fps);
  const parts = [Math.floor(whole / 3600) % 24, Math.floor(whole / 60) % 60, whole % 60].map(two).join(":");
  return `${parts}${drop ? ";" : ":"}${two(frame % fps)}`;
}

function seek(time) {
  picture.currentTime = Math.min(state.seconds - 0.5 / state.rate, Math.max(0, time));
}

function toCut(forward) {
  const now = picture.currentTime;
  const cuts = state.shots.map((one) => one.at);
  seek((forward ? cuts.find((at) => at > now + 0.02) : cuts.findLast((at) => at < now - 0.02)) ?? (forward ? state.seconds : 0));
}

function playOrStop() {
  if (picture.paused) picture.play();
  else picture.pause();
}

const keys = {
  " ": playOrStop,
  a: () => listen(player.here(), state.cues[player.here()].active),
  b: () => listen(player.here(), other),
  p: () => state.cues.length && choose(player.here(), player.cues[player.here()].heard),
  m: () => find("music").dispatchEvent(new CustomEvent("mute")),
  d: () => (picture.muted = !picture.muted),
  ArrowLeft: (event) => (event.shiftKey ? toCut(false) : seek(picture.currentTime - 1)),
  ArrowRight: (event) => (event.shiftKey ? toCut(true) : seek(picture.currentTime + 1)),
  ",": () => seek(picture.currentTime - 1 / state.rate),
  ".": () => seek(picture.currentTime + 1 / state.rate),
};

document.addEventListener("keydown", (event) => {
  if (!state || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.matches("summary") || (event.target.matches("input") && event.key.startsWith("Arrow"))) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const act = /^[1-9]$/.test(key) ? () => listen(player.here(), Number(key) - 1) : keys[key];
  if (!act) return;
  event.preventDefault();
  act(event);
});

find("play").onclick = playOrStop;
find("dialogue").oninput = (event) => (picture.volume = event.target.value / 100);
find("music").oninput = (event) => {
  player.level = event.target.value / 100;
  if (auditioned) auditioned.sound.volume = player.level;
  player.follow();
};
find("music").addEventListener("mute", () => {
  player.muted = !player.muted;
  player.follow();
  draw();
});
find("strip").onclick = (event) => seek(strip.time(event.offsetX));
for (const event of ["play", "pause", "seeked", "timeupdate"]) picture.addEventListener(event, () => state && draw());
picture.addEventListener("play", () => auditioned?.sound.play().catch(() => {}));
picture.addEventListener("pause", () => auditioned?.sound.pause());
picture.addEventListener("seeked", () => auditioned && (auditioned.sound.currentTime = picture.currentTime));
addEventListener("resize", () => state && (strip.fit(), draw()));

asked("/state").then(
  (given) => {
    show(given);
    strip.look("/picture.mp4", draw);
  },
  (error) => tell(error.message),
);
