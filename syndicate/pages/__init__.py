"""What people see of the feeds: a page for each, their style sheet, and how browsers find them.

Plain documents, made of plans and entries alone: nothing here reads a clock or asks the network.
"""
