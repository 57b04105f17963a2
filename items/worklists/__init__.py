"""What a person has to do or look through, as plain data for pages, commands, mail and files alike.

Nothing in this folder knows a request or HTML: `user` and `today` are arguments, and every list
of rows starts from `access.visible_…(user)`. What such a queryset has annotated is asked for with a
`Q`: mypy's plugin takes a keyword of `filter` for the name of a field.
"""
