import type { components } from "../api/schema.js";
import { api } from "../api/server.js";

type Schemas = components["schemas"];

export type Webhook = Schemas["WebhookView"];
export type NewWebhook = Schemas["NewWebhook"];
export type WebhookWithSecret = Schemas["NewWebhookView"];
export type WebhookFields = Schemas["WebhookFields"];
export type WebhookEvent = NewWebhook["events"][number];
export type Delivery = Schemas["DeliveryView"];
export type DeliveryDetail = Schemas["DeliveryDetailView"];

interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

/** The webhooks of one place: a channel's, or those of the whole server. */
export interface WebhookApi {
  list(signal: AbortSignal): Promise<Page<Webhook>>;
  create(body: NewWebhook, idempotencyKey: string, signal: AbortSignal): Promise<WebhookWithSecret>;
  edit(webhook: string, body: WebhookFields, signal: AbortSignal): Promise<Webhook>;
  remove(webhook: string, signal: AbortSignal): Promise<void>;
  rotate(webhook: string, signal: AbortSignal): Promise<WebhookWithSecret>;
  test(webhook: string, signal: AbortSignal): Promise<Delivery>;
  deliveries(webhook: string, cursor: string | undefined, signal: AbortSignal): Promise<Page<Delivery>>;
  delivery(webhook: string, delivery: string, signal: AbortSignal): Promise<DeliveryDetail>;
  replay(webhook: string, delivery: string, signal: AbortSignal): Promise<Delivery>;
}

const PAGE = 10;

function pageOf(cursor: string | undefined): { limit: number; cursor?: string } {
  return cursor === undefined ? { limit: PAGE } : { limit: PAGE, cursor };
}

/** Webhooks of one channel. */
export function webhooksOf(channel: string): WebhookApi {
  return {
    list: async (signal) =>
      (await api.get("/channels/{channel}/webhooks", { path: { channel }, signal })).body,
    create: async (body, idempotencyKey, signal) =>
      (
        await api.post("/channels/{channel}/webhooks", {
          path: { channel },
          body,
          idempotencyKey,
          signal,
        })
      ).body,
    edit: async (webhook, body, signal) =>
      (
        await api.patch("/channels/{channel}/webhooks/{webhook}", {
          path: { channel, webhook },
          body,
          ifMatch: "*",
          signal,
        })
      ).body,
    remove: async (webhook, signal) => {
      await api.delete("/channels/{channel}/webhooks/{webhook}", {
        path: { channel, webhook },
        signal,
      });
    },
    rotate: async (webhook, signal) =>
      (
        await api.post("/channels/{channel}/webhooks/{webhook}/rotate", {
          path: { channel, webhook },
          signal,
        })
      ).body,
    test: async (webhook, signal) =>
      (
        await api.post("/channels/{channel}/webhooks/{webhook}/test", {
          path: { channel, webhook },
          signal,
        })
      ).body,
    deliveries: async (webhook, cursor, signal) =>
      (
        await api.get("/channels/{channel}/webhooks/{webhook}/deliveries", {
          path: { channel, webhook },
          query: pageOf(cursor),
          signal,
        })
      ).body,
    delivery: async (webhook, delivery, signal) =>
      (
        await api.get("/channels/{channel}/webhooks/{webhook}/deliveries/{delivery}", {
          path: { channel, webhook, delivery },
          signal,
        })
      ).body,
    replay: async (webhook, delivery, signal) =>
      (
        await api.post("/channels/{channel}/webhooks/{webhook}/deliveries/{delivery}/replay", {
          path: { channel, webhook, delivery },
          signal,
        })
      ).body,
  };
}

/** Webhooks of the whole server, for administrators. */
export const serverWebhooks: WebhookApi = {
  list: async (signal) => (await api.get("/admin/webhooks", { signal })).body,
  create: async (body, idempotencyKey, signal) =>
    (await api.post("/admin/webhooks", { body, idempotencyKey, signal })).body,
  edit: async (webhook, body, signal) =>
    (await api.patch("/admin/webhooks/{webhook}", { path: { webhook }, body, ifMatch: "*", signal }))
      .body,
  remove: async (webhook, signal) => {
    await api.delete("/admin/webhooks/{webhook}", { path: { webhook }, signal });
  },
  rotate: async (webhook, signal) =>
    (await api.post("/admin/webhooks/{webhook}/rotate", { path: { webhook }, signal })).body,
  test: async (webhook, signal) =>
    (await api.post("/admin/webhooks/{webhook}/test", { path: { webhook }, signal })).body,
  deliveries: async (webhook, cursor, signal) =>
    (
      await api.get("/admin/webhooks/{webhook}/deliveries", {
        path: { webhook },
        query: pageOf(cursor),
        signal,
      })
    ).body,
  delivery: async (webhook, delivery, signal) =>
    (
      await api.get("/admin/webhooks/{webhook}/deliveries/{delivery}", {
        path: { webhook, delivery },
        signal,
      })
    ).body,
  replay: async (webhook, delivery, signal) =>
    (
      await api.post("/admin/webhooks/{webhook}/deliveries/{delivery}/replay", {
        path: { webhook, delivery },
        signal,
      })
    ).body,
};
