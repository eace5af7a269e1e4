import type { CSSResultGroup, PropertyValues, TemplateResult } from "lit";
import { LitElement, css, html } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import type { ChannelView } from "../api/channel-names.js";
import { api } from "../api/server.js";
import { buttonStyle, hiddenTextStyle } from "../button-style.js";
import "../dashboard/broadcast-list.js";
import "../dashboard/channel-chat.js";
import { ChannelChangedEvent } from "../dashboard/channel-changed.js";
import "../dashboard/channel-people.js";
import "../dashboard/channel-settings.js";
import "../dashboard/channel-webhooks.js";
import "../dashboard/key-list.js";
import "../dashboard/link-list.js";
import "../dashboard/own-channels.js";
import { blockStyle, emptyBlock, errorBlock, loadingBlock } from "../forms/blocks.js";
import "../health/set-up-test.js";
import { channelPath } from "../route.js";
import { sectionedPageStyle } from "../settings/sectioned-page-style.js";
import { pageSkeleton, pageSkeletonStyle } from "../shell/page-skeleton.js";
import { VISIBILITY_NAMES, shownTitle } from "../texts/channels.js";
import { SECTION_NAMES, dashboardTexts } from "../texts/dashboard.js";
import { titleOf } from "../texts/shell.js";
import "./not-found-page.js";

type Section = keyof typeof SECTION_NAMES;

/** What moderators get to see; the rest is the owner's. */
const FOR_MODERATORS: ReadonlySet<Section> = new Set<Section>(["", "analytics", "people", "chat"]);

