import { expect, test } from "vitest";

import { commandForKey } from "../src/player/player-command.js";

test.each([
  [" ", { type: "toggle-play" }],
  ["K", { type: "toggle-play" }],
  ["m", { type: "toggle-mute" }],
  ["f", { type: "toggle-fullscreen" }],
  ["p", { type: "toggle-picture-in-picture" }],
  ["l", { type: "go-to-live" }],
  ["i", { type: "toggle-stats" }],
  ["ArrowUp", { type: "change-volume", by: 0.1 }],
  ["ArrowDown", { type: "change-volume", by: -0.1 }],
])("the key %j asks for its command", (key, command) => {
  expect(commandForKey(key)).toEqual(command);
});

test("other keys are left alone", () => {
  for (const key of ["Tab", "Escape", "Enter", "x", "ArrowLeft"]) {
    expect(commandForKey(key)).toBeNull();
  }
});
