"""What a person has to do or look through, as plain data for pages, commands, mail and files alike.

Nothing in this folder knows a request or HTML: `user` and `today` are arguments, and every list
of rows starts from `access.visible_…(user)`.
"""
