/** Soft tones that say how a scan ended, to people who do not look at the screen. */

const TONES = {
  added: [[880, 0, 0.07]],
  warning: [[622, 0, 0.1], [523, 0.12, 0.12]],
  unknown: [[233, 0, 0.14], [196, 0.16, 0.2]],
  paid: [[659, 0, 0.09], [988, 0.09, 0.16]],
  arrived: [[784, 0, 0.12], [587, 0.14, 0.16]],
};

export class Tones {
  #context = null;
  muted = false;
  /** What was sounded last, for whoever wants to know. */
  last = "";

  /** @param {keyof typeof TONES} name */
  play(name) {
    this.last = name;
    if (this.muted) return;
    try {
      this.#context ??= new AudioContext();
      if (this.#context.state === "suspended") this.#context.resume().catch(() => undefined);
      for (const [frequency, after, seconds] of TONES[name]) this.#sound(frequency, after, seconds);
    } catch {
      this.muted = true; // no sound on this computer
    }
  }

  #sound(frequency, after, seconds) {
    const context = this.#context;
    const begin = context.currentTime + after;
    const oscillator = new OscillatorNode(context, { type: "sine", frequency });
    const volume = new GainNode(context, { gain: 0 });
    volume.gain.setValueAtTime(0, begin);
    volume.gain.linearRampToValueAtTime(0.16, begin + 0.012);
    volume.gain.exponentialRampToValueAtTime(0.001, begin + seconds);
    oscillator.connect(volume).connect(context.destination);
    oscillator.start(begin);
    oscillator.stop(begin + seconds + 0.02);
  }
}
