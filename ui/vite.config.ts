import { fileURLToPath } from 'node:url';
import { lingui } from '@lingui/vite-plugin';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { messages } from './build/messages.ts';

const source = (path: string) => fileURLToPath(new URL(`./src/${path}`, import.meta.url));

export default defineConfig(({ mode }) => {
  // The in-browser backend with invented data: tests and `npm run dev:mock` only. The production build never sees the file.
  const invented = mode === 'mock' || mode === 'test';
  return {
    base: './',
    plugins: [messages(), lingui({ failOnCompileError: true }), react()],
    resolve: {
      alias: [
        ...(invented ? [{ find: /^\.\/transport$/, replacement: source('api/mock.ts') }] : []),
        ...(invented ? [{ find: /^\.\/catalogues$/, replacement: source('lib/language/cataloguesAndPseudo.ts') }] : []),
        { find: '@', replacement: source('') },
      ],
    },
    clearScreen: false,
    server: { port: 5173, strictPort: true, host: '127.0.0.1' },
    // The content policy of the window, so that a look at the built mock shows what the window would refuse.
    preview: {
      port: 4173,
      strictPort: true,
      host: '127.0.0.1',
      headers: { 'Content-Security-Policy': "default-src 'self'; style-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'" },
    },
    build: {
      outDir: 'dist',
      emptyOutDir: true,
      sourcemap: false,
      target: 'es2022',
      // The strict content policy has no inline scripts or data: fonts.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 1500,
    },
    test: {
      environment: 'jsdom',
      setupFiles: ['src/lib/testing/setup.ts'],
      include: ['src/**/*.test.{ts,tsx}'],
      css: false,
      testTimeout: 20_000,
    },
  };
});
