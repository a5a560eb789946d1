"""What every room leans on, without Flask: time, calendars, money, names, access and errors.

It knows no room, no table and no page; anything that mentions a plan or a panel belongs further up.
"""
