import time

BLOG_AUTHOR = "Ming"
BLOG_TITLE = {"en": "Tea Notes", "fr": "Notes de thé"}
SITE_URL = "https://example.org/tea/"
BLOG_EMAIL = "ming@example.org"
DEFAULT_LANG = "en"
TRANSLATIONS = {
    DEFAULT_LANG: "",
    "fr": "./fr",
}
TIMEZONE = "Europe/Rome"
POSTS = (
    ("posts/*.rst", "posts", "post.tmpl"),
    ("posts/*.md", "posts", "post.tmpl"),
    ("notes/*.txt", {"en": "notes", "fr": "billets"}, "post.tmpl"),
)
PAGES = (("pages/*.md", "pages", "page.tmpl"),)
CONTENT_FOOTER = str(time.gmtime().tm_year)
USE_TAG_METADATA = False
