/** Which codeset the next element is of (Q.931 §4.5.2 to §4.5.4). Parser and printer keep one each. */
export class Codeset {
  #locked = 0;
  #next = 0;

  get next(): number {
    return this.#next;
  }

  /** False for a locking shift to a lower codeset, which is in error and changes nothing (§4.5.3). */
  shift(codeset: number, locking: boolean): boolean {
    if (locking && codeset < this.#locked) {
      this.#next = this.#locked;
      return false;
    }
    if (locking) this.#locked = codeset;
    this.#next = codeset;
    return true;
  }

  /** A non-locking shift holds for one element (§4.5.4). */
  element(): void {
    this.#next = this.#locked;
  }
}
