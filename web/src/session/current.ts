import { api } from "../api/server.js";
import { statusClient } from "../status/server.js";
import { Session } from "./session.js";

/** The session of this browser with this server. */
export const session = new Session(api, statusClient);
