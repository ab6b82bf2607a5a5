"""What an answer could hold: it may reach no line of a log.

In a file of its own: a message that stands in the source of whoever logs it is not a visitor’s.
"""

CANARY = "Mairie de Nulle-Part, elu@nulle-part.example, 05 49 00 00 00 : « non »"
