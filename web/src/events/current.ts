import { session } from "../session/current.js";
import { openEventSource } from "./event-source-carrier.js";
import { EventLine } from "./event-line.js";
import { openWebSocket } from "./web-socket-carrier.js";

/** What this page hears of the server that it comes from. */
export const eventLine = new EventLine({
  ways: [openWebSocket, openEventSource],
  onSignedOut: () => void session.refresh(),
});

let listener = "";

/** Connects as whoever is signed in, again whenever that is somebody else. */
function follow(): void {
  const { state } = session;
  const now = state.kind === "signed-in" ? `signed-in ${state.me.id}` : state.kind;
  if (now === listener) return;
  listener = now;
  if (state.kind === "signed-in" || state.kind === "signed-out") eventLine.permit();
  else eventLine.forbid();
}

session.subscribe(follow);
follow();
