/// <reference types="vitest/config" />
import { defineConfig } from "vite";
import solid from "vite-plugin-solid";

const server = process.env.PULSE_DEV_SERVER ?? "http://127.0.0.1:7655";

export default defineConfig({
  plugins: [solid()],
  // The server replaces this placeholder with a fresh nonce in every answer.
  html: { cspNonce: "__CSP_NONCE__" },
  build: {
    target: "es2022",
    // Fonts and pictures stay files: the content security policy allows no data: URL for fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: {
    proxy: {
      "/api": { target: server },
      "/ws": { target: server, ws: true },
    },
  },
  test: {
    // Without this line the Solid plugin asks for jsdom, which is not installed.
    environment: "happy-dom",
    // The colour tests read the real style sheets.
    css: true,
    include: ["src/**/*.test.ts", "src/**/*.test.tsx"],
  },
});
