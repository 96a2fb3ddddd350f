// The picture is the clock. Every take of the cue under it runs along, muted but for the one that is heard: changing over is at once.

const DRIFT_S = 0.04; // a frame at 25: nearer than this nobody hears
const CARRY_ON_MS = 200;

export class Player {
  constructor(picture) {
    this.picture = picture;
    this.level = 0.8;
    this.muted = false;
    this.cues = []; // {at, seconds, offset, sounds: [Audio], heard}
    for (const event of ["play", "pause", "seeking", "seeked", "waiting", "playing", "ratechange"]) {
      picture.addEventListener(event, () => this.follow());
    }
    setInterval(() => this.follow(), CARRY_ON_MS);
  }

  // urls: for each cue {at, seconds, offset, urls, heard}
  load(cues) {
    for (const cue of this.cues) for (const sound of cue.sounds) sound.pause();
    this.cues = cues.map((cue) => ({ ...cue, sounds: cue.urls.map(sounding) }));
    this.follow();
  }

  here() {
    const now = this.picture.currentTime;
    const at = this.cues.findIndex((cue) => now >= cue.at - 1e-3 && now < cue.at + cue.seconds);
    if (at >= 0) return at;
    const next = this.cues.findIndex((cue) => cue.at > now);
    return next >= 0 ? next : this.cues.length - 1;
  }

  hear(cue, number) {
    this.cues[cue].heard = number;
    this.follow();
  }

  follow() {
    const { picture } = this;
    const runs = !picture.paused && !picture.seeking && picture.readyState > 2;
    for (const cue of this.cues) {
      const inside = picture.currentTime - cue.at;
      const plays = runs && inside >= 0 && inside < cue.seconds;
      cue.sounds.forEach((sound, number) => {
        if (!sound) return;
        sound.muted = this.muted || number !== cue.heard;
        sound.volume = this.level;
        const wanted = inside + cue.offset;
        if (plays || number === cue.heard) {
          if (inside >= 0 && Math.abs(sound.currentTime - wanted) > DRIFT_S) sound.currentTime = wanted;
        }
        if (plays && sound.paused && !sound.ended) sound.play().catch(() => {});
        if (!plays && !sound.paused) sound.pause();
      });
    }
  }
}

function sounding(url) {
  if (!url) return null;
  const sound = new Audio(url);
  sound.preload = "auto";
  return sound;
}
