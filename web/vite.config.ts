// SPDX-License-Identifier: Apache-2.0
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { compiledCatalogues } from './build/catalogues';

const entry = (name: string) => fileURLToPath(new URL(name, import.meta.url));

export default defineConfig({
  plugins: [compiledCatalogues()],
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
  build: {
    target: ['es2022', 'chrome94', 'firefox98', 'safari15.4'],
    // The Content-Security-Policy allows neither inline code nor data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
    rollupOptions: { input: [entry('start.html'), entry('lesson.html'), entry('operator.html')] },
  },
  test: { environment: 'node', include: ['test/**/*_test.{ts,tsx}'] },
} as Parameters<typeof defineConfig>[0]);
