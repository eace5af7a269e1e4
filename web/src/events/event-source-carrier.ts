import type { Carrier, CarrierListener } from "./carrier.js";
import { readMessage } from "./wire-message.js";

const PATH = "/events";
const NO_CODE = 1006;

/** Opens a stream of server-sent events: for networks where no WebSocket comes through. */
export function openEventSource(
  topics: readonly string[],
  after: string | null,
  listener: CarrierListener,
): Carrier {
  const query = new URLSearchParams(topics.map((topic) => ["topic", topic]));
  if (after !== null) query.set("after", after);
  const source = new EventSource(`${PATH}?${query.toString()}`);
  let isOver = false;
  const end = (code: number): void => {
    if (isOver) return;
    isOver = true;
    source.close();
    listener.onEnd(code);
  };
  const pass = ({ data, lastEventId }: MessageEvent<unknown>): void => {
    const message = readMessage(data);
    if (message === null || isOver) return;
    if (message.type === "end") end(message.code);
    // The welcome's id stands in the stream, not in its JSON.
    else if (message.type === "welcome" && lastEventId !== "") {
      listener.onMessage({ ...message, id: lastEventId });
    } else listener.onMessage(message);
  };
  source.onmessage = pass;
  for (const name of ["welcome", "notice", "end"]) source.addEventListener(name, pass);
  // It would come back by itself, but without topics that were wanted since, and without back-off.
  source.onerror = () => {
    end(NO_CODE);
  };
  return {
    takesCommands: false,
    send: () => undefined,
    close: () => {
      isOver = true;
      source.close();
    },
  };
}
