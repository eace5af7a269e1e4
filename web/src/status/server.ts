import { ServerClock } from "./server-clock.js";
import { StatusClient } from "./status-client.js";

/** The one server that these pages come from. */
export const serverClock = new ServerClock();
export const statusClient = new StatusClient(serverClock);
