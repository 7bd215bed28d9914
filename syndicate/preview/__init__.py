"""A blog's pages while it is written: built anew at each save, shown with what is wrong.

Nothing that is published is touched: output and state lie in a folder of their own, which is gone
when the preview ends.
"""
