import type { CSSResultGroup, PropertyValues, TemplateResult } from "lit";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";

import type { Me } from "../api/schema-names.js";
import { api } from "../api/server.js";
import { buttonStyle, hiddenTextStyle } from "../button-style.js";
import { blockStyle, errorBlock, loadingBlock } from "../forms/blocks.js";
import { fieldError } from "../forms/failure.js";
import { field, textArea } from "../forms/field.js";
import { formStyle } from "../forms/form-style.js";
import { FormValues } from "../forms/form-values.js";
import "../forms/notice.js";
import { Submission } from "../forms/submission.js";
import { submitButton } from "../forms/submit-button.js";
import { summary } from "../forms/summary.js";
import { displayNameField } from "../people/new-account-fields.js";
import { session } from "../session/current.js";
import { formTexts } from "../texts/forms.js";
import { profileTexts } from "../texts/settings.js";
import { sectionStyle } from "./section-style.js";

const BIO_CHARACTERS = 1_000;
const LINKS_MAX = 8;

/** A link as the form holds it; `key` stays when rows before it go. */
interface LinkRow {
  readonly key: number;
  readonly title: string;
  readonly url: string;
}

/** What everybody can see of oneself, but for the picture. */
@customElement("rillcast-profile-section")
export class ProfileSection extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    hiddenTextStyle,
    formStyle,
    blockStyle,
    sectionStyle,
    css`
      fieldset > button {
        justify-self: start;
        margin-top: var(--space-1);
      }
      .link {
        display: grid;
        gap: var(--space-3);
        padding: var(--space-3);
        border: 1px solid var(--line);
        border-radius: var(--radius-m);
      }
      .link button {
        justify-self: start;
      }
    `,
  ];

  /** The version that came last, here or with a change of the picture, which is part of it. */
  @property({ attribute: false }) knownEtag: string | null = null;
  @state() private me: Me | null = null;
  @state() private loadError: unknown = null;
  /** What the form holds of links; rows come and go. */
  @state() private links: readonly LinkRow[] = [];
  @state() private said = "";

  readonly #submission = new Submission(this);
  #etag = "";
  #nextKey = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("knownEtag") && this.knownEtag !== null) this.#etag = this.knownEtag;
  }

  override render(): TemplateResult {
    return html`<section aria-labelledby="heading">
      <h2 id="heading">${profileTexts.heading}</h2>
      <p class="lead">${profileTexts.lead}</p>
      ${this.me === null
        ? this.loadError === null
          ? loadingBlock(4)
          : errorBlock(this.loadError, () => void this.#load())
        : this.#renderForm(this.me)}
      <rillcast-notice .text=${this.said}></rillcast-notice>
    </section>`;
  }

  #renderForm(me: Me): TemplateResult {
    const { failure } = this.#submission;
    return html`<form @submit=${this.#onSubmit}>
      ${summary(this.#submission)} ${displayNameField(failure, me.displayName)}
      ${textArea({
        name: "bio",
        label: profileTexts.bio,
        value: me.bio,
        maxLength: BIO_CHARACTERS,
        isOptional: true,
        error: fieldError(failure, "bio"),
      })}
      <fieldset>
        <legend>${profileTexts.links}</legend>
        ${repeat(
          this.links,
          ({ key }) => key,
          (link, index) => this.#renderLink(link, index),
        )}
        ${this.links.length < LINKS_MAX
          ? html`<button type="button" @click=${this.#addLink}>${profileTexts.addLink}</button>`
          : nothing}
      </fieldset>
      <div class="actions">${submitButton(this.#submission, formTexts.save)}</div>
    </form>`;
  }

  #renderLink(link: LinkRow, index: number): TemplateResult {
    const { failure } = this.#submission;
    const number = index + 1;
    return html`<div class="link">
      ${field({
        name: `links.${index}.title`,
        label: profileTexts.linkTitle(number),
        value: link.title,
        maxLength: 50,
        isOptional: true,
        error: fieldError(failure, `links.${index}.title`),
      })}
      ${field({
        name: `links.${index}.url`,
        label: profileTexts.linkUrl(number),
        type: "url",
        inputMode: "url",
        value: link.url,
        maxLength: 300,
        error: fieldError(failure, `links.${index}.url`),
      })}
      <button
        type="button"
        aria-label=${profileTexts.removeLink(number)}
        @click=${(event: Event) => {
          this.#removeLink(event, index);
        }}
      >
        ${profileTexts.remove}
      </button>
    </div>`;
  }

  async #load(): Promise<void> {
    this.loadError = null;
    try {
      const { body, etag } = await api.get("/me", {});
      this.#show(body, etag);
    } catch (error) {
      this.loadError = error;
    }
  }

  #show(me: Me, etag: string | null): void {
    this.me = me;
    this.links = me.links.map((link) => this.#row(link.title, link.url));
    this.#etag = etag ?? "";
    this.dispatchEvent(new CustomEvent<string | null>("versioned", { detail: etag }));
  }

  readonly #onSubmit = async (event: Event): Promise<void> => {
    const values = FormValues.of(event);
    const links = this.#written(values).map(({ title, url }) => ({ title, url }));
    this.said = "";
    await this.#submission.run(async (signal) => {
      const { body, etag } = await api.patch("/me", {
        body: { displayName: values.text("displayName"), bio: values.text("bio"), links },
        ifMatch: this.#etag,
        signal,
      });
      this.#show(body, etag);
      session.accept(body);
      this.said = formTexts.saved;
    });
  };

  /** Keeps what the form says of links before rows come or go. */
  #written(values: FormValues): LinkRow[] {
    return this.links.map(({ key }, index) => ({
      key,
      title: values.text(`links.${index}.title`),
      url: values.text(`links.${index}.url`),
    }));
  }

  readonly #addLink = (event: Event): void => {
    const { form } = event.currentTarget as HTMLButtonElement;
    if (form === null) return;
    this.links = [...this.#written(new FormValues(form)), this.#row("", "")];
  };

  #removeLink(event: Event, removed: number): void {
    const { form } = event.currentTarget as HTMLButtonElement;
    if (form === null) return;
    const written = this.#written(new FormValues(form));
    this.links = written.filter((_, index) => index !== removed);
  }

  #row(title: string, url: string): LinkRow {
    this.#nextKey += 1;
    return { key: this.#nextKey, title, url };
  }
}
