"""How Uyghur writes a day, where Django follows another language; digits are the western ones."""

DATE_FORMAT = "j-F، Y"
MONTH_DAY_FORMAT = "j-F"
DATETIME_FORMAT = "j-F، Y، H:i"
TIME_FORMAT = "H:i"
