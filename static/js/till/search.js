/**
 * Finding products by parts of their name, SKU or barcode while somebody types, over a hundred thousand variants.
 *
 * One long text with a line per variant: the engine's own `indexOf` runs over it faster than any index that would have
 * to be built and kept. A variant that changes gets a new line; its old one is blanked by marking it as gone.
 */

const MARKS = /\p{M}/gu;

/** Words as they are compared: small letters, no accents. @param {string} text */
export function folded(text) {
  const small = text.toLowerCase();
  return /^[\x20-\x7e]*$/.test(small) ? small : small.normalize("NFD").replace(MARKS, "");
}

export class SearchText {
  #text = "";
  #starts = [];
  #owners = []; // of each line: the number that was given to `add`
  #lineOf = []; // of each number: its present line
  #waiting = [];

  /** Put a variant in, or put it in anew. `words` is what it is found by. @param {number} number @param {string} words */
  add(number, words) {
    this.#lineOf[number] = this.#owners.length;
    this.#owners.push(number);
    this.#waiting.push(folded(words).replaceAll("\n", " "));
  }

  /** Take a variant out. @param {number} number */
  drop(number) {
    this.#lineOf[number] = -1;
  }

  /**
   * Numbers whose lines hold every word of `query`, the best first, at most `limit`.
   * @param {string} query @param {number} [limit] @returns {number[]}
   */
  find(query, limit = 240) {
    this.#settle();
    const words = folded(query).split(/\s+/).filter(Boolean);
    if (!words.length) return [];
    const needle = words.reduce((longest, word) => (word.length > longest.length ? word : longest));
    const found = [];
    let at = this.#text.indexOf(needle);
    while (at !== -1 && found.length < limit * 4) {
      const line = this.#lineAt(at);
      const end = this.#starts[line + 1] ?? this.#text.length;
      if (this.#lineOf[this.#owners[line]] === line) {
        const text = this.#text.slice(this.#starts[line], end - 1);
        if (words.every((word) => text.includes(word))) found.push({ number: this.#owners[line], rank: rank(text, words) });
      }
      at = this.#text.indexOf(needle, end);
    }
    found.sort((one, other) => one.rank - other.rank || one.number - other.number);
    return found.slice(0, limit).map((one) => one.number);
  }

  #settle() {
    if (!this.#waiting.length) return;
    let at = this.#text.length;
    for (const line of this.#waiting) {
      this.#starts.push(at);
      at += line.length + 1;
    }
    this.#text = `${this.#text}${this.#waiting.join("\n")}\n`;
    this.#waiting = [];
  }

  #lineAt(position) {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#starts[middle] <= position) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** Smaller is better: begins with the words, a word begins with them, somewhere inside. */
function rank(text, words) {
  if (text.startsWith(words[0])) return 0;
  return words.every((word) => text.includes(` ${word}`) || text.startsWith(word)) ? 1 : 2;
}
