import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    root: new URL("..", import.meta.url).pathname,
    include: [
      "test/unit/**/*.test.ts",
      "test/world/**/*.test.ts",
      "test/scenario/**/*.test.ts",
      "test/fuzz/**/*.test.ts",
      "test/*.test.ts",
    ],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 20000,
  },
});
