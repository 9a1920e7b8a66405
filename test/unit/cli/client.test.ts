import { expect, test } from "vitest";
import { apiClient } from "../../../src/cli/client.js";
import { CommandError, EXIT } from "../../../src/cli/output.js";

test.each(["rubbish", "", "http://", "ftp://127.0.0.1", "127.0.0.1:8060", "http://a b"])(
  "--api %j is a mistake of the command line and no stack trace",
  (base) => {
    try {
      apiClient(base);
      expect.fail("it was taken");
    } catch (error) {
      expect(error).toBeInstanceOf(CommandError);
      expect((error as CommandError).exitCode).toBe(EXIT.usage);
    }
  },
);
