# What Ruby's own RSS library sees of the Atom or RSS feed at an address: ruby read.rb URL
# prints a JSON array of [id, title, link, published].
#
# The library validates, so that it refuses a feed that lacks what it must have or has too much of
# it. Elements unknown to it are let be: it knows no atom:link in RSS, which every feed should have.

require "json"
require "open-uri"
require "rss"

feed = RSS::Parser.parse(URI.parse(ARGV.fetch(0)).read, validate: true, ignore_unknown_element: true)
rows = feed.items.map do |item|
  if feed.feed_type == "atom"
    [item.id.content, item.title.content, item.link.href, item.published.content]
  else
    [item.guid.content, item.title, item.link, item.pubDate]
  end
end
puts JSON.generate(rows.map { |*texts, date| [*texts, date.iso8601] })
