"""The shape of the house: who may open what, what every table is."""
