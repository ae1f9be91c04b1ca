"""Days and moments in English lists, as everywhere else: with the month's name, since 11/12 is two days on the two
sides of an ocean. Django's own are figures in the order of the United States."""

SHORT_DATE_FORMAT = "N j, Y"
SHORT_DATETIME_FORMAT = "N j, Y, P"
