import { expect, test } from "vitest";

import type { ApiClient } from "../src/api/client.js";
import { WatchNotes } from "../src/channels/watch-notes.js";

interface Note {
  readonly channel: string;
  readonly watchedMs: number;
}

function watching(): { notes: WatchNotes; sent: Note[]; play: (channel: string | null) => void } {
  const sent: Note[] = [];
  let playing: string | null = null;
  const api = {
    post: (_path: string, { body }: { body: Note }) => {
      sent.push(body);
      return Promise.resolve();
    },
  } as unknown as ApiClient;
  const host = {
    addController: (): void => undefined,
    removeController: () => undefined,
    requestUpdate: () => undefined,
    updateComplete: Promise.resolve(true),
  };
  const notes = new WatchNotes(host, api, { channel: () => playing });
  return {
    notes,
    sent,
    play: (channel) => {
      playing = channel;
    },
  };
}

test("what plays is told once a minute, what does not play never", () => {
  const { notes, sent, play } = watching();
  for (let second = 0; second < 100; second += 1) notes.tick(1_000);
  expect(sent).toEqual([]);
  play("chess");
  for (let second = 0; second < 150; second += 1) notes.tick(1_000);
  expect(sent).toEqual([
    { channel: "chess", watchedMs: 60_000 },
    { channel: "chess", watchedMs: 60_000 },
  ]);
  notes.hostDisconnected();
  expect(sent.at(-1)).toEqual({ channel: "chess", watchedMs: 30_000 });
});

test("time belongs to the channel that played, and a short look to none", () => {
  const { notes, sent, play } = watching();
  play("chess");
  for (let second = 0; second < 20; second += 1) notes.tick(1_000);
  play("piano");
  for (let second = 0; second < 5; second += 1) notes.tick(1_000);
  notes.hostDisconnected();
  expect(sent).toEqual([{ channel: "chess", watchedMs: 20_000 }]);
});

test("a machine that slept has not watched", () => {
  const { notes, sent, play } = watching();
  play("chess");
  notes.tick(3_600_000);
  expect(sent).toEqual([{ channel: "chess", watchedMs: 120_000 }]);
});
