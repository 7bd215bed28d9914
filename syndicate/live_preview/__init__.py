"""Live preview of a blog's feed pages, with problems shown, rebuilt at every save.

Output and state are in a temporary folder, so that published files are never changed.
"""
