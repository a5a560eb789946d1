"""Pages of the panel: the clerk's meetings and agendas, and the items themselves."""
