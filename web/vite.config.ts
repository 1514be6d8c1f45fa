import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

// One script, one style, no inline code: the node's content policy allows nothing else. Names without hashes: nothing is cached, and no old file is left
// in the jar's folder.
export default defineConfig({
  plugins: [react()],
  build: {
    outDir: 'target/page', emptyOutDir: true, modulePreload: false, assetsInlineLimit: 0, chunkSizeWarningLimit: 1000,
    rollupOptions: { output: { entryFileNames: 'assets/page.js', chunkFileNames: 'assets/[name].js', assetFileNames: ({ names }) => names[0]?.endsWith('.css') ? 'assets/page.css' : 'assets/[name][extname]' } },
  },
  test: { include: ['src/**/*.test.ts'] },
});
