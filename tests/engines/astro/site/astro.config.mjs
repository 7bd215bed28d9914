import { defineConfig } from 'astro/config';

// site: 'https://comment.example'
export default defineConfig({
  site: 'https://tea.example',
  base: '/site',
  integrations: [],
});
