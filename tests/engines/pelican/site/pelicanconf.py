import os

AUTHOR = "Ming Chá"
SITENAME = "Tea " + "Notes"
SITEURL = ""
PATH = "content"
TIMEZONE = OTHER_ZONE = "Europe/Rome"
DEFAULT_LANG = "en"
ARTICLE_EXCLUDES = ["excluded"]
THEME = os.environ.get("THEME", "simple")
