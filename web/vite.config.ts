import { defineConfig } from "vitest/config";

/** Where `npm run dev` finds a running server; its API and media are passed through. */
const SERVER = "http://localhost:8080";

export default defineConfig({
  build: {
    outDir: "../distribution/pages",
    emptyOutDir: true,
    target: "es2022",
    // Which file needs which: the test of the pages' weight reads it. Hidden files are not served.
    manifest: true,
    // Nothing becomes a data: URL, so that every asset is cached under its own hash.
    assetsInlineLimit: 0,
    // The polyfill is for browsers that cannot run the rest of the page either.
    modulePreload: { polyfill: false },
    // The player for other sites is a page of its own, with other headers and nothing of accounts.
    // The service worker has one address for ever: browsers ask there whether it has changed.
    rolldownOptions: {
      input: ["index.html", "embed.html", "src/push/service-worker.ts"],
      output: {
        entryFileNames: ({ name }) =>
          name === "service-worker" ? "[name].js" : "assets/[name]-[hash].js",
      },
    },
    license: { fileName: "licenses.txt" },
    // hls.js is the bulk of the player's chunk and is loaded by the channel page alone.
    chunkSizeWarningLimit: 700,
  },
  server: {
    proxy: { "/api": SERVER, "^/live/": SERVER },
  },
  test: {
    include: ["tests/**/*.test.ts"],
    environment: "node",
  },
});
