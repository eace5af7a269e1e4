import type { TemplateResult } from "lit";
import { html } from "lit";

import type { Route } from "../route.js";
import { pageTitles } from "../texts/shell.js";
import type { PageShape } from "./page-skeleton.js";

type PageName = Route["page"];

/** One kind of page: its code, which is loaded when it is first wanted, and who may see it. */
interface Page<Name extends PageName> {
  readonly load: () => Promise<unknown>;
  readonly render: (route: Extract<Route, { page: Name }>) => TemplateResult;
  /** Null for pages that say it themselves. */
  readonly title: string | null;
  /** What stands there while the code comes. */
  readonly shape: PageShape;
  readonly access: "anybody" | "user" | "admin";
  /** Whether it stands alone in its window, without the bar. */
  readonly isBare?: boolean;
}

type PageTable = { readonly [Name in PageName]: Page<Name> };

const PAGES: PageTable = {
  home: {
    load: () => import("../pages/home-page.js"),
    render: () => html`<rillcast-home-page></rillcast-home-page>`,
    title: null,
    shape: "cards",
    access: "anybody",
  },
  channel: {
    load: () => import("../pages/channel-page.js"),
    render: ({ channel }) =>
      html`<rillcast-channel-page .channel=${channel}></rillcast-channel-page>`,
    title: null,
    shape: "theatre",
    access: "anybody",
  },
  chat: {
    load: () => import("../pages/chat-page.js"),
    render: ({ channel }) => html`<rillcast-chat-page .channel=${channel}></rillcast-chat-page>`,
    title: null,
    shape: "blank",
    access: "anybody",
    isBare: true,
  },
  dock: {
    load: () => import("../pages/dock-page.js"),
    render: ({ channel }) => html`<rillcast-dock-page .channel=${channel}></rillcast-dock-page>`,
    title: null,
    shape: "blank",
    access: "anybody",
    isBare: true,
  },
  search: {
    load: () => import("../pages/search-page.js"),
    render: ({ query }) => html`<rillcast-search-page .query=${query}></rillcast-search-page>`,
    title: null,
    shape: "cards",
    access: "anybody",
  },
  following: {
    load: () => import("../pages/following-page.js"),
    render: ({ query }) =>
      html`<rillcast-following-page .query=${query}></rillcast-following-page>`,
    title: pageTitles.following,
    shape: "cards",
    access: "user",
  },
  dashboard: {
    load: () => import("../pages/dashboard-page.js"),
    render: ({ channel, section, item }) =>
      html`<rillcast-dashboard-page
        .channel=${channel}
        .section=${section}
        .item=${item}
      ></rillcast-dashboard-page>`,
    title: null,
    shape: "sections",
    access: "user",
  },
  board: {
    load: () => import("../pages/board-page.js"),
    render: ({ channel }) => html`<rillcast-board-page .channel=${channel}></rillcast-board-page>`,
    title: null,
    shape: "blank",
    access: "user",
    isBare: true,
  },
  "sign-in": {
    load: () => import("../pages/sign-in-page.js"),
    render: () => html`<rillcast-sign-in-page></rillcast-sign-in-page>`,
    title: pageTitles["sign-in"],
    shape: "form",
    access: "anybody",
  },
  "sign-up": {
    load: () => import("../pages/sign-up-page.js"),
    render: () => html`<rillcast-sign-up-page></rillcast-sign-up-page>`,
    title: pageTitles["sign-up"],
    shape: "form",
    access: "anybody",
  },
  "set-up": {
    load: () => import("../pages/set-up-page.js"),
    render: () => html`<rillcast-set-up-page></rillcast-set-up-page>`,
    title: pageTitles["set-up"],
    shape: "form",
    access: "anybody",
  },
  "reset-password": {
    load: () => import("../pages/reset-password-page.js"),
    render: () => html`<rillcast-reset-password-page></rillcast-reset-password-page>`,
    title: pageTitles["reset-password"],
    shape: "form",
    access: "anybody",
  },
  "confirm-email": {
    load: () => import("../pages/confirm-email-page.js"),
    render: () => html`<rillcast-confirm-email-page></rillcast-confirm-email-page>`,
    title: pageTitles["confirm-email"],
    shape: "form",
    access: "anybody",
  },
  unsubscribe: {
    load: () => import("../pages/unsubscribe-page.js"),
    render: () => html`<rillcast-unsubscribe-page></rillcast-unsubscribe-page>`,
    title: pageTitles.unsubscribe,
    shape: "form",
    access: "anybody",
  },
  settings: {
    load: () => import("../pages/settings-page.js"),
    render: ({ section }) =>
      html`<rillcast-settings-page .section=${section}></rillcast-settings-page>`,
    title: pageTitles.settings,
    shape: "sections",
    access: "user",
  },
  admin: {
    load: () => import("../pages/admin-page.js"),
    render: ({ section }) => html`<rillcast-admin-page .section=${section}></rillcast-admin-page>`,
    title: pageTitles.admin,
    shape: "sections",
    access: "admin",
  },
  "not-found": {
    load: () => import("../pages/not-found-page.js"),
    render: () => html`<rillcast-not-found-page></rillcast-not-found-page>`,
    title: pageTitles["not-found"],
    shape: "form",
    access: "anybody",
  },
};

/** What the frame must know of the page at a route. */
export interface RoutedPage {
  readonly name: PageName;
  readonly title: string | null;
  readonly shape: PageShape;
  readonly access: "anybody" | "user" | "admin";
  readonly isBare: boolean;
  readonly load: () => Promise<unknown>;
  readonly render: () => TemplateResult;
}

/** Finds the page of a route. */
export function pageAt(route: Route): RoutedPage {
  // The table's type ties each entry to its own kind of route, which a lookup by name loses.
  const page = PAGES[route.page] as Page<PageName>;
  return {
    name: route.page,
    title: page.title,
    shape: page.shape,
    access: page.access,
    isBare: page.isBare === true,
    load: page.load,
    render: () => page.render(route),
  };
}
