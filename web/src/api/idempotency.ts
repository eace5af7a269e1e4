/** 128 random bits; `crypto.randomUUID` does not exist on pages without TLS. */
export function newIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * The Idempotency-Key of one form: the same as long as the same is sent, so that pressing the
 * button again after a lost answer creates nothing twice.
 */
export class CreateKey {
  #key = "";
  #body = "";

  for(body: unknown): string {
    const text = JSON.stringify(body);
    if (this.#key === "" || text !== this.#body) {
      this.#key = newIdempotencyKey();
      this.#body = text;
    }
    return this.#key;
  }

  /** The answer has come: what is sent next is another create, even if it says the same. */
  done(): void {
    this.#key = "";
  }
}
