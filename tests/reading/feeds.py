"""Small feeds of our own: one blog of two posts in every format."""

ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
  <id>https://tea.example/atom.xml</id>
  <title type="html">Tea &amp;amp; Clouds</title>
  <updated>2025-02-21T08:00:00+08:00</updated>
  <link rel="self" href="https://tea.example/atom.xml"/>
  <link href="https://tea.example/"/>
  <link rel="hub" href="https://hub.example/"/>
  <entry>
    <id>tag:tea.example,2025:green</id>
    <title type="text">绿茶 &lt;3</title>
    <link rel="enclosure" href="https://tea.example/leaf.mp3" type="audio/mpeg"/>
    <link rel="alternate" type="text/html" href="https://tea.example/green/"/>
    <published>2025-02-20T19:14:38+08:00</published>
    <updated>2025-02-21T08:00:00+08:00</updated>
    <category term="Tea"/><category term="茶"/>
    <content type="html">&lt;p&gt;Pour &lt;b&gt;hot&lt;/b&gt; water.&lt;/p&gt;
      &lt;p&gt;Wait.&lt;/p&gt;</content>
  </entry>
  <entry>
    <id>tag:tea.example,2025:fog</id>
    <title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Fog <i>again</i></div></title>
    <link href="https://tea.example/fog/"/>
    <published>2025-01-05T00:00:00Z</published>
    <updated>2025-01-05T00:00:00Z</updated>
    <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Nothing</p>
      <p>to see.</p></div></content>
  </entry>
</feed>
"""

RSS = """<?xml version="1.0"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
     xmlns:atom="http://www.w3.org/2005/Atom">
  <channel>
    <title>Tea &#x26; Clouds</title>
    <link>https://tea.example/</link>
    <description>Both</description>
    <atom:link rel="self" href="https://tea.example/rss.xml"/>
    <atom:link rel="hub" href="https://hub.example/"/>
    <item>
      <title>绿茶 &#x3C;3</title>
      <link>https://tea.example/green/</link>
      <guid isPermaLink="false">tag:tea.example,2025:green</guid>
      <pubDate>Thu, 20 Feb 2025 11:14:38 GMT</pubDate>
      <atom:updated>2025-02-21T00:00:00Z</atom:updated>
      <category>Tea</category><category>茶</category>
      <description>Hot water</description>
      <content:encoded><![CDATA[<p>Pour
        <b>hot</b> water.</p> <p>Wait.</p>]]></content:encoded>
    </item>
    <item>
      <title>Fog again</title>
      <link>https://tea.example/fog/</link>
      <guid isPermaLink="false">tag:tea.example,2025:fog</guid>
      <pubDate>Sun, 05 Jan 2025 00:00:00 -0000</pubDate>
      <atom:updated>2025-01-05T00:00:00Z</atom:updated>
      <description>&lt;p&gt;Nothing&lt;/p&gt;&lt;!-- no --&gt;
        &lt;p&gt;to see.&lt;/p&gt;</description>
    </item>
  </channel>
</rss>
"""

JSON = r"""{
  "version": "https://jsonfeed.org/version/1.1",
  "title": "Tea & Clouds",
  "home_page_url": "https://tea.example/",
  "feed_url": "https://tea.example/feed.json",
  "hubs": [{"type": "WebSub", "url": "https://hub.example/"}],
  "items": [
    {"id": "tag:tea.example,2025:green", "url": "https://tea.example/green/",
     "title": "\u7eff茶 <3", "content_html": "<p>Pour <b>hot</b> water.<p>Wait.",
     "date_published": "2025-02-20T19:14:38+08:00", "date_modified": "2025-02-21T00:00:00.5Z",
     "tags": ["Tea", "茶"]},
    {"id": "tag:tea.example,2025:fog", "url": "https://tea.example/fog/", "title": "Fog again",
     "content_text": "Nothing\nto see.", "date_published": "2025-01-05T00:00:00",
     "date_modified": "2025-01-05"}
  ]
}
"""

RDF = """<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
         xmlns:dc="http://purl.org/dc/elements/1.1/">
  <channel rdf:about="https://tea.example/rdf"><title>Tea</title>
    <link>https://tea.example/</link></channel>
  <item rdf:about="https://tea.example/green/"><title>Green</title>
    <link>https://tea.example/green/</link><dc:date>2025-02-20T19:14+08:00</dc:date>
    <dc:subject>Tea</dc:subject></item>
</rdf:RDF>
"""

WXR = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/"
     xmlns:content="http://purl.org/rss/1.0/modules/content/">
  <channel>
    <title>Tea</title><link>https://tea.example</link>
    <wp:wxr_version>1.2</wp:wxr_version>
    <item><title>绿茶</title><link>https://tea.example/2025/02/green/</link>
      <pubDate>Thu, 20 Feb 2025 11:14:38 +0000</pubDate>
      <guid isPermaLink="false">https://tea.example/?p=12</guid>
      <content:encoded><![CDATA[Pour.]]></content:encoded>
      <wp:post_id>12</wp:post_id>
      <wp:post_modified_gmt><![CDATA[2025-02-21 00:00:00]]></wp:post_modified_gmt>
      <wp:status><![CDATA[publish]]></wp:status><wp:post_type><![CDATA[post]]></wp:post_type>
      <category domain="category" nicename="tea"><![CDATA[Tea]]></category></item>
    <item><title>Undated</title><link>https://tea.example/undated/</link>
      <guid isPermaLink="false">https://tea.example/?p=13</guid><pubDate></pubDate>
      <wp:post_date_gmt>2024-01-02 03:04:05</wp:post_date_gmt>
      <wp:status>publish</wp:status><wp:post_type>post</wp:post_type></item>
    <item><title>A draft</title><link>https://tea.example/?p=14</link><guid>x</guid>
      <wp:status>draft</wp:status><wp:post_type>post</wp:post_type></item>
    <item><title>About</title><link>https://tea.example/about/</link><guid>y</guid>
      <wp:status>publish</wp:status><wp:post_type>page</wp:post_type></item>
  </channel>
</rss>
"""


def rss(*items: str, extra: str = "") -> bytes:
    """Return an RSS feed at https://tea.example/rss.xml with the contents of its `items`."""
    inside = "".join(f"<item>{item}</item>" for item in items)
    return (
        '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Tea</title>'
        f"<link>https://tea.example/</link>{extra}{inside}</channel></rss>"
    ).encode()


def item(name: str, guid: str = "", day: int = 1) -> str:
    """Return the content of an item called `name`, dated in January 2025."""
    return (
        f"<title>{name.title()}</title><link>https://tea.example/{name}/</link>"
        f'<guid isPermaLink="false">{guid or f"id:{name}"}</guid>'
        f"<pubDate>{day:02} Jan 2025 12:00:00 GMT</pubDate><description>On {name}</description>"
    )
