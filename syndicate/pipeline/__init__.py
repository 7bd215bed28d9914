"""Where a build is: the blog read, its feeds planned, its posts rendered, its files written."""