/** The channels of whoever is signed in; or one of them, part by part. */
@customElement("rillcast-dashboard-page")
export class DashboardPage extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    hiddenTextStyle,
    blockStyle,
    sectionedPageStyle,
    pageSkeletonStyle,
    css`
      /* This page has its margins already. */
      .page-skeleton .sections {
        padding: 0;
      }
      .way {
        margin: 0 0 var(--space-1);
        font-size: var(--text-s);
      }
      .way a {
        color: var(--text-muted);
      }
      header {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-3) var(--space-5);
        align-items: end;
        justify-content: space-between;
      }
      /* Figures side by side make use of a wide window. */
      :host([wide]) {
        max-width: 92rem;
      }
      .ways {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2);
      }
      .words {
        flex: 1 1 16rem;
        min-width: 0;
      }
      h1 {
        overflow-wrap: anywhere;
      }
      /* A title is a sentence of the owner's: two lines of it say which channel this is. */
      header h1 {
        display: -webkit-box;
        overflow: hidden;
        font-size: var(--text-xl);
        letter-spacing: -0.02em;
        line-height: 1.25;
        -webkit-box-orient: vertical;
        -webkit-line-clamp: 2;
      }
      .name {
        margin: var(--space-1) 0 0;
        color: var(--text-muted);
        font-size: var(--text-s);
      }
    `,
  ];

  /** Null for all of them. */
  @property({ attribute: false }) channel: string | null = null;
  @property() section = "";
  /** One broadcast of the section of broadcasts; null for all of them. */
  @property({ attribute: false }) item: string | null = null;

  @state() private view: ChannelView | null = null;
  @state() private etag: string | null = null;
  @state() private error: unknown = null;
  /** The overview has a player with it, which the other parts do without. */
  @state() private hasOverview = false;
  /** Charts come with the parts that show some. */
  @state() private hasAnalytics = false;
  #reading = new AbortController();

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener(ChannelChangedEvent.type, this.#onChanged);
    if (this.hasUpdated) void this.#read();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#reading.abort();
    this.removeEventListener(ChannelChangedEvent.type, this.#onChanged);
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has("channel")) void this.#read();
    if (this.channel !== null && this.section === "" && !this.hasOverview) void this.#loadOverview();
    const isCharted = this.section === "analytics" || this.item !== null;
    if (this.channel !== null && isCharted && !this.hasAnalytics) void this.#loadAnalytics();
    this.toggleAttribute("wide", this.channel !== null && isCharted);
    const part = isSection(this.section) ? SECTION_NAMES[this.section] : "";
    document.title = titleOf(
      this.channel === null ? dashboardTexts.title : `${part} · ${this.channel}`,
    );
  }

  override render(): TemplateResult {
    if (this.channel === null) {
      return html`<h1>${dashboardTexts.title}</h1>
        <rillcast-own-channels></rillcast-own-channels>`;
    }
    if (!isSection(this.section)) return html`<rillcast-not-found-page></rillcast-not-found-page>`;
    const { view } = this;
    if (view === null) {
      return this.error === null
        ? pageSkeleton("sections")
        : errorBlock(this.error, () => void this.#read());
    }
    const { isOwner, isModerator } = view.standing;
    if (!isOwner && !isModerator) {
      return emptyBlock(
        dashboardTexts.notYours,
        dashboardTexts.notYoursText,
        html`<a class="button" href="/dashboard">${dashboardTexts.allChannels}</a>`,
      );
    }
    return html`<header>
        <div class="words">
          <p class="way"><a href="/dashboard">${dashboardTexts.allChannels}</a></p>
          <h1>${shownTitle(view)}</h1>
          <p class="name">${[view.name, VISIBILITY_NAMES[view.visibility]].join(" · ")}</p>
        </div>
        <div class="ways">
          <a class="button" href="/dashboard/${view.name}/live">${dashboardTexts.liveScreen}</a>
          <a class="button" href=${channelPath(view.name)}>${dashboardTexts.viewChannel}</a>
        </div>
      </header>
      <div class="columns">
        <nav aria-label=${dashboardTexts.sections}>
          ${sectionsFor(isOwner).map((name) => this.#renderLink(view, name))}
        </nav>
        <div class="sections">
          ${isOwner || FOR_MODERATORS.has(this.section) || this.item !== null
            ? this.#renderSection(view, this.section)
            : html`<p>${dashboardTexts.moderatorOf}</p>`}
        </div>
      </div>`;
  }

  #renderLink({ name }: ChannelView, section: Section): TemplateResult {
    return html`<a
      href=${section === "" ? `/dashboard/${name}` : `/dashboard/${name}/${section}`}
      aria-current=${section === this.section ? "page" : "false"}
      >${SECTION_NAMES[section]}</a
    >`;
  }

  #renderSection(view: ChannelView, section: Section): TemplateResult {
    switch (section) {
      case "":
        return this.hasOverview
          ? html`<rillcast-channel-overview .channel=${view}></rillcast-channel-overview>`
          : loadingBlock();
      case "settings":
        return html`<rillcast-channel-settings
          .channel=${view}
          .etag=${this.etag}
        ></rillcast-channel-settings>`;
      case "keys":
        return html`<rillcast-key-list .channel=${view.name}></rillcast-key-list>`;
      case "test":
        return html`<rillcast-set-up-test .channel=${view.name}></rillcast-set-up-test>`;
      case "links":
        return html`<rillcast-link-list .channel=${view}></rillcast-link-list>`;
      case "analytics":
        return this.hasAnalytics
          ? html`<rillcast-channel-analytics .channel=${view.name}></rillcast-channel-analytics>`
          : loadingBlock();
      case "broadcasts":
        return this.item === null
          ? html`<rillcast-broadcast-list .channel=${view.name}></rillcast-broadcast-list>`
          : this.#renderBroadcast(view, this.item);
      case "people":
        return html`<rillcast-channel-people .channel=${view}></rillcast-channel-people>`;
      case "chat":
        return html`<rillcast-channel-chat .channel=${view}></rillcast-channel-chat>`;
      case "webhooks":
        return html`<rillcast-channel-webhooks .channel=${view.name}></rillcast-channel-webhooks>`;
    }
  }

  #renderBroadcast({ name }: ChannelView, broadcast: string): TemplateResult {
    return this.hasAnalytics
      ? html`<rillcast-broadcast-report
          .channel=${name}
          .broadcast=${broadcast}
        ></rillcast-broadcast-report>`
      : loadingBlock();
  }

  async #loadAnalytics(): Promise<void> {
    await import("../analytics/channel-pages.js");
    this.hasAnalytics = true;
  }

  async #loadOverview(): Promise<void> {
    await import("../dashboard/channel-overview.js");
    this.hasOverview = true;
  }

  async #read(): Promise<void> {
    this.#reading.abort();
    this.#reading = new AbortController();
    const { signal } = this.#reading;
    this.view = null;
    this.error = null;
    if (this.channel === null) return;
    try {
      const { body, etag } = await api.get("/channels/{channel}", {
        path: { channel: this.channel },
        signal,
      });
      if (signal.aborted) return;
      this.view = body;
      this.etag = etag;
    } catch (error) {
      if (!signal.aborted) this.error = error;
    }
  }

  readonly #onChanged = (event: Event): void => {
    if (!(event instanceof ChannelChangedEvent)) return;
    this.view = event.view;
    this.etag = event.etag;
  };
}

function isSection(name: string): name is Section {
  return Object.hasOwn(SECTION_NAMES, name);
}

function sectionsFor(isOwner: boolean): readonly Section[] {
  const all = Object.keys(SECTION_NAMES).filter(isSection);
  return isOwner ? all : all.filter((name) => FOR_MODERATORS.has(name));
}
