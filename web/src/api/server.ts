import { ApiClient } from "./client.js";

/** The API of the server that these pages come from. */
export const api = new ApiClient();
