// What is drawn: the strip of shots, and the waveform of a take with its hits, joins and the cuts above it.

const STRIP_HEIGHT = 64;
const WIDEST = 16000; // pixels: browsers refuse larger canvases
const LEAST_PER_SECOND = 6;
const THUMB_WIDTH = 112;

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

export class Strip {
  constructor(canvas, seconds, shots) {
    this.canvas = canvas;
    this.seconds = seconds;
    this.shots = shots;
    this.thumbs = new Map();
    this.film = document.createElement("video");
    this.film.muted = true;
    this.film.preload = "auto";
    this.fit();
  }

  fit() {
    const room = this.canvas.parentElement.clientWidth;
    this.canvas.width = Math.min(WIDEST, Math.max(room, this.seconds * LEAST_PER_SECOND));
    this.canvas.height = STRIP_HEIGHT;
    this.canvas.style.width = `${this.canvas.width}px`;
  }

  x(time) {
    return (time / this.seconds) * this.canvas.width;
  }

  time(x) {
    return Math.min(this.seconds, Math.max(0, (x / this.canvas.clientWidth) * this.seconds));
  }

  draw(now) {
    const pen = this.canvas.getContext("2d");
    pen.fillStyle = "#000";
    pen.fillRect(0, 0, this.canvas.width, STRIP_HEIGHT);
    this.shots.forEach((shot, number) => {
      const from = this.x(shot.at);
      const to = this.x(number + 1 < this.shots.length ? this.shots[number + 1].at : this.seconds);
      const thumb = this.thumbs.get(number);
      pen.save();
      pen.beginPath();
      pen.rect(from, 0, to - from, STRIP_HEIGHT);
      pen.clip();
      if (thumb) for (let x = from; x < to; x += thumb.width) pen.drawImage(thumb, x, 0);
      pen.restore();
      pen.fillStyle = colour("--line");
      pen.fillRect(from, 0, 1, STRIP_HEIGHT);
    });
    pen.fillStyle = colour("--heard");
    pen.fillRect(this.x(now) - 1, 0, 2, STRIP_HEIGHT);
  }

  // one picture of each shot, taken from the film itself, one after another
  async look(url, drawn) {
    this.film.src = url;
    await once(this.film, "loadeddata");
    for (let number = 0; number < this.shots.length; number += 1) {
      const end = number + 1 < this.shots.length ? this.shots[number + 1].at : this.seconds;
      this.film.currentTime = (this.shots[number].at + end) / 2;
      await once(this.film, "seeked");
      const thumb = document.createElement("canvas");
      thumb.height = STRIP_HEIGHT;
      thumb.width = Math.round((STRIP_HEIGHT * this.film.videoWidth) / this.film.videoHeight) || THUMB_WIDTH;
      thumb.getContext("2d").drawImage(this.film, 0, 0, thumb.width, STRIP_HEIGHT);
      this.thumbs.set(number, thumb);
      drawn();
    }
  }
}

function once(thing, event) {
  return new Promise((done) => thing.addEventListener(event, done, { once: true }));
}

// take: {hits, joins}; outline: largest samples; cuts: seconds in the cue; now: seconds in the cue or null
export function drawTake(canvas, take, outline, { seconds, cuts, now }) {
  const wide = canvas.clientWidth * devicePixelRatio;
  const high = canvas.clientHeight * devicePixelRatio;
  canvas.width = wide;
  canvas.height = high;
  const pen = canvas.getContext("2d");
  const x = (time) => (time / seconds) * wide;
  const line = (time, style, width = 1) => {
    pen.fillStyle = style;
    pen.fillRect(x(time) - width / 2, 0, width, high);
  };
  cuts.forEach((time) => line(time, colour("--line")));
  pen.fillStyle = colour("--soft");
  for (let at = 0; at < wide; at += 1) {
    const peak = outline[Math.floor((at / wide) * outline.length)] || 0;
    const tall = Math.max(1, peak * high);
    pen.fillRect(at, (high - tall) / 2, 1, tall);
  }
  take.joins.forEach((time) => line(time, colour("--join"), 2));
  take.hits.forEach((hit) => {
    pen.fillStyle = colour("--hit");
    pen.beginPath();
    pen.moveTo(x(hit.at) - 5 * devicePixelRatio, 0);
    pen.lineTo(x(hit.at) + 5 * devicePixelRatio, 0);
    pen.lineTo(x(hit.at), 9 * devicePixelRatio);
    pen.fill();
  });
  if (now !== null) line(now, colour("--heard"), 2);
}
