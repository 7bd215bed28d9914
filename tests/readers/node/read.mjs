// What a feed reader from npm sees of the feed at an address: node read.mjs READER URL
// prints a JSON array of [id, title, link, published].

import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

async function fetched(url) {
  const response = await fetch(url)
  if (!response.ok) throw new Error(`${url}: ${response.status}`)
  return response
}

const text = async (url) => (await fetched(url)).text()

const ofFeedsmith = {
  atom: (item) => [item.id, item.title.value, item.links[0].href, item.published],
  rss: (item) => [item.guid.value, item.title, item.link, item.pubDate],
  json: (item) => [item.id, item.title, item.url, item.date_published],
}

const readers = {
  async 'rss-parser'(url) {
    const { default: RssParser } = await import('rss-parser')
    const { items } = await new RssParser().parseURL(url)
    return items.map((item) => [item.id ?? item.guid, item.title, item.link, item.isoDate])
  },
  async feedparser(url) {
    const { default: FeedParser } = await import('feedparser')
    const { body } = await fetched(url)
    const items = []
    const parser = new FeedParser({ feedurl: url }).on('data', (item) => items.push(item))
    await pipeline(Readable.fromWeb(body), parser)
    return items.map((item) => [item.guid, item.title, item.link, item.pubdate])
  },
  async feedsmith(url) {
    const { parseFeed } = await import('feedsmith')
    const { format, feed } = parseFeed(await text(url))
    return (feed.entries ?? feed.items).map(ofFeedsmith[format])
  },
  async htmlparser2(url) {
    const { parseFeed } = await import('htmlparser2')
    const { items } = parseFeed(await text(url))
    return items.map((item) => [item.id, item.title, item.link, item.pubDate])
  },
}

const [reader, url] = process.argv.slice(2)
const rows = await readers[reader](url)
const dated = rows.map(([id, title, link, date]) => [id, title, link, new Date(date)])
console.log(JSON.stringify(dated))
