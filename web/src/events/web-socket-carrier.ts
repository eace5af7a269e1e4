import type { Carrier, CarrierListener } from "./carrier.js";
import { readMessage } from "./wire-message.js";

const PATH = "/ws";
/** A WebSocket that is not open by then is held up by something in between. */
const OPEN_LIMIT_MS = 8_000;
const NO_CODE = 1006;

/** Opens a WebSocket; topics are subscribed to over it. */
export function openWebSocket(
  _topics: readonly string[],
  _after: string | null,
  listener: CarrierListener,
): Carrier {
  const url = new URL(PATH, location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(url);
  let isOver = false;
  const end = (code: number): void => {
    if (isOver) return;
    isOver = true;
    clearTimeout(opening);
    socket.close();
    listener.onEnd(code);
  };
  const opening = setTimeout(() => {
    end(NO_CODE);
  }, OPEN_LIMIT_MS);
  socket.onopen = () => {
    clearTimeout(opening);
  };
  socket.onmessage = ({ data }: MessageEvent<unknown>) => {
    const message = readMessage(data);
    if (message !== null && !isOver) listener.onMessage(message);
  };
  socket.onclose = ({ code }) => {
    end(code);
  };
  return {
    takesCommands: true,
    send: (command) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(command));
    },
    close: () => {
      isOver = true;
      clearTimeout(opening);
      // Closed before it is open, it would be an error in the browser's console.
      if (socket.readyState !== WebSocket.CONNECTING) socket.close();
      else {
        socket.onopen = () => {
          socket.close();
        };
      }
    },
  };
}
