// title: 'A comment'
const config = {
  title: 'Tea Notes',
  tagline: 'On leaves',
  url: 'https://tea.example',
  baseUrl: '/site/',
  favicon: 'img/leaf.png',
  onBrokenLinks: 'ignore',
  i18n: { defaultLocale: 'en', locales: ['en'] },
  presets: [
    [
      '@docusaurus/preset-classic',
      {
        docs: false,
        blog: { onUntruncatedBlogPosts: 'ignore', feedOptions: { title: 'Not this' } },
      },
    ],
  ],
  plugins: [
    [
      '@docusaurus/plugin-content-blog',
      { id: 'brew', path: './brews', routeBasePath: '/how/to', onUntruncatedBlogPosts: 'ignore' },
    ],
  ],
};
module.exports = config;
