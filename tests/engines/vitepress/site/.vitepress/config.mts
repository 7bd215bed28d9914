import { defineConfig } from 'vitepress'

export default defineConfig({
  title: 'Tea Notes',
  description: "All about tea",
  lang: 'en-GB',
  base: '/notes/',
  srcDir: './src',
  srcExclude: ['kettle/**'],
  rewrites: {
    'posts/:year/:slug.md': 'blog/:slug.md',
    'essays/:path*.md': 'e/:path*.md',
    'old-name.md': 'new/name.md',
  },
  sitemap: { hostname: 'https://tea.example/notes/' },
})
