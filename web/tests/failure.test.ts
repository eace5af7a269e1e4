import { expect, test } from "vitest";

import { ApiProblem } from "../src/api/api-problem.js";
import { failureOf, fieldError } from "../src/forms/failure.js";
import { ServerUnreachable } from "../src/status/server-unreachable.js";
import { linkVoidText, problemTexts, unexpectedText, unreachableText } from "../src/texts/problems.js";

test("a refusal reads in our words, with what is wrong beside each field", () => {
  const failure = failureOf(
    new ApiProblem(
      422,
      {
        code: "invalid",
        title: "Some fields are not as expected",
        errors: [
          { path: "email", text: "first" },
          { path: "email", text: "second" },
          { path: "links.0.url", text: "no address" },
        ],
      },
      0,
    ),
  );
  expect(failure.text).toBe(problemTexts.invalid);
  expect(fieldError(failure, "email")).toBe("First");
  expect(fieldError(failure, "links")).toBe("No address");
  expect(fieldError(failure, "link")).toBeNull();
  expect(fieldError(null, "email")).toBeNull();
});

test("where we have no words the server's are shown, the closer ones first", () => {
  const conflict = { code: "conflict", title: "This contradicts what is there" };
  expect(failureOf(new ApiProblem(409, { ...conflict, detail: "Taken." }, 0)).text).toBe("Taken.");
  expect(failureOf(new ApiProblem(409, conflict, 0)).text).toBe(conflict.title);
  expect(failureOf(new ApiProblem(502, {}, 0)).text).toBe("The server answered 502");
});

test("a link that was cut short is told of, where no form has a field for it", () => {
  const cut = { code: "invalid", title: "", errors: [{ path: "token", text: "too short" }] };
  expect(failureOf(new ApiProblem(422, cut, 0)).text).toBe(linkVoidText);
  const more = { ...cut, errors: [...cut.errors, { path: "email", text: "no address" }] };
  expect(failureOf(new ApiProblem(422, more, 0)).text).toBe(problemTexts.invalid);
});

test("what never reached the server, and what is our mistake, are told apart", () => {
  expect(failureOf(new ServerUnreachable("broken")).text).toBe(unreachableText);
  expect(failureOf(new TypeError("x is undefined")).text).toBe(unexpectedText);
});
