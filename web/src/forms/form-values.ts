/** What a form says. Whitespace stays: the server knows where it counts. */
export class FormValues {
  readonly #values: FormData;

  /** Reads the form that an event came from, and keeps the browser from sending it itself. */
  static of(event: Event): FormValues {
    event.preventDefault();
    return new FormValues(event.currentTarget as HTMLFormElement);
  }

  constructor(form: HTMLFormElement) {
    this.#values = new FormData(form);
  }

  /** A field's text; empty if the form has no such field. */
  text(name: string): string {
    const value = this.#values.get(name);
    return typeof value === "string" ? value : "";
  }

  /** A field's text, or null if nothing was written. */
  textOrNull(name: string): string | null {
    const text = this.text(name);
    return text.trim() === "" ? null : text;
  }

  /** A whole number, or null if nothing (or no number) was written. */
  numberOrNull(name: string): number | null {
    const text = this.text(name).trim();
    return /^\d+$/.test(text) ? Number(text) : null;
  }

  isChecked(name: string): boolean {
    return this.#values.has(name);
  }

  /** The values of all ticked boxes of a name. */
  all(name: string): string[] {
    return this.#values.getAll(name).filter((value) => typeof value === "string");
  }
}
