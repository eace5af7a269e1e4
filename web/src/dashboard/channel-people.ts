import type { CSSResultGroup, PropertyValues, TemplateResult } from "lit";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";

import type {
  Block,
  ChannelView,
  Follower,
  FoundPerson,
  Moderator,
  Person,
  ViewerBan,
} from "../api/channel-names.js";
import { api } from "../api/server.js";
import { buttonStyle, hiddenTextStyle } from "../button-style.js";
import { blockStyle } from "../forms/blocks.js";
import type { ConfirmDialog } from "../forms/confirm-dialog.js";
import "../forms/confirm-dialog.js";
import { formStyle } from "../forms/form-style.js";
import "../forms/notice.js";
import { PagedList, pagedList } from "../forms/paged-list.js";
import { Submission } from "../forms/submission.js";
import { summary } from "../forms/summary.js";
import { peopleTexts } from "../texts/dashboard.js";
import { agoText, untilText } from "../texts/spans.js";
import { panelStyle } from "./panel-style.js";
import "./person-picker.js";
import { personAction, personWords } from "./person-row.js";

/** Whoever is looked for, who follows a channel, who looks after it, and who is banned from it. */
@customElement("rillcast-channel-people")
export class ChannelPeople extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    hiddenTextStyle,
    formStyle,
    blockStyle,
    panelStyle,
    css`
      /* Out of the flow while it has nothing to say, so that it leaves no gap there. */
      .picked:empty {
        position: absolute;
      }
    `,
  ];

  @property({ attribute: false }) channel: ChannelView | null = null;
  /** Who was looked for and found. */
  @state() private picked: FoundPerson | null = null;
  @state() private notice = "";
  @query("rillcast-confirm-dialog") private readonly dialog!: ConfirmDialog;

  readonly #acting = new Submission(this);
  readonly #moderators = new PagedList<Moderator>(this, async (_cursor, signal) => {
    const { body } = await api.get("/channels/{channel}/moderators", {
      path: { channel: this.#name },
      signal,
    });
    return body;
  });
  readonly #bans = new PagedList<ViewerBan>(this, async (cursor, signal) => {
    const { body } = await api.get("/channels/{channel}/bans", {
      path: { channel: this.#name },
      query: cursor === undefined ? {} : { cursor },
      signal,
    });
    return body;
  });
  readonly #followers = new PagedList<Follower>(this, async (cursor, signal) => {
    const { body } = await api.get("/channels/{channel}/followers", {
      path: { channel: this.#name },
      query: cursor === undefined ? {} : { cursor },
      signal,
    });
    return body;
  });

  readonly #blocks = new PagedList<Block>(this, async (cursor, signal) => {
    const { body } = await api.get("/me/blocks", {
      query: cursor === undefined ? {} : { cursor },
      signal,
    });
    return body;
  });

  get #name(): string {
    return this.channel?.name ?? "";
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has("channel") && changed.get("channel")?.name !== this.channel?.name) this.#load();
  }

  override render(): TemplateResult | typeof nothing {
    if (this.channel === null) return nothing;
    return html`<rillcast-notice .text=${this.notice}></rillcast-notice>
      ${summary(this.#acting)}
      ${this.#renderPicker()}
      <section class="panel" aria-labelledby="moderators">
        <h2 id="moderators">${peopleTexts.moderators}</h2>
        <p class="lead">${peopleTexts.moderatorsText}</p>
        ${pagedList(
          this.#moderators,
          (items) => html`<ul class="rows">
            ${items.map((moderator) => this.#renderModerator(moderator))}
          </ul>`,
          () => html`<p class="lead">${peopleTexts.noModerators}</p>`,
        )}
      </section>
      <section class="panel" aria-labelledby="followers">
        <h2 id="followers">${peopleTexts.followers}</h2>
        <p class="lead">${peopleTexts.followersText}</p>
        ${pagedList(
          this.#followers,
          (items) => html`<ul class="rows">
            ${items.map((follower) => this.#renderFollower(follower))}
          </ul>`,
          () => html`<p class="lead">${peopleTexts.noFollowers}</p>`,
        )}
      </section>
      <section class="panel" aria-labelledby="bans">
        <h2 id="bans">${peopleTexts.bans}</h2>
        ${pagedList(
          this.#bans,
          (items) => html`<ul class="rows">
            ${items.map((ban) => this.#renderBan(ban))}
          </ul>`,
          () => html`<p class="lead">${peopleTexts.noBans}</p>`,
        )}
      </section>
      ${this.channel.standing.isOwner ? this.#renderBlocks() : nothing}
      <rillcast-confirm-dialog></rillcast-confirm-dialog>`;
  }

  #renderPicker(): TemplateResult {
    return html`<section class="panel" aria-labelledby="find">
      <h2 id="find">${peopleTexts.find}</h2>
      <rillcast-person-picker
        .channel=${this.#name}
        @picked=${this.#onPicked}
      ></rillcast-person-picker>
      <div class="picked" role="status">${this.picked === null ? nothing : this.#renderPicked(this.picked)}</div>
    </section>`;
  }

  #renderPicked({ person, channels, isModerator, isBanned }: FoundPerson): TemplateResult {
    const facts = [
      ...(isModerator ? [peopleTexts.moderates] : []),
      ...(isBanned ? [peopleTexts.isBanned] : []),
      ...channels,
    ];
    return html`<div class="row">
      ${personWords(person, facts.join(" · "))} ${this.#renderActions(person, isModerator, isBanned)}
    </div>`;
  }

  #renderActions(person: Person, moderates: boolean, isBanned: boolean): TemplateResult {
    const isOwner = this.channel?.standing.isOwner === true;
    return html`<div class="actions">
      ${isOwner && !moderates && !isBanned
        ? personAction(
            peopleTexts.makeModerator,
            person,
            () => void this.#makeModerator(person),
          )
        : nothing}
      ${moderates || isBanned
        ? nothing
        : personAction(peopleTexts.ban, person, () => void this.#ban(person), true)}
      ${isBanned
        ? personAction(peopleTexts.lift, person, () => void this.#lift(person))
        : nothing}
      ${isOwner
        ? personAction(peopleTexts.block, person, () => void this.#block(person), true)
        : nothing}
    </div>`;
  }

  #renderBlocks(): TemplateResult {
    return html`<section class="panel" aria-labelledby="blocks">
      <h2 id="blocks">${peopleTexts.blocks}</h2>
      <p class="lead">${peopleTexts.blocksText}</p>
      ${pagedList(
        this.#blocks,
        (items) => html`<ul class="rows">
          ${items.map((block) => this.#renderBlock(block))}
        </ul>`,
        () => html`<p class="lead">${peopleTexts.noBlocks}</p>`,
      )}
    </section>`;
  }

  #renderBlock({ person, since }: Block): TemplateResult {
    return html`<li class="row">
      ${personWords(person, peopleTexts.since(agoText(Date.parse(since), Date.now())))}
      ${personAction(peopleTexts.unblock, person, () => void this.#unblock(person))}
    </li>`;
  }

  #renderModerator({ person, since }: Moderator): TemplateResult {
    return html`<li class="row">
      ${personWords(person, peopleTexts.since(agoText(Date.parse(since), Date.now())))}
      ${this.channel?.standing.isOwner === true
        ? personAction(peopleTexts.dismiss, person, () => void this.#dismiss(person), true)
        : nothing}
    </li>`;
  }

  #renderFollower({ person, since }: Follower): TemplateResult {
    const moderates = this.#moderators.items.some(
      (moderator) => moderator.person.accountId === person.accountId,
    );
    return html`<li class="row">
      ${personWords(person, peopleTexts.since(agoText(Date.parse(since), Date.now())))}
      ${this.#renderActions(person, moderates, false)}
    </li>`;
  }

  #renderBan({ person, reason, endsAt }: ViewerBan): TemplateResult {
    const end =
      endsAt === null
        ? peopleTexts.forGood
        : peopleTexts.until(untilText(Date.parse(endsAt), Date.now()));
    return html`<li class="row">
      ${personWords(person, reason === "" ? end : `${end} · ${reason}`)}
      ${personAction(peopleTexts.lift, person, () => void this.#lift(person))}
    </li>`;
  }

  readonly #onPicked = ({ detail }: CustomEvent<FoundPerson>): void => {
    this.notice = "";
    this.#acting.clear();
    this.picked = detail;
  };

  async #makeModerator(person: Person): Promise<void> {
    await this.#act(async (signal) => {
      await api.put("/channels/{channel}/moderators/{account}", {
        path: { channel: this.#name, account: person.accountId },
        signal,
      });
    });
  }

  async #lift(person: Person): Promise<void> {
    await this.#act(async (signal) => {
      await api.delete("/channels/{channel}/bans/{account}", {
        path: { channel: this.#name, account: person.accountId },
        signal,
      });
    });
  }

  async #unblock(person: Person): Promise<void> {
    await this.#act(async (signal) => {
      await api.delete("/me/blocks/{account}", { path: { account: person.accountId }, signal });
    });
  }

  async #act(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    this.notice = "";
    if (!(await this.#acting.run(work))) return;
    this.notice = peopleTexts.done;
    this.#load();
  }

  async #dismiss(person: Person): Promise<void> {
    const isDone = await this.dialog.ask({
      heading: peopleTexts.dismissHeading(person.displayName),
      text: peopleTexts.dismissText,
      confirmLabel: peopleTexts.dismiss,
      isDangerous: true,
      work: async (_answer, signal) => {
        await api.delete("/channels/{channel}/moderators/{account}", {
          path: { channel: this.#name, account: person.accountId },
          signal,
        });
      },
    });
    if (isDone) this.#load();
  }

  async #ban(person: Person): Promise<void> {
    const isDone = await this.dialog.ask({
      heading: peopleTexts.banHeading(person.displayName),
      text: peopleTexts.banText,
      confirmLabel: peopleTexts.ban,
      isDangerous: true,
      note: {
        label: peopleTexts.banReason,
        hint: peopleTexts.banReasonHint,
        isOptional: true,
      },
      work: async ({ note }, signal) => {
        await api.put("/channels/{channel}/bans/{account}", {
          path: { channel: this.#name, account: person.accountId },
          body: { reason: note, endsAt: null },
          signal,
        });
      },
    });
    if (isDone) this.#load();
  }

  async #block(person: Person): Promise<void> {
    const isDone = await this.dialog.ask({
      heading: peopleTexts.blockHeading(person.displayName),
      text: peopleTexts.blockText,
      confirmLabel: peopleTexts.block,
      isDangerous: true,
      work: async (_answer, signal) => {
        await api.put("/me/blocks/{account}", { path: { account: person.accountId }, signal });
      },
    });
    if (isDone) this.#load();
  }

  #load(): void {
    this.picked = null;
    for (const list of [this.#moderators, this.#bans, this.#followers]) void list.load();
    // Moderators see the channel's lists, not those of its owner.
    if (this.channel?.standing.isOwner === true) void this.#blocks.load();
  }
}
