"""How Kazakh writes days and numbers, which Django does not know."""

DATE_FORMAT = "Y ж. j F"
MONTH_DAY_FORMAT = "j F"
YEAR_MONTH_FORMAT = "Y ж. F"
SHORT_DATE_FORMAT = "d.m.Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "Y ж. j F, H:i"
SHORT_DATETIME_FORMAT = "d.m.Y, H:i"
FIRST_DAY_OF_WEEK = 1
DECIMAL_SEPARATOR = ","
THOUSAND_SEPARATOR = "\xa0"
NUMBER_GROUPING = 3
