import { viteBundler } from '@vuepress/bundler-vite'
import { defaultTheme } from '@vuepress/theme-default'
import { defineUserConfig } from 'vuepress'

export default defineUserConfig({
  base: '/b/',
  locales: {
    '/': { lang: 'en-US', title: 'Tea Notes', description: 'All about tea' },
    '/zh/': { lang: 'zh-CN', title: '茶', description: '关于茶' },
  },
  bundler: viteBundler(),
  theme: defaultTheme({ hostname: 'https://tea.example' }),
})
